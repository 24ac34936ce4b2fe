"""`--target` and `--exclude`: addresses and patterns, and what is said of the rest."""

import pytest

from tests.support.repository import Repository

MORE = """
  blink-low:
    display_name: Blink low
    trigger: soc
    severities: [LOW]
  other:
    display_name: Other
    trigger: soc
    severities: [INFO]
"""


@pytest.fixture
def several(repository: Repository) -> Repository:
    """A repository with three destinations behind one trigger."""
    path = repository.folder / "blinkdecl.yaml"
    path.write_text(path.read_text().rstrip("\n") + MORE)
    return repository


@pytest.mark.parametrize(
    ("words", "created"),
    [
        (("--target", "destination.blink-*"), ["destination.blink-low", "destination.blink-soc"]),
        (("--target", "destination.?ther"), ["destination.other"]),
        (("--exclude", "destination.blink-*"), ["destination.other"]),
        (("--target", "destination.*", "--exclude", "*.blink-[l]ow"), ["destination.blink-soc", "destination.other"]),
        (("--target", "*"), ["destination.blink-low", "destination.blink-soc", "destination.other"]),
    ],
)
def test_patterns(several: Repository, words: tuple[str, ...], created: list[str]) -> None:
    """They choose among what is declared and recorded, as names of files are chosen; the trigger comes along."""
    changes = several("plan", "--format", "json", *words).document["resource_changes"]
    assert sorted(each["address"] for each in changes) == [*created, "trigger.soc"]


def test_a_pattern_in_a_saved_plan(several: Repository) -> None:
    """It is applied as it was reviewed, and the plan shows the pattern."""
    assert several("plan", "--target", "destination.blink-*", "--out", "plan.json").code == 0
    assert "--target destination.blink-*" in several("show", "plan.json").out
    assert several("apply", "plan.json").code == 0
    assert several("plan", "--format", "json").document["summary"]["add"] == 1


@pytest.mark.parametrize(
    ("word", "told"), [("destination.no-*", "no resource matches"), ("trigger.sok", "trigger.soc?")]
)
def test_what_selects_nothing(several: Repository, word: str, told: str) -> None:
    """A pattern that matches nothing is an error, as an unknown address is."""
    ran = several("plan", "--target", word)
    assert (ran.code, told in ran.err) == (1, True), ran


def test_no_changes_to_what_was_selected(several: Repository) -> None:
    """Of the rest nothing is claimed."""
    assert several("apply", "--auto-approve", "--target", "destination.other").code == 0
    told = " ".join(several("plan", "--target", "destination.other").out.split())
    assert "No changes. What was selected matches the configuration; the rest was not looked at." in told
    assert "Your infrastructure matches" not in told
