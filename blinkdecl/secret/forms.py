"""The forms in which a peer may repeat a secret: as it is, or encoded on its way through its logs and errors. Pure.

    as it is          and, of a URL, its path, its query and each value in it; of ``Bearer X``, X
    percent-encoded   hexadecimal digits in either case, a space as %20 or +, all bytes or only those that need it
    base64            of both alphabets, with padding and without, also where it begins within other text (Basic)
    escaped           for JSON and for HTML

Forms that are short would be cut out of unrelated text, and show more than they hide: they are left out.
"""

import base64
import html
import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

_SHORTEST = 6
_HEXADECIMAL = re.compile("%[0-9A-F]{2}")


def forms_of_value(value: str) -> set[str]:
    """Return the forms of one value that are long enough."""
    found = {form for part in {value, *_parts(value)} if len(part) >= _SHORTEST for form in _encoded(part)}
    return {each for each in found if len(each) >= _SHORTEST}


def _parts(value: str) -> Iterator[str]:
    """Yield what is secret by itself within a value."""
    yield value.rpartition(" ")[2]
    if "://" not in value:
        return
    try:
        url = urlsplit(value)
        yield from (url.path, url.query, f"{url.path}?{url.query}", url.password or "")
    except ValueError:
        return
    yield from (given for _, given in parse_qsl(url.query))


def _encoded(value: str) -> Iterator[str]:
    yield value
    percent = (
        quote(value),
        quote(value, safe=""),
        quote_plus(value),
        "".join(f"%{byte:02X}" for byte in value.encode()),
    )
    for each in percent:
        yield each
        yield _HEXADECIMAL.sub(lambda found: found[0].lower(), each)
    yield from _base64(value.encode())
    in_json = json.dumps(value)[1:-1]
    yield from (in_json, in_json.replace("/", "\\/"), json.dumps(in_json)[1:-1])
    in_html = html.escape(value)
    yield from (in_html, html.escape(value, quote=False), in_html.replace("&#x27;", "&#39;"))


def _base64(value: bytes) -> Iterator[str]:
    """Yield what stands for the value in base64, by how many bytes before it share its first group of three."""
    for before in range(3):
        given = b"\0" * before + value
        # A group that the value shares with what is beside it is left out.
        first, last = (0, 2, 3)[before], len(given) * 4 // 3
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(given).decode()
            yield whole[first:last]
            yield whole[first : len(given) // 3 * 4]
            if not before:
                yield whole
                yield whole.rstrip("=")
