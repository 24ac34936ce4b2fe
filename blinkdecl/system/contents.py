"""What a file holds instead of what it should: what Git, an editor, a tool or a server made of it. Pure.

    empty        nothing, blanks, or the zeros that a power loss leaves
    conflict     both sides of a merge, between markers
    pointer      of Git LFS: the file itself was not fetched
    encrypted    by git-crypt, SOPS, age, GPG or Ansible Vault
    compressed   by gzip and its like
    web-page     a login, a proxy or an error answered instead
    utf-16       as Windows PowerShell redirects its output
    mark         UTF-8 that begins with a byte order mark
    terraform    a state of Terraform or OpenTofu

Each has its own way out, which never is an older version of the file: what was meant is there, or elsewhere. Only what
nobody could mean is recognised, so that a file is told for what it is before it is parsed.
"""

import codecs
import json
import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["empty", "conflict", "pointer", "encrypted", "compressed", "web-page", "utf-16", "mark", "terraform"]

_BEGINNING = 4096
_BLANKS = b" \t\r\n\0"
_MARKS = re.compile(rb"^<{7} .*$", re.MULTILINE)
_MERGED = re.compile(rb"^={7}\r?$.*^>{7} ", re.MULTILINE | re.DOTALL)
_SOPS = re.compile(rb'^(?:sops:|\s+"sops": *\{)', re.MULTILINE)
_SOPS_VALUE = b"ENC[AES256_GCM,"
_PAGE = "a web page: a login, a proxy or an error was answered and saved"
_COMPRESSED = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"BZh", "bzip2"), (b"\xfd7zXZ\0", "xz"))
_ENCRYPTED = (
    (b"\0GITCRYPT\0", "git-crypt", "`git-crypt unlock` decrypts it"),
    (b"age-encryption.org/", "age", "decrypt it first: `age --decrypt`"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "age", "decrypt it first: `age --decrypt`"),
    (b"-----BEGIN PGP MESSAGE-----", "GPG", "decrypt it first: `gpg --decrypt`"),
    (b"$ANSIBLE_VAULT;", "Ansible Vault", "`ansible-vault decrypt` decrypts it"),
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds: `what` reads after "it is", `remedy` is what to do, and it begins at `offset`, in bytes."""

    kind: Kind
    what: str
    remedy: str
    offset: int = 0


def recognised(data: bytes) -> Contents | None:
    """Return what the bytes of a file are, None where they may be what they should: YAML, or JSON of ours."""
    if not data[:1].strip(_BLANKS) and not data.strip(_BLANKS):
        zeros = b"\0" in data
        what = (
            "empty" if not data else "nothing but zeros, as a power loss leaves it" if zeros else "nothing but blanks"
        )
        return Contents("empty", what, "restore it from Git or from a backup of the disk")
    return _packed(data) or _tracked(data) or _elsewhere(data) or _encoded(data)


def text_of(data: bytes) -> str | None:
    """Return the text of a file in UTF-8 or UTF-16, without its byte order mark; None where it is neither."""
    try:
        if (encoding := _wide(data)) is not None:
            return data.decode(encoding).removeprefix("\ufeff")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _packed(data: bytes) -> Contents | None:
    """Return what was made of a file by a program that makes another one back of it."""
    for start, name, remedy in _ENCRYPTED:
        if data.startswith(start):
            return Contents("encrypted", f"encrypted by {name}", remedy)
    if _SOPS_VALUE in data and (found := _SOPS.search(data)) is not None:
        return Contents("encrypted", "encrypted by SOPS", "decrypt it first: `sops decrypt --in-place`", found.start())
    for start, name in _COMPRESSED:
        if data.startswith(start):
            return Contents("compressed", f"compressed by {name}", f"decompress it first: `{name} --decompress`")
    return None


def _tracked(data: bytes) -> Contents | None:
    """Return what Git left in the place of a file."""
    if data.startswith(b"version https://git-lfs.github.com/spec/"):
        remedy = "`git lfs pull` fetches the file (in GitHub Actions: `lfs: true` of actions/checkout)"
        return Contents("pointer", "a pointer of Git LFS, not the file itself", remedy)
    found = _MARKS.search(data) if b"<<<<<<< " in data else None
    if found is None or not _MERGED.search(data, found.end()):
        return None
    remedy = "keep what is meant of both sides, and remove the lines with <<<<<<<, ======= and >>>>>>>"
    return Contents("conflict", "in conflict: a merge left both sides in it", remedy, found.start())


def _elsewhere(data: bytes) -> Contents | None:
    """Return what another program or a server gave."""
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<") and _is_page(data[:_BEGINNING]):
        return Contents("web-page", _PAGE, "sign in, or go around the proxy, and fetch it again")
    if text.startswith(b"{") and b'"terraform_version"' in data[:_BEGINNING] and _is_terraform(data):
        remedy = "name another place: a state belongs to one program"
        return Contents("terraform", "a state of Terraform", remedy)
    return None


def _encoded(data: bytes) -> Contents | None:
    remedy = "save it as UTF-8 without a byte order mark"
    if _wide(data) is not None:
        return Contents("utf-16", "UTF-16, as Windows PowerShell redirects what is printed", remedy)
    if data.startswith(codecs.BOM_UTF8):
        return Contents("mark", "UTF-8 with a byte order mark", remedy)
    return None


def _wide(data: bytes) -> str | None:
    """Return which UTF-16 it is: by its mark, or since every other byte of its beginning is zero."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = data[:64]
    if len(start) < 8 or len(data) % 2:
        return None
    even, odd = start[::2], start[1::2]
    if not any(odd) and all(even):
        return "utf-16-le"
    return "utf-16-be" if not any(even) and all(odd) else None


def _is_page(beginning: bytes) -> bool:
    from blinkdecl.system.web_page import is_web_page  # seldom

    return is_web_page(200, {}, beginning)


def _is_terraform(data: bytes) -> bool:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "terraform_version" in found
