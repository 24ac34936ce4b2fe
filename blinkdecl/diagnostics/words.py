"""The small words of messages: counted nouns, several names, and what was probably meant."""

from collections.abc import Collection, Iterable

# Suggestions for each kind of word: nobody reads more, and each costs a search through everything known.
_MOST = 20
_MOST_COMPARED = 10_000
_LONGEST = 60


def counted(number: int, noun: str) -> str:
    """Return ``1 error``, ``2 errors``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def several(words: Collection[str]) -> str:
    """Return ``a``, ``a and b``, ``a, b and 198 more``."""
    shown = list(words)
    if len(shown) > 3:
        shown = [*shown[:2], f"{len(shown) - 2} more"]
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def shortened(text: str) -> str:
    """Return a text of somebody else's so that a line can hold it: its beginning, where it is long."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def only_in(environments: Collection[str]) -> str:
    """Return ``only declared in environment prod``, for what this environment does not have."""
    return f"only declared in {'environment' if len(environments) == 1 else 'environments'} {several(environments)}"


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` most likely stands for, or None: for "did you mean"."""
    from blinkdecl.diagnostics.nearness import nearest  # only ever needed on the way to an error

    return nearest(word, known)


def did_you_mean(meant: str | None, otherwise: str = "", *, quoted: bool = True) -> str:
    """Return the question that offers `meant`, or `otherwise`; what a person types as it is needs no quotes."""
    if not meant:
        return otherwise
    return f'did you mean "{meant}"?' if quoted else f"did you mean {meant}?"


class Suggestions:
    """What was probably meant by words that are not known: searched once a word, for the first few of a kind."""

    def __init__(self) -> None:
        self._searched: dict[str, list[tuple[str, Collection[str], str | None]]] = {}

    def meant(self, kind: str, word: str, known: Collection[str]) -> str | None:
        """Return the known word that `word` most likely stands for; None also after too many words of the kind.

        `known` is kept, and must not change.
        """
        searched = self._searched.setdefault(kind, [])
        for earlier, among, meant in searched:
            if earlier == word and (among is known or among == known):
                return meant
        if len(searched) >= _MOST or sum(len(among) for _, among, _ in searched) > _MOST_COMPARED:
            return None
        searched.append((word, known, closest(word, known)))
        return searched[-1][2]
