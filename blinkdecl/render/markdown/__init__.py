"""The view as Markdown for a pull request or a job summary: the worst first, every name escaped.

It is read raw as well, in mail, Slack and Jira: only what Markdown would take for markup is escaped.
"""

import re

from blinkdecl.render.safe import one_line

_TOKEN = re.compile(r"[^\s`|<>]+")
# What GitHub and GitLab make links of, or notify somebody about: URLs, @team, #1, owner/repo#1, GH-1, !1, &1,
# %milestone, ~label; what is between two $ becomes a formula. They look at the text that comes out, so that no
# backslash prevents it; a code span does.
_LINKED = re.compile(
    r"://|(?:mailto|xmpp):|\bwww\.|@\w|#\d|\bgh-\d|(?<![a-z0-9])(?:[!&]\d|[%~]\w)|\$", re.IGNORECASE | re.ASCII
)
# Markup wherever it stands: a backslash before punctuation, code, emphasis, a link, HTML, an entity, the end of a table
# cell, what strikes text out.
_MARKUP = re.compile(r"\\(?=[!-/:-@\[-`{-~]|$)|[`*\[|~]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|_+")
# At the start of a line four blanks are markup, before the end of one two.
_BLANKS = re.compile("^ {2,}| {2,}$")
# Markup at the start of a line: a quotation, a heading, an item of a list, lines that make a heading of the one above.
_BEGINNING = re.compile(
    r"(?P<blank> ?)"
    r"(?:(?:>|#{1,6}(?=\s|$)|[-+](?=\s|$)|-{2,}(?=[-\s]*$)|=+(?=\s*$))|(?P<number>\d{1,9})(?=[.)](?:\s|$)))"
)


def escaped(text: str) -> str:
    """Return `text` on one line, as Markdown that reads as it is; of many blanks at an end, one."""
    line = _BLANKS.sub(" ", one_line(text))
    parts, end = [], 0
    for found in _TOKEN.finditer(line):
        if _LINKED.search(found[0]):
            parts += [*_escaped(line, end, found.start()), code(found[0])]
            end = found.end()
    shown = "".join([*parts, *_escaped(line, end, len(line))])
    if (begin := _BEGINNING.match(shown)) is None:
        return shown
    place = begin.end("number") if begin["number"] else begin.end("blank")
    return f"{shown[:place]}\\{shown[place:]}"


def _escaped(line: str, start: int, end: int) -> list[str]:
    """Return a part of a line with a backslash before what is markup; an underscore within a word is none."""
    parts = []
    for found in _MARKUP.finditer(line, start, end):
        parts.append(line[start : found.start()])
        inner = found[0][0] == "_" and all(
            line[each : each + 1].isalnum() for each in (max(found.start() - 1, 0), found.end())
        )
        parts.append(found[0] if inner else "".join(f"\\{each}" for each in found[0]))
        start = found.end()
    return [*parts, line[start:end]]


def bold(text: str) -> str:
    """Return `text` in bold; blanks at its ends would undo that."""
    return f"**{escaped(text.strip())}**"


def code(text: str) -> str:
    """Return a code span whose fence is longer than any run of backticks in it."""
    line = one_line(text)
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    gap = " " if longest else ""
    return f"{fence}{gap}{line}{gap}{fence}"


def code_cell(text: str) -> str:
    """Return a code span for a table, whose cells end at a bar wherever it stands."""
    return code(text).replace("|", "\\|")
