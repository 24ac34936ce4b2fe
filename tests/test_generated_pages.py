"""The pages that ``make docs`` writes are as their sources are, and leave nothing out."""

from collections.abc import Iterator

import pytest

from blinkdecl.cli.topics import EXIT_CODES
from blinkdecl.config.document.parse import Source
from blinkdecl.config.document.schema import PROJECT, check, schema
from blinkdecl.config.document.schema_errors import flow
from blinkdecl.diagnostics.codes import CODES
from docs.generator.configuration import whole_file
from docs.generator.exit_codes import SESSIONS, Session, played, session_section
from docs.generator.markdown import escaped
from docs.generator.pages import PAGES, ROOT
from docs.generator.shapes import Part, merged
from tests.support.markdown import read

STALE = "run `make docs`"


def properties(part: Part, path: str) -> Iterator[tuple[str, Part]]:
    """Yield every property of a schema, with the path of its part."""
    for name, each in part.get("properties", {}).items():
        yield f"{path}/{name}", each
    for key, each in part.items():
        if key not in ("examples", "default", "required") and isinstance(each, dict):
            yield from properties(each, f"{path}/{key}")


EVERY = [
    pytest.param(name, part, id=f"{name}{path}")
    for name in ("config", "routes")
    for path, part in properties(schema(name), "")
]


@pytest.mark.parametrize("name", [each for each in PAGES if each != "docs/exit-codes.md"])
def test_a_page_is_current(name: str) -> None:
    """To the letter."""
    assert (ROOT / name).read_text() == PAGES[name](), STALE


@pytest.mark.parametrize("session", SESSIONS, ids=lambda each: str(each.code))
def test_a_session_is_current(session: Session) -> None:
    """It ends with the code that it stands for, and printed what the page shows."""
    assert played(session).code == session.code
    assert session_section(session) in (ROOT / "docs/exit-codes.md").read_text(), STALE


def test_every_exit_code_has_a_session() -> None:
    """In the order of the table, which is the topic's."""
    assert [str(each.code) for each in SESSIONS] == list(EXIT_CODES)
    rows = {f"| [{code}](#{code}) | {escaped(meaning)} |" for code, meaning in EXIT_CODES.items()}
    assert rows <= {*(ROOT / "docs/exit-codes.md").read_text().splitlines()}, STALE


def test_every_code_has_an_anchor() -> None:
    """So that a link to it never breaks."""
    assert CODES.keys() <= read(ROOT / "docs/troubleshooting.md").anchors


def test_the_whole_file_is_valid() -> None:
    """What stands first in the reference can be copied, and has every section."""
    document = Source(ROOT).parse("blinkdecl.yaml", whole_file())
    assert (document.problems, check(document.data, PROJECT)) == ((), ())
    assert document.data.keys() == schema("config")["properties"].keys()


@pytest.mark.parametrize(("name", "part"), EVERY)
def test_every_property_has_examples_that_are_valid(name: str, part: Part) -> None:
    """Each is held against the property's own part of the schema, and is as the page shows it."""
    from jsonschema import Draft202012Validator

    whole = merged(schema(name), part)
    assert whole["examples"]
    validator = Draft202012Validator({**part, "$defs": schema(name)["$defs"]})
    for each in whole["examples"]:
        assert [problem.message for problem in validator.iter_errors(each)] == []
        assert Source(ROOT).parse("f.yaml", f"a: {flow(each)}\n").data == {"a": each}
