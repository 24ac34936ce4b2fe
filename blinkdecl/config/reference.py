"""Secret references as YAML spells them."""

from collections.abc import Mapping
from typing import Any, Literal, cast

from blinkdecl.model import SecretReference


def reference_of(given: Mapping[str, Any]) -> SecretReference:
    """Return the reference that ``{env: NAME}``, ``{file: PATH}`` or ``{command: [argv...]}`` stands for."""
    source, argument = next(iter(given.items()))  # the schema lets exactly one of the three through
    return SecretReference(
        cast("Literal['env', 'file', 'command']", source), tuple(argument) if isinstance(argument, list) else argument
    )
