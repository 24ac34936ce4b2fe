"""The Python files of a detections repository: their text as a tree, and where names in it lead. Nothing is run."""

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from blinkdecl.diagnostics import Position

# A dotted name of many parts is joined again for each of them: of 60,000, in a file of 120 KB, that takes 4 GB.
_NAMES, _MOST_DOTS = re.compile(r"[\w.\s\\]+"), 2000
# Characters. A tree takes up to a kilobyte for each of them; the longest public detection has a tenth of this.
_LONGEST = 128 * 1024

# The methods that change a list or a dict in place.
CHANGING = frozenset(
    ("append", "extend", "insert", "remove", "pop", "popitem", "clear", "sort", "reverse", "update", "setdefault")
)

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


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
    """One file. `find` returns another module by the name that it is imported under, None where it is not here."""

    file: str
    tree: ast.Module
    find: "Callable[[str], Module | None]" = lambda _: None

    def bound(self, name: str) -> list[ast.stmt]:
        """Return the top-level statements that bind a name, in order."""
        return self._bindings.get(name, [])

    def place(self, node: ast.AST) -> Position:
        """Return where something is written."""
        return Position(self.file, getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1)

    def is_touched(self, name: str) -> bool:
        """Whether the value that a top-level name was once given may be changed later: by `global`, or in place."""
        return name in self._touched

    @cached_property
    def _bindings(self) -> dict[str, list[ast.stmt]]:
        found: dict[str, list[ast.stmt]] = {}
        for statement in self.tree.body:
            for name in _bound(statement):
                found.setdefault(name, []).append(statement)
        return found

    @cached_property
    def _touched(self) -> frozenset[str]:
        found: set[str] = set()
        for node in ast.walk(self.tree):
            match node:
                case ast.Global(names=names):
                    found.update(names)
                case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if method in CHANGING:
                    found.add(name)
                case ast.AugAssign(target=ast.Name(id=name)):
                    found.add(name)
                case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                    found.add(name)
        return frozenset(found)


def own_nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Yield the nodes of a function's body without those of functions and classes within it."""
    todo: list[ast.AST] = list(reversed(body))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        yield node
        todo += reversed(list(ast.iter_child_nodes(node)))


def ends(body: list[ast.stmt]) -> bool:
    """Whether the end of these statements is certainly never reached; otherwise the function may return None."""
    match body[-1]:
        case ast.Return() | ast.Raise():
            return True
        case ast.If(body=one, orelse=other):
            return bool(other) and ends(one) and ends(other)
        case ast.Try(body=one, handlers=handlers, orelse=other, finalbody=last):
            caught = all(ends(each.body) for each in handlers)
            return (bool(last) and ends(last)) or (caught and ends(other or one))
        case ast.With(body=inner):
            return ends(inner)
        case ast.Match(cases=cases):
            last_case = cases[-1]
            takes_all = isinstance(last_case.pattern, ast.MatchAs) and last_case.pattern.pattern is None
            return takes_all and last_case.guard is None and all(ends(each.body) for each in cases)
    return False


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a top-level statement binds."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from ((each.asname or each.name).partition(".")[0] for each in names)
        case ast.Assign(targets=targets):
            yield from (each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)):
            yield name
        case ast.If() | ast.Try() | ast.With() | ast.For() | ast.While() | ast.Match():
            for inner in ast.walk(statement):
                if isinstance(inner, ast.stmt) and inner is not statement and not _is_block(inner):
                    yield from _bound(inner)


def _is_block(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If | ast.Try | ast.With | ast.For | ast.While | ast.Match)
