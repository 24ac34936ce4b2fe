"""Keep one issue for what a command finds: opened by a failure or drift, updated, closed by a clean run.

An issue belongs to one scope: command, environment, folder and words. A clean run of another one proves nothing of it.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from rest import GitHub, Refused, marked


def main() -> int:
    """Write the issue; return 1 if GitHub does not take it: then nobody would hear of what was found."""
    try:
        _keep(GitHub.of(os.environ), os.environ)
    except Refused as problem:
        print(f"::error title=blinkdecl action::no issue: {problem}. The job needs `permissions: issues: write`")
        return 1
    return 0


def _keep(github: GitHub, environ: Mapping[str, str]) -> None:
    mark, body = marked(Path(environ["PAGE"]).read_text(), environ["FOLDER"], environ["WORDS"])
    run = f"{environ['GITHUB_SERVER_URL']}/{environ['GITHUB_REPOSITORY']}/actions/runs/{environ['GITHUB_RUN_ID']}"
    issues = list(github.written("/issues?state=open&sort=created&direction=asc", mark))
    if environ["EXIT_CODE"] == "0":
        for each in issues:
            github.call("POST", f"/issues/{each['number']}/comments", {"body": f"[This run]({run}) was clean."})
            github.call("PATCH", f"/issues/{each['number']}", {"state": "closed", "state_reason": "completed"})
        return
    found = {"title": _title(environ), "body": f"{body.rstrip()}\n\n[The last run]({run})\n"}
    if issues:
        github.call("PATCH", f"/issues/{issues[0]['number']}", found)
    else:
        github.call("POST", "/issues", found)


def _title(environ: Mapping[str, str]) -> str:
    """Return a title that stays the same for a scope."""
    folder = environ["FOLDER"] if environ["FOLDER"] != "." else ""
    where = " in ".join(filter(None, [environ["ENVIRONMENT"], folder]))
    return f"blinkdecl {environ['COMMAND']}{': ' if where else ''}{where}"


if __name__ == "__main__":
    sys.exit(main())
