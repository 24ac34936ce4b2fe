"""What belongs to a function's own names and values, and which of its literals are entries of lists. Pure."""

import ast
from collections.abc import Iterable, Iterator

from blinkdecl.detections.modules import Function, Module, bound_names, is_generator
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
            for item in items:
                yield from _choices(item)
        case ast.ListComp(elt=elt, generators=generators):
            yield from _choices(elt)
            for each in generators:
                if isinstance(elt, ast.Name) and isinstance(each.target, ast.Name) and each.target.id == elt.id:
                    yield from entries_of(each.iter)
    for part in _parts_of(node):
        yield from entries_of(part)


def _parts_of(node: ast.AST) -> list[ast.expr]:
    """Return the expressions whose lists may be a part of a value."""
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return items
        case ast.Call(func=ast.Name(id=name), args=given) if name in _COPIES:
            return given
        case ast.Call(func=ast.Attribute(attr="get"), args=[_, default]):
            return [default]
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            return [one, other]
        case ast.BoolOp(values=values):
            return values
        case (
            ast.NamedExpr(value=value) | ast.Starred(value=value) | ast.Assign(value=value) | ast.AugAssign(value=value)
        ):
            return [value]
    return []


def _choices(node: ast.AST) -> Iterator[ast.AST]:
    """Yield an entry, or the entries between which it is chosen."""
    match node:
        case ast.IfExp(body=one, orelse=other):
            yield from _choices(one)
            yield from _choices(other)
        case ast.BoolOp(values=values):
            for each in values:
                yield from _choices(each)
        case _:
            yield node


def given_to(call: ast.Call) -> Iterator[ast.AST]:
    """Yield what a method puts into a list: an entry, or a list of entries."""
    match call:
        case ast.Call(func=ast.Attribute(attr="append"), args=[entry]):
            yield from _choices(entry)
        case ast.Call(func=ast.Attribute(attr="insert"), args=[_, entry]):
            yield from _choices(entry)
        case ast.Call(func=ast.Attribute(attr="extend"), args=[entries]):
            yield from entries_of(entries)


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
        found -= {name for each in ast.walk(function) if isinstance(each, ast.Global) for name in each.names}
    return frozenset(found)


def refers(values: Iterable[ast.expr], name: str) -> bool:
    """Whether one of these values is made of the name itself."""
    return any(isinstance(node, ast.Name) and node.id == name for each in values for node in ast.walk(each))


def takes(function: ast.FunctionDef, count: int) -> bool:
    """Whether a function can be called with so many arguments."""
    arguments = function.args
    positional = len(arguments.posonlyargs) + len(arguments.args)
    needed = positional - len(arguments.defaults)
    only_by_name = sum(default is None for default in arguments.kw_defaults)
    return needed <= count and not only_by_name and (count <= positional or arguments.vararg is not None)


def refused_as(function: ast.FunctionDef | ast.AsyncFunctionDef, arguments: int | None) -> str:
    """Return what Panther gets from a function that it cannot call, "" for others; called with so many `arguments`."""
    if isinstance(function, ast.AsyncFunctionDef):
        return "a coroutine"
    if arguments is not None and not takes(function, arguments):
        return "nothing, since it does not take one argument"
    return "a generator" if is_generator(function) else ""
