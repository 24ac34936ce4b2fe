"""The forms in which a peer may repeat a secret: as it is, or encoded on its way through its logs and errors. Pure.

    as it is          and, of a URL, its path, its query and each value in it; of ``Bearer X``, X
    percent-encoded   hexadecimal digits in either case, a space as %20 or +, all bytes or only those that need it, as
                      browsers and Go see it, once or twice
    hexadecimal       its bytes, in either case
    base64            of both alphabets, with padding and without, also where it begins within other text (Basic)
    escaped           for JSON and for HTML, as Python, browsers and Go do, and as Python shows a string

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
# What is left as it is by: a path, all, encodeURIComponent, encodeURI, the path of a URL in Go.
_LEFT = ("/", "", "!'()*", "!'()*;/?:@&=+$,#", "/$&+=:@")
_FOR_GO = str.maketrans({each: f"\\u{ord(each):04x}" for each in "<>&"})
_HTML_OF_GO = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"})


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
    yield from _percent(value)
    yield from _base64(value.encode())
    yield from (value.encode().hex(), value.encode().hex().upper())
    yield from _escaped(value)


def _percent(value: str) -> Iterator[str]:
    percent = [quote(value, safe=left) for left in _LEFT]
    percent += [quote_plus(value), "".join(f"%{byte:02X}" for byte in value.encode())]
    for each in percent:
        for form in (each, _HEXADECIMAL.sub(lambda found: found[0].lower(), each)):
            yield from (form, form.replace("%", "%25"))


def _escaped(value: str) -> Iterator[str]:
    in_json = json.dumps(value)[1:-1]
    for each in (in_json, in_json.translate(_FOR_GO)):
        yield from (each, each.replace("/", "\\/"), json.dumps(each)[1:-1])
    in_html = html.escape(value)
    yield from (in_html, html.escape(value, quote=False), in_html.replace("&#x27;", "&#39;"))
    in_go = value.translate(_HTML_OF_GO)
    yield from (in_go, in_go.replace("+", "&#43;"))
    yield from (repr(value)[1:-1], repr(f"'{value}")[2:-1], value.replace("\\", "\\\\").replace("'", "\\'"))


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
