"""Faults as they come over HTTP: the fields of a dataclass, each of its own type."""

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance  # there is none at run time

_Switches = TypeVar("_Switches", bound="DataclassInstance")


def switched(kind: type[_Switches], wanted: Mapping[str, object]) -> _Switches:
    """Return the dataclass `kind` with these fields, the others as usual.

    Raises a ValueError, with a sentence, for a field that there is not and for one of the wrong type.
    """
    defaults = {each.name: each.default for each in fields(kind)}
    given: dict[str, Any] = {}
    for name, value in wanted.items():
        default = defaults.get(name)
        number = isinstance(default, float) and isinstance(value, int | float) and not isinstance(value, bool)
        if name not in defaults or not (number or type(value) is type(default)):
            raise ValueError(f"needs the fields of the faults, {', '.join(sorted(defaults))}, as their types are")
        given[name] = float(value) if number and isinstance(value, int | float) else value
    return kind(**given)
