"""Loading as a whole: order, places, digest; the many small cases are in ``tests/cases``."""

from pathlib import Path

import pytest

from blinkdecl.config import load
from blinkdecl.config.digest import digest_of
from blinkdecl.diagnostics import Diagnostic, Failure, Position
from blinkdecl.model.configuration import Configuration
from tests.support.paths import CASES

SOC = """\
version: 1
triggers:
  soc: {webhook: {url: "https://acme.app.blinkops.com/webhooks/soc", api_key: {env: KEY}}}
"""


def _write(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def _configuration(root: Path, **files: str) -> Configuration:
    return load(_write(root, **files), environ={}).configuration


def _problems(root: Path, **files: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(Failure) as caught:
        load(_write(root, **files), environ={})
    return caught.value.diagnostics


def _destination(name: str, more: str = "") -> str:
    return f"version: 1\ndestinations:\n  {name}:\n    display_name: {name.title()}\n    trigger: soc\n{more}"


def test_three_mistakes_read_as_the_first_five_minutes_say() -> None:
    """The excerpts, labels and notes, exactly."""
    with pytest.raises(Failure) as caught:
        load(CASES / "invalid/three-mistakes", environ={})
    reference, unknown, value = caught.value.diagnostics
    assert reference.excerpt is not None
    assert reference.excerpt.lines == (
        (20, "    display_name: Blink Triage"), (21, "    trigger: sco"), (22, "    severites: [MEDIUM, LOW]"),
    )  # fmt: skip
    assert (reference.excerpt.width, reference.excerpt.label) == (3, 'did you mean "soc"?')
    assert reference.notes == (("at", "destination.blink-triage"), ("help", "declared triggers: soc"))
    assert unknown.excerpt is not None
    assert [number for number, _ in unknown.excerpt.lines] == [21, 22, 23]
    assert (unknown.excerpt.width, unknown.notes) == (9, (("at", "destination.blink-triage"),))
    assert value.excerpt is not None
    assert [number for number, _ in value.excerpt.lines] == [22, 23]
    assert value.notes[1][1].startswith("one of RULE, RULE_ERROR, ")


def test_a_second_address_names_the_first(tmp_path: Path) -> None:
    """Both places, and the line alone."""
    (problem,) = _problems(
        tmp_path, blinkdecl=SOC, destinations__a="# a\n" + _destination("blink"), destinations__b=_destination("blink")
    )
    assert problem.notes == (("note", "first defined at destinations/a.yaml:4:3"),)
    assert problem.excerpt is not None
    assert problem.excerpt.lines == ((3, "  blink:"),)


def test_problems_come_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    """The project file first, whatever kind of check found them."""
    found = _problems(
        tmp_path,
        blinkdecl=SOC + "limits: {max_deletes: many}\n",
        destinations__b=_destination("b", "    colour: blue\n    trigger: other\n"),
        destinations__a=_destination("a").replace("soc", "sos") + "  C: {}\n",
    )
    assert [(str(each.position), each.code) for each in found] == [
        ("blinkdecl.yaml:4:23", "wrong-type"),
        ("destinations/a.yaml:5:14", "unknown-reference"),
        ("destinations/a.yaml:6:3", "invalid-name"),
        ("destinations/b.yaml:6:5", "unknown-property"),
        ("destinations/b.yaml:7:5", "duplicate-key"),
    ]


def test_resources_know_their_place(tmp_path: Path) -> None:
    """The key, counted from 1."""
    found = _configuration(tmp_path, blinkdecl=SOC, destinations__a=_destination("a"))
    assert found.resources["trigger.soc"].position == Position("blinkdecl.yaml", 3, 3)
    assert found.resources["destination.a"].position == Position("destinations/a.yaml", 3, 3)


def test_moves_know_their_place(tmp_path: Path) -> None:
    """The entry of the list."""
    moved = "moved:\n  - {from: destination.old, to: destination.a}\n"
    found = _configuration(tmp_path, blinkdecl=SOC + moved, destinations__a=_destination("a"))
    assert str(found.moved[0].position) == "blinkdecl.yaml:5:5"


def test_the_digest_is_of_what_is_declared_not_of_how(tmp_path: Path) -> None:
    """Order, files, spelling and comments change nothing; every fact does."""
    one = _configuration(
        tmp_path / "1", blinkdecl=SOC, destinations__a=_destination("a", "    severities: [LOW, HIGH]\n")
    )
    other = _destination("a", "    severities:\n    - HIGH\n    - LOW # both\n").replace("version: 1\n", "")
    same = _configuration(tmp_path / "2", blinkdecl=other + SOC)
    assert digest_of(one) == digest_of(same)
    facts = ["    severities: [LOW]\n", "    severities: [LOW, HIGH]\n    lifecycle: {prevent_destroy: true}\n"]
    digests = {
        digest_of(_configuration(tmp_path / f"more{index}", blinkdecl=SOC, destinations__a=_destination("a", fact)))
        for index, fact in enumerate(facts)
    }
    assert len(digests | {digest_of(one)}) == 3


def test_a_broken_file_does_not_make_its_names_missing(tmp_path: Path) -> None:
    """A reference to what it may declare is a consequence, not an error."""
    found = _problems(
        tmp_path, blinkdecl="version: 1\n", triggers__soc="triggers: {", destinations__a=_destination("a")
    )
    assert [each.code for each in found] == ["invalid-yaml"]


def test_unknown_log_types_are_told_once(tmp_path: Path) -> None:
    """A warning for each type, where it stands first, not for each of thousands of destinations."""
    text = _destination("a", "    log_types: [AWS.CloudTrial]\n") + _destination(
        "b", "    log_types: [Okta.SystemLog, AWS.CloudTrial]\n"
    ).removeprefix("version: 1\ndestinations:\n")
    _write(tmp_path, blinkdecl=SOC, destinations__a=text)
    found = [each for each in load(tmp_path, environ={}).warnings if each.code == "unknown-log-type"]
    assert [str(each.position) for each in found] == ["destinations/a.yaml:6:17"]


def test_severities_left_out_are_told(tmp_path: Path) -> None:
    """Left out they mean none, which is seldom meant; written as [] it is, and beside an error it may be a typo."""
    _write(
        tmp_path,
        blinkdecl=SOC,
        destinations__a=_destination("a"),
        destinations__b=_destination("b", "    severities: []\n"),
    )
    assert [(each.code, str(each.position)) for each in load(tmp_path, environ={}).warnings] == [
        ("no-severities", "destinations/a.yaml:3:3"),
        ("no-alerts", "destinations/b.yaml:3:3"),
    ]
    found = _problems(tmp_path, destinations__a=_destination("a", "    severites: [HIGH]\n"))
    assert [each.code for each in found] == ["unknown-property"]


def test_a_refused_value_is_told_once(tmp_path: Path) -> None:
    """Neither the schema nor a rule adds to what the reader or a variable found wrong."""
    found = _problems(
        tmp_path, blinkdecl=SOC, destinations__a=_destination("a").replace("soc", "!x soc").replace("A", "${x}")
    )
    assert [each.code for each in found] == ["unknown-variable", "forbidden-yaml"]


def test_aliases_lead_to_the_place_of_their_anchor(tmp_path: Path) -> None:
    """That is where the wrong text stands."""
    text = SOC + "destinations:\n" + "".join(f"  {n}: {{display_name: {n}, trigger: soc, severities: {s}}}\n"
                                            for n, s in (("a", "&s [HIGH, LOWW]"), ("b", "*s")))  # fmt: skip
    assert {str(each.position) for each in _problems(tmp_path, blinkdecl=text)} == {"blinkdecl.yaml:5:60"}


def test_the_order_of_rules_is_no_difference(tmp_path: Path) -> None:
    """Of entries that all hold, it says nothing: the digest is the same."""
    rules = ["  - {severities: [CRITICAL], min_destinations: 1}", "  - {severities: [HIGH], min_destinations: 1}"]
    hosts = ["a.example", "b.example"]
    digests = set()
    for step in (1, -1):
        text = "\n".join(
            ["version: 1", f"webhook_hosts: [{', '.join(hosts[::step])}]", "coverage:", *rules[::step], ""]
        )
        (tmp_path / "blinkdecl.yaml").write_text(text)
        digests.add(digest_of(load(tmp_path, environ={}).configuration))
    assert len(digests) == 1
