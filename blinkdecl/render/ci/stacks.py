"""The stacks as jobs: a matrix of GitHub Actions, a child pipeline of GitLab.

Neither holds anything of a view without stacks, that of a run that failed: an empty text is refused by both, where an
empty list would pass for a change that touches nothing.
"""

import json
import re
from collections.abc import Iterator

from blinkdecl.render.view.json import harmless_json
from blinkdecl.render.view.parts import View

# A matrix makes no more jobs than this.
MOST_JOBS = 256
# GitLab takes 255 characters; a number may follow.
_LONGEST_NAME = 200
_NOT_IN_NAMES = re.compile(r"[^\w./ -]+", re.ASCII)
_TEMPLATE = ".blinkdecl"


def matrix_text(view: View, *, ascii_only: bool = False) -> str:
    """Return one line for `fromJSON`; where a stack has no environment, it is ""."""
    if "stacks" not in view:
        return ""
    jobs = [{"path": each["path"], "environment": each["environment"] or ""} for each in view["stacks"]]
    return harmless_json(json.dumps({"include": jobs}, ensure_ascii=ascii_only, separators=(",", ":")))


def child_pipeline(view: View) -> str:
    """Return YAML with a job for each stack that extends `.blinkdecl`, which whoever triggers it includes as well.

    A pipeline must have a job: without stacks it is one that says so.
    """
    if "stacks" not in view:
        return ""
    lines = [line for job in _jobs(view["stacks"]) for line in job]
    return "\n".join(lines or ['"blinkdecl: no stack":', '  script: ["echo no stack is touched"]'])


def _jobs(stacks: list[View]) -> Iterator[list[str]]:
    taken: set[str] = set()
    for each in stacks:
        name = begun = _job_name(each["path"], each["environment"])
        number = 1
        while name in taken:
            number += 1
            name = f"{begun} no. {number}"
        taken.add(name)
        # Not BLINKDECL_...: the command line refuses a variable of that name that it does not know.
        variables = {"STACK_DIR": each["path"], "STACK_ENV": each["environment"] or ""}
        yield [
            f"{_quoted(name)}:",
            f"  extends: {_TEMPLATE}",
            "  variables:",
            *(line for key, value in variables.items() for line in _variable(key, value)),
        ]


def _job_name(path: str, environment: str | None) -> str:
    """Return a name that no keyword of GitLab has, and no hidden job: it has a beginning of ours."""
    told = f"{path} {environment}" if environment else path
    return f"blinkdecl: {_NOT_IN_NAMES.sub('_', told)[:_LONGEST_NAME]}"


def _variable(name: str, value: str) -> Iterator[str]:
    if "$" in value:  # which GitLab would take for another variable
        yield f"    {name}: {{value: {_quoted(value)}, expand: false}}"
    else:
        yield f"    {name}: {_quoted(value)}"


def _quoted(text: str) -> str:
    """Return a text in double quotes: as JSON writes it, YAML reads it as well."""
    return harmless_json(json.dumps(text, ensure_ascii=False))
