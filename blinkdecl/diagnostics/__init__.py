"""Problems as data: a `Diagnostic` says what, where, which object and what to do; `Failure` carries them to the edge.

`diagnostic` has the types, `codes` the catalogue of their codes, `words` what sentences are made of. Nothing here
prints, and nothing here knows a feature.
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
from blinkdecl.diagnostics.words import closest, counted

__all__ = ["Diagnostic", "Excerpt", "Failure", "OutcomeUnknown", "Position", "closest", "counted", "error", "exit_code"]
