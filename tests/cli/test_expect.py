"""What was approved is what is applied, without a file: ``--expect``, reviewed destruction, and plans of forks."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.panther import declare, names
from tests.support.repository import KEY, Ran, Repository

OTHER = "  blink-two:\n    display_name: Two\n    trigger: soc\n    severities: [LOW]\n"
STALE = "this is not what was reviewed, nothing was changed [stale-plan]"
# Another machine: its clock is more than a year ahead.
LATER = """\
import sys
from datetime import timedelta
from blinkdecl.cli import run
from blinkdecl.project import snapshot

class Later(snapshot.datetime):
    @classmethod
    def now(cls, zone=None):
        return super().now(zone) + timedelta(days=400)

snapshot.datetime = Later
sys.exit(run(sys.argv[1:]))
"""


def digest(repository: Repository, *words: str) -> str:
    """Return the review digest of a plan."""
    found = repository("plan", *words, "--format", "json").document["review_digest"]
    assert isinstance(found, str)
    return found


def expecting(repository: Repository, reviewed: str, *words: str) -> Ran:
    """Run apply as a pipeline does."""
    return repository("apply", "--auto-approve", "--expect", reviewed, *words)


def test_every_format_has_it(repository: Repository) -> None:
    """JSON and Markdown always, text in the next step where there are changes, or instead of it, and with -v."""
    reviewed = digest(repository)
    command = f"`blinkdecl -C {repository.folder} apply --expect {reviewed}`"
    assert repository("plan").out.endswith(f"\nNext: {command}\n")
    assert f"\nTo apply exactly this: {command}\n" in repository("plan", "--format", "markdown").out
    repository("plan", "--output", "plan.txt")
    assert (repository.folder / "plan.txt").read_text().endswith(f"\n\nReview digest: {reviewed}\n")
    assert expecting(repository, reviewed).code == 0
    reviewed = digest(repository)
    assert "Review digest" not in repository("plan").out
    assert f"\nReview digest: {reviewed}\n" in repository("-v", "plan").out
    assert f"\nReview digest: `{reviewed}`\n" in repository("plan", "--format", "markdown").out
    assert "No changes." in expecting(repository, reviewed).out


def test_a_saved_plan_shows_it(repository: Repository) -> None:
    """As it was made, with the command for its own environment."""
    repository.write("environments/prod.yaml", "version: 1\n")
    reviewed = digest(repository, "--env", "prod", "--out", "plan.json")
    assert repository("show", "plan.json", "--format", "json").document["review_digest"] == reviewed
    shown = repository("show", "plan.json", "--format", "markdown").out
    assert f"`blinkdecl -C {repository.folder} --env prod apply --expect {reviewed}`" in shown


def test_the_yaml_was_edited(repository: Repository) -> None:
    """Nothing is changed; the same YAML again is what was reviewed."""
    reviewed = digest(repository)
    repository.edit("[HIGH, CRITICAL]", "[HIGH]")
    ran = expecting(repository, reviewed)
    assert (ran.code, STALE in ran.err, repository.state.exists()) == (6, True, False)
    assert "note: YAML: the configuration is not" in ran.err
    assert not re.search("recorded:|live:|options:", ran.err)
    assert f"help: run `blinkdecl -C {repository.folder} plan` again and review it" in " ".join(ran.err.split())
    assert repository("apply", "--auto-approve", "--expect", reviewed, "--format", "json").document["diagnostics"]
    repository.edit("[HIGH]", "[HIGH, CRITICAL]")
    assert expecting(repository, reviewed).code == 0


def test_it_was_applied_already(repository: Repository) -> None:
    """The record is another one then, and that is said."""
    reviewed = digest(repository)
    assert expecting(repository, reviewed).code == 0
    ran = expecting(repository, reviewed)
    assert (ran.code, "recorded: the state does not hold" in ran.err) == (6, True)
    assert "nothing is left to do, so perhaps it was applied already" in ran.err


def test_panther_was_edited(panther: Repository) -> None:
    """Whatever is there is what the reviewer saw, also what nobody manages here."""
    declare(panther, a="A")
    reviewed = digest(panther)
    panther.sandbox.edit("B", create=True, severities="HIGH", webhook_url=f"{panther.sandbox.url}/webhooks/b")
    ran = expecting(panther, reviewed)
    assert (ran.code, "live: Panther does not answer" in ran.err, names(panther)) == (6, True, ["B"])
    assert not re.search("recorded:|YAML:|options:", ran.err)
    assert expecting(panther, digest(panther)).code == 0
    reviewed = digest(panther)
    panther.sandbox.edit("A", severities="CRITICAL", by="jo@example.com")
    assert expecting(panther, reviewed).code == 6


def test_it_approves_nothing(repository: Repository) -> None:
    """An option that makes a run safer never makes it start."""
    ran = repository("apply", "--expect", digest(repository))
    assert (ran.code, "[not-approved]" in ran.err, repository.state.exists()) == (1, True, False)
    assert "pass --auto-approve too: nothing but what --expect names is done" in " ".join(ran.err.split())


def test_not_beside_a_saved_plan(repository: Repository) -> None:
    """Which is checked by itself."""
    reviewed = digest(repository, "--out", "plan.json")
    ran = repository("apply", "plan.json", "--expect", reviewed)
    assert (ran.code, "--expect is for a plan that is made anew [usage]" in ran.err) == (64, True)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda text: text[:-3], "cut: its end is missing"),
        (lambda text: text[8:], "cut: its beginning is missing"),
        (
            lambda text: text[:6] + ("0" if text[6] != "0" else "1") + text[7:],
            "mistyped: its parts do not fit",
        ),
        (lambda _: "", "empty"),
        (lambda _: "yes", "none that a plan prints"),
        (lambda _: "f" * 64, "the digest of a saved plan's file, which `apply FILE` checks by itself"),
    ],
)
def test_a_digest_that_is_none(repository: Repository, edit: object, told: str) -> None:
    """It is told for what it is, before anything is read."""
    assert callable(edit)
    ran = expecting(repository, edit(digest(repository)))
    assert (ran.code, f"--expect: the digest is {told}" in " ".join(ran.err.split())) == (64, True)


def test_of_another_environment(repository: Repository) -> None:
    """With the command that takes it."""
    repository.write("environments/prod.yaml", "version: 1\n")
    reviewed = digest(repository, "--env", "prod")
    assert reviewed.startswith("prod-")
    ran = expecting(repository, reviewed)
    told = " ".join(ran.err.split())
    assert (ran.code, "with this digest was made with --env prod, this is without --env [other-env" in told) == (
        1,
        True,
    )
    assert f"`blinkdecl -C {repository.folder} --env prod apply --expect {reviewed}` applies it" in told
    assert expecting(repository, reviewed, "--env", "prod").code == 0


def test_of_other_options(repository: Repository) -> None:
    """A part that was reviewed is not the whole."""
    reviewed = digest(repository, "--target", "trigger.soc")
    ran = expecting(repository, reviewed)
    assert (ran.code, "options: --target, --exclude, --allow-... or --destroy were others" in ran.err) == (6, True)
    assert expecting(repository, reviewed, "--target", "trigger.soc").code == 0


def test_what_is_refused_cannot_be_approved(repository: Repository) -> None:
    """It has no digest; with another one, it is told which side differs, and why there is no plan of it."""
    reviewed = digest(repository)
    repository.edit("version: 1\n", "version: 1\ncoverage: [{severities: [LOW]}]\n")
    assert repository("plan", "--format", "json").document["review_digest"] is None
    assert "--expect" not in repository("plan", "--format", "markdown").out
    ran = expecting(repository, reviewed)
    assert (ran.code, "YAML: the configuration is not" in ran.err, "[coverage]" in ran.err) == (6, True, True)


def test_a_reviewed_destruction(repository: Repository) -> None:
    """In every format, by digest, and no other plan passes for it."""
    assert repository("apply", "--auto-approve").code == 0
    reviewed = digest(repository, "--destroy")
    text, page = repository("plan", "--destroy").out, repository("plan", "--destroy", "--format", "markdown").out
    command = f"`blinkdecl -C {repository.folder} destroy --expect {reviewed}`"
    assert "# destination.blink-soc will be destroyed" in text
    assert "Note: this is a plan to destroy what is managed here (--destroy)." in text
    assert text.endswith(f"Next: {command}\n")
    assert f"To apply exactly this: {command}" in page
    ran = expecting(repository, reviewed)
    assert (ran.code, "options: a plan to destroy everything was reviewed" in ran.err) == (6, True)
    assert repository("destroy", "--auto-approve", "--expect", digest(repository)).code == 6
    assert repository("destroy", "--auto-approve", "--expect", reviewed).code == 0
    assert "No objects need to be destroyed." in repository("plan", "--destroy").out


def test_a_saved_destruction(panther: Repository) -> None:
    """It is applied like any other plan, and stale like any other."""
    declare(panther, a="A", b="B")
    assert panther("apply", "--auto-approve").code == 0
    assert panther("plan", "--destroy", "--detailed-exitcode", "--out", "plan.json").code == 2
    shutil.copy(panther.folder / "plan.json", panther.folder / "again.json")
    panther.sandbox.edit("A", severities="CRITICAL", by="jo@example.com")
    ran = panther("apply", "plan.json")
    assert (ran.code, names(panther)) == (6, ["A", "B"])
    assert "plan --destroy --out plan.json` again and review it" in " ".join(ran.err.split())
    assert panther("plan", "--destroy", "--out", "plan.json").code == 0
    ran = panther("apply", "plan.json")
    assert (ran.code, names(panther)) == (0, [])
    assert "2 destroyed" in ran.out
    assert panther("apply", "again.json").code == 6


def test_a_protected_destruction(repository: Repository) -> None:
    """It is refused in review already."""
    repository.edit("    severities:", "    lifecycle: {prevent_destroy: true}\n    severities:")
    assert repository("apply", "--auto-approve").code == 0
    ran = repository("plan", "--destroy", "--out", "plan.json")
    assert (ran.code, "[prevent-destroy]" in ran.out) == (3, True)
    assert repository("apply", "plan.json").code == 3


@pytest.mark.parametrize("words", [("--detections", "x"), ("--allow-deletes", "3"), ("--allow-changes", "3")])
def test_what_means_nothing_to_a_destruction(repository: Repository, words: tuple[str, ...]) -> None:
    """It is a usage error."""
    assert repository("plan", "--destroy", *words).code == 64


def test_offline_is_said_first(panther: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """In every format; what is not set is listed once, and there is nothing to approve: Panther was not read."""
    declare(panther, a="A", b="B")
    monkeypatch.delenv("BLINK_SOC_API_KEY")
    ran = panther("plan", "--offline")
    assert ran.code == 0
    first = " ".join(ran.out.split("\n\n")[0].split())
    assert first.startswith("Offline: no connection was opened, and no secret resolved; Panther was not read,")
    assert ran.out.count("BLINK_SOC_API_KEY is not set") == 1
    assert "apply` needs the values of what it changes." in ran.out
    assert "--expect" not in ran.out
    page = panther("plan", "--offline", "--format", "markdown").out
    assert page.split("\n")[1].startswith("## Offline plan: 2 to add")
    assert (page.count("env BLINK_SOC_API_KEY` is not set"), "igest" in page) == (1, False)
    document = panther("plan", "--offline", "--format", "json").document
    assert (document["offline"], document["review_digest"], len(document["without_value"])) == (True, None, 1)
    assert panther("plan", "--format", "json").document["offline"] is False
    for name in ("html", "github", "gitlab", "junit"):
        assert "no connection was opened" in panther("plan", "--offline", "--format", name).out, name


def test_offline_beside_a_state_that_is_not_read(repository: Repository) -> None:
    """Everything is shown as new, which is said first; of what is to be destroyed nothing can be said."""
    repository.edit("triggers:", "state: {backend: http, address: http://127.0.0.1:9/state}\ntriggers:")
    ran = repository("plan", "--offline")
    first = " ".join(ran.out.split("\n\n")[0].split())
    assert first.endswith("the state, which is kept elsewhere, was not read, so everything is shown as new.")
    assert (ran.code, "Where secrets go" in ran.out) == (0, False)
    ran = repository("plan", "--offline", "--destroy")
    assert (ran.code, "in a state that --offline does not read" in ran.err) == (64, True)


def test_an_order_that_says_nothing(repository: Repository) -> None:
    """Of moves, and of what is left to whoever changes it in Panther."""
    one, other = (
        "{from: destination.old, to: destination.blink-soc}",
        "{from: destination.older, to: destination.blink-two}",
    )
    repository.edit("destinations:\n", f"moved: [{one}, {other}]\ndestinations:\n{OTHER}")
    ignored = "    lifecycle: {ignore_changes: [severities, log_types]}\n"
    repository.edit("    display_name: Blink SOC\n", f"    display_name: Blink SOC\n{ignored}")
    reviewed = digest(repository)
    repository.edit(f"[{one}, {other}]", f"[{other}, {one}]")
    repository.edit("[severities, log_types]", "[log_types, severities]")
    assert digest(repository) == reviewed


def test_offline_is_enough_where_nothing_else_is_read(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the local provider, a fork without secrets reviews what is applied."""
    reviewed = digest(repository)
    with monkeypatch.context() as fork:
        fork.delenv("BLINK_SOC_API_KEY")
        assert digest(repository, "--offline") == reviewed
        assert digest(repository) == reviewed


def test_validate_needs_nothing(panther: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """No secret, no network, and a state that nobody can read."""
    declare(panther, a="A")
    panther.write(".blinkdecl/state.json", "not a state")
    for name in ("BLINK_SOC_API_KEY", "PANTHER_API_TOKEN"):
        monkeypatch.delenv(name)
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("it was not to connect"))
    assert panther("validate").code == 0


def _on_another_machine(folder: Path, *words: str, **environ: str) -> str:
    """Return what a command prints in a process with nothing but this environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", LATER, "-C", str(folder), *words],
        capture_output=True, text=True, env={**kept, **environ}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_same_on_another_machine(repository: Repository, tmp_path_factory: pytest.TempPathFactory) -> None:
    """With another clock, locale, zone, order of hashes, folder and order of files, and without the secret."""
    repository.edit("destinations:\n", f"destinations:\n{OTHER}")
    assert repository("apply", "--auto-approve", "--target", "destination.blink-two").code == 0
    reviewed = digest(repository)
    there = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(repository.folder / ".blinkdecl", there / ".blinkdecl")
    head, _, body = (repository.folder / "blinkdecl.yaml").read_text().partition("\ntriggers:\n")
    triggers, _, rest = body.partition("\ndestinations:\n")
    soc = rest.removeprefix(OTHER)
    for name, text in {
        "blinkdecl.yaml": head, "triggers/z.yaml": f"version: 1\ntriggers:\n{triggers}",
        "destinations/b.yaml": f"version: 1\ndestinations:\n{OTHER}",
        "destinations/a.yml": f"version: 1\ndestinations:\n{soc}",
    }.items():  # fmt: skip
        (there / name).parent.mkdir(exist_ok=True)
        (there / name).write_text(text)
    machines: list[dict[str, str]] = [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "4242", "TZ": "America/Caracas", "LC_ALL": "tr_TR.UTF-8", "BLINK_SOC_API_KEY": KEY},
    ]
    for environ in machines:
        assert f"apply --expect {reviewed}`" in _on_another_machine(there, "plan", "--format", "markdown", **environ)
    _on_another_machine(there, "apply", "--auto-approve", "--no-test", "--expect", reviewed, **machines[1])
