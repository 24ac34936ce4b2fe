"""What belongs to a function's own names and values, and which of its literals are entries of lists. Pure."""

import ast
from collections.abc import Iterable, Iterator

from blinkdecl.detections.modules import Function, Module, bound_names
from blinkdecl.model.detection import Word

# Functions that give what is in what they are given.
_COPIES = frozenset(("list", "sorted", "tuple", "set", "reversed"))


def texts_of(nodes: Iterable[ast.AST], module: Module) -> Iterator[Word]:
    """Yield the literal texts among these nodes."""
    for each in nodes:
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value, module.place(each)


def entries_of(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in lists that may be part of a value: not what is handed to a call, or looked up."""
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            for each in items:
                yield each
                yield from entries_of(each)
        case ast.Call(func=ast.Name(id=name), args=given) if name in _COPIES:
            for each in given:
                yield from entries_of(each)
        case ast.Call(func=ast.Attribute(attr="get"), args=[_, default]):
            yield from entries_of(default)
        case ast.Call() | ast.Subscript() | ast.Attribute() | ast.Compare():
            return
        case _:
            for child in ast.iter_child_nodes(node):
                if not isinstance(child, ast.stmt):
                    yield from entries_of(child)


def given_to(nodes: Iterable[ast.expr]) -> Iterator[ast.AST]:
    """Yield what a method that changes a list is given: an entry, or a list of entries."""
    for each in nodes:
        yield each
        yield from entries_of(each)


def parameters_of(function: Function) -> set[str]:
    arguments = function.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    return {each.arg for each in every if each is not None}


def names_of(function: Function) -> frozenset[str]:
    """Return the names that are a function's own: its parameters, and what it binds."""
    found = parameters_of(function)
    if not isinstance(function, ast.Lambda):
        statements = (node for node in ast.walk(function) if isinstance(node, ast.stmt) and node is not function)
        found |= {name for each in statements for name in bound_names(each)}
    return frozenset(found)


def refers(values: Iterable[ast.expr], name: str) -> bool:
    """Whether one of these values is made of the name itself."""
    return any(isinstance(node, ast.Name) and node.id == name for each in values for node in ast.walk(each))
