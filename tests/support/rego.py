"""Rego, by the engine that a package for developers ships: what a policy says against a document."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, cast

import regopy  # type: ignore[import-untyped] # it has no annotations


class _Output(Protocol):
    results: Sequence[Any]


def denials(policy: Path, document: object, data: object) -> list[str]:
    """Return the messages of `deny` in the package that conftest looks at, sorted."""
    interpreter = regopy.Interpreter()
    interpreter.add_module(policy.name, policy.read_text())
    interpreter.add_data(data)
    interpreter.set_input(document)
    output = cast("_Output", interpreter.query("data.main.deny"))
    (result,) = output.results
    return sorted(result.expressions[0])
