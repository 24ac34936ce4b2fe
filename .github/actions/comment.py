"""Write the page at PAGE as a comment on the pull request of the event, or replace the one that is there."""

import json
import os
import sys
from pathlib import Path

from rest import GitHub, Refused, marked

_FORBIDDEN = 403


def main() -> int:
    """Comment; return 1 if GitHub does not take it. A token that may not write is a notice: forks have no other."""
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text())
    if "pull_request" not in event:
        print("::notice title=blinkdecl action::no comment: the event is of no pull request")
        return 0
    mark, body = marked(Path(os.environ["PAGE"]).read_text(), os.environ["FOLDER"])
    try:
        _write(GitHub.of(os.environ), event["pull_request"]["number"], mark, body)
    except Refused as problem:
        if problem.status == _FORBIDDEN:
            print("::notice title=blinkdecl action::no comment: this token may only read. The job's summary has it all")
            return 0
        print(f"::error title=blinkdecl action::no comment: {problem}")
        return 1
    return 0


def _write(github: GitHub, number: int, mark: str, body: str) -> None:
    comments = f"/issues/{number}/comments"
    former = next(github.written(comments, mark), None)
    if former is None:
        github.call("POST", comments, {"body": body})
    else:
        github.call("PATCH", f"/issues/comments/{former['id']}", {"body": body})


if __name__ == "__main__":
    sys.exit(main())
