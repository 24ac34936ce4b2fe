"""What a review found by trying: policies behind commands, streams, signals, files that cannot be written."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from blinkdecl.cli import run
from tests.support.receiver import answers, receiver
from tests.support.repository import Repository

BLINKDECL = [sys.executable, "-m", "blinkdecl"]


def test_limits_hold_where_only_a_command_knows_the_key(repository: Repository) -> None:
    """What commands resolve after the first plan is checked against the limits as well."""
    repository.edit("{env: BLINK_SOC_API_KEY}", "{command: [cat, key.txt]}")
    repository.edit("version: 1\n", "version: 1\nallow_commands: true\nlimits: {max_change_percent: 10}\n")
    repository.write("key.txt", repository.secrets[0])
    words = ("apply", "--auto-approve", "--allow-commands", "--no-test")
    assert repository(*words).code == 0
    before = repository.state.read_bytes()
    repository.write("key.txt", "canary-rotated")
    ran = repository(*words)
    assert (ran.code, "[limits]" in ran.out) == (3, True)
    assert repository.state.read_bytes() == before
    assert repository(*words, "--allow-changes", "1").code == 0


def test_an_excluded_resource_needs_no_secret(repository: Repository) -> None:
    """The secrets of what is left out may be missing."""
    other = "\n  other:\n    webhook: {url: URL/webhooks/other, api_key: {env: BLINK_OTHER_API_KEY}}\n"
    repository.edit("\ndestinations:", other.replace("URL", repository.sandbox.url) + "\ndestinations:")
    assert repository("apply", "--auto-approve", "--exclude", "trigger.other").code == 0


def test_test_reads_the_state_before_it_sends(repository: Repository) -> None:
    """A state that cannot be read is an error while nothing is sent yet."""
    repository("apply", "--auto-approve")
    repository.state.write_bytes(b"{")
    sent = len(repository.sandbox.received())
    assert repository("test").code == 1
    assert len(repository.sandbox.received()) == sent


def test_an_answer_is_told_though_it_cannot_be_recorded(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the record fails after the alerts are out, what came of them is told beside the error."""
    repository("apply", "--auto-approve")
    monkeypatch.setattr("blinkdecl.system.files.os.fsync", lambda descriptor: os.write(-1, b""))
    ran = repository("test", "--format", "json")
    assert ran.code == 1
    assert [each["delivered"] for each in ran.document["tests"]] == [True]


@pytest.mark.parametrize("closing", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(repository: Repository, closing: str) -> None:
    """A caller that closed a standard stream gets the exit code all the same."""
    script = f'exec "$0" -m blinkdecl -C "$1" plan --detailed-exitcode {closing}'
    done = subprocess.run(["bash", "-c", script, sys.executable, str(repository.folder)], check=False)
    assert done.returncode == 2


def test_a_full_stdout_is_an_error(repository: Repository) -> None:
    """A plan that could not be printed is no success, and no bug."""
    with Path("/dev/full").open("w") as full:
        words = [*BLINKDECL, "-C", str(repository.folder), "plan"]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "Error: standard output cannot be written: No space left on device [unwritable]" in done.stderr


def test_a_full_stdout_stops_no_apply(repository: Repository) -> None:
    """All of a saved plan is done and recorded though no line can be printed; that is told at the end."""
    assert repository("plan", "--out", "plan.json").code == 0
    with Path("/dev/full").open("w") as full:
        words = [*BLINKDECL, "-C", str(repository.folder), "apply", "plan.json"]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, "[unwritable]" in done.stderr) == (1, True)
    assert repository("plan", "--detailed-exitcode").code == 0


def test_a_full_stdout_stops_no_test(repository: Repository) -> None:
    """Every alert is sent and recorded though its line cannot be printed; that is told at the end."""
    block = "  d{0}:\n    display_name: D {0}\n    trigger: soc\n    severities: [LOW]\n"
    repository.edit("destinations:\n", "destinations:\n" + "".join(block.format(n) for n in range(15)))
    assert repository("apply", "--auto-approve", "--no-test").code == 0
    with Path("/dev/full").open("w") as full:
        words = [*BLINKDECL, "-C", str(repository.folder), "test", "--each", "--parallelism", "2"]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, "[unwritable]" in done.stderr) == (1, True)
    assert len(repository.sandbox.received()) == 16
    assert repository.state.read_text().count('"last_test": {') == 16


@pytest.mark.parametrize("command", [("test",), ("apply", "--auto-approve")])
def test_what_never_left_is_not_called_sent(repository: Repository, command: tuple[str, ...]) -> None:
    """Where nobody listens the note says that nothing was sent."""
    repository.edit(f":{repository.sandbox.url.rpartition(':')[2]}/", ":1/")
    ran = repository(*command, "--format", "json")
    [note] = [each["text"] for each in ran.document["diagnostics"][0]["notes"] if each["label"] == "note"]
    assert note.startswith("nothing was sent")
    assert [each["sent"] for each in ran.document["tests"]] == [False]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_waiting_leaves_a_document(repository: Repository, number: int, code: int) -> None:
    """Ended while it waits for the lock, a run still prints its one document."""
    from filelock import FileLock

    (repository.folder / ".blinkdecl").mkdir()
    with FileLock(f"{repository.state}.lock"):
        words = ["apply", "--format", "json", "--lock-timeout", "60s"]
        process = subprocess.Popen(
            [*BLINKDECL, "-C", str(repository.folder), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Waiting")
        process.send_signal(number)
        out, _ = process.communicate(timeout=10)
    document = json.loads(out)
    assert (process.returncode, document["exit_code"]) == (code, code)
    [told] = document["diagnostics"]
    # Not that nothing was changed: that is not known here, where a command may have sent or written something before.
    assert (told["code"], told["summary"]) == (
        "interrupted",
        f"ended by {signal.Signals(number).name} before it had a result",
    )


@pytest.mark.parametrize("url", ["https://[x", "https://acme.app.blinkops.com/w?apikey=canary-5f1e-key", "a: b", ""])
def test_init_refuses_what_is_no_webhook(tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written of a URL that is none, or that holds a key."""
    assert run(["-C", str(tmp_path), "init", "--webhook-url", url]) == 1
    assert "canary" not in "".join(capsys.readouterr())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["nowhere", "x" * 300, "file"])
def test_chdir_into_what_is_no_folder(tmp_path: Path, folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`-C` with anything but a folder is a usage error."""
    (tmp_path / "file").touch()
    assert run(["-C", str(tmp_path / folder), "plan"]) == 64
    assert "is not a folder" in capsys.readouterr().err


@pytest.mark.parametrize("output", ["nowhere/plan.json", "."])
def test_output_is_checked_before_anything_is_done(repository: Repository, output: str) -> None:
    """A result that could not be written is refused while nothing is changed."""
    ran = repository("apply", "--auto-approve", "--output", output)
    assert (ran.code, "[unwritable]" in ran.err) == (1, True)
    assert not repository.state.exists()


def test_usage_errors_know_their_command(capsys: pytest.CaptureFixture[str]) -> None:
    """The document of a usage error names the command it is about, whatever else stands on the line."""
    assert run(["state", "list", "--format", "json", "--bogus"]) == 64
    assert json.loads(capsys.readouterr().out)["command"] == "state list"
    assert run(["-C", "/", "--env", "plan", "apply", "--bogus", "--format=json"]) == 64
    assert json.loads(capsys.readouterr().out)["command"] == "apply"
    assert run(["pla'n"]) == 64
    assert 'no such command "pla\'n"' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["pla"], 'no such command "pla" [usage]\n   = help: did you mean plan?'),
        (["a. b"], 'no such command "a. b" [usage]\n   = help: `blinkdecl --help` lists'),
        (["pl\udcff"], 'no such command "pl\\udcff" [usage]'),
        (["state", "lst"], 'no such command "lst" [usage]\n   = help: did you mean list?'),
        (["--", "--foo"], 'no such option "--foo" [usage]'),
    ],
)
def test_a_word_that_is_no_command(capsys: pytest.CaptureFixture[str], line: list[str], told: str) -> None:
    """It is named as it was typed, with the command of its group that was probably meant."""
    assert run(line) == 64
    assert told in capsys.readouterr().err


def test_a_renamed_key_is_proved_before_its_object_goes(repository: Repository) -> None:
    """Without `moved` one is destroyed and one created: not before Blink has taken the new one's test alert."""
    repository("apply", "--auto-approve")
    repository.sandbox.rotate("soc", "another")
    repository.edit("  blink-soc:", "  blink-new:")
    ran = repository("apply", "--auto-approve")
    assert (ran.code, "destination.blink-new was not created" in ran.out) == (4, True)
    assert "destination.blink-soc" in repository("state", "list").out


def test_swapped_names_stay_when_a_key_is_refused(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """No member of a swap takes its temporary name before all that takes a name is proved."""
    path = repository.folder / "blinkdecl.yaml"
    path.write_text(path.read_text() + "  two:\n    display_name: Two\n    trigger: soc\n    severities: [LOW]\n")
    repository("apply", "--auto-approve")
    text = path.read_text().replace("Blink SOC", "X").replace(": Two", ": Blink SOC").replace(": X", ": Two")
    path.write_text(text)
    monkeypatch.setenv("BLINK_SOC_API_KEY", "canary-wrong")
    assert repository("apply", "--auto-approve").code == 4
    assert "renaming" not in repository("show").out


def test_an_altered_plan_is_refused(repository: Repository) -> None:
    """What was edited in a saved plan is neither shown nor applied."""
    repository("plan", "--out", "plan.json")
    repository.edit("Blink SOC", "Blink EVIL", "plan.json")
    for command in ("show", "apply"):
        ran = repository(command, "plan.json")
        assert (ran.code, "was altered" in ran.err) == (1, True)


def test_a_state_of_another_environment_is_refused(repository: Repository) -> None:
    """A state file that was copied is no record of this environment."""
    repository.write("environments/prod.yaml", "version: 1\n")
    repository("apply", "--auto-approve", "--env", "prod")
    repository.state.write_bytes((repository.folder / ".blinkdecl/prod/state.json").read_bytes())
    for words in (("plan",), ("test",), ("state", "list")):
        ran = repository(*words)
        assert (ran.code, "[other-environment]" in ran.err) == (1, True)


def test_test_sends_nothing_while_another_run_holds_the_lock(repository: Repository) -> None:
    """What could not be recorded is not sent."""
    from filelock import FileLock

    repository("apply", "--auto-approve")
    sent = len(repository.sandbox.received())
    with FileLock(f"{repository.state}.lock"):
        assert repository("test").code == 5
    assert len(repository.sandbox.received()) == sent


def test_printed_commands_keep_what_was_chosen(repository: Repository) -> None:
    """What is printed to be pasted has the folder, the environment, the variables and the selection."""
    repository.write("environments/prod.yaml", "version: 1\n")
    repository.edit("version: 1\n", "version: 1\nvariables: {x: {default: a}}\n")
    here = f"blinkdecl -C {repository.folder} --env prod --var x=b"
    ran = repository("plan", "--env", "prod", "--var", "x=b", "--target", "destination.blink-soc")
    assert f"Next: `{here} apply --target destination.blink-soc --expect prod-" in ran.out
    ran = repository("plan", "--env", "prod", "--var", "x=b", "--out", "p.json")
    assert f"\n  {here} apply p.json\n" in ran.out
    ran = repository("validate", "--env", "prod", "--var", "x=b")
    assert f"Next: `{here} plan`" in ran.out
    with receiver(answers(503)) as peer:
        repository.edit(f"{repository.sandbox.url}/webhooks/soc", peer.url)
        ran = repository("test", "--env", "prod", "--var", "x=b")
    assert (ran.code, f"`{here} test destination.blink-soc`" in " ".join(ran.out.split())) == (4, True)


@pytest.mark.parametrize(
    "words",
    [
        ("--out", "blinkdecl.yaml"),
        ("--output", ".blinkdecl/state.json"),
        ("--output", ".blinkdecl/state.json", "--format", "json"),
    ],
)
def test_no_result_replaces_a_part_of_the_project(repository: Repository, words: tuple[str, ...]) -> None:
    """A slip of the fingers costs neither the configuration nor the state."""
    repository("apply", "--auto-approve")
    before = [path.read_bytes() for path in sorted(repository.folder.rglob("*.*")) if path.is_file()]
    assert run(["-C", str(repository.folder), "plan", *words]) == 1
    assert before == [path.read_bytes() for path in sorted(repository.folder.rglob("*.*")) if path.is_file()]


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["plan", "--help"]])
def test_a_full_stdout_is_no_bug(words: list[str]) -> None:
    """What click prints itself meets a full disk as everything else does."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*BLINKDECL, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, "[unwritable]" in done.stderr) == (1, True)


@pytest.mark.parametrize("words", [["--help"], ["plan", "--help"], ["--version"]])
def test_help_whose_reader_has_left(words: list[str]) -> None:
    """As with `blinkdecl --help | head -1`: that is no error, whoever prints it."""
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run([*BLINKDECL, *words], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_a_fragment_is_masked(repository: Repository) -> None:
    """What stands behind a # in a URL is not shown either."""
    repository.edit("/webhooks/soc", "/webhooks/soc#token=canary-5f1e-key")
    assert "[invalid-value]" in repository("validate").err
