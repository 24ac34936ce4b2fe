"""How near two words are: what may be offered as "did you mean". Pure.

    the same but for case and separators        displayName  display_name
    each word of it near the one in its place   blink-sok    blink-soc      never  blink-low  blink-soc
    one edit, where a separator is gone         blinksok     blink-soc
    the only one of this name, whatever kind    blink-soc    destination.blink-soc
    the only one that begins or ends so         CRIT         CRITICAL
    the only one with one word more             blink-triage blink-soc-triage

*Near* = at most one edit (a letter more, less or other, or two exchanged) for each three letters, and never all of
them. A question that misleads costs more than none: what is known is listed where nothing is near. What is a pattern
(``*``) or very long stands for no word at all.
"""

import re
from collections.abc import Iterable, Iterator

_LETTERS_AN_EDIT = 3
_SHORTEST = 3
_LONGEST = 100
_PATTERN = re.compile(r"[*?\[\]]")
_SEPARATORS = re.compile(r"[-_.\s/:]+")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` most likely stands for, or None: for "did you mean"."""
    word = word.strip()
    if not word or len(word) > _LONGEST or _PATTERN.search(word):
        return None
    folded, among = word.casefold(), [(each, each.casefold()) for each in known]
    parts = _parts(folded)
    best, least = None, _LONGEST
    for each, text in among:
        if abs(len(text) - len(folded)) <= least and (edits := _edits(parts, text, least - 1)) is not None:
            best, least = each, edits
            if not edits:
                break
    return best or next(filter(None, (_only(each) for each in _partly(folded, among))), None)


def distance(one: str, other: str, most: int) -> int:
    """Return how many edits lead from one word to the other; more than `most` is `most` + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for count, letter in enumerate(one, start=1):
        row = [count]
        for at, wanted in enumerate(other, start=1):
            edits = min(last[at] + 1, row[-1] + 1, last[at - 1] + (letter != wanted))
            if count > 1 and at > 1 and letter == other[at - 2] and one[count - 2] == wanted:
                edits = min(edits, before[at - 2] + 1)
            row.append(edits)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)


def _edits(parts: list[str], text: str, most: int) -> int | None:
    """Return the edits between two words that are near, None for others and for more than `most`."""
    others = _parts(text)
    if len(parts) != len(others):
        edits = distance("".join(parts), "".join(others), 1)
        return edits if edits <= min(1, most) else None
    total = 0
    for one, other in zip(parts, others, strict=True):
        longer = max(len(one), len(other))
        allowed = min(max(1, longer // _LETTERS_AN_EDIT), longer - 1)
        total += (edits := distance(one, other, allowed))
        if edits > allowed or total > most:
            return None
    return total


def _parts(word: str) -> list[str]:
    return [each for each in _SEPARATORS.split(word) if each] or [word]


def _partly(word: str, among: list[tuple[str, str]]) -> Iterator[list[str]]:
    """Yield what is of the same name but for its kind; what begins, then what ends so; what has one word more."""
    bare = word.rpartition(".")[2]
    yield [each for each, text in among if text.rpartition(".")[2] == bare and (word == bare or text == bare)]
    if len(word) >= _SHORTEST:
        yield [each for each, text in among if text.startswith(word)]
        yield [each for each, text in among if text.endswith(word) and _SEPARATORS.fullmatch(text[: -len(word)][-1:])]
    if len(parts := _parts(word)) > 1:
        yield [each for each, text in among if _one_more(parts, _parts(text))]


def _one_more(parts: list[str], others: list[str]) -> bool:
    """Whether the others are these parts and one between them."""
    if len(others) != len(parts) + 1:
        return False
    same = next((at for at, each in enumerate(parts) if each != others[at]), len(parts))
    return parts[same:] == others[same + 1 :]


def _only(found: Iterable[str]) -> str | None:
    """Return what was found if it is one thing."""
    words = list(dict.fromkeys(found))
    return words[0] if len(words) == 1 else None
