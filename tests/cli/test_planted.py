"""What a stranger's branch may plant where a command reads or writes: links out of the repository, and FIFOs.

Whatever is planted, the file outside stays as it is and unread, no command hangs, and none has a bug.
"""

import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from tests.support.repository import Repository

CANARY = "canary-7c31"
# What reads it as YAML would quote it, what reads it as a state, a plan or an alert would find none.
VICTIM = f"{CANARY}: [\n{CANARY}: {{\n"
# An alert is shown by a dry run.
VICTIMS = {"given/alert.json": json.dumps({"title": CANARY, "severity": "HIGH", "type": "RULE"})}
TO = ("--to", "destination.blink-soc")
KINDS = (
    "absolute",
    "relative",
    "chain",
    "dangling",
    "by /proc",
    "by a descriptor",
    "folder on the way",
    "empty folder on the way",
)

# Where something is planted, and the commands that meet it there.
PLACES: dict[str, list[tuple[str, ...]]] = {
    "blinkdecl.yaml": [("validate",), ("fmt",), ("fmt", "."), ("init",)],
    ".blinkdecl/state.json": [("plan",), ("apply", "--auto-approve"), ("state", "list"), ("init",)],
    ".blinkdecl/state.json.lock": [("apply", "--auto-approve"), ("state", "unlock", "00000000")],
    ".blinkdecl/state.json.lock.info": [("state", "unlock", "00000000"), ("apply", "--auto-approve")],
    ".blinkdecl/state.json.backup": [("plan",), ("destroy", "--auto-approve"), ("apply", "--auto-approve")],
    ".blinkdecl/state.rescue.json": [("plan",), ("state", "push", ".blinkdecl/state.rescue.json", "--force")],
    ".blinkdecl/prod/state.json": [("apply", "--env", "prod", "--auto-approve")],
    ".blinkdecl/config.schema.json": [("init",)],
    ".gitignore": [("init",)],
    ".gitattributes": [("init",)],
    "environments/prod.yaml": [("validate", "--env", "prod"), ("validate", "--env", "other"), ("fmt",)],
    "triggers/more.yaml": [("validate",), ("plan", "--offline"), ("fmt", "--diff"), ("fmt", "triggers")],
    "destinations/deep/more.yaml": [("validate",), ("coverage",)],
    "destinations/imported.yaml": [("import", "--all")],
    "keys/soc": [("test",), ("apply", "--auto-approve")],
    "tests/a.routes.test.yaml": [("route", "--tests", "tests"), ("route", "--tests", "tests/a.routes.test.yaml")],
    "detections/rule.yml": [("route", "--detections", "detections"), ("plan", "--detections", "detections")],
    "detections/code/rule.py": [("route", "--detections", "detections")],
    "given/alert.json": [("dispatch", "given/alert.json", *TO, "--dry-run"), ("route", "--alert", "given/alert.json")],
    "given/pushed.json": [("state", "push", "given/pushed.json"), ("state", "push", "given/pushed.json", "--force")],
    "given/earlier.yaml": [("init", "--migrate-state", "--from", "given/earlier.yaml")],
    "out/plan.json": [("plan", "--out", "out/plan.json"), ("show", "out/plan.json"), ("apply", "out/plan.json")],
    "out/result.json": [("plan", "--format", "json", "--output", "out/result.json")],
    "out/coverage.html": [("coverage", "--format", "html", "--output", "out/coverage.html")],
    "out/steps.md": [("apply", "--auto-approve", "--checklist", "out/steps.md")],
}


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder that is no part of the repository."""
    return tmp_path_factory.mktemp("home")


def facts(folder: Path) -> list[tuple[str, bytes, int]]:
    """Return each file below a folder, what it holds, and when it was written."""
    files = (each for each in sorted(folder.rglob("*")) if each.is_file())
    return [(str(each), each.read_bytes(), each.stat().st_mtime_ns) for each in files]


@contextmanager
def at_once() -> Iterator[None]:
    """Fail where the context takes more than 5 seconds: a blocked call is interrupted."""

    def late(number: int, frame: FrameType | None) -> None:
        raise AssertionError("it hangs")

    earlier = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, 5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, earlier)


@pytest.fixture
def prepared(repository: Repository, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository in which the commands of the place that is tested get as far as the place."""
    place = request.node.callspec.params["place"]
    repository.secrets.append(CANARY)
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [HIGH, CRITICAL]\n    allow_manual_dispatch: true")
    repository.write("detections/rule.yml", "AnalysisType: rule\nRuleID: A\nSeverity: LOW\nFilename: code/rule.py\n")
    repository.write("detections/code/rule.py", "def destinations(event):\n    return []\n")
    for name in ("environments/prod.yaml", "triggers/more.yaml", "destinations/deep/more.yaml"):
        repository.write(name, "version: 1\n")
    if place == "keys/soc":
        repository.edit("{env: BLINK_SOC_API_KEY}", "{file: keys/soc}")
    elif place == "out/steps.md":
        repository.edit("version: 1\n", "version: 1\nprovider: {type: console}\n")
    elif place == "destinations/imported.yaml":
        monkeypatch.setenv("PANTHER_API_URL", f"{repository.sandbox.url}/public/graphql")
        monkeypatch.setenv("PANTHER_API_TOKEN", "sandbox")
        panther = "{type: panther, url: {env: PANTHER_API_URL}, token: {env: PANTHER_API_TOKEN}}"
        repository.edit("version: 1\n", f"version: 1\nprovider: {panther}\n")
        made = ("severities=LOW", f"webhook_url={repository.sandbox.url}/webhooks/old", "api_key=sandbox")
        assert repository("sandbox", "edit", "Old", "--create", *made).code == 0
    elif place.endswith(".backup"):
        repository("apply", "--auto-approve")
    return repository


def clear(path: Path) -> None:
    """Make room for what is planted, in a folder that exists."""
    if path.is_symlink() or path.is_file() or path.is_fifo():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)
    path.parent.mkdir(parents=True, exist_ok=True)


def plant(kind: str, path: Path, victim: Path, descriptor: int) -> None:
    """Make `path` lead to the victim."""
    clear(path)
    match kind:
        case "absolute":
            path.symlink_to(victim)
        case "relative":
            path.symlink_to(os.path.relpath(victim, path.parent))
        case "chain":
            (path.parent / ".hop").unlink(missing_ok=True)
            (path.parent / ".hop").symlink_to(victim)
            path.symlink_to(".hop")
        case "dangling":
            path.symlink_to(victim.parent / "nothing")
        case "by /proc":
            path.symlink_to(f"/proc/self/root{victim}")
        case "by a descriptor":
            path.symlink_to(f"/proc/self/fd/{descriptor}")


def plant_folder(root: Path, place: str, home: Path) -> None:
    """Make the first folder on the way to the place a link to another folder."""
    first = place.partition("/")[0]
    clear(root / first)
    (root / first).symlink_to(home)


@pytest.mark.parametrize("place", PLACES)
def test_no_link_leads_out_of_the_repository(prepared: Repository, outside: Path, place: str) -> None:
    """Neither as the file nor as a folder on the way, however it is made; only the caller's own files change."""
    victim = outside / (place.partition("/")[2] or place)
    victim.parent.mkdir(parents=True, exist_ok=True)
    victim.write_text(VICTIMS.get(place, VICTIM))
    (outside / "empty").mkdir()
    before = facts(outside)
    with victim.open() as held:
        for kind in KINDS:
            for words in PLACES[place]:
                if "folder" not in kind:
                    plant(kind, prepared.folder / place, victim, held.fileno())
                elif "/" in place:
                    plant_folder(prepared.folder, place, outside / "empty" if "empty" in kind else outside)
                else:
                    continue
                with at_once():
                    assert prepared(*words).code != 70, (kind, words)
                assert facts(outside) == before, (kind, words)


@pytest.mark.parametrize("place", PLACES)
def test_no_fifo_is_waited_at(prepared: Repository, place: str) -> None:
    """Neither for a writer nor for a reader; it is still there afterwards, or was replaced by what is ours."""
    for words in PLACES[place]:
        clear(prepared.folder / place)
        os.mkfifo(prepared.folder / place)
        with at_once():
            assert prepared(*words).code != 70, words


def test_a_saved_plan_is_refused_with_the_remedy(repository: Repository, outside: Path) -> None:
    """The message names the link, and what to do about it."""
    (outside / ".bashrc").write_text(VICTIM)
    (repository.folder / "plan.json").symlink_to(outside / ".bashrc")
    ran = repository("plan", "--out", "plan.json")
    assert ran.code == 1
    assert "[unwritable]" in ran.err
    assert "the link plan.json leads out of the repository" in ran.err
    assert "help: remove the link" in ran.err


def test_the_note_of_the_lock_replaces_a_link(repository: Repository, outside: Path) -> None:
    """Once `apply` wrote through it, into a file of the home folder."""
    (outside / "victim").write_text(VICTIM)
    note = repository.folder / ".blinkdecl/state.json.lock.info"
    note.parent.mkdir()
    note.symlink_to(outside / "victim")
    assert repository("apply", "--auto-approve").code == 0
    assert (outside / "victim").read_text() == VICTIM
    assert not note.is_symlink()


def test_a_lock_that_is_a_link_is_refused_with_the_remedy(repository: Repository, outside: Path) -> None:
    """It would be created, or emptied, where the link leads."""
    (outside / "victim").write_text(VICTIM)
    repository.state.parent.mkdir()
    (repository.folder / ".blinkdecl/state.json.lock").symlink_to(outside / "victim")
    ran = repository("apply", "--auto-approve")
    assert ran.code == 1
    assert "[unwritable]" in ran.err
    assert "help: remove it" in ran.err


@pytest.mark.parametrize("target", [".blinkdecl/other.json", "blinkdecl.yaml", ".git/hooks/pre-commit"])
def test_no_result_replaces_the_project_through_a_link(repository: Repository, target: str) -> None:
    """A link that stays inside is followed, but not to what a result must not replace."""
    repository.write(target, before := "version: 1\n")
    (repository.folder / "out.json").symlink_to(target)
    for words in (("plan", "--out", "out.json"), ("coverage", "--format", "json", "--output", "out.json")):
        assert "unwritable" in repository(*words).err
    assert (repository.folder / target).read_text() == before


@pytest.mark.parametrize("include", [".git/config", ".g?t/*", "shared.yaml"])
def test_what_git_keeps_is_not_included(repository: Repository, include: str) -> None:
    """CI leaves a token in ``.git/config``, and what is wrong in a file is quoted."""
    repository.secrets.append(CANARY)
    repository.write(".git/config", VICTIM)
    (repository.folder / "shared.yaml").symlink_to(".git/config")
    repository.edit("version: 1\n", f'version: 1\ninclude: ["{include}"]\n')
    assert repository("validate").code == 1


def test_links_inside_and_files_outside_work_as_ever(repository: Repository, outside: Path) -> None:
    """Shared files within the repository, and whatever the caller names elsewhere, by links of his own."""
    repository.write("shared/more.yaml", "version: 1\n")
    (repository.folder / "triggers").symlink_to("shared")
    (repository.folder / "latest.json").symlink_to("shared/plan.json")
    (outside / "link.json").symlink_to("target.json")
    assert repository("plan", "--out", "latest.json").code == 0
    assert json.loads((repository.folder / "shared/plan.json").read_text())
    named = os.path.relpath(outside / "link.json", repository.folder)
    assert repository("plan", "--out", named).code == 0
    assert repository("apply", str(outside / "link.json")).code == 0
    assert (outside / "link.json").is_symlink()


def test_a_state_that_everybody_can_replace_is_refused(repository: Repository) -> None:
    """The message says how to mend it."""
    assert repository("apply", "--auto-approve").code == 0
    repository.state.parent.chmod(0o777)
    ran = repository("plan")
    assert ran.code == 1
    assert "every user of this machine can write in its folder" in ran.err
    assert "chmod o-w" in ran.err
    repository.state.parent.chmod(0o755)
    assert repository("plan").code == 0


@pytest.mark.parametrize(
    "words", [("route", "--tests"), ("route", "--detections"), ("plan", "--out"), ("state", "push"), ("show",)]
)
def test_a_name_that_is_too_long_is_no_bug(repository: Repository, words: tuple[str, ...]) -> None:
    """Of a file that the caller names, and of the state's."""
    assert repository(*words, "x" * 300).code == 1
    repository.edit("version: 1\n", f"version: 1\nstate: {{backend: local, path: {'y' * 300}/state.json}}\n")
    assert repository("plan").code == 1
