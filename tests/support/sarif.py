"""What SARIF 2.1.0 asks of a log, by its official schema, and GitHub beside it."""

import json
from functools import cache
from typing import Any

from jsonschema import Draft7Validator

from tests.support.schemastore import stored

_TITLE = "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"


@cache
def validator() -> Draft7Validator:
    """Return the validator of a SARIF log."""
    return Draft7Validator(stored(_TITLE, "draft-07"))


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
