"""What expressions and calls may give, as far as their text says so. Pure; see `blinkdecl.detections.returns`."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Literal

from blinkdecl.detections.modules import CHANGING, Function, Module, ends, own_nodes
from blinkdecl.model.detection import Word

# What literals are: lists of destinations, or the word of a severity.
Kind = Literal["lists", "words"]
Calls = tuple[Function, ...]
# Methods of texts that leave a severity the same.
_SAME = frozenset(("upper", "lower", "title", "capitalize"))
_NEITHER: dict[type[ast.AST], str] = {
    ast.Tuple: "a tuple",
    ast.Set: "a set",
    ast.SetComp: "a set",
    ast.Dict: "a dict",
    ast.DictComp: "a dict",
    ast.GeneratorExp: "a generator",
    ast.Lambda: "a function",
}
_WRONG: dict[Kind, dict[type[ast.AST], str]] = {
    "lists": {**_NEITHER, ast.JoinedStr: "a text"},
    "words": {**_NEITHER, ast.List: "a list", ast.ListComp: "a list"},
}
# Nodes that are looked at for one function: some fifty milliseconds of them.
_MOST_STEPS = 50_000
_MOST_CALLS, _MOST_JOINED = 5, 16


@dataclass
class Seen:
    """What was seen so far: the parts of a `Returns`, with repetitions."""

    literals: list[tuple[Word, ...] | None] = field(default_factory=list)
    unknown: str = ""
    named: list[Word] = field(default_factory=list)
    wrong: list[Word] = field(default_factory=list)

    def add(self, other: "Seen") -> None:
        """Add what else may be given."""
        self.literals += other.literals
        self.named += other.named
        self.wrong += other.wrong
        self.unknown = self.unknown or other.unknown

    @property
    def names(self) -> list[Word]:
        """Every literal part."""
        return [*self.named, *(word for each in self.literals for word in each or ())]


class Reader:
    """Reads the returns of the function `name`, whose literals are of one kind."""

    def __init__(self, kind: Kind, name: str) -> None:
        self.kind, self._name = kind, name
        self._steps = 0

    def unknown(self, module: Module, node: ast.AST, why: str = "is computed") -> Seen:
        """Return that nobody knows."""
        place = module.place(node)
        return Seen(unknown=f"{self._name}() {why} ({place.file}:{place.line})")

    def function(self, module: Module, found: Function, calls: Calls = ()) -> Seen:
        """Return what a function returns; `calls` are the functions that led here."""
        if found in calls or len(calls) > _MOST_CALLS:
            return self.unknown(module, found)
        if isinstance(found, ast.Lambda):
            return self.values(found.body, module, (*calls, found))
        if found.decorator_list:
            return self.unknown(module, found, "is decorated")
        if isinstance(found, ast.AsyncFunctionDef):
            return Seen([None], wrong=[("a coroutine", module.place(found))])
        seen = Seen()
        for node in self._nodes(found):
            if isinstance(node, ast.Yield | ast.YieldFrom):
                return Seen([None], wrong=[("a generator", module.place(found))])
            if isinstance(node, ast.Return):
                value = node.value if node.value is not None else ast.Constant(None)
                seen.add(self.values(value, module, (*calls, found)))
        if not ends(found.body):
            seen.literals.append(None)
        return seen

    def named(self, module: Module, name: str, at: ast.AST, calls: Calls) -> Seen:
        """Return what calling a top-level name of a module gives."""
        match module.bound(name)[-1:]:
            case [ast.FunctionDef() | ast.AsyncFunctionDef() as found] if found in module.tree.body:
                return self.function(module, found, calls)
            case [ast.ImportFrom(module=source, names=names) as statement] if statement in module.tree.body:
                original = next((each.name for each in names if name in (each.asname, each.name)), name)
                other = module.find(source or "")
                if other is not None and other.bound(original) and len(calls) <= _MOST_CALLS:
                    return self.named(other, original, statement, calls)
                return self.unknown(module, statement, "is imported") if at is statement else self.unknown(module, at)
            case [ast.Assign(targets=[ast.Name()], value=value) as statement] if statement in module.tree.body:
                if isinstance(value, ast.Lambda):
                    return self.function(module, value, calls)
                if isinstance(value, ast.Name):
                    return self.named(module, value.id, value, calls)
                if isinstance(value, ast.Constant | ast.List | ast.Tuple | ast.Dict | ast.Set):
                    return Seen([None], wrong=[("what is no function", module.place(value))])
                return self.unknown(module, value, "is assigned")
        return self.unknown(module, at)

    def values(self, node: ast.expr, module: Module, calls: Calls) -> Seen:
        """Return what an expression may give, in the last function of `calls`, or at a module's top."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            return self.unknown(module, node, "has too much to follow it all")
        return self._literal(node, module) or self._followed(node, module, calls)

    def _literal(self, node: ast.expr, module: Module) -> Seen | None:
        """Return what a literal is; None for what is none."""
        match node:
            case ast.Constant(value=None):
                return Seen([None])
            case ast.Constant(value=str(text)) if self.kind == "words":
                return Seen([((text, module.place(node)),)])
            case ast.List(elts=items) if self.kind == "lists":
                return self._list(items, node, module)
            case ast.Constant(value=value):
                wrong = {str: "a text", bool: "true or false"}.get(type(value), "a number")
            case _:
                wrong = _WRONG[self.kind].get(type(node), "")
        return Seen([None], wrong=[(wrong, module.place(node))]) if wrong else None

    def _followed(self, node: ast.expr, module: Module, calls: Calls) -> Seen:
        """Return what something leads to that is no literal."""
        match node:
            case ast.IfExp(body=one, orelse=other):
                return self._any([one, other], module, calls)
            case ast.BoolOp(values=operands):
                return self._any(operands, module, calls)
            case ast.NamedExpr(value=value):
                return self.values(value, module, calls)
            case ast.Name(id=name):
                return self._name_of(name, node, module, calls)
            case ast.Subscript(value=value):
                return self._looked_up(value, node, module, calls)
            case ast.Call():
                return self._called(node, module, calls)
            case ast.BinOp(left=left, op=ast.Add(), right=right) if self.kind == "lists":
                return self._joined(left, right, node, module, calls)
        return self.unknown(module, node)

    def _called(self, node: ast.Call, module: Module, calls: Calls) -> Seen:
        match node:
            case ast.Call(func=ast.Name(id=name)) if module.bound(name):
                return self.named(module, name, node, calls)
            case ast.Call(func=ast.Attribute(value=value, attr="get")):
                return self._looked_up(value, node, module, calls)
            case ast.Call(func=ast.Attribute(value=value, attr=method), args=[]) if (
                method in _SAME and self.kind == "words"
            ):
                return self.values(value, module, calls)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attribute)):
                return self._of_module(name, attribute, node, module, calls)
        return self.unknown(module, node)

    def _nodes(self, function: ast.FunctionDef) -> Iterator[ast.AST]:
        """Yield the nodes of a function's body, as long as there are steps left for them."""
        for node in own_nodes(function.body):
            self._steps += 1
            if self._steps > _MOST_STEPS:
                return
            yield node

    def _any(self, nodes: list[ast.expr], module: Module, calls: Calls) -> Seen:
        seen = Seen()
        for each in nodes:
            seen.add(self.values(each, module, calls))
        return seen

    def _list(self, items: list[ast.expr], node: ast.expr, module: Module) -> Seen:
        """Return a list: its texts, an error where one of its entries can be no name, or their literal part."""
        words = list(_texts(items, module))
        if len(words) == len(items):
            return Seen([tuple(words)])
        if all(isinstance(each, ast.Constant) for each in items):
            return Seen([None], named=words, wrong=[("a list with what is no text", module.place(node))])
        unknown = self.unknown(module, node)
        unknown.named = words
        return unknown

    def _joined(self, left: ast.expr, right: ast.expr, node: ast.expr, module: Module, calls: Calls) -> Seen:
        one, other = self.values(left, module, calls), self.values(right, module, calls)
        sides = one.literals, other.literals
        plain = not (one.unknown or other.unknown or one.wrong or other.wrong)
        if plain and all(None not in each for each in sides) and len(sides[0]) * len(sides[1]) <= _MOST_JOINED:
            return Seen([(*(first or ()), *(second or ())) for first, second in product(*sides)])
        unknown = self.unknown(module, node)
        unknown.named = one.names + other.names
        return unknown

    def _name_of(self, name: str, node: ast.expr, module: Module, calls: Calls) -> Seen:
        """Return the values of a name: all that the function gives it, otherwise the one that it has in the module."""
        function = calls[-1] if calls else None
        if isinstance(function, ast.FunctionDef) and name in _parameters(function):
            return self.unknown(module, node)
        given = list(_given(self._nodes(function), name)) if isinstance(function, ast.FunctionDef) else []
        if given:
            seen = self._any([each for each in given if isinstance(each, ast.expr)], module, calls)
            if all(isinstance(each, ast.expr) for each in given) and not seen.unknown:
                return seen
            unknown = self.unknown(module, node)
            unknown.named = seen.names + [word for each in given for word in _texts(_added(each), module)]
            return unknown
        match module.bound(name):
            case [ast.Assign(targets=[ast.Name()], value=value)] if not module.is_touched(name):
                return self.values(value, module, ())
            case [ast.ImportFrom(module=source, names=names)]:
                other = module.find(source or "")
                original = next((each.name for each in names if name in (each.asname, each.name)), name)
                if other is not None and other is not module and len(calls) <= _MOST_CALLS:
                    return self._name_of(original, node, other, ())
        return self.unknown(module, node)

    def _looked_up(self, value: ast.expr, node: ast.expr, module: Module, calls: Calls) -> Seen:
        """Return the values of a literal dict that is looked up in, and what is given where a key is not there."""
        found = value
        if isinstance(value, ast.Name):
            match module.bound(value.id):
                case [ast.Assign(targets=[ast.Name()], value=assigned)] if not module.is_touched(value.id):
                    found = assigned
        if not isinstance(found, ast.Dict) or any(key is None for key in found.keys):
            return self.unknown(module, node)
        seen = self._any(found.values, module, calls)
        if isinstance(node, ast.Call) and len(node.args) > 1:
            seen.add(self.values(node.args[1], module, calls))
        else:
            seen.literals.append(None)  # a key that is not there is an error, or None: what comes next decides
        return seen

    def _of_module(self, name: str, attribute: str, node: ast.expr, module: Module, calls: Calls) -> Seen:
        """Return what a function of an imported module returns."""
        match module.bound(name):
            case [ast.Import(names=names)]:
                source = next((each.name for each in names if name in (each.asname, each.name)), "")
                other = module.find(source)
                if other is not None and other.bound(attribute) and len(calls) <= _MOST_CALLS:
                    return self.named(other, attribute, node, calls)
        return self.unknown(module, node)


def _texts(nodes: Iterable[ast.AST], module: Module) -> Iterator[Word]:
    """Yield the literal texts among these nodes."""
    for each in nodes:
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value, module.place(each)


def _added(statement: ast.AST) -> Iterator[ast.expr]:
    """Yield what a statement puts into a list: what it is given, and what is in lists that it is given."""
    match statement:
        case ast.Expr(value=ast.Call(args=given)):
            pass
        case ast.AugAssign(value=value):
            given = [value]
        case _:
            return
    for each in given:
        yield from each.elts if isinstance(each, ast.List | ast.Tuple) else [each]


def _parameters(function: ast.FunctionDef) -> set[str]:
    arguments = function.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    return {each.arg for each in every if each is not None}


def _given(nodes: Iterator[ast.AST], name: str) -> Iterator[ast.AST]:
    """Yield what a function gives a name: an expression where the name is assigned that, a statement for the rest."""
    plain: set[int] = set()
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=target) as at], value=value) if target == name:
                plain.add(id(at))
                yield value
            case ast.AnnAssign(target=ast.Name(id=target) as at, value=ast.expr() as value) if target == name:
                plain.add(id(at))
                yield value
            case ast.AugAssign(target=ast.Name(id=target) as at) if target == name:
                plain.add(id(at))
                yield node
            case ast.Call(func=ast.Attribute(value=ast.Name(id=target), attr=method)) if (
                target == name and method in CHANGING
            ):
                yield ast.Expr(node)
            case ast.Name(id=target, ctx=ast.Store()) if target == name and id(node) not in plain:
                yield ast.Expr(node)
