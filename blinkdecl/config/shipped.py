"""What comes with the package: the JSON Schemas and the list of known log types."""

from functools import cache
from pathlib import Path

SCHEMA_NAMES = ("config", "plan", "state", "results", "alert", "routes")

_HERE = Path(__file__).parent
# Inside the package where it was installed from a wheel, beside it in a checkout.
_SCHEMA_FOLDERS = (_HERE.parent / "schemas", _HERE.parent.parent / "schemas")


@cache
def schema_text(name: str) -> str:
    """Return the text of ``schemas/<name>.schema.json``; `name` is one of `SCHEMA_NAMES`."""
    if name not in SCHEMA_NAMES:
        raise KeyError(name)
    folder = next(each for each in _SCHEMA_FOLDERS if each.is_dir())
    return (folder / f"{name}.schema.json").read_text(encoding="utf-8")


@cache
def log_types() -> frozenset[str]:
    """Return the log types that public detections name; tenants have more."""
    lines = (_HERE / "log_types.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
