"""``docs/editors.md``: what is to be copied from it is as the editors and SchemaStore take it, and finds our files."""

import json
import re
import tomllib
from typing import Any

import pytest
from jsonschema import Draft4Validator

from blinkdecl.config.document.schema import schema
from blinkdecl.config.modeline import ROUTES_COPY, SCHEMA_COPY
from tests.config.document.test_editor_hints import snippets
from tests.support.markdown import read
from tests.support.paths import ROOT
from tests.support.schemastore import stored

PAGE = ROOT / "docs/editors.md"


def blocks(language: str) -> list[str]:
    """Return the text of each block of a language."""
    return [each.text for each in read(PAGE).fences if each.language == language]


def documents() -> list[Any]:
    """Return what the blocks of JSON say."""
    return [json.loads(each) for each in blocks("json")]


def test_the_catalog_takes_the_entry() -> None:
    """By the catalog's own schema; `fileMatch` is optional there and not here. It leads to the schema's address."""
    (entry,) = (each for each in documents() if "fileMatch" in each)
    catalog = stored("JSON schema for SchemaStore.org catalog files", "draft-04")
    problems = Draft4Validator(catalog["properties"]["schemas"]["items"]).iter_errors(entry)
    assert [each.message for each in problems] == []
    assert (entry["fileMatch"], entry["url"]) == (["blinkdecl.yaml"], schema("config")["$id"])


def test_settings_name_the_copies_that_init_writes() -> None:
    """In each format that the page shows."""
    (code,) = (each["yaml.schemas"] for each in documents() if "yaml.schemas" in each)
    (toml,) = blocks("toml")
    helix = tomllib.loads(toml)["language-server"]["yaml-language-server"]["config"]["yaml"]["schemas"]
    for found in (code, helix):
        assert (list(found), found[ROUTES_COPY]) == ([SCHEMA_COPY, ROUTES_COPY], "**/*routes.test.yaml")
        assert set(found[SCHEMA_COPY]) >= {"blinkdecl.yaml", *schema("config")["properties"]["include"]["default"]}
    (lua,) = blocks("lua")
    assert all(f'["{each}"] = ' in lua for each in (SCHEMA_COPY, ROUTES_COPY))


@pytest.mark.parametrize("label", [each["label"] for _, _, each in snippets()])
def test_every_snippet_is_named(label: str) -> None:
    """By the label that completion offers."""
    [named] = [each.text for each in read(PAGE).fences if each.language == "text"]
    assert re.search(rf"(?:^|, |tests: |\n){label}(?=,|\n|$)", named.strip())


@pytest.mark.parametrize("name", ["included_file", "environment_file"])
def test_the_parts_that_it_names_are_there(name: str) -> None:
    """Behind the `#` of a path."""
    assert f"`#/$defs/{name}`" in PAGE.read_text()
    assert name in schema("config")["$defs"]
