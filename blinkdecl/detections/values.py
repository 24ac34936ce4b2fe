"""What expressions and calls may give, as far as their text says so. Pure; see `blinkdecl.detections.returns`.

What is not certain is not known: a value is followed only where nothing in sight can change it. Of what is not known
the literal entries of lists are kept, since they are names all the same.
"""

import ast
from collections.abc import Iterable, Iterator
from itertools import product

from blinkdecl.detections.changes import exposed_names
from blinkdecl.detections.modules import Function, Module, bound_names, ends, live_nodes
from blinkdecl.detections.scopes import (
    entries_of,
    given_to,
    names_of,
    parameters_of,
    refers,
    refused_as,
    texts_of,
)
from blinkdecl.detections.seen import WRONG, Kind, Seen
from blinkdecl.model.detection import Word

Calls = tuple[Function, ...]
# Methods of texts that leave a severity the same.
_SAME = frozenset(("upper", "lower", "title", "capitalize"))
# Nodes and entries that are looked at for one function: some fifty milliseconds of them.
_MOST_STEPS = 30_000
# A function has so many returns at most that each is a way of its own.
MOST_WAYS = 40
_MOST_CALLS = 5


class Reader:
    """Reads the returns of the function `name`, whose literals are of one kind."""

    def __init__(self, kind: Kind, name: str, arguments: int = 1) -> None:
        """`arguments` = with how many it is called."""
        self.kind, self._name, self._arguments = kind, name, arguments
        self._steps = 0
        self._names: dict[int, frozenset[str]] = {}
        self._exposed: dict[int, frozenset[str]] = {}

    def unknown(self, module: Module, node: ast.AST, why: str = "is computed", named: Iterable[Word] = ()) -> Seen:
        """Return that nobody knows; `named` are names that may be in it."""
        place = module.place(node)
        return Seen([], f"{self._name}() {why} ({place.file}:{place.line})", list(named))

    def function(self, module: Module, found: Function, calls: Calls = ()) -> Seen:
        """Return what a function returns; `calls` are the functions that led here."""
        if found in calls or len(calls) > _MOST_CALLS:
            return self.unknown(module, found)
        if isinstance(found, ast.Lambda):
            return self.values(found.body, module, (*calls, found))
        if wrong := refused_as(found, self._arguments if not calls else None):
            return Seen([None], wrong=[(wrong, module.place(found))])
        seen = Seen()
        for node in self._nodes(found):
            if isinstance(node, ast.Raise | ast.Assert):
                seen.literals.append(None)  # an error counts as None
            if isinstance(node, ast.Return):
                value = node.value if node.value is not None else ast.Constant(None)
                seen.add(self.values(value, module, (*calls, found)))
        if not ends(found.body):
            seen.literals.append(None)
        if self._steps > _MOST_STEPS:
            return self.unknown(module, found, "has too much to follow it all", seen.names)
        if found.decorator_list:
            return self.unknown(module, found, "is decorated", seen.names)
        return seen

    def named(self, module: Module, name: str, at: ast.AST, calls: Calls) -> Seen:
        """Return what calling a name of a module gives."""
        bound = module.bound(name)
        if module.is_global(name) or (bound and module.stars(name)):
            return self.unknown(module, at, "is given in several places")
        if any(not module.is_at_top(each) for each in bound):
            functions = [each for each in bound if isinstance(each, ast.FunctionDef)]
            named = [word for each in functions for word in self.function(module, each, calls).names]
            return self.unknown(module, bound[-1], "is defined on a condition", named)
        match bound[-1:]:
            case [ast.FunctionDef() | ast.AsyncFunctionDef() as found]:
                return self.function(module, found, calls)
            case [ast.ImportFrom() as statement]:
                other, original = module.imported(name) or (None, "")
                if other is not None and other.bound(original) and len(calls) <= _MOST_CALLS:
                    return self._of_helper(other, original, statement, calls)
                return self.unknown(module, at, "is imported" if at is statement else "is computed")
            case [ast.Assign(targets=[ast.Name()], value=value)]:
                return self._assigned(module, value, calls)
        return self.unknown(module, at)

    def _of_helper(self, helper: Module, name: str, at: ast.AST, calls: Calls) -> Seen:
        """Return what a function of a helper gives; once, for all that import it."""
        key = f"{name}/{len(calls)}", f"{self.kind}/{self._arguments}"
        kept = helper.kept.get(key)
        if not isinstance(kept, Seen):
            kept = helper.kept[key] = self.named(helper, name, at, calls)
        return kept

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
                wrong = WRONG[self.kind].get(type(node), "")
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
        return self.unknown(module, node, named=self._texts(entries_of(node), module))

    def _called(self, node: ast.Call, module: Module, calls: Calls) -> Seen:
        match node:
            case ast.Call(func=ast.Name(id=name)) if module.bound(name) and not self._binds(calls, name):
                return self.named(module, name, node, calls)
            case ast.Call(func=ast.Attribute(value=value, attr="get")):
                return self._looked_up(value, node, module, calls)
            case ast.Call(func=ast.Attribute(value=value, attr=method), args=[]) if (
                method in _SAME and self.kind == "words"
            ):
                return self.values(value, module, calls)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attribute)) if not self._binds(calls, name):
                return self._of_module(name, attribute, node, module, calls)
        return self.unknown(module, node, named=self._texts(entries_of(node), module))

    def _assigned(self, module: Module, value: ast.expr, calls: Calls) -> Seen:
        """Return what calling the value of an expression gives."""
        if isinstance(value, ast.Lambda):
            return self.function(module, value, calls)
        if isinstance(value, ast.Name) and len(module.bound(value.id)) == 1 and len(calls) <= _MOST_CALLS:
            return self.named(module, value.id, value, calls)
        if isinstance(value, ast.Constant | ast.List | ast.Tuple | ast.Dict | ast.Set):
            return Seen([None], wrong=[("what is no function", module.place(value))])
        return self.unknown(module, value, "is assigned")

    def _nodes(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
        """Yield the nodes of a function's body, as long as there are steps left for them."""
        for node in live_nodes(function.body):
            self._steps += 1
            if self._steps > _MOST_STEPS:
                return
            yield node

    def _any(self, nodes: Iterable[ast.expr], module: Module, calls: Calls) -> Seen:
        seen = Seen()
        for each in nodes:
            seen.add(self.values(each, module, calls))
        return seen

    def _list(self, items: list[ast.expr], node: ast.expr, module: Module) -> Seen:
        """Return a list: its texts, an error where one of its entries can be no name, or their literal part."""
        words = list(self._texts(items, module))
        if len(words) == len(items):
            return Seen([tuple(words)])
        if all(isinstance(each, ast.Constant) for each in items):
            return Seen([None], named=words, wrong=[("a list with what is no text", module.place(node))])
        return self.unknown(module, node, named=self._texts(entries_of(node), module))

    def _joined(self, left: ast.expr, right: ast.expr, node: ast.expr, module: Module, calls: Calls) -> Seen:
        one, other = self.values(left, module, calls), self.values(right, module, calls)
        plain = not (one.unknown or other.unknown or one.wrong or other.wrong)
        if plain and None not in one.literals and None not in other.literals:
            entries = sum(len(each or ()) for each in (*one.literals, *other.literals))
            self._steps += entries * max(len(one.literals), len(other.literals))
            if self._steps <= _MOST_STEPS:
                return Seen([(*(a or ()), *(b or ())) for a, b in product(one.literals, other.literals)])
        return self.unknown(module, node, named=(one.names + other.names)[:_MOST_STEPS])

    def _name_of(self, name: str, node: ast.expr, module: Module, calls: Calls) -> Seen:
        """Return the values of a name: all that the function gives it, otherwise the one that it has in the module."""
        if self._binds(calls, name):
            return self._local(name, node, module, calls)
        changeable = self.kind == "lists"
        if (value := module.constant(name, changeable=changeable)) is not None:
            return self.values(value, module, ())
        fixed = not (module.is_global(name) or module.stars(name) or (changeable and module.is_exposed(name)))
        if (found := module.imported(name)) is not None and fixed and len(module.bound(name)) == 1:
            other, original = found
            value = other.constant(original, changeable=changeable) if other is not None else None
            if other is not None and value is not None:
                return self.values(value, other, ())
        named: list[Word] = []
        for each in module.bound(name):
            if isinstance(each, ast.Assign | ast.AugAssign):
                named += self._texts(entries_of(each.value), module)
        return self.unknown(module, node, named=named)

    def _local(self, name: str, node: ast.expr, module: Module, calls: Calls) -> Seen:
        """Return the values that a function gives a name of its own."""
        function = calls[-1]
        if not isinstance(function, ast.FunctionDef):
            return self.unknown(module, node)
        values: list[ast.expr] = []
        named: list[Word] = []
        outer = {each for node in ast.walk(function) if isinstance(node, ast.Nonlocal) for each in node.names}
        certain = name not in parameters_of(function) and name not in outer
        for each in self._nodes(function):
            match each:
                case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                    values.append(value)
                case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
                    values.append(value)
                case ast.stmt() if name in bound_names(each):
                    certain = False
                    named += self._texts(entries_of(each), module)
                case ast.Call(func=ast.Attribute(value=ast.Name(id=target))) if target == name:
                    named += self._texts(given_to(each), module)
        if not certain or (self.kind == "lists" and name in self._exposed_by(function)) or refers(values, name):
            given = [each for each in ast.walk(function) if isinstance(each, ast.Assign) and name in bound_names(each)]
            named += [word for each in (*values, *given) for word in self._texts(entries_of(each), module)]
            return self.unknown(module, node, named=named if self.kind == "lists" else ())
        seen = self._any(values, module, calls)
        if not any(name in bound_names(each) for each in function.body):
            seen.literals.append(None)  # it may have no value: an error
        return seen

    def _looked_up(self, value: ast.expr, node: ast.expr, module: Module, calls: Calls) -> Seen:
        """Return the values of a literal dict that is looked up in, and what is given where a key is not there."""
        found: ast.expr | None = value
        if isinstance(value, ast.Name) and not self._binds(calls, value.id):
            found = module.constant(value.id, changeable=True)
        if not isinstance(found, ast.Dict) or any(key is None for key in found.keys):
            return self.unknown(module, node, named=self._texts(entries_of(node), module))
        seen = self._any(found.values, module, calls if found is value else ())
        if isinstance(node, ast.Call) and len(node.args) > 1:
            seen.add(self.values(node.args[1], module, calls))
        else:
            seen.literals.append(None)  # a key that is not there is an error, or None: what comes next decides
        return seen

    def _of_module(self, name: str, attribute: str, node: ast.expr, module: Module, calls: Calls) -> Seen:
        """Return what a function of an imported module returns."""
        match module.bound(name):
            case [ast.Import(names=names)]:
                source = next((each.name for each in names if (each.asname or each.name) == name), "")
                other = module.find(source)
                if other is not None and other.bound(attribute) and len(calls) <= _MOST_CALLS:
                    return self._of_helper(other, attribute, node, calls)
        return self.unknown(module, node)

    def _binds(self, calls: Calls, name: str) -> bool:
        """Whether a name is the current function's own."""
        if not calls:
            return False
        function = calls[-1]
        if id(function) not in self._names:
            self._names[id(function)] = names_of(function)
        return name in self._names[id(function)]

    def _exposed_by(self, function: ast.FunctionDef) -> frozenset[str]:
        if id(function) not in self._exposed:
            self._exposed[id(function)] = exposed_names(function)
        return self._exposed[id(function)]

    def _texts(self, nodes: Iterable[ast.AST], module: Module) -> Iterator[Word]:
        """Yield the literal texts among these nodes, as long as there are steps left for them."""
        for each in nodes:
            self._steps += 1
            if self._steps > _MOST_STEPS:
                return
            yield from texts_of((each,), module)
