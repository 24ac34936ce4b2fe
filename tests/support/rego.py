"""Rego, by the engine that a package for developers ships: what a policy says against a document."""

from pathlib import Path

import regopy


def denials(policy: Path, document: object, data: object) -> list[str]:
    """Return the messages of `deny` in the package that conftest looks at, sorted."""
    interpreter = regopy.Interpreter()
    interpreter.add_module(policy.name, policy.read_text())
    interpreter.add_data(data)
    interpreter.set_input(document)
    (result,) = interpreter.query("data.main.deny").results
    return sorted(result.expressions[0])
