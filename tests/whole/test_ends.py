"""How runs end: what they say of what was done, of what was not, and of what comes next."""

from tests.support.repository import Repository

MOVED = "moved: [{from: destination.blink-soc, to: destination.soc}]\ntriggers:\n"


def move(repository: Repository, more: str = "") -> None:
    """Give the destination another address, and perhaps something else beside it."""
    repository.edit("triggers:\n", MOVED)
    repository.edit("  blink-soc:\n", f"  soc:\n{more}")


def test_what_has_moved_is_counted(repository: Repository) -> None:
    """As the plan counts it: in text, JSON and Markdown."""
    assert repository("apply", "--auto-approve").code == 0
    move(repository)
    assert "0 to destroy, 1 to move." in repository("plan").out
    assert "0 added, 0 changed, 0 destroyed, 1 moved." in repository("apply", "--auto-approve").out
    assert " moved" not in repository("apply", "--auto-approve").out


def test_what_has_moved_is_counted_in_documents(repository: Repository) -> None:
    """Beside a change of the same destination too, and with its earlier address."""
    assert repository("apply", "--auto-approve").code == 0
    move(repository, "    allow_manual_dispatch: true\n")
    document = repository("apply", "--auto-approve", "--format", "json").document
    [result] = document["results"]
    assert (document["summary"]["changed"], document["summary"]["moved"]) == (1, 1)
    assert (result["address"], result["previous_address"]) == ("destination.soc", "destination.blink-soc")


def test_what_has_moved_is_counted_in_a_comment(repository: Repository) -> None:
    """The first line says it."""
    assert repository("apply", "--auto-approve").code == 0
    move(repository)
    first = repository("apply", "--auto-approve", "--format", "markdown").out.split("\n")[0]
    assert first.endswith("0 destroyed, 1 moved.")
