"""Canaries: made-up secrets that are told apart in any text, and whoever looks for them there in every form.

The forms are worked out here once more, and not by `blinkdecl.secret.forms`: what that one forgets is to be found.
"""

import base64
import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote, quote_plus

# The variables and files that hold them say where each is used: see `tests.whole.canaries.place`.
CANARIES: Mapping[str, str] = MappingProxyType(
    {
        "key by env": "nightjar-env/4c1e+key==of-twenty",
        "key by file": "nightjar-file-92bd70-of-twenty",
        "key by command": "nightjar-command-81ff02-of-twenty",
        "key in a URL": "whimbrel-url-6e07aa-of-twenty",
        "odd key": "-odd\"q'b\\s<&>%41$HOME+/~plover!",
        "short key": "Tw1te-9x",
        "long key": "dotterel" + "".join(f"{number:04x}" for number in range(0x1C0A, 0x1C0A + 48)),
        "Panther's token": "avocet-token-0b77c1-of-twenty",
        "Blink's API key": "bittern-blink-user-key/58e3+of==twenty",
        "gateway header": "Bearer godwit-gateway-5512ee",
        "state password": "knot-state:pass/word+33c0",
        "TF_HTTP_PASSWORD": "sanderling-tf-http-77be01",
        "s3 secret": "turnstone-s3/secret+a90c4d/key",
        "DSN password": "redshank-dsn-pass-61d0f2",
        "PGPASSWORD": "whinchat-pgpassword-20ac9e",
        "proxy password": "dunlin-proxy-pass-e41b07",
        "plan key": "ruff-plan-key-bb9023-of-more-than-sixteen",
        "literal key": "curlew-literal-8d2f61-aAbB09",
        "literal beside": "lapwing-dotenv-f00d42-zZyY18",
    }
)


def _base64_cores(value: bytes) -> Iterator[tuple[str, str]]:
    """Yield what base64 makes of the value within other text, by how many bytes before it share its first group."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + value).decode()
        core = whole[(0, 2, 3)[before] : (before + len(value)) * 8 // 6]
        yield f"base64, {before} before", core
        yield f"base64 for URLs, {before} before", core.translate(str.maketrans("+/", "-_"))


def _escaped(value: str) -> Iterator[tuple[str, str]]:
    in_json = json.dumps(value)[1:-1]
    yield "JSON", in_json
    yield "JSON with \\/", in_json.replace("/", "\\/")
    yield "JSON in JSON", json.dumps(in_json)[1:-1]
    for_go = in_json
    for character in "<>&":
        for_go = for_go.replace(character, f"\\u{ord(character):04x}")
    yield "JSON of Go", for_go
    yield "HTML", html.escape(value)
    yield "HTML with its quotes", html.escape(value, quote=False)
    yield "HTML of Go", html.escape(value).replace("&#x27;", "&#39;").replace("&quot;", "&#34;").replace("+", "&#43;")
    yield "repr", repr(value)[1:-1]


def _percent(value: str) -> Iterator[tuple[str, str]]:
    kept = {
        "all": "",
        "path": "/",
        "encodeURIComponent": "!'()*",
        "encodeURI": "!'()*;/?:@&=+$,#",
        "Go path": "/$&+=:@",
    }
    found = {name: quote(value, safe=safe) for name, safe in kept.items()}
    found |= {"form": quote_plus(value), "each byte": "".join(f"%{each:02X}" for each in value.encode())}
    for name, each in found.items():
        yield f"percent ({name})", each
        parts = each.split("%")
        yield f"percent ({name}), lower", "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])
    yield "percent twice", quote(quote(value, safe=""), safe="")


def forms(value: str) -> dict[str, str]:
    """Return every form of a value by its name; a form that is no other than an earlier one is left out."""
    raw = value.encode()
    named = [("raw", value), *_percent(value), *_base64_cores(raw), *_escaped(value)]
    named += [("hex", raw.hex()), ("HEX", raw.hex().upper())]
    if " " in value:  # of "Bearer X", X is what opens doors
        named += [(f"{name}, bare", form) for name, form in forms(value.rpartition(" ")[2]).items()]
    found: dict[str, str] = {}
    for name, form in named:
        found.setdefault(form, name)
    return {name: form for form, name in found.items()}


@cache
def _needles() -> tuple[tuple[bytes, str, str], ...]:
    """Return every form, the canary, and the form's name; of the value itself the beginning and the end do as well."""
    found = []
    for canary, value in CANARIES.items():
        shown = dict(forms(value))
        bare = value.rpartition(" ")[2]
        if len(bare) > 16:
            shown |= {"beginning": bare[:14], "end": bare[-12:]}
        found += [(form.encode(), canary, name) for name, form in shown.items()]
    return tuple(found)


@dataclass
class Scanner:
    """Looks for every canary, and counts; what was seen already and is clean is not read a second time."""

    outputs: int = 0
    size: int = 0
    hits: list[str] = field(default_factory=list)
    _clean: set[bytes] = field(default_factory=set)

    def scan(self, data: bytes, where: str) -> None:
        """Scan one output."""
        self.outputs += 1
        self.size += len(data)
        digest = sha256(data).digest()
        if digest in self._clean:
            return
        found = [f"{where}: {canary} ({form})" for needle, canary, form in _needles() if needle in data]
        self.hits += found
        if not found:
            self._clean.add(digest)

    def scan_folder(self, folder: Path, where: str, inputs: Mapping[Path, bytes]) -> None:
        """Scan every file below a folder, and the names of all, but for `inputs` that are as they were."""
        names = []
        for path in sorted(folder.rglob("*")):
            names.append(str(path))
            if path.is_file() and not path.is_symlink():
                data = path.read_bytes()
                if inputs.get(path) != data:
                    self.scan(data, f"{where}: {path.relative_to(folder)}")
        self.scan("\n".join(names).encode(), f"{where}: names of files below {folder.name}")
