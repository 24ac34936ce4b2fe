"""What a function of a Python file returns, as far as its text says so. Pure: nothing is run.

A function is there if the module has an attribute of its name: by `def`, by import, by assignment, even as a constant.
Followed are: literals, ``a if x else b``, ``a or b``, names that are assigned literals, literal dicts that are looked
up, and calls of functions whose returns can be followed, in this file or in a helper of the repository. All else is not
known before the alert is raised; the literal entries of it are kept, since they are names all the same.
"""

from dataclasses import replace

from blinkdecl.detections.modules import Function, Module
from blinkdecl.detections.seen import Kind, Seen
from blinkdecl.detections.values import MOST_WAYS, Reader
from blinkdecl.model.detection import DEFAULT, Returns, Word, words_of
from blinkdecl.model.resource import SEVERITIES


def returns_of(module: Module, name: str, kind: Kind) -> Returns | None:
    """Return what the module's function `name` returns, or None where it has none, as far as one can see."""
    found, reader = module.bound(name), Reader(kind, name)
    try:
        if not found:
            return _of_stars(module, name, reader)
        return _returns(module, reader.named(module, name, found[-1], ()), name)
    except RecursionError:
        return Returns(unknown=f"{name}() is nested too deeply ({module.file})")


def returns_of_method(module: Module, method: Function, name: str, kind: Kind) -> Returns:
    """Return what a method returns, whose name is `name`."""
    try:
        return _returns(module, Reader(kind, name, 2).function(module, method), name)
    except RecursionError:
        return Returns(unknown=f"{name}() is nested too deeply ({module.file})")


def severities_of(found: Returns) -> Returns:
    """Return what ``severity()`` returns, in upper case; a word that is no severity is wrong, and counts as None."""
    literals: dict[str | None, tuple[Word, ...] | None] = {}
    wrong = list(found.wrong)
    for each in found.literals:
        word = each[0][0].upper() if each else None
        if each and word not in (*SEVERITIES, DEFAULT):
            wrong.append((f'"{each[0][0]}"', each[0][1]))
            word = None
        literals.setdefault(word, None if word is None or not each else ((word, each[0][1]),))
    return replace(found, literals=tuple(literals.values()), wrong=tuple(wrong), named=())


def _of_stars(module: Module, name: str, reader: Reader) -> Returns | None:
    """Return what a function returns that ``from x import *`` brings, None where none does."""
    stars = module.stars(name)
    if not stars:
        return None
    other = module.find(module.source(stars[0]))
    if len(stars) > 1 or other is None or not module.is_at_top(stars[0]):
        return _returns(module, reader.unknown(module, stars[-1], "may come with import *"), name)
    return returns_of(other, name, reader.kind)


def _returns(module: Module, seen: Seen, name: str) -> Returns:
    literals: dict[tuple[str, ...] | None, tuple[Word, ...] | None] = {}
    for each in seen.literals:
        literals.setdefault(words_of(each), each)
    if len(literals) > MOST_WAYS:
        unknown = f"{name}() returns more than {MOST_WAYS} different things ({module.file})"
        return Returns((), seen.unknown or unknown, tuple(dict.fromkeys(seen.names)), tuple(seen.wrong))
    return Returns(tuple(literals.values()), seen.unknown, tuple(dict.fromkeys(seen.named)), tuple(seen.wrong))
