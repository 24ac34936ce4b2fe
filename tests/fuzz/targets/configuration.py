"""A repository: the project file, and after lines of ``#@`` an environment's file, triggers and destinations."""

from collections.abc import Iterator
from contextlib import suppress

from blinkdecl.config import load
from blinkdecl.diagnostics import Failure
from tests.fuzz.surroundings import folder
from tests.support.paths import CASES, ROOT

_FILES = ("blinkdecl.yaml", "environments/prod.yaml", "triggers/a.yaml", "destinations/a.yaml")
_MARK = b"\n#@\n"
_ODD = "${var.x} \x1b[2J \ud800"
_LARGEST = 8_000


def run(data: bytes) -> None:
    """Load the repository, in its environment if there is one, with odd values from outside."""
    root = folder() / "repository"
    parts = data.split(_MARK, len(_FILES) - 1)
    for number, name in enumerate(_FILES):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if number < len(parts):
            path.write_bytes(parts[number])
        else:
            path.unlink(missing_ok=True)
    environment = "prod" if len(parts) > 1 else None
    environ = {"BLINKDECL_VAR_ODD": _ODD, "BLINKDECL_VAR_HOST": "9" * 5000}
    with suppress(Failure):
        load(root, environ={}, every_environment=True)
    load(root, environment=environment, environ=environ)
    load(root, environment=environment, variables={"x": _ODD}, environ={})


def seeds() -> Iterator[bytes]:
    """Yield the cases of the configuration's own tests, and the examples."""
    for place in (CASES, ROOT / "examples"):
        for path in sorted(place.rglob("blinkdecl.yaml")):
            parts = [path.read_bytes()]
            for name in ("environments", "triggers", "destinations"):
                first = next(iter(sorted((path.parent / name).glob("*.yaml"))), None)
                parts.append(first.read_bytes() if first is not None and first.is_file() else b"")
            while len(parts) > 1 and not parts[-1]:
                parts.pop()
            if len(whole := _MARK.join(parts)) <= _LARGEST:
                yield whole
