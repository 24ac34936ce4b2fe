"""One layout for the YAML of every configuration: its keys in the schema's order, its blocks indented alike.

Here belongs what changes how a file is written and never what it says: what a person wrote on one line (values, lists
in brackets, quotes, comments) comes through to the letter.

    order    whole lines change places: keys as the schema lists them, with the comments that belong to them
    held     names stand in for keys and values while the blocks are laid out
    blocks   the blocks laid out by ruamel.yaml, which keeps comments: the only module that knows it
    check    nothing else has changed: data and comments, before and after
"""

from pathlib import Path

from blinkdecl.config.document.parse import Document, Source, compose
from blinkdecl.config.document.schema import schema
from blinkdecl.config.layout import blocks, check, order
from blinkdecl.config.layout.held import NotFormattable, has_aliases
from blinkdecl.diagnostics import Diagnostic, Failure, Position

__all__ = ["formatted"]

_BREAKS = "\r\x85\u2028\u2029"


def formatted(file: str, text: str, *, named: bool = False) -> str:
    """Return the text of a file, called `file` in messages, in the one layout.

    Line ends become LF. Raises a `Failure`: what the strict parser says of the text, or ``not-formattable``. `named` =
    the file may be anything, and is only laid out if it is one of a configuration.
    """
    source = Source(Path())
    before = source.parse(file, text)
    if before.problems:
        raise Failure(*before.problems)
    if named and before.data.get("version") != 1:
        summary = f"{file} is not a file of a configuration: it has no `version: 1`"
        notes = (("help", "name those that have it, or none, for all that belong to blinkdecl.yaml"),)
        raise Failure(Diagnostic("not-formattable", summary, notes=notes))
    try:
        return _formatted(source, before)
    except NotFormattable as problem:
        place = Position(file, problem.line, 1) if problem.line else None
        summary = f"{file} cannot be formatted without a change of what it says: {problem}"
        notes = (("help", "write that part in a plainer way; the file is left as it is"),)
        raise Failure(Diagnostic("not-formattable", summary, position=place, notes=notes)) from None


def _formatted(source: Source, before: Document) -> str:
    text = before.text.replace("\r\n", "\n").rstrip("\n") + "\n"
    if any(each in text for each in _BREAKS):
        raise NotFormattable("it has line ends other than LF and CRLF")
    root = compose(before.file, text)
    if not has_aliases(root):  # an anchor comes before what refers to it
        text = order.ordered(text, root, schema("routes" if "routes" in before.data else "config"))
    text = blocks.laid_out(text)
    check.unchanged(source, before, text)
    return text
