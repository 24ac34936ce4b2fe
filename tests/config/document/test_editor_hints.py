"""What schemas say to editors alone: addresses, Markdown and snippets. They agree with what schemas say to us."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from referencing import Registry
from referencing.exceptions import Unresolvable

from blinkdecl.config.document import schema as module
from blinkdecl.config.document.parse import Source
from blinkdecl.config.document.schema import SCHEMA_NAMES, schema
from docs.generator.shapes import Part, merged
from tests.support.paths import ROOT

# Where the schemas are published: with them, and with docs/editors.md, the only place to change.
ADDRESS = "https://your-org.github.io/blinkdecl/schemas/"
FOR_PEOPLE = ("config", "routes")
WANTED = {
    "config": {
        "trigger", "destination", "coverage rule", "silence", "moved", "removed",
        *(f"provider: {each}" for each in ("local", "panther", "console")),
        "blink: runs",
        *(f"state: {each}" for each in ("local", "http", "s3", "postgres")),
    },
    "routes": {"route"},
}  # fmt: skip
_PLACEHOLDER = re.compile(r"\$\{(?P<number>\d+)(?::(?P<default>[^}]*)|\|(?P<choices>[^}]*)\|)?\}")
_WORDS = ("text", "code_inline", "softbreak")


def parts(part: Part) -> Iterator[Part]:
    """Yield every part of a schema, itself included."""
    yield part
    for key, each in part.items():
        if key not in ("examples", "default", "defaultSnippets"):
            inner = each if isinstance(each, list) else [each]
            yield from (found for one in inner if isinstance(one, dict) for found in parts(one))


def snippets() -> Iterator[tuple[str, Part, dict[str, Any]]]:
    """Yield the schema's name, the part at which it is offered, and each snippet."""
    for name in FOR_PEOPLE:
        for part in parts(schema(name)):
            yield from ((name, part, each) for each in part.get("defaultSnippets", ()))


def filled(text: str) -> str:
    """Return a text as it is when nobody types over its placeholders; one without a default repeats its number's."""
    defaults = {
        each["number"]: each["default"] if each["choices"] is None else each["choices"].split(",")[0]
        for each in _PLACEHOLDER.finditer(text)
        if each["default"] is not None or each["choices"] is not None
    }
    return _PLACEHOLDER.sub(lambda each: defaults[each["number"]], text)


def inserted(body: object, indent: str = "") -> str:
    """Return a body as yaml-language-server writes it: texts as they are, without the ``^`` before what is no text."""
    if isinstance(body, dict):
        return "".join(f"\n{indent}{key}:{inserted(each, indent + '  ')}" for key, each in body.items())
    return f" {body.removeprefix('^')}" if isinstance(body, str) else f" {json.dumps(body)}"


def words_of(markdown: str) -> list[str]:
    """Return the words that a reader of rendered Markdown sees; it has no links and no HTML."""
    inline = [each for each in MarkdownIt().parse(markdown) if each.type == "inline"]
    children = [child for each in inline for child in each.children or ()]
    assert {each.type for each in children} <= {*_WORDS}
    return re.findall(r"\w+", " ".join(child.content for child in children))


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_a_schema_is_known_by_its_address(name: str) -> None:
    """One base for all; what a schema refers to is in it, so nothing is ever looked for there."""
    assert schema(name)["$id"] == f"{ADDRESS}{name}.schema.json"
    assert all(part["$ref"].startswith("#/$defs/") for part in parts(schema(name)) if "$ref" in part)
    assert ADDRESS in (ROOT / "docs/editors.md").read_text()


def test_no_validator_fetches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reference that leads out of a schema is refused by both, without a connection."""
    monkeypatch.setattr(module, "_part", lambda _: {"$ref": f"{ADDRESS}other.schema.json"})
    with pytest.raises(jsonschema_rs.ValidationError, match="LookupError"):
        module._gate.__wrapped__("config")
    explainer = module.explainer.__wrapped__("config")
    assert explainer._registry == Registry()
    with pytest.raises(Exception, match="Unresolvable") as raised:
        list(explainer.iter_errors({}))
    assert isinstance(raised.value, Unresolvable)


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_markdown_says_the_same_words(name: str) -> None:
    """Where it stands beside a description, also one that replaces that of a reference."""
    for part in (merged(schema(name), each) for each in parts(schema(name))):
        if "markdownDescription" in part:
            assert words_of(part["markdownDescription"]) == re.findall(r"\w+", part["description"])


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_code_is_told_in_markdown(name: str) -> None:
    """An editor shows the backticks of a plain description as they are."""
    plain = [part["description"] for part in parts(schema(name)) if "markdownDescription" not in part | part.keys()
             and isinstance(part.get("description"), str)]  # fmt: skip
    assert [each for each in plain if "`" in each] == []


def test_there_is_a_snippet_for_what_people_begin_with() -> None:
    """Each with a label that no other has, and a sentence."""
    for name, wanted in WANTED.items():
        found = [each for schema_name, _, each in snippets() if schema_name == name]
        assert (len(found), {each["label"] for each in found}) == (len(wanted), wanted)
        assert all(each["description"].endswith(".") for each in found)


@pytest.mark.parametrize(("name", "part", "snippet"), [
    pytest.param(*each, id=each[2]["label"]) for each in snippets()
])  # fmt: skip
def test_a_snippet_is_valid_where_it_is_inserted(name: str, part: Part, snippet: dict[str, Any]) -> None:
    """As YAML of ours, before anything in it is changed."""
    text = filled(inserted(snippet["body"]))
    document = Source(ROOT).parse("f.yaml", text.lstrip("\n") + "\n")
    assert document.problems == ()
    validator = Draft202012Validator({**part, "$defs": schema(name)["$defs"]}, registry=Registry())
    assert [each.message for each in validator.iter_errors(document.data)] == []
    assert document.data
