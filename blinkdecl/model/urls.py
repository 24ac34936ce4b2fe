"""Where a webhook URL may lead: the rules that `validate` and the moment of sending share. Pure.

A URL that comes from a secret reference was never seen by `validate`, so it is checked again before sending. The
rules are strict about spelling, because two parsers that disagree about a URL are how a key reaches the wrong host:

    printable ASCII only, no user-info, no fragment, no backslash     invalid-value
    a host that is a plain name or a plain IP address (not 127.1)     invalid-value
    an internationalised name (xn--) that decodes to a plain one      invalid-value
    https, or http to loopback                                        forbidden-host
    a host that `webhook_hosts` lists, and the operator trusts        forbidden-host, untrusted-host
    no key, wherever it is (`url_problem` only)                       literal-secret

Patterns compare only the host name, in any case. A wildcard never matches an IP address or loopback: those must be
listed as they are.
"""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urlsplit

Problem = tuple[str, str]

_PLAIN = re.compile(r"[^\s\\\"<>^`{|}]+")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# A last label like these makes some resolvers read the whole name as an IPv4 address: 127.1, 0x7f.1, 2130706433.
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_KEY = re.compile(r"api[-_]?key=", re.IGNORECASE)
# Below these, a webhook's path is known: today's, and that of an older public specification.
_BLINK = ".blinkops.com"
_BLINK_PATH = re.compile(r"/webhooks/[^/].*|/api/v1/webhooks/[^/]+/?")
_SHAPE = "https://<sub-domain>.app.blinkops.com/webhooks/<path>"


@dataclass(frozen=True, slots=True)
class HostRules:
    """Where alerts may go: to hosts that the project lists, and of these, if he named any, to those of the operator."""

    listed: tuple[str, ...]
    trusted: tuple[str, ...] | None = None


def url_problem(url: str, hosts: HostRules) -> Problem | None:
    """Return (code, sentence) of what forbids this URL in a file, or None. The sentence never quotes the URL."""
    return host_problem(url, hosts) or _key_problem(url)


@lru_cache(maxsize=16_384)  # asked when a file is read, and again for each test alert
def host_problem(url: str, hosts: HostRules) -> Problem | None:
    """Return (code, sentence) of what forbids sending a key to this URL, or None.

    A key in the URL does not matter here.
    """
    parts = _split(url)
    if isinstance(parts, str):
        return "invalid-value", parts
    host = _host(parts)
    if host is None:
        return "invalid-value", "the webhook URL has no plain host name"
    if parts.scheme == "http" and not is_loopback(host):
        return "forbidden-host", "the webhook URL is not https"
    if not host_listed(host, hosts.listed):
        listed = ", ".join(hosts.listed) or "empty"
        return "forbidden-host", f"the host of the webhook URL is not in webhook_hosts ({listed})"
    if hosts.trusted is not None and not host_listed(host, hosts.trusted):
        known = f"BLINKDECL_TRUSTED_HOSTS{'' if hosts.trusted else ', which is empty'}"
        return "untrusted-host", f"the host of the webhook URL, {host}, is not among those of {known}"
    return None


def path_problem(url: str) -> str | None:
    """Return the sentence that says why a sound URL on a host of Blink's is hardly a webhook's, or None.

    It is no reason not to send: what a webhook is, Blink decides.
    """
    parts = _split(url)
    host = None if isinstance(parts, str) else _host(parts)
    if isinstance(parts, str) or host is None or not f".{host}".endswith(_BLINK):
        return None
    if _BLINK_PATH.fullmatch(parts.path):
        return None
    return "the path of the webhook URL is not that of a webhook in Blink"


def endpoint_problem(url: str, what: str = "the API URL", sent: str = "the token") -> str | None:
    """Return the sentence that says why this cannot be the URL of Panther's API, or None.

    https, or http to loopback; a plain host; no user name, query or fragment, which could hold a token. It is the same
    with the address of a state: `what` it is, and `sent` what goes there.
    """
    parts = _split(url)
    host = None if isinstance(parts, str) else _host(parts)
    if isinstance(parts, str) or host is None or "?" in url:
        return f"{what} is not a plain URL; expected https://<host>/<path>"
    if parts.scheme == "http" and not is_loopback(host):
        return f"{what} is not https: {sent} would cross the network in the clear"
    return None


def site_problem(url: str) -> str | None:
    """Return the sentence that says why this cannot be the address of Blink, to which its API's paths are added."""
    problem = endpoint_problem(url, "the address of Blink", "the API key")
    if problem is None and urlsplit(url).path not in ("", "/"):
        return "the address of Blink has a path"
    return problem


@lru_cache(maxsize=16_384)
def host_of(url: str) -> str | None:
    """Return the host of a URL in lower case, None where it has none."""
    try:
        return (urlsplit(url).hostname or "").removesuffix(".") or None
    except ValueError:
        return None


@lru_cache(maxsize=16_384)
def webhook_of(url: str) -> str:
    """Return what is equal for two URLs of one webhook, however they spell scheme, host, port or the final slash.

    A reference in words (``env BLINK_URL``), not a URL, is returned as it is.
    """
    if (host := host_of(url)) is None:
        return url
    parts = urlsplit(url)
    port = parts.netloc.rpartition("@")[2].rpartition("]")[2].partition(":")[2]
    return f"{host}{f':{port}' if port not in ('', '80', '443') else ''}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Say whether a host, in lower case, is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _address(host)
    mapped = getattr(address, "ipv4_mapped", None)
    return address is not None and (mapped or address).is_loopback


def _split(url: str) -> SplitResult | str:
    """Return the parts of the URL, or the sentence that says why it is not one."""
    if not (url.isascii() and url.isprintable() and _PLAIN.fullmatch(url)):
        return f"not a webhook URL; expected {_SHAPE}"
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises ValueError where it is not a port
    except ValueError:
        return f"not a webhook URL; expected {_SHAPE}"
    if parts.scheme not in ("https", "http") or not parts.hostname:
        return f"the webhook URL is not a web address; expected {_SHAPE}"
    if "@" in parts.netloc:
        return "the webhook URL holds a user name or password before its host"
    if "#" in url:
        return "the webhook URL holds a fragment (#), which is never sent"
    return parts


def _host(parts: SplitResult) -> str | None:
    host = (parts.hostname or "").removesuffix(".")
    address = _address(host)
    if "[" in parts.netloc and not isinstance(address, ipaddress.IPv6Address):
        return None
    if address is not None:
        return host
    labels = host.split(".")
    plain = len(host) <= 253 and all(_LABEL.fullmatch(label) and _decodes(label) for label in labels)
    return host if plain and not _NUMERIC.fullmatch(labels[-1]) else None


def _decodes(label: str) -> bool:
    """Say whether a label is plain, or, after xn--, decodes to letters, marks, digits and hyphens."""
    if not label.startswith("xn--"):
        return True
    try:
        text = label[4:].encode().decode("punycode")
    except UnicodeError:
        return False
    return not text.isascii() and all(each == "-" or unicodedata.category(each)[0] in "LMN" for each in text)


@lru_cache(maxsize=1024)  # a host has many webhooks, and is looked at four times for each
def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    if ":" not in host and not host[-1:].isdigit():
        return None
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def host_listed(host: str, hosts: tuple[str, ...]) -> bool:
    """Say whether `webhook_hosts` lists a host, in lower case."""
    patterns = [pattern.lower().strip("[]") for pattern in hosts]
    if _address(host) is not None or is_loopback(host):
        return host in patterns
    return any(fnmatchcase(host, pattern) for pattern in patterns)


def named_hosts(hosts: tuple[str, ...]) -> frozenset[str]:
    """Return the hosts that `webhook_hosts` lists by their full name: only these may be in a private network."""
    return frozenset(each.lower().strip("[]") for each in hosts if not set(each) & set("*?["))


def _key_problem(url: str) -> Problem | None:
    if _KEY.search(unquote(url)):
        return "literal-secret", "the webhook URL holds a key (apikey=)"
    if "?" in url:
        return (
            "literal-secret",
            "the webhook URL has a query, which may hold a key; use a secret reference for such a URL",
        )
    return None
