"""What was probably meant by a word that is not known: asked once for each word, and only for the first few words."""

from collections.abc import Iterable

from blinkdecl.diagnostics import closest

# Of each kind of word: nobody reads more, and each costs a search through everything known.
_MOST = 20


class Suggestions:
    """The suggestions of one report."""

    def __init__(self) -> None:
        self._found: dict[str, dict[tuple[str, tuple[str, ...]], str | None]] = {}

    def meant(self, kind: str, word: str, known: Iterable[str]) -> str | None:
        """Return the known word that `word` most likely stands for; None also after too many words of the kind."""
        found = self._found.setdefault(kind, {})
        question = word, tuple(known)
        if question not in found:
            if len(found) >= _MOST:
                return None
            found[question] = closest(*question)
        return found[question]
