"""When each destination was last proved: kept with the state by `observe`, shown by other commands."""

import json
from pathlib import Path

import pytest

from tests.support.repository import TOKEN, Repository

KEPT = ".blinkdecl/state.json.deliveries"


@pytest.fixture
def hosted(reading: Repository) -> Repository:
    """A repository for hosted Panther, with a week of alerts that can be read there."""
    made = reading.sandbox.edit("Blink SOC", create=True, severities="HIGH,CRITICAL", webhook_url="http://127.0.0.1:1")
    assert reading("confirm", "destination.blink-soc", "--id", made).code == 0
    reading.sandbox.traffic(alerts=200, days=6)
    return reading


def last_delivery(repository: Repository) -> dict[str, str] | None:
    """Return what `show` says of the destination's alerts."""
    [found] = (
        each for each in repository("show", "--format", "json").document["resources"] if each["type"] == "destination"
    )
    seen: dict[str, str] | None = found["last_delivery"]
    return seen


def test_observing_is_remembered(hosted: Repository) -> None:
    """`show`, `state show`, `coverage` and the report have the last success, and not before it was observed."""
    assert last_delivery(hosted) is None
    ran = hosted("observe", "--format", "json")
    [soc] = ran.document["destinations"]
    seen = last_delivery(hosted)
    assert seen is not None
    assert (seen["success"], seen["failure"]) == (soc["last_success"], soc["last_failure"])
    assert "last_delivery" in hosted("show").out
    assert "last_delivery" in hosted("state", "show", "destination.blink-soc").out
    [proof] = hosted("coverage", "--against", "recorded", "--format", "json").document["coverage"]["destinations"]
    assert (proof["address"], proof["last_delivery"]) == ("destination.blink-soc", seen)
    at = seen["success"].replace("T", " ").replace("Z", " UTC")
    for words in (["coverage", "--against", "live"], ["coverage", "--against", "recorded", "--format", "markdown"]):
        assert at in " ".join(hosted(*words).out.split())
    assert at in hosted("report").out
    assert at in hosted("coverage", "--against", "recorded", "--format", "html").out


def test_what_is_declared_needs_no_state(hosted: Repository) -> None:
    """`coverage` of the YAML reads files alone."""
    hosted("observe")
    assert hosted("coverage", "--format", "json").document["coverage"]["destinations"] is None


def test_a_file_of_alerts_is_not_remembered(hosted: Repository) -> None:
    """It may be of any Panther, and of any time."""
    hosted("observe", "--save", "alerts.jsonl")
    (hosted.folder / KEPT).unlink()
    hosted("observe", "--alerts", "alerts.jsonl")
    assert last_delivery(hosted) is None


def test_what_is_kept(hosted: Repository) -> None:
    """Only this user may read it, it holds no secret, and a second run changes nothing but the times."""
    hosted("observe")
    file = hosted.folder / KEPT
    kept = json.loads(file.read_text())
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(kept["destinations"]) == ["destination.blink-soc"]
    assert TOKEN not in file.read_text()
    hosted("observe", "--since", "1s")
    again = json.loads(file.read_text())["destinations"]["destination.blink-soc"]
    first = kept["destinations"]["destination.blink-soc"]
    assert (again["success"], again["failure"]) == (first["success"], first["failure"])
    assert again["until"] >= first["until"]


@pytest.mark.parametrize("damage", ["", "{", '{"format": "another"}'])
def test_damage_is_a_warning(hosted: Repository, damage: str) -> None:
    """It counts as nothing until the next observation writes it anew."""
    hosted("observe")
    (hosted.folder / KEPT).write_text(damage)
    ran = hosted("show")
    assert (ran.code, "[deliveries-lost]" in ran.err) == (0, True)
    assert "last_delivery" not in ran.out
    code = hosted("observe").code
    assert (hosted("observe").code, last_delivery(hosted) is not None) == (code, True)
    assert "[deliveries-lost]" not in hosted("show").err


def test_what_was_not_looked_at_is_not_called_empty(hosted: Repository) -> None:
    """A run that looks at one second says of that alone that there was none."""
    hosted("observe", "--since", "1s")
    assert "none observed until 20" in hosted("show").out


def test_what_cannot_be_kept_is_a_warning(hosted: Repository) -> None:
    """What was observed is told all the same, with the exit code of that."""
    code = hosted("observe").code
    (hosted.folder / KEPT).unlink()
    (hosted.folder / KEPT).mkdir()
    ran = hosted("observe")
    assert (ran.code, "[deliveries-lost]" in ran.err, "destination.blink-soc" in ran.out) == (code, True, True)


def test_another_output_has_another_history(hosted: Repository) -> None:
    """What was seen of a destination that is recorded under another id now is not told of that one."""
    hosted("observe")
    file = hosted.folder / KEPT
    kept = json.loads(file.read_text())
    kept["destinations"]["destination.blink-soc"]["output_id"] = "another"
    file.write_text(json.dumps(kept))
    assert last_delivery(hosted) is None


def test_metrics(hosted: Repository, tmp_path: Path) -> None:
    """They have the last delivery, and what became of the alerts."""
    file = tmp_path / "observe.prom"
    ran = hosted("observe", "--metrics-file", str(file), "--format", "json")
    [soc] = ran.document["destinations"]
    text = file.read_text()
    labels = 'address="destination.blink-soc",environment=""'
    assert f"blinkdecl_last_delivery_timestamp_seconds{{{labels}}}" in text
    assert f'blinkdecl_observed_alerts{{{labels},outcome="delivered"}} {soc["delivered"]}\n' in text
    hosted("observe", "--since", "1s", "--metrics-file", str(file))
    assert f"blinkdecl_last_delivery_timestamp_seconds{{{labels}}}" in file.read_text()  # seen by the run before
