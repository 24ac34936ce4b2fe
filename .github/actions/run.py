"""Run one command of blinkdecl for ``action.yml``, and hand on what it found: summary, annotations, outputs.

Reads COMMAND, FOLDER, ENVIRONMENT, WORDS, RESULTS and STACKS, which are inputs of the action. Always exits with 0 once
the command ran: the action's last step exits with the command's code, after the comment and the issue are written.
"""

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

# These only look, so that they may be asked once more, for annotations and JSON. `test` sends alerts, and runs once.
_READS = ("validate", "plan", "drift", "coverage", "route")
# These are of many stacks, and of no project.
_OF_MANY = ("stacks", "report")
_USAGE = 64
_ELSEWHERE = (
    "command is one of validate, plan, drift, coverage, route, test, stacks and report. `exec blinkdecl apply` is a "
    "step of its own, so that the signal that cancels the job reaches it"
)
_NO_RESULTS = "results is for the commands that only look: validate, plan, drift, coverage and route"


def main() -> int:
    """Run the command of the inputs; return 64 for one that does not belong here."""
    environ = os.environ
    if environ["COMMAND"] not in (*_READS, *_OF_MANY, "test"):
        print(f"::error title=blinkdecl action::{_ELSEWHERE}")
        return _USAGE
    if environ["RESULTS"] == "true" and environ["COMMAND"] not in _READS:
        print(f"::error title=blinkdecl action::{_NO_RESULTS}")
        return _USAGE
    folder = Path(tempfile.mkdtemp(prefix="blinkdecl-", dir=environ["RUNNER_TEMP"]))
    page, plan = folder / "page.md", folder / "plan.json"
    base, words = _base(environ), [environ["COMMAND"], *shlex.split(environ["WORDS"]), *_known(environ, folder)]
    markdown = ["--format", "markdown", "--output", str(page)]
    if words[0] == "stacks":
        return _stacks([*base, *words], folder / "matrix", environ)
    code = _call([*base, *words, *(["--out", str(plan)] if words[0] == "plan" else markdown)])
    again = [*base, "show", str(plan)] if plan.exists() else [*base, *words]
    if words[0] == "plan":
        _call([*again, *markdown], silent=True)
    if words[0] in _READS:
        _call([*again, "--format", "github"], silent=True)
    outputs = {"exit_code": str(code), "page": str(page), "changes": _word(code == 2)} | _of_plan(plan)
    if environ["RESULTS"] == "true":
        outputs["results"] = str(folder / "results")
        _call([*again, "--format", "json", "--output", str(_document(folder / "results", environ))], silent=True)
    if not page.exists():
        page.write_text(_without_result(environ, code))
    _summarise(page, again if plan.exists() else [], Path(environ["GITHUB_STEP_SUMMARY"]))
    _hand_on(outputs, environ)
    return 0


def _known(environ: Mapping[str, str], folder: Path) -> list[str]:
    """Return the option by which a report knows which stacks there are, also those that left no result."""
    if not environ["STACKS"]:
        return []
    file = folder / "stacks.json"
    file.write_text(environ["STACKS"])
    return ["--stacks", str(file)]


def _stacks(argv: list[str], matrix: Path, environ: Mapping[str, str]) -> int:
    """List stacks for `fromJSON`. One that fails has no matrix: an empty list would pass for a change of nothing."""
    code = _call([*argv, "--format", "github-matrix", "--output", str(matrix)])
    found = matrix.read_text().strip() if code == 0 else ""
    page = matrix.with_name("page.md")
    told = f"<!-- blinkdecl:stacks -->\n## {len(json.loads(found)['include'])} stacks\n" if found else ""
    page.write_text(told or _without_result(environ, code))
    _summarise(page, [], Path(environ["GITHUB_STEP_SUMMARY"]))
    _hand_on({"exit_code": str(code), "page": str(page), "matrix": found}, environ)
    return 0


def _document(results: Path, environ: Mapping[str, str]) -> Path:
    """Return where the result goes as JSON: a name that no other stack has, in a new folder outside of the checkout.

    What a branch has committed is no result. The file is empty until there is one, and stays so if none can be had:
    `report --merge` tells such a file as failed.
    """
    name = f"{environ['ENVIRONMENT'] or environ['COMMAND']}.json"
    document = results / os.path.relpath(environ["FOLDER"]) / name
    document.parent.mkdir(parents=True)
    document.write_text("")
    return document


def _hand_on(outputs: Mapping[str, str], environ: Mapping[str, str]) -> None:
    with Path(environ["GITHUB_OUTPUT"]).open("a") as file:
        file.writelines(f"{name}={value}\n" for name, value in outputs.items())


def _base(environ: Mapping[str, str]) -> list[str]:
    """Return the command line up to the command; a folder that is the workspace itself is not named."""
    folder = ["-C", environ["FOLDER"]] if environ["FOLDER"] != "." else []
    environment = ["--env", environ["ENVIRONMENT"]] if environ["ENVIRONMENT"] else []
    return ["blinkdecl", *folder, *environment]


def _call(argv: list[str], *, silent: bool = False) -> int:
    """Run a command and return its exit code; `silent` = what it says beside its result was said before.

    A signal that cancels the job is passed on, so that the command ends as it wants to.
    """
    with subprocess.Popen(argv, stderr=subprocess.DEVNULL if silent else None) as process:  # noqa: S603 - no shell

        def pass_on(number: int, frame: FrameType | None) -> None:
            del frame
            process.send_signal(number)

        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, pass_on)
        return process.wait()


def _summarise(page: Path, show: list[str], summary: Path) -> None:
    """Write the job's summary: of a saved plan all that it holds, as a summary has more room than a comment."""
    if show:
        _call([*show, "--format", "markdown", "--output", str(summary)], silent=True)
    else:
        with summary.open("a") as file:
            file.write(page.read_text())


def _of_plan(plan: Path) -> dict[str, str]:
    """Return the outputs that a saved plan has; none of them without one."""
    if not plan.exists():
        return {}
    found = json.loads(plan.read_text())
    return {
        "changes": _word(bool(found["resource_changes"])),
        "digest": found["review_digest"] or "",
        "lost_alerts": str(len(found["lost_alerts"])),
    }


def _without_result(environ: Mapping[str, str], code: int) -> str:
    """Return the page of a command that ended before it could write one: a usage error, a bug, a signal."""
    scope = ":".join(filter(None, ["blinkdecl", environ["COMMAND"], environ["ENVIRONMENT"]]))
    return f"<!-- {scope} -->\n## `blinkdecl {environ['COMMAND']}` ended with exit code {code}\n\nThe log says why.\n"


def _word(value: bool) -> str:  # noqa: FBT001 - what is converted
    return "true" if value else "false"


if __name__ == "__main__":
    sys.exit(main())
