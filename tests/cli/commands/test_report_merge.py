"""``report --merge``: the documents of many stacks on one page, none of them dropped."""

import json

import pytest

from blinkdecl.history.codec import write_alerts
from tests.cli.commands.test_plan_replay import WEEK, alert
from tests.support.repository import Repository

RULE = "coverage: [{severities: [INFO], min_destinations: 1}]\n"


@pytest.fixture
def merged(repository: Repository) -> Repository:
    """A folder `out` with a document of each kind, as commands wrote them."""

    def keep(name: str, *words: str) -> None:
        repository.write(f"out/{name}.json", repository(*words, "--format", "json").out)

    one = (repository.folder / "blinkdecl.yaml").read_text()
    two = f"{one}  blink-two: {{display_name: Blink two, trigger: soc, severities: [HIGH]}}\n"
    repository.write("blinkdecl.yaml", two)
    keep("a/new", "plan")
    assert repository("apply", "--auto-approve").code == 0
    keep("a/quiet", "plan")
    keep("tested", "test")
    keep("covered", "coverage")
    repository.write("blinkdecl.yaml", one)
    keep("gone", "plan")
    repository.write("blinkdecl.yaml", two.replace("HIGH, CRITICAL", "HIGH"))
    keep("lost", "plan")
    repository.write("blinkdecl.yaml", two.replace("version: 1\n", f"version: 1\n{RULE}"))
    keep("rule", "coverage")
    repository.write("blinkdecl.yaml", "version: [\n")
    keep("failed", "plan")
    return repository


def test_worst_first(merged: Repository) -> None:
    """Markdown, in the order of what hurts; what has nothing to tell is one line."""
    ran = merged("report", "--merge", "out", "--format", "markdown")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("<!-- blinkdecl:report -->\n## 8 stacks\n")
    places = [ran.out.index(f"**{each}**") for each in ("failed", "lost", "rule", "gone", "a/new")]
    assert places == sorted(places)
    assert "3 stacks without anything to tell." in ran.out


def test_past_alerts_that_nobody_would_have_got(repository: Repository) -> None:
    """They are counted where a plan comes with a replay."""
    assert repository("apply", "--auto-approve").code == 0
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [CRITICAL]")
    repository.write("alerts.jsonl", "".join(write_alerts(WEEK, [alert("HIGH")] * 3)))
    repository.write("out/past.json", repository("plan", "--replay", "alerts.jsonl", "--format", "json").out)
    ran = repository("report", "--merge", "out", "--format", "markdown")
    assert ran.out.count("nobody known here would have received 3 past alerts") == 1


def test_page(merged: Repository) -> None:
    """The same in HTML, written to a file."""
    assert merged("report", "--merge", "out", "--output", "all.html").code == 0
    page = (merged.folder / "all.html").read_text()
    assert page.startswith("<!doctype html>")
    assert "<h1>8 stacks</h1>" in page
    assert "5 stacks with something to tell." in page
    assert "<dt>Made</dt>" in page
    assert "<dt>Environment</dt>" not in page
    assert "3 stacks without anything to tell." in page
    assert "nobody receives CRITICAL" in page


def test_a_stack_that_left_none(merged: Repository) -> None:
    """Is told among what failed, where the list says that it should be there."""
    there = [{"path": "a", "environment": "new"}, {"path": ".", "environment": None}]
    for key in ("include", "stacks"):
        merged.write("stacks.json", json.dumps({key: [*there, {"path": "b", "environment": "prod"}]}))
        ran = merged("report", "--merge", "out", "--stacks", "stacks.json", "--format", "markdown")
        assert (ran.code, ran.out.count("it left no result")) == (1, 1)
        assert ran.out.index("**b/prod**") < ran.out.index("**lost**")
    merged.write("stacks.json", json.dumps({"include": there}))
    assert merged("report", "--merge", "out", "--stacks", "stacks.json", "--format", "markdown").code == 0
    merged.write("stacks.json", "[]")
    ran = merged("report", "--merge", "out", "--stacks", "stacks.json")
    assert (ran.code, "is no list of stacks" in ran.err) == (1, True)
    assert merged("report", "--stacks", "stacks.json").code == 64


def test_what_a_plan_does_is_named(merged: Repository) -> None:
    """Triggers and moves as well; a plan that a limit refuses breaks a rule, and a list of stacks is no result."""
    told = merged("report", "--merge", "out", "--format", "markdown").out
    assert "create trigger.soc, destination.blink-soc, destination.blink-two" in told
    merged.write("out/listed.json", merged("stacks", "--format", "json").out)
    ran = merged("report", "--merge", "out", "--format", "markdown")
    assert "it is a result of stacks, not of plan" in ran.out
    document = json.loads((merged.folder / "out/failed.json").read_text())
    document["diagnostics"][0]["code"] = "limits"
    merged.write("out/bounded.json", json.dumps(document))
    told = merged("report", "--merge", "out", "--format", "markdown").out
    assert told.index("Broken rules (2)") < told.index("**bounded**")


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"resource_changes": 1}', "", "[" * 100_000])
def test_what_is_no_document(merged: Repository, text: str) -> None:
    """It is told among what failed, and makes the exit code 1."""
    merged.write("out/odd.json", text)
    ran = merged("report", "--merge", "out", "--format", "markdown")
    assert ran.code == 1
    assert ran.out.index("**odd**") < ran.out.index("**lost**")
    assert "odd.json: it is n" in ran.err


def test_a_link_that_leads_out(merged: Repository, tmp_path_factory: pytest.TempPathFactory) -> None:
    """It is not read."""
    outside = tmp_path_factory.mktemp("outside") / "x.json"
    outside.write_text("secret")
    (merged.folder / "out/x.json").symlink_to(outside)
    ran = merged("report", "--merge", "out", "--format", "markdown")
    assert (ran.code, "**x**" in ran.out) == (1, True)


def test_many_that_fail(merged: Repository) -> None:
    """A thousand of them fit a comment: all by their names, and what else hurts beside them."""
    document = json.loads((merged.folder / "out/failed.json").read_text())
    document["diagnostics"][0]["summary"] = "long " * 100
    for number in range(1000):
        merged.write(f"out/many/{number}.json", json.dumps(document))
    ran = merged("report", "--merge", "out", "--format", "markdown")
    assert len(ran.out) < 60_000
    assert "Failed (1001):" in ran.out
    assert set(ran.out.split()) >= {f"many/{number}" for number in range(1000)}
    assert "nobody receives CRITICAL" in ran.out


def test_many_on_a_page(merged: Repository) -> None:
    """Of each kind ten are shown, with a way to the kind; the others are folded, with the first and the last name."""
    document = (merged.folder / "out/failed.json").read_text()
    for number in range(30):
        merged.write(f"out/many/{number:02}.json", document)
    page = merged("report", "--merge", "out").out
    assert '<a href="#failed">Failed (31)</a>' in page
    shown, folded, rest = page.partition("<summary>and 21 more: many/09 to many/29</summary>")
    assert ("many/08" in shown, "many/09" in shown, bool(folded)) == (True, False, True)
    assert "<strong>many/29</strong>" in rest


def test_nothing_to_merge(merged: Repository) -> None:
    """An empty folder, none, and a format without --merge."""
    (merged.folder / "empty").mkdir()
    for folder in ("empty", "nowhere"):
        ran = merged("report", "--merge", folder)
        assert (ran.code, "[not-found]" in ran.err) == (1, True)
    assert merged("report", "--format", "markdown").code == 64
