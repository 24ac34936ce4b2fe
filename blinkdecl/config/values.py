"""Values as YAML spells them: references to secrets, durations."""

from collections.abc import Mapping
from typing import Any, Literal, cast

from blinkdecl.model.resource import SecretReference

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}


def reference_of(given: Mapping[str, Any]) -> SecretReference:
    """Return the reference that ``{env: NAME}``, ``{file: PATH}`` or ``{command: [argv...]}`` means."""
    source, argument = next(iter(given.items()))  # the schema lets exactly one of the three through
    return SecretReference(
        cast("Literal['env', 'file', 'command']", source), tuple(argument) if isinstance(argument, list) else argument
    )


def seconds(text: str) -> float:
    """Return the seconds of a duration like ``10s``, ``500ms``, ``1m``."""
    number = text.rstrip("ms")
    return int(number) * _SECONDS[text[len(number) :]]
