"""Problems as data: a `Diagnostic` says what, where, which object and what to do; `Failure` carries them to the edge.

Here belongs how a problem is told apart and worded, whatever it is about: `diagnostic` has the types, `codes` the
catalogue, `words` what sentences are made of, `nearness` what was probably meant. Nothing here prints, and nothing here
knows a feature: the sentence of a problem belongs to the room that finds it.
"""

from blinkdecl.diagnostics.diagnostic import (
    Diagnostic,
    Excerpt,
    Failure,
    OutcomeUnknown,
    Position,
    error,
    exit_code,
)
from blinkdecl.diagnostics.words import Suggestions, closest, counted, did_you_mean, only_in, several, shortened

__all__ = [
    "Diagnostic",
    "Excerpt",
    "Failure",
    "OutcomeUnknown",
    "Position",
    "Suggestions",
    "closest",
    "counted",
    "did_you_mean",
    "error",
    "exit_code",
    "only_in",
    "several",
    "shortened",
]
