"""The values of a PyPanther class's attributes, as far as they are literal. Pure."""

import ast
from collections.abc import Sequence

# What an expression is that is no literal.
UNKNOWN = object()


def literal_of(node: ast.expr) -> object:
    """Return the value of a literal: a constant, ``Severity.X`` and ``LogType.X`` as X, a list of these."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Attribute(value=ast.Name(id="Severity" | "LogType"), attr=name):
            return name
        case ast.List(elts=items):
            values = [literal_of(each) for each in items]
            return values if all(isinstance(each, str) for each in values) else UNKNOWN
        case ast.BinOp(left=left, right=right):
            one, other = literal_of(left), literal_of(right)
            return [*one, *other] if isinstance(one, list) and isinstance(other, list) else UNKNOWN
    return UNKNOWN


def strings_of(given: object) -> Sequence[str]:
    """Return the texts of a list; none of anything else."""
    return [each for each in given if isinstance(each, str)] if isinstance(given, list) else []


def plain_name(name: str) -> str:
    """Return what is equal for a log type and its name in `LogType`."""
    return "".join(filter(str.isalnum, name)).upper()
