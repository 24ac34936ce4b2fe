"""Names for what is live: of the resources that declare it, and of the variables that hold its secrets. Pure.

    display name      name                     variable
    Blink SOC         blink-soc                BLINK_SOC_API_KEY
    Größe (Łódź)      grosse-lodz              BLINK_GROSSE_LODZ_API_KEY
    24/7 on-call      blink-24-7-on-call       BLINK_24_7_ON_CALL_API_KEY
    SOC 東京          soc-6f1c0d3a             BLINK_SOC_6F1C0D3A_API_KEY
    東京              blink-6f1c0d3a           BLINK_6F1C0D3A_API_KEY

Letters of Latin lose their accents; those of other scripts have no spelling that everybody agrees on, so that the id
stands for them. It also makes a name that is taken another one, and no word is in a variable twice in a row.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator
from itertools import count

# What YAML does not read as text, in whatever case: in blinkdecl's own reading, and in that of older parsers.
YAML_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
# With an id and a number after it, a name is still not too long.
_LONGEST = 48
_ID_LENGTH = 8
_LATIN = re.compile(r"LATIN SMALL (?:LETTER|LIGATURE) ([A-Z]{1,2})(?: WITH .*)?")
_LETTERS = {"ð": "d", "þ": "th", "ŋ": "ng", "ı": "i", "ə": "e"}
_PREFIX = "blink"


def name_for(display_name: str, object_id: str, taken: Collection[str]) -> str:
    """Return a name that is not taken for the object with this display name and id."""
    text, whole = transliterated(display_name)
    slug = re.sub("[^a-z0-9]+", "-", text).strip("-")
    base = slug if slug[:1].isalpha() and slug not in YAML_WORDS else f"{_PREFIX}-{slug}"
    base = base[:_LONGEST].rstrip("-")
    plain = [base] if slug and whole else []
    return _free([*plain, f"{base}-{_short(object_id)}"], "-", taken)


def variables_for(name: str, object_id: str, taken: Collection[str]) -> tuple[str, str]:
    """Return the variables for the URL and the key of the trigger `name`, neither of them taken."""
    words: list[str] = []
    for word in name.split("-"):
        if word != (words or [_PREFIX])[-1]:
            words.append(word)
    while words[-2:] == ["api", "key"] or words[-1:] == ["url"]:
        words = words[:-2] if words[-1] == "key" else words[:-1]
    base = "_".join([_PREFIX, *(words or ["webhook"])]).upper()  # BLINK_API_KEY is the key of Blink's own API
    used = {each.removesuffix(ending) for each in taken for ending in ("_URL", "_API_KEY")}
    free = _free([base, f"{base}_{_short(object_id).upper()}"], "_", used)
    return f"{free}_URL", f"{free}_API_KEY"


def transliterated(text: str) -> tuple[str, bool]:
    """Return a text in lower case with the letters of ASCII, and whether no letter or digit of it was lost."""
    shown, whole = [], True
    for each in unicodedata.normalize("NFKD", text.casefold()).casefold():
        if each.isascii():
            shown.append(each)
        elif unicodedata.category(each)[0] in "LN":
            latin = _LATIN.fullmatch(unicodedata.name(each, ""))
            letters = _LETTERS.get(each) or (latin[1].lower() if latin else " ")
            shown.append(letters)
            whole = whole and letters != " "
        elif unicodedata.category(each)[0] != "M":
            shown.append(" ")
    return "".join(shown), whole


def _free(candidates: list[str], joint: str, taken: Collection[str]) -> str:
    """Return the first candidate that is not taken, or the last one with a number."""
    return next(each for each in _with_numbers(candidates, joint) if each not in taken)


def _with_numbers(candidates: list[str], joint: str) -> Iterator[str]:
    yield from candidates
    yield from (f"{candidates[-1]}{joint}{number}" for number in count(2))


def _short(object_id: str) -> str:
    """Return what tells an object from others: the beginning of its id, or where that is no word, of its digest."""
    letters = re.sub("[^a-z0-9]", "", object_id.lower())[:_ID_LENGTH]
    return letters if len(letters) == _ID_LENGTH else _digest(object_id)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]
