"""Values as YAML spells them: references to secrets, and lists."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, cast

from blinkdecl.model.resource import SecretReference


def reference_of(given: Mapping[str, Any]) -> SecretReference:
    """Return the reference that ``{env: NAME}``, ``{file: PATH}`` or ``{command: [argv...]}`` means."""
    source, argument = next(iter(given.items()))  # the schema lets exactly one of the three through
    return SecretReference(
        cast("Literal['env', 'file', 'command']", source), tuple(argument) if isinstance(argument, list) else argument
    )


def once(items: Iterable[str]) -> tuple[str, ...]:
    """Return the items in their order, each once."""
    return tuple(dict.fromkeys(items))
