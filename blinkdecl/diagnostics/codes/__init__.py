"""The catalogue of diagnostics: each code is stable, has one meaning, and leads to one exit code.

`blinkdecl help CODE` prints an entry. A test holds that every code in use is listed, and every listed one in use.
"""

from collections.abc import Mapping
from types import MappingProxyType

from blinkdecl.diagnostics.codes import apply, configuration, detections, plan, state
from blinkdecl.diagnostics.codes.code import BUG, CHANGES, ERROR, LOCKED, PARTIAL, POLICY, STALE, USAGE, Code

CODES: Mapping[str, Code] = MappingProxyType(
    {**configuration.CODES, **plan.CODES, **detections.CODES, **state.CODES, **apply.CODES}
)

__all__ = ["BUG", "CHANGES", "CODES", "ERROR", "LOCKED", "PARTIAL", "POLICY", "STALE", "USAGE", "Code"]
