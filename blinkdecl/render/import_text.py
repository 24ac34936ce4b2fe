"""What ``blinkdecl import`` did, as text."""

from collections.abc import Iterable

from blinkdecl.render.diagnostics_text import diagnostics_text
from blinkdecl.render.safe import one_line
from blinkdecl.render.text import counted, paragraph, short_id
from blinkdecl.render.view_parts import View


def import_text(document: View, *, hidden: Iterable[str], variables: Iterable[str], file: str | None) -> str:
    """Return what was taken over, what could not be read, and what is to be set before the next apply."""
    lines = [_line(each) for each in document["resources"] if each["type"] == "destination"]
    parts = ["\n".join(lines)] if lines else ["Nothing to import: every Blink destination that can be told is managed."]
    if names := [one_line(each) for each in hidden]:
        parts.append(
            paragraph(
                f"Panther does not show {' and '.join(names)}: taken as declared, and unverified until the next change "
                "of this destination, which sends what is declared."
            )
        )
    if file is not None:
        parts.append(f"Wrote {one_line(file)}: {counted(len(lines), 'destination')}, each with a trigger.")
    if exports := [f"  export {one_line(each)}=..." for each in variables]:
        parts.append("\n".join(["Set these before the next apply, with the values from Trigger Setup:", *exports]))
    if document["diagnostics"]:
        parts.append(diagnostics_text(document["diagnostics"]))
    return "\n\n".join(parts)


def _line(resource: View) -> str:
    return f"{one_line(resource['address'])}: imported [id={short_id(resource['id'])}]"
