"""Findings as annotations of GitHub Actions: one workflow command a line, which the runner takes out of the log.

    ::error file=blinkdecl.yaml,line=4,col=17,title=blinkdecl%3A coverage::CRITICAL alerts reach nobody%0Ahelp: x

The runner finds the command up to the first ``::`` after its name, splits properties at commas, each at its first
``=``, and then undoes the escapes. It shows ten annotations of a kind for each step, and says nothing of the others.
"""

import re

from blinkdecl.diagnostics import counted
from blinkdecl.render.ci.findings import KINDS, Finding, findings
from blinkdecl.render.safe import one_line, safe
from blinkdecl.render.text.layout import PLAIN, Layout, pasteable
from blinkdecl.render.view.parts import View, location

MOST = 10
# Characters; the runner cuts a message at 4,096.
_LONGEST = 4000
_LINE = re.compile(r"::(?:error|warning|notice) [^:\n]*::[^\n]*")
_IN_DATA = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_IN_PROPERTY = (*_IN_DATA, (":", "%3A"), (",", "%2C"))


def github_annotations(view: View, command: str, *, folder: str = "", layout: Layout = PLAIN) -> str:
    """Return one command a line, of each kind no more than ten, the worst first; "" where there is nothing to tell.

    `folder` = the project's within the repository, to which annotations are relative.
    """
    found = findings(view, command)
    lines: list[str] = []
    for kind in KINDS:
        of_kind = [each for each in found if each.kind == kind]
        shown = of_kind if len(of_kind) <= MOST else of_kind[: MOST - 1]
        lines += [_annotation(each, folder, layout) for each in shown]
        if more := len(of_kind) - len(shown):
            which = f"and {counted(more, f'more {kind}')}, which `--format text` and `--format json` list"
            lines.append(_command(kind, {"title": "blinkdecl"}, which))
    return "\n".join(lines)


def safe_but_annotations(text: str) -> str:
    """Return what `github_annotations` made with everything but its own commands harmless."""
    return "\n".join(
        line if _LINE.fullmatch(line) and line == one_line(line) else safe(line) for line in text.split("\n")
    )


def _annotation(finding: Finding, folder: str, layout: Layout) -> str:
    where, notes = location(finding.file, folder), finding.notes
    at = {"file": where, "line": str(finding.line), "col": str(finding.column)} if where else {}
    if finding.file and not where:
        notes = (("in", f"{finding.file}:{finding.line}"), *notes)
    told = [f"{one_line(finding.text)}{finding.code}", *(_note(*each, layout) for each in notes)]
    message = safe("\n".join(told))
    if len(message) > _LONGEST:
        message = f"{message[:_LONGEST]}…"
    return _command(finding.kind, {**at, "title": f"blinkdecl: {finding.check}"}, message)


def _note(label: str, text: str, layout: Layout) -> str:
    """Return a note; a command in what is advised is as this run's project needs it."""
    return f"{one_line(label)}: {pasteable(safe(text), layout) if label == 'help' else safe(text)}"


def _command(kind: str, properties: dict[str, str], message: str) -> str:
    given = ",".join(f"{name}={_escaped(one_line(value), _IN_PROPERTY)}" for name, value in properties.items())
    return f"::{kind} {given}::{_escaped(message, _IN_DATA)}"


def _escaped(text: str, by: tuple[tuple[str, str], ...]) -> str:
    for each, instead in by:
        text = text.replace(each, instead)
    return text
