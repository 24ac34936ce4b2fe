"""What a function of a detection's Python file returns, as far as its text says so. Pure: the file is never run.

Literal returns are lists of strings (for ``severity()``: strings) and None, also as the two sides of ``a if x else b``.
Everything else is dynamic: what it returns is only known when the alert is raised.
"""

import ast
import re
import warnings
from collections.abc import Iterator

from blinkdecl.model.detection import Returns, Word, words_of

# A dotted name of many parts is joined again for each of them: of 60,000, in a file of 120 KB, that takes 4 GB.
_NAMES, _MOST_DOTS = re.compile(r"[\w.\s\\]+"), 2000
# Characters. A tree takes up to a kilobyte for each of them; the longest public detection has a tenth of this.
_LONGEST = 128 * 1024


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


def returns_of(tree: ast.Module, name: str, *, lists: bool) -> Returns | None:
    """Return what the top-level function `name` returns, or None where there is no such function.

    `lists` = its literals are lists of strings, otherwise strings.
    """
    found: ast.stmt | None = None
    for statement in tree.body:
        if name in _bound(statement):
            found = statement  # the last one counts, as it does in Python
    if found is None:
        return None
    if not isinstance(found, ast.FunctionDef) or found.decorator_list:
        return Returns((), dynamic=True)
    literals: dict[tuple[str, ...] | None, tuple[Word, ...] | None] = {}
    dynamic = False
    for node in _own(found.body):
        if isinstance(node, ast.Return):
            for value in _values(node.value, lists=lists):
                if isinstance(value, _Dynamic):
                    dynamic = True
                else:
                    literals.setdefault(words_of(value), value)
        dynamic = dynamic or isinstance(node, ast.Yield | ast.YieldFrom)
    if not _ends(found.body):
        literals.setdefault(None, None)
    return Returns(tuple(literals.values()), dynamic)


class _Dynamic:
    """Stands for what is not literal."""


_DYNAMIC = _Dynamic()


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a top-level statement binds."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (each.asname or each.name for each in names)
        case ast.Assign(targets=targets):
            yield from (each.id for each in targets if isinstance(each, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.If() | ast.Try() | ast.With():
            for inner in ast.iter_child_nodes(statement):
                if isinstance(inner, ast.stmt):
                    yield from _bound(inner)


def _own(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Yield the nodes of a function's body without those of functions and classes within it."""
    todo: list[ast.AST] = list(reversed(body))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        yield node
        todo += reversed(list(ast.iter_child_nodes(node)))


def _values(node: ast.expr | None, *, lists: bool) -> Iterator[tuple[Word, ...] | _Dynamic | None]:
    match node:
        case None | ast.Constant(value=None):
            yield None
        case ast.Constant(value=str(text)) if not lists:
            yield ((text, node.lineno),)
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items) if lists:
            words = [(each.value, each.lineno) for each in items if isinstance(each, ast.Constant)]
            texts = [(text, line) for text, line in words if isinstance(text, str)]
            yield tuple(texts) if len(texts) == len(items) else _DYNAMIC
        case ast.IfExp(body=one, orelse=other):
            yield from _values(one, lists=lists)
            yield from _values(other, lists=lists)
        case _:
            yield _DYNAMIC


def _ends(body: list[ast.stmt]) -> bool:
    """Whether the end of these statements is certainly never reached; otherwise the function may return None."""
    match body[-1]:
        case ast.Return() | ast.Raise():
            return True
        case ast.If(body=one, orelse=other):
            return bool(other) and _ends(one) and _ends(other)
        case ast.Try(body=one, handlers=handlers, orelse=other, finalbody=last):
            caught = all(_ends(each.body) for each in handlers)
            return (bool(last) and _ends(last)) or (caught and _ends(other or one))
        case ast.With(body=inner):
            return _ends(inner)
    return False
