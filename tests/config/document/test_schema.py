"""The schema is complete, agrees with the model, and is told in our own sentences."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from blinkdecl.config import SCHEMA_NAMES, schema_text, validate_document
from blinkdecl.config.document.prune import marked, pruned
from blinkdecl.config.document.schema import ENVIRONMENT, INCLUDED, PROJECT, accepted, check, explainer
from blinkdecl.config.state_settings import PROPERTIES
from blinkdecl.model.configuration import Settings
from blinkdecl.model.resource import (
    ALERT_TYPES,
    DEFAULTS,
    NAME_PATTERN,
    SEVERITIES,
    ProbeSettings,
    canonical,
)

CONFIG = json.loads(schema_text("config"))
DEFS = CONFIG["$defs"]
SOUND: dict[str, Any] = {
    "version": 1,
    "triggers": {"soc": {"webhook": {"url": "https://acme.app.blinkops.com/webhooks/a", "api_key": {"env": "KEY"}}}},
    "destinations": {"a": {"display_name": "A", "trigger": "soc", "severities": ["HIGH"], "test_alert": {}}},
    "limits": {"max_deletes": 3},
    "coverage": [{"severities": ["HIGH"]}],
}
WORDS = ["version", "env", "url", "severities", "log_types", "timeout", "max_deletes", "a", "B", "lifecycle"]


def _properties(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - JSON
    """Yield every property of a schema with what its reference says."""
    if isinstance(node, dict):
        for name, found in node.get("properties", {}).items() if isinstance(node.get("properties"), dict) else ():
            named = {**DEFS[found["$ref"].rpartition("/")[2]], **found} if "$ref" in found else found
            yield f"{path}.{name}", named
        for key, each in node.items():
            if key not in ("examples", "default"):
                yield from _properties(each, f"{path}.{key}")


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_each_schema_is_valid_and_says_its_draft(name: str) -> None:
    """Draft 2020-12, by its own meta-schema."""
    found = json.loads(schema_text(name))
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(found)


def test_every_property_is_explained() -> None:
    """Editors show title and description and complete from the examples."""
    for path, found in _properties(CONFIG):
        assert {"title", "description", "examples"} <= found.keys(), path
        assert found["description"].endswith("."), path


def test_every_mapping_is_closed() -> None:
    """A misspelled key is an error everywhere."""
    closed = re.findall(r'"properties": \{', schema_text("config"))
    assert len(closed) == len(re.findall(r'"additionalProperties": false', schema_text("config")))


def test_every_example_is_accepted_where_it_stands() -> None:
    """The examples are what people copy."""
    for path, found in _properties(CONFIG):
        validator = Draft202012Validator({**found, "$defs": DEFS})
        for example in found["examples"]:
            assert not list(validator.iter_errors(example)), path
    assert all(not check(example, PROJECT) for example in CONFIG["examples"])
    assert all(not check(example, INCLUDED) for example in DEFS["included_file"]["examples"])
    assert all(not check(example, ENVIRONMENT) for example in DEFS["environment_file"]["examples"])


def test_enums_and_patterns_are_the_models() -> None:
    """One list each, held in two places."""
    assert tuple(DEFS["severity"]["enum"]) == SEVERITIES
    assert tuple(DEFS["alert_type"]["enum"]) == ALERT_TYPES
    assert DEFS["name"]["pattern"] == NAME_PATTERN
    for kind, defaults in DEFAULTS.items():
        ignorable = DEFS[f"{kind}_lifecycle"]["properties"]["ignore_changes"]["items"]["enum"]
        assert tuple(ignorable) == (*defaults, "api_key")


def test_defaults_are_the_models() -> None:
    """What the schema tells as the default is what the model fills in."""
    of_destination = {
        name: DEFS[name]["default"] for name in DEFAULTS["destination"] if "default" in DEFS.get(name, ())
    }
    assert of_destination.keys() == {"severities", "alert_types", "log_types", "allow_manual_dispatch"}
    assert canonical("destination", of_destination) == DEFAULTS["destination"]
    of_trigger = {name: DEFS[name]["default"] for name in DEFAULTS["trigger"] if name != "url"}
    assert canonical("trigger", of_trigger) == DEFAULTS["trigger"]
    test_alert, properties = DEFS["test_alert"]["properties"], DEFS["state"]["properties"]
    probe = ProbeSettings()
    assert (test_alert["preflight"]["default"], test_alert["after_apply"]["default"]) == (
        probe.preflight,
        probe.after_apply,
    )
    assert test_alert["timeout"]["default"] == f"{probe.timeout:g}s"
    assert tuple(DEFS["webhook_hosts"]["default"]) == Settings().webhook_hosts
    told = {name: found.get("default") for name, found in properties.items()}
    assert (told["backend"], {"path": told["path"]}) == (Settings().state.backend, Settings().state.options)
    assert set(properties) == {"backend"}.union(*PROPERTIES.values())


def test_the_project_file_may_hold_all_that_an_included_file_may() -> None:
    """So that editors can check every file with one schema."""
    assert DEFS["included_file"]["properties"].items() <= CONFIG["properties"].items()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | st.sampled_from(["HIGH", "RULE", "soc", "Soc", "", "x\n", "10s"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=400)
@given(data=st.data())
def test_both_validators_agree(data: st.DataObject) -> None:
    """What the fast validator accepts, the one that explains accepts as well."""
    document = copy.deepcopy(SOUND)
    holder: Any = document
    for _ in range(data.draw(st.integers(0, 4))):
        keys = sorted(holder) if isinstance(holder, dict) else range(len(holder))
        below = [key for key in keys if isinstance(holder[key], dict | list)]
        if not below:
            break
        holder = holder[data.draw(st.sampled_from(below))]
    change = data.draw(JSON)
    if isinstance(holder, dict):
        holder[data.draw(st.sampled_from([*holder, *WORDS]))] = change
    else:
        holder.append(change)
    explained = list(explainer(PROJECT).iter_errors(document))
    assert accepted(document, PROJECT) == (not explained)


def test_documents_are_checked_with_paths_and_without_secrets() -> None:
    """`validate_document` says where, and quotes no secret."""
    webhook = {"url": "https://acme.app.blinkops.com/webhooks/soc", "api_key": "CANARY"}
    found = validate_document("config", {"version": 1, "triggers": {"soc": {"webhook": webhook}}, "limits": []})
    assert sorted(found) == [
        'limits: "limits" takes a mapping, not a list',
        "triggers.soc.webhook.api_key: the file contains a secret",
    ]
    assert validate_document("config", {"version": 1}) == []
    assert validate_document("config", []) == ["(top): the document takes a mapping, not a list"]


def test_pruning_leaves_what_is_sound() -> None:
    """A part of what went is no trouble; the given document stays as it was."""
    document = {
        "version": 1,
        "destinations": {"a": {"display_name": "A", "severities": ["X", "HIGH", "Y"], "x": 1}, "B": {"y": 1}},
    }
    before = copy.deepcopy(document)
    left = pruned(marked(document, check(document, INCLUDED)))
    assert left == {"version": 1, "destinations": {"a": {"display_name": "A", "severities": ["HIGH"]}}}
    assert document == before


def test_an_unknown_schema_is_a_mistake_of_the_caller() -> None:
    """No path can be smuggled into the name."""
    with pytest.raises(KeyError):
        schema_text("../pyproject")


def test_problems_are_found_in_the_order_of_the_file() -> None:
    """Of many the same are told each time, whatever the seed of the process."""
    names = [f"d{number * 7919 % 1009}" for number in range(1009)]
    document = {"version": 1, "destinations": {name: {"display_name": 1} for name in names}}
    found = list(dict.fromkeys(finding.path[1] for finding in check(document, "config")))
    assert found == names[: len(found)]
    assert len(found) > 300
