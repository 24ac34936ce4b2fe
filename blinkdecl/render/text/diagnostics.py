"""Problems as text: what, where, the lines of source with a caret, which object, what to do."""

from collections.abc import Iterable
from dataclasses import replace

from blinkdecl.diagnostics import counted
from blinkdecl.render.safe import one_line, safe
from blinkdecl.render.text.layout import PLAIN, Layout, cells, wrapped
from blinkdecl.render.text.marks import Mark, marked
from blinkdecl.render.view.parts import View

# Beside these two stand `at`, `note` and `help`; a lock's holder is read as a small table.
_PADDED = {"who": "who: ", "run": "run: "}
# Servers' words end up in notes: what is longer than any sentence of ours is cut.
_LONGEST_NOTE = 4000
# Where a line of source is cut, at most so much of it stands before the caret.
_BEFORE_CARET = 40


def diagnostics_text(diagnostics: Iterable[View], layout: Layout = PLAIN) -> str:
    """Return the problems in their order, a blank line between them."""
    return "\n\n".join("\n".join(_diagnostic_lines(each, layout)) for each in diagnostics)


def count_text(diagnostics: Iterable[View]) -> str:
    """Return ``3 errors, 0 warnings.``."""
    severities = [each["severity"] for each in diagnostics]
    return f"{counted(severities.count('error'), 'error')}, {counted(severities.count('warning'), 'warning')}."


def notes_lines(notes: Iterable[View], indent: int = 3, layout: Layout = PLAIN) -> list[str]:
    """Return the lines of notes: ``   = help: ...``, wrapped under the text's own start."""
    lines: list[str] = []
    facts = replace(layout, program=PLAIN.program)  # what somebody else called stays as it was
    for note in notes:
        label, text = note["label"], safe(note["text"])
        if len(text) > _LONGEST_NOTE:
            text = f"{text[:_LONGEST_NOTE]}…"
        head = f" {_PADDED.get(label, one_line(label) + ':')} "
        first = f"{' ' * indent}{marked(Mark.GUTTER, '=')}{head}"
        lines += wrapped(text, first, " " * (indent + 1 + len(head)), layout if label == "help" else facts)
    return lines


def _diagnostic_lines(diagnostic: View, layout: Layout) -> list[str]:
    position, excerpt = diagnostic["position"], diagnostic["excerpt"]
    quoted_lines = excerpt["lines"] if position and excerpt else []
    # Without an excerpt everything stands as if line numbers had two digits.
    gutter = max((len(str(each["number"])) for each in quoted_lines), default=2)
    word = marked(Mark.ERROR, "Error:") if diagnostic["severity"] == "error" else marked(Mark.WARNING, "Warning:")
    lines = [f"{word} {one_line(diagnostic['summary'])} [{diagnostic['code']}]"]
    if position:
        where = one_line(f"{position['file']}:{position['line']}:{position['column']}")
        lines.append(f"{' ' * gutter}{marked(Mark.GUTTER, '-->')} {where}")
    if quoted_lines:
        lines += _excerpt_lines(position, excerpt, gutter, layout.source)
    return lines + notes_lines(diagnostic["notes"], gutter + 1, layout)


def _excerpt_lines(position: View, excerpt: View, gutter: int, most: int) -> list[str]:
    bar = f"{' ' * gutter} {marked(Mark.GUTTER, '|')}"
    start = position["column"] - 1
    # All lines are cut alike, so that the caret still stands under its place.
    cut = max(0, start - min(_BEFORE_CARET, most // 3)) if start + excerpt["width"] > most else 0
    lines = [bar]
    for each in excerpt["lines"]:
        text = each["text"]
        shown = one_line(text[cut : cut + most]) + ("…" if len(text) > cut + most else "")
        number = str(each["number"])
        lines.append(f"{' ' * (gutter - len(number))}{marked(Mark.GUTTER, f'{number} |')} {shown}".rstrip())
        if each["number"] == position["line"]:
            # Measured on what is shown: an escaped or wide character takes more than one column.
            before = cells(one_line(text[cut:start]))
            under = cells(one_line(text[start : min(start + excerpt["width"], cut + most)]))
            caret = f"{'^' * max(under, 1)} {one_line(excerpt['label'])}".rstrip()
            lines.append(f"{' ' * gutter} | {' ' * before}{marked(Mark.CARET, caret)}")
    return [*lines, bar] if len(excerpt["lines"]) > 1 else lines
