"""Names that a person takes for the same although Panther, which compares exactly, does not. Pure.

    differ in                                          example               form that is equal
    case, outer spaces, how an accent is spelt         Soc, SOC              `folded`
    letters of Cyrillic or Greek that look like Latin  SOC with U+041E       `skeleton`
    full-width, mathematical and other compatible ones SOC with U+FF33       `skeleton`
    characters that nobody sees                        SOC with U+200B       `skeleton`

Nothing is ever done because two names look alike: it is only said, with the character that makes the difference.
"""

import re
import unicodedata
from functools import lru_cache

# The letters of Cyrillic and Greek that have the shape of a Latin one in common fonts, by that one.
_LOOKS_LIKE = {
    "A": "0391 0410", "B": "0392 0412", "C": "03F9 0421", "E": "0395 0415", "G": "050C", "H": "0397 041D",
    "I": "0399 0406 04C0", "J": "037F 0408", "K": "039A 041A", "M": "039C 041C", "N": "039D", "O": "039F 041E",
    "P": "03A1 0420", "Q": "051A", "S": "0405", "T": "03A4 0422", "V": "0474", "W": "051C", "X": "03A7 0425",
    "Y": "03A5 0423 04AE", "Z": "0396",
    "a": "03B1 0430", "c": "03F2 0441", "d": "0501", "e": "0435", "h": "04BB", "i": "03B9 0456", "j": "03F3 0458",
    "k": "03BA", "l": "04CF", "n": "03B7", "o": "03BF 043E", "p": "03C1 0440", "q": "051B", "s": "0455",
    "u": "03C5", "v": "03BD 0475", "w": "03C9 0461 051D", "x": "03C7 0445", "y": "03B3 0443 04AF",
}  # fmt: skip
_LATIN = str.maketrans({chr(int(code, 16)): to for to, codes in _LOOKS_LIKE.items() for code in codes.split()})
# Beside Unicode's format characters: a joiner, fillers, an empty pattern of Braille, and selectors of variants.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_SELECTORS = "\ufe0e\ufe0f"
_WORD = re.compile(r"[^\W_]+")
# Variants that differ from a letter in nothing but the font or the width.
_VARIANTS = ("<font>", "<wide>")


def folded(name: str) -> str:
    """Return a form that is equal for two names that differ only in case, outer spaces or accents' spelling."""
    if not name.isascii():
        name = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    return name.strip().casefold()


def skeleton(name: str) -> str:
    """Return a form that is equal for two names that look the same."""
    if not name.isascii():
        shown = "".join(each for each in name if not is_invisible(each))
        name = unicodedata.normalize("NFKC", shown.translate(_LATIN)).translate(_LATIN)
        name = unicodedata.normalize("NFKC", name.casefold())
    return name.strip().casefold()


def forms(name: str) -> tuple[str, ...]:
    """Return what two names have in common, one or the other, that a person would take for the same."""
    return (folded(name),) if name.isascii() else (folded(name), skeleton(name))


def is_invisible(character: str) -> bool:
    """Whether nobody sees a character, though it makes another name of a name."""
    return unicodedata.category(character) == "Cf" or _INVISIBLE.match(character) is not None


def invisible_in(name: str) -> str | None:
    """Return the first character of a name that nobody sees.

    What chooses the look of an emoji before it may be there.
    """
    if name.isascii():
        return None
    before = ""
    for each in name:
        if not each.isascii() and is_invisible(each) and not (each in _SELECTORS and before and not before.isascii()):
            return each
        before = each
    return None


def mixed_in(name: str) -> str | None:
    """Return the first letter of a name that looks like a Latin one, in a word that has Latin ones too."""
    if name.isascii():
        return None
    for word in _WORD.findall(name):
        alike: list[str] = [each for each in word if ord(each) in _LATIN or _is_variant(each)]
        if alike and any(each not in alike and unicodedata.name(each, "").startswith("LATIN") for each in word):
            return alike[0]
    return None


@lru_cache(maxsize=1024)
def difference(name: str, other: str) -> str | None:
    """Return in words which character makes two names that look alike differ, None where it is only case or spelling.

    ``it has U+041E CYRILLIC CAPITAL LETTER O``
    """
    if folded(name) == folded(other) or skeleton(name) != skeleton(other):
        return None
    for whose, one, two in (("it has", name, other), ("the other has", other, name)):
        found = next((each for each in one if not each.isascii() and each not in two), None)
        if found is not None:
            return f"{whose} {described(found)}"
    return "their characters differ"


def described(character: str) -> str:
    """Return how a character is called: ``U+041E CYRILLIC CAPITAL LETTER O``."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def _is_variant(character: str) -> bool:
    return unicodedata.decomposition(character).startswith(_VARIANTS)
