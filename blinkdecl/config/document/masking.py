"""What must not be shown of a file: where its secrets are, line by line. Pure.

Nobody should write a secret into a file; somebody will. So whatever is where a secret could be is masked before
an excerpt leaves this package:

    below a key like api_key, token, headers    every scalar, except what env, file and command name     (composed)
    in a URL                                    its query and fragment, and user:password@
    in any text                                 what follows ``password=``, ``Bearer`` or the beginning of a PEM file
    in a comment                                all of it, beside such a key or if it mentions one
    in a file that cannot be composed           the same by patterns, and the lines that may continue such a value
                                                                                                         (guessed)

No pattern here takes more than linear time, and no line that is too long to be shown is searched.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache

Span = tuple[int, int]
Spans = dict[int, list[Span]]

ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# A line with more characters is never shown.
LONGEST = 2000

_SECRET_KEY = re.compile(
    r"(?:api|access|private|auth|signing|client|webhook)[-_ ]?key|token|passw|passphrase|pwd|secret|credential|oauth|"
    r"authorization|bearer|headers",
    re.IGNORECASE,
)
# The same as whole words only: `authentication` is none of them.
_SECRET_WORDS = frozenset(
    (
        *("auth", "cred", "creds", "signature", "sig", "hmac", "session", "cookie", "cookies", "jwt", "pat", "otp"),
        *("pin", "pem", "pass", "pw", "key", "keys", "certificate", "cert", "header", "mnemonic"),
        *("psk", "sas", "salt", "authz", "kubeconfig", "rsa", "license"),
    )
)
_WORD = re.compile(r"[A-Z]?[a-z]++|[A-Z]++")
# What may stand in these sections; anything else there is wrong, and may well be a secret that somebody tried out.
SETTINGS = {
    "provider": frozenset(
        ("type", "url", "token", "token_header", "headers", "quiet_time", "on_unsupported", "capabilities")
    ),
    "blink": frozenset(("url", "api_key")),
    "state": frozenset(
        (
            *("backend", "path", "address", "lock_address", "unlock_address", "lock_method", "unlock_method"),
            *("update_method", "username", "password", "url", "region", "endpoint", "dsn", "name"),
            *("access_key_id", "secret_access_key", "session_token"),
        )
    ),
}
# What comes before a secret within a text: an assignment as in a DSN, a scheme of HTTP, a PEM file, a JWT, a token of
# a kind that shows what it is.
_NAMED = (
    r"passw|passphrase|\bpass|pwd|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|cookie|session|"
    r"\bsig"
)
BEFORE_SECRET = re.compile(
    rf"(?:{_NAMED})[\w-]{{0,32}}[\"']{{0,2}}\s{{0,8}}=(?!=)\s{{0,8}}(?=\S)"
    r"|\b(?:bearer|basic)\s{1,8}(?=[\w+/.~-]{6})|-----BEGIN(?=[ A-Z]{1,40}-----)|\b(?=eyJ[\w-]{10})"
    r"|\b(?=(?:gh[opusr]_|github_pat_|glpat-|xox[abeoprs]-|AKIA|ASIA|sk_live_|rk_live_|AIza)[\w-]{10})",
    re.IGNORECASE,
)
# The same within one value, where a colon, too, can only be part of it.
TOLD_SECRET = re.compile(
    rf"(?:{_NAMED})[\w-]{{0,32}}[\"']{{0,2}}\s{{0,8}}:\s{{0,8}}(?=\S)|^[^\s:/@]{{1,200}}:(?=[^\s/]{{1,200}}@)"
    r"|\s-u\s(?=\S)",
    re.IGNORECASE,
)
# What people misspell; `key` alone is close enough to the first.
_MISSPELT = ("api_key", "token", "password", "secret")
_LONGEST_MISSPELT = 16
_URL_PARTS = re.compile(
    r"""(?<=\?)[^\s"'#]++|(?<=[^\s"'#]#)[^\s"'#]+|(?<=://)[^/\s@"']*(?=@)|(?<=apikey=)[^\s&"']+""",
    re.IGNORECASE,
)
# A key and what separates it from its value: up to four plain words, or anything in quotes.
_KEY = re.compile(r"""(?<![\w-])(?P<name>[\w-]++(?:[ ][\w-]++){0,3}+)["']?\s*+[:=]\s*+""")
_QUOTED_KEY = re.compile(r"""["'](?P<name>[^"']*+)["']\s*+:\s*+""")
_COMMENT = re.compile(r"(?:^|(?<=\s))#\s*(?=\S)")
_WHOLE_COMMENT = re.compile(r"\s*#")
# What may close a flow collection around a query, and is no part of it.
_BEHIND_QUERY = "]},?"
# So many names of one text are compared with what people misspell; it takes longer than all the rest.
_MOST_COMPARED = 2000


@lru_cache(maxsize=1024)
def is_secret_key(name: str) -> bool:
    """Whether what is below a key of this name, misspelt or not, may be a secret."""
    if _SECRET_KEY.search(name) or not _SECRET_WORDS.isdisjoint(each.lower() for each in _WORD.findall(name)):
        return True
    words = name.split()
    return bool(words) and 2 < len(words[-1]) <= _LONGEST_MISSPELT and _resembles(words[-1])


def _resembles(word: str) -> bool:
    """Whether a word may be meant for one of a secret: more generous than a suggestion, since it costs a mask only."""
    from difflib import get_close_matches  # only ever needed on the way to an error

    return bool(get_close_matches(word.casefold(), _MISSPELT))


class SecretKeys(dict[str, bool]):
    """What `is_secret_key` says of the names in one text; past thousands of them, each counts as one."""

    def __missing__(self, name: str) -> bool:
        self[name] = len(self) >= _MOST_COMPARED or is_secret_key(name)
        return self[name]


def keys_in(line: str) -> list[re.Match[str]]:
    """Return what looks like a key in a line of text, each match up to where its value begins."""
    return sorted([*_KEY.finditer(line), *_QUOTED_KEY.finditer(line)], key=re.Match.end)


def line_spans(line: str) -> Iterator[Span]:
    """Yield what to mask in any line: parts of URLs, what follows ``password=``, a comment that mentions a secret."""
    if (before := BEFORE_SECRET.search(line)) is not None:
        yield before.end(), len(line)
    for match in _URL_PARTS.finditer(line):
        start, end = match.span()
        if line[start - 1 : start] != "?":
            yield start, end
        elif shown := match[0].rstrip(_BEHIND_QUERY):
            yield start, start + len(shown)
    comment = _COMMENT.search(line)
    if comment and _speaks_of_a_secret(line[comment.start() :], is_secret_key):
        yield comment.end(), len(line)


def comment_spans(
    lines: Sequence[str], secret: Collection[int], is_secret: Callable[[str], bool]
) -> Iterator[tuple[int, Span]]:
    """Yield the comments to mask, each with its line number; the lines `secret` hold a secret or begin one.

    Those are the comments on these lines and right above and below them, and a block of comments one of which mentions
    a secret.
    """
    hidden = set(secret)
    row: list[int] = []
    hides = False
    for number, line in enumerate(lines):
        if _WHOLE_COMMENT.match(line):
            row.append(number)
            hides = hides or number in secret or _speaks_of_a_secret(line, is_secret)
            continue
        if hides or number in secret:
            hidden.update(row)
        row, hides = [], number in secret
    if hides:
        hidden.update(row)
    for number in sorted(hidden):
        line = lines[number]
        if len(line) <= LONGEST and (comment := _COMMENT.search(line)):
            yield number, (comment.end(), len(line))


def masked(line: str, spans: Sequence[Span], keep_column: int = 0) -> str:
    """Return the line with each span as ``***``; what begins before `keep_column` (from 0) does not shift it."""
    out: list[str] = []
    at = 0
    for start, end in merged(spans):
        out += [line[at:start], "***".ljust(end - start)[: end - start] if end <= keep_column else "***"]
        at = end
    return "".join(out) + line[at:]


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order, those that touch as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _speaks_of_a_secret(comment: str, is_secret: Callable[[str], bool]) -> bool:
    if len(comment) > LONGEST:
        return True
    return bool(_SECRET_KEY.search(comment)) or any(is_secret(key["name"]) for key in keys_in(comment))
