"""What an answer is beside what was expected: a web page, as a login gives with 200, or half of a document. Pure.

A page is known by its content type, or by its beginning as browsers know it (WHATWG, MIME sniffing): what may come
before the first tag is a byte order mark, white space, comments and XML's declaration.
"""

import codecs
import re
from collections.abc import Mapping

_TYPES = ("text/html", "application/xhtml+xml")
_BEFORE = re.compile(r"(?:[\s\x00\ufeff]|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
_TAGS = (
    "!doctype html head script iframe h[1-6] div font table a style title b body br p link meta center noscript main"
)
# A comment without an end is one that goes on after what was read.
_PAGE = re.compile(rf"<(?:(?:{'|'.join(_TAGS.split())})(?=[\s/>]|$)|!--)", re.IGNORECASE)
_WIDE = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def is_web_page(status: int, headers: Mapping[str, str], beginning: bytes) -> bool:
    """Say whether an answer with these headers (names in lower case) and this beginning of its body is a web page.

    Without a body it is none, whatever its content type.
    """
    if status == 204 or headers.get("content-length", "").strip() == "0":
        return False
    if headers.get("content-type", "").partition(";")[0].strip().lower() in _TYPES:
        return True
    text = _text(beginning)
    found = _BEFORE.match(text)
    return _PAGE.match(text, found.end() if found else 0) is not None


def what_it_is(body: bytes) -> str:
    """Say what a body is that ought to be a JSON object and is none that can be used."""
    start = body[:64].lstrip()
    if not start:
        return "the answer is empty"
    if start.startswith(b"<"):
        return "the answer is HTML, not JSON"
    return "the answer is not complete JSON" if start[:1] in b"{[" else "the answer is not JSON"


def _text(beginning: bytes) -> str:
    for mark, encoding in _WIDE:
        if beginning.startswith(mark):
            return beginning.decode(encoding, "replace")
    return beginning.decode("utf-8", "replace")
