"""The Python files of a detections repository: their text as a tree, and where names in it lead. Nothing is run."""

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from blinkdecl.detections.changes import exposed_names
from blinkdecl.diagnostics import Position

# A dotted name of many parts is joined again for each of them: of 60,000, in a file of 120 KB, that takes 4 GB.
_NAMES, _MOST_DOTS = re.compile(r"[\w.\s\\]+"), 2000
# Characters. A tree takes up to a kilobyte for each of them; the longest public detection has a tenth of this.
_LONGEST = 128 * 1024

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
# More statements that import everything than anybody has; each may bring any name then.
_MOST_STARS = 20
_BLOCKS = (ast.If, ast.Try, ast.TryStar, ast.With, ast.For, ast.While, ast.Match)


def parse(text: str) -> ast.Module:
    """Return the syntax tree of a Python file; raises a `ValueError` that says in a few words what is wrong."""
    if len(text) > _LONGEST:
        raise ValueError(f"it is longer than {_LONGEST >> 10} KiB")
    if text.count(".") > _MOST_DOTS and any(each[0].count(".") > _MOST_DOTS for each in _NAMES.finditer(text)):
        raise ValueError("it has a name of too many parts")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd escapes in somebody else's text
            return ast.parse(text)
    except SyntaxError as problem:
        raise ValueError(f"it is not Python: {problem.msg} (line {problem.lineno})") from None
    except (ValueError, RecursionError, MemoryError):
        raise ValueError("it is not Python") from None


@dataclass(frozen=True)
class Module:
    """One file. `find` returns another module by the name that it is imported under, None where it is not here.

    `name` is the dotted name of this one, where it has one.
    """

    file: str
    tree: ast.Module
    find: "Callable[[str], Module | None]" = lambda _: None
    name: str = ""
    # What calling its functions gives, for those who import them.
    kept: "dict[tuple[str, str], object]" = field(default_factory=dict, compare=False)

    def place(self, node: ast.AST) -> Position:
        """Return where something is written."""
        return Position(self.file, getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1)

    def bound(self, name: str) -> list[ast.stmt]:
        """Return the statements outside of functions that bind a name, in order."""
        return self._bindings.get(name, [])

    def is_at_top(self, statement: ast.stmt) -> bool:
        """Whether a statement is certainly executed: it is in no block."""
        return id(statement) in self._top

    def imported(self, name: str) -> "tuple[Module | None, str] | None":
        """Return the module that a name is imported from, None where it is not here, and what it is called there.

        None where the last statement that binds the name is no ``from x import y`` at the top.
        """
        match self.bound(name)[-1:]:
            case [ast.ImportFrom() as statement] if self.is_at_top(statement):
                return self.find(self.source(statement)), self._originals.get(name, "")
        return None

    def source(self, statement: ast.ImportFrom) -> str:
        """Return the dotted name of the module that a statement imports from."""
        if not statement.level:
            return statement.module or ""
        base = self.name.split(".")[: -statement.level]
        return ".".join((*base, *([statement.module] if statement.module else [])))

    def constant(self, name: str, *, changeable: bool) -> ast.expr | None:
        """Return the value of a name that is assigned once, at the top, and by no function.

        Of one that can be changed in place (a list, a dict) every other use must leave it as it is.
        """
        match self.bound(name):
            case [ast.Assign(targets=[ast.Name()], value=value) as statement] if self.is_at_top(statement):
                if not (self.is_global(name) or self.stars(name) or (changeable and name in self._exposed)):
                    return value
        return None

    def is_global(self, name: str) -> bool:
        """Whether a function gives a name of the top another value."""
        return name in self._globals

    def stars(self, name: str) -> list[ast.ImportFrom]:
        """Return the statements ``from x import *`` that bring a name, or may do so since x is not here."""
        if len(self._stars) > _MOST_STARS:
            return self._stars
        found = []
        for statement in self._stars:
            other = self.find(self.source(statement))
            if other is None or other.bound(name) or other.stars(name):
                found.append(statement)
        return found

    def is_exposed(self, name: str) -> bool:
        """Whether something here may change what an imported name holds: by it, by another name, by its module."""
        original = self._originals.get(name, name)
        return name in self._exposed or original in self._exposed_originals or original in self._attributes

    @cached_property
    def _originals(self) -> dict[str, str]:
        """What each name that is imported from a module is called there."""
        imports = (each for each in _statements(self.tree.body) if isinstance(each, ast.ImportFrom))
        return {each.asname or each.name: each.name for statement in imports for each in statement.names}

    @cached_property
    def _exposed_originals(self) -> frozenset[str]:
        return frozenset(original for name, original in self._originals.items() if name in self._exposed)

    @cached_property
    def _attributes(self) -> frozenset[str]:
        return frozenset(node.attr for node in ast.walk(self.tree) if isinstance(node, ast.Attribute))

    @cached_property
    def _top(self) -> frozenset[int]:
        return frozenset(map(id, self.tree.body))

    @cached_property
    def _bindings(self) -> dict[str, list[ast.stmt]]:
        found: dict[str, list[ast.stmt]] = {}
        for statement in _statements(self.tree.body):
            for name in bound_names(statement):
                found.setdefault(name, []).append(statement)
        return found

    @cached_property
    def _stars(self) -> list[ast.ImportFrom]:
        imports = (each for each in _statements(self.tree.body) if isinstance(each, ast.ImportFrom))
        return [each for each in imports if any(name.name == "*" for name in each.names)]

    @cached_property
    def _globals(self) -> frozenset[str]:
        return frozenset(name for node in ast.walk(self.tree) if isinstance(node, ast.Global) for name in node.names)

    @cached_property
    def _exposed(self) -> frozenset[str]:
        return exposed_names(self.tree)


def bound_names(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement binds itself, without those that statements within it bind."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
            return
        case ast.Import(names=names):
            yield from ((each.asname or each.name.partition(".")[0]) for each in names)
            return
        case ast.ImportFrom(names=names):
            yield from ((each.asname or each.name) for each in names)
            return
        case ast.Try(handlers=handlers) | ast.TryStar(handlers=handlers):
            yield from (each.name for each in handlers if each.name)
    for node in _own_expressions(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name


def is_generator(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function yields, reachable or not."""
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            todo += ast.iter_child_nodes(node)
    return False


def live_nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Yield the nodes of a function's body that can be reached, without those of functions and classes within it."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        blocks = list(_blocks(statement))
        yield from _own_expressions(statement)
        for block in blocks:
            yield from live_nodes(block)
        if ends([statement]):
            return


def ends(body: list[ast.stmt]) -> bool:
    """Whether the end of these statements is certainly never reached; otherwise the function may return None."""
    return any(map(_ends, body))


def _ends(statement: ast.stmt) -> bool:
    match statement:
        case ast.Return() | ast.Raise():
            return True
        case ast.If(body=one, orelse=other):
            taken = _constant_test(statement)
            return ends(one) if taken is True else ends(other) if taken is False else ends(one) and ends(other)
        case (
            ast.Try(body=one, handlers=handlers, orelse=other, finalbody=last)
            | ast.TryStar(body=one, handlers=handlers, orelse=other, finalbody=last)
        ):
            caught = all(ends(each.body) for each in handlers)
            return ends(last) or (caught and (ends(one) or ends(other)))
        case ast.While(test=ast.Constant(value=value), body=inner):
            return bool(value) and not any(isinstance(node, ast.Break) for each in inner for node in ast.walk(each))
        case ast.Match(cases=cases):
            last_case = cases[-1]
            takes_all = isinstance(last_case.pattern, ast.MatchAs) and last_case.pattern.pattern is None
            return takes_all and last_case.guard is None and all(ends(each.body) for each in cases)
    return False


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Yield the blocks of a statement that can be reached."""
    match statement:
        case ast.If(body=one, orelse=other):
            taken = _constant_test(statement)
            yield from ([one] if taken is True else [other] if taken is False else [one, other])
        case (
            ast.Try(body=one, handlers=handlers, orelse=other, finalbody=last)
            | ast.TryStar(body=one, handlers=handlers, orelse=other, finalbody=last)
        ):
            if ends(last):  # what the others return is overruled
                yield last
                return
            yield from (one, *(each.body for each in handlers), other, last)
        case ast.With(body=inner) | ast.AsyncWith(body=inner):
            yield inner
        case ast.For(body=one, orelse=other) | ast.AsyncFor(body=one, orelse=other) | ast.While(body=one, orelse=other):
            yield from (one, other)
        case ast.Match(cases=cases):
            yield from (each.body for each in cases)


def _constant_test(statement: ast.If) -> bool | None:
    return bool(statement.test.value) if isinstance(statement.test, ast.Constant) else None


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements and those in their blocks, without those of functions and classes."""
    for statement in body:
        yield statement
        for name in ("body", "orelse", "finalbody"):
            if isinstance(statement, _BLOCKS):
                yield from _statements(getattr(statement, name, []))
        for each in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            yield from _statements(each.body)


def _own_expressions(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the nodes of a statement's own expressions, without its blocks and what functions within it do."""
    todo = [each for each in ast.iter_child_nodes(statement) if not isinstance(each, ast.stmt | ast.ExceptHandler)]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.stmt | ast.Lambda):
            continue
        yield node
        todo += reversed(list(ast.iter_child_nodes(node)))
