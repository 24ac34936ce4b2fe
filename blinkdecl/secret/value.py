"""The secret itself: a value that cannot be shown by accident. Pure; `blinkdecl.secret.store` fetches the values."""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import NoReturn

# What a fingerprint begins with that was made slowly; without it, it is HMAC-SHA256.
SLOW = "scrypt:"
_STRONG = 20
_LONGEST = 200
# Takes the secrets that are known to a run out of a text.
Mask = Callable[[str], str]
_URL = re.compile(r"https?://\S+", re.IGNORECASE)


class Secret:
    """A secret value. Printing, formatting and pickling show or refuse; only `reveal` gives it out."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value: to be called where it goes onto the wire, and nowhere else."""
        return self._value

    def fingerprint(self, salt: str) -> str:
        """Return what tells equal values from unequal ones under the state's salt (hex), and nothing more.

        Who has the state has the salt, and can try a list of words: for a short value each try is to take its time.
        """
        return f"{SLOW}{_slow(self._value, salt)}" if self.is_weak else self.quick_fingerprint(salt)

    def quick_fingerprint(self, salt: str) -> str:
        """Return 16 hex digits of HMAC-SHA256: what states of version 1 hold of every secret."""
        return hmac.digest(bytes.fromhex(salt), self._value.encode(), hashlib.sha256).hex()[:16]

    @property
    def is_weak(self) -> bool:
        """Whether it is so short that a list of words may hold it."""
        return len(self._value) < _STRONG

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never pickled")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(self._value)


@cache
def _slow(value: str, salt: str) -> str:
    """Return 16 hex digits of scrypt, about 40 ms of work; thousands of destinations may share one key."""
    return hashlib.scrypt(value.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=8).hex()


def forms_of(secrets: Iterable[Secret]) -> tuple[str, ...]:
    """Return every form in which a peer may repeat one of these secrets, the longest first."""
    from blinkdecl.secret.forms import forms_of_value  # with what it imports, only where a peer has said something

    found = {form for each in secrets for form in forms_of_value(each.reveal())}
    return tuple(sorted(found, key=lambda each: (-len(each), each)))


def masked(text: str, forms: Iterable[str]) -> str:
    """Return the text with these forms masked."""
    for form in forms:
        if form in text:
            text = text.replace(form, "***")
    return text


def scrubbed(text: str, secrets: Iterable[Secret] = (), mask: Mask = str) -> str:
    """Return what a peer says, without control characters, URLs and secrets, and not too long.

    `mask` = what takes out the secrets of the whole run; `secrets` are those beside them.
    """
    text = masked(mask(text), forms_of(secrets))
    text = "".join(each if each.isprintable() else " " for each in _URL.sub("***", text))
    return f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text
