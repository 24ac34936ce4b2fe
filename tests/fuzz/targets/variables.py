"""A document with `variables`, and values for them from outside."""

from pathlib import Path

from blinkdecl.config.document.parse import Source
from blinkdecl.config.variables import Interpolation, ambiguous, may_stand_in, undeclared, undeclared_in, values_of
from blinkdecl.diagnostics import Suggestions

_BIG = "9" * 100_000


def run(data: bytes) -> None:
    """Put the values in; every finding is one that a report can place."""
    text = data.decode("utf-8", "ignore")
    document = Source(Path()).parse("blinkdecl.yaml", text).data
    declared = document.get("variables")
    if not isinstance(declared, dict):
        return
    suggestions, given = Suggestions(), {"x": "${var.x}\ud800\0", "big": _BIG, text[:20]: ""}
    values = values_of(declared, {"y": "of the environment"}, {"BLINKDECL_VAR_Z": "\x1b[2J"}, given)
    list(ambiguous(declared))
    list(undeclared(given, declared, suggestions))
    list(undeclared_in(given, declared, suggestions))
    may_stand_in(text)
    Interpolation(values, suggestions).document(document)
