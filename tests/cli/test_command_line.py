"""The command line itself: usage, help, terminals and pipes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from blinkdecl.cli import run
from blinkdecl.cli.app import COMMANDS, cli
from blinkdecl.cli.properties import property_names
from blinkdecl.cli.topics import TOPICS
from blinkdecl.diagnostics.codes import CODES
from tests.support.repository import Repository

BLINKDECL = [sys.executable, "-m", "blinkdecl"]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["plam"], "did you mean plan?"),
        (["plan", "--detailed-exit-code"], "did you mean --detailed-exitcode?"),
        (["state", "lst"], "did you mean list?"),
        (
            ["state", "mv", "destination.a"],
            "`blinkdecl state mv destination.old-name destination.blink-soc`",
        ),
        (["plan", "--var", "region"], '"region" is not NAME=VALUE'),
        (["-C", "nowhere", "plan"], '"nowhere" is not a folder'),
        (["apply", "--lock-timeout", "soon"], '"soon" is not a duration'),
    ],
)
def test_usage_errors_say_what_was_meant(words: list[str], meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A usage error exits with 64, not with click's 2, and knows the way out."""
    assert run(words) == 64
    err = capsys.readouterr().err
    assert err.startswith("Error: ")
    assert "[usage]" in err
    assert meant in err


def test_what_the_operator_says_is_checked_first(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A variable that can never match would refuse everything for a reason that nobody sees."""
    monkeypatch.setenv("BLINKDECL_TRUSTED_HOSTS", "https://acme.app.blinkops.com/")
    assert run(["-C", str(repository.folder), "validate"]) == 64
    assert "entry 1 of BLINKDECL_TRUSTED_HOSTS is not a host" in capsys.readouterr().err
    monkeypatch.setenv("BLINKDECL_TRUSTED_HOSTS", "")
    assert run(["-C", str(repository.folder), "validate"]) == 1
    assert "BLINKDECL_TRUSTED_HOSTS, which is empty" in capsys.readouterr().err


def test_usage_error_in_json_is_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    """With json, stdout is one document also when the command line is wrong."""
    assert run(["validate", "--format", "json", "--frmat"]) == 64
    assert json.loads(capsys.readouterr().out)["diagnostics"][0]["code"] == "usage"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command explains itself within 80 columns."""
    assert run([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"Usage: blinkdecl {name}")
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`help CODE` prints what the code means and what mends it, also in its brackets, within 80 columns."""
    entry = CODES[code]
    leads = "a warning; does not change the exit code" if entry.warning else f"exit code {entry.exit_code}"
    assert run(["help", f"[{code}]"]) == 0
    first, _, rest = capsys.readouterr().out.partition("\n")
    assert first == f"{code} ({leads})"
    explanation, remedy, *also = rest.split("\n\n")
    assert bool(also) == (code in {*COMMANDS, *TOPICS, *property_names()})
    assert (explanation.split(), remedy.split()) == (entry.explanation.split(), entry.remedy.split())
    assert max(map(len, "\n".join((explanation, remedy)).splitlines())) <= 80


def test_help_lists_the_codes(capsys: pytest.CaptureFixture[str]) -> None:
    """`help` alone lists topics, and each code, where it leads and its explanation, whole in a pipe, one per line."""
    assert run(["help"]) == 0
    topics, _, codes = capsys.readouterr().out.partition("\n\n")
    lines = codes.splitlines()
    assert [line.split()[0] for line in topics.splitlines()] == list(TOPICS)
    assert [line.split()[0] for line in lines] == list(CODES)
    for line, entry in zip(lines, CODES.values(), strict=True):
        assert ("  warning  " if entry.warning else f"  exit {entry.exit_code}  ") in line
        assert line.endswith(f"  {entry.explanation}")


def test_unknown_code_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    """A typo in a code is answered with the code that was probably meant."""
    assert run(["help", "unknown-refrence"]) == 1
    assert "did you mean unknown-reference?" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["completion", "bash"]])
def test_light_commands_import_click_alone(words: list[str]) -> None:
    """What runs on every key press imports none of the heavy libraries."""
    code = (
        "import sys; from blinkdecl.cli import run; run(sys.argv[1:]);"
        "heavy = ('yaml','ruamel','jsonschema','httpx','deepdiff','rich','filelock','ssl');"
        "print([n for n in heavy if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each shell's script asks this program."""
    assert run(["completion", shell]) == 0
    assert "_BLINKDECL_COMPLETE" in capsys.readouterr().out


def test_completion_knows_the_commands() -> None:
    """The shell's question is answered with the names of the commands."""
    asked = {**os.environ, "_BLINKDECL_COMPLETE": "bash_complete", "COMP_WORDS": "blinkdecl pl", "COMP_CWORD": "1"}
    code = "import sys; sys.argv[0] = 'blinkdecl'; from blinkdecl.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=asked, check=False)
    assert "plain,plan" in done.stdout


def test_command_table_says_what_each_command_is() -> None:
    """The table that `--help` prints names the commands that exist, each with its own first words."""
    for name in COMMANDS:
        found = cli.get_command(click.Context(cli), name)
        assert found is not None
        assert found.name == name


def test_a_closed_pipe_ends_quietly(repository: Repository) -> None:
    """`| head -0` leaves no traceback, and the exit code is kept."""
    words = [*BLINKDECL, "-C", str(repository.folder), "plan", "--detailed-exitcode"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        errors = process.stderr.read()
        assert process.wait() == 2
    assert b"Traceback" not in errors
    assert b"Exception" not in errors


def test_ascii_terminal(repository: Repository) -> None:
    """Where stdout cannot carry a character it is escaped, and JSON stays JSON."""
    repository.edit("Triage alerts", "Trïage alerts")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    for words in (["plan"], ["plan", "--format", "json"]):
        done = subprocess.run(
            [*BLINKDECL, "-C", str(repository.folder), *words], capture_output=True, env=environment, check=True
        )
        assert done.stdout.isascii()
    assert json.loads(done.stdout)["resource_changes"][0]["change"]["after"]["automation"] == "Trïage alerts"


def test_an_empty_folder_is_told_how_to_begin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a project file the error names the command that writes one."""
    assert run(["-C", str(tmp_path), "plan"]) == 1
    assert f"`blinkdecl -C {tmp_path} init`" in capsys.readouterr().err


def test_a_program_reads_commands_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The options of this call are for whoever pastes: a document does not depend on where it was made."""
    assert run(["-C", str(tmp_path), "plan", "--format", "json"]) == 1
    ran = capsys.readouterr()
    assert "`blinkdecl init`" in ran.out
    assert f"`blinkdecl -C {tmp_path} init`" in ran.err


def test_init_writes_what_validates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first configuration is valid, and what is there already is kept."""
    assert run(["-C", str(tmp_path), "init"]) == 0
    assert run(["-C", str(tmp_path), "validate"]) == 0
    (tmp_path / "blinkdecl.yaml").write_text("version: 1\n")
    assert run(["-C", str(tmp_path), "init"]) == 0
    assert "Kept    blinkdecl.yaml" in capsys.readouterr().out
    assert (tmp_path / "blinkdecl.yaml").read_text() == "version: 1\n"


def test_help_says_how_a_trigger_is_made(repository: Repository) -> None:
    """The steps in Blink, and where what it shows belongs."""
    ran = repository("help", "trigger")
    assert ran.code == 0
    for step in ("Workspace > Automations", "Trigger Setup", "copy it to webhook.url", "Publish & Activate"):
        assert step in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize(("provider", "told"), [("local", "nothing in Panther"), ("console", "you make the changes")])
def test_init_says_what_it_chose(repository: Repository, provider: str, told: str) -> None:
    """And writes it down, beside what else there is."""
    (repository.folder / "blinkdecl.yaml").unlink()
    ran = repository("init", "--provider", provider)
    assert (ran.code, f"Provider {provider}: {told}" in ran.out) == (0, True)
    text = (repository.folder / "blinkdecl.yaml").read_text()
    assert "Hosted Panther: console. Self-hosted: panther.\n" + f"provider: {{type: {provider}}}" in text
    assert repository("validate").code == 0
    again = repository("init", "--provider", "panther")
    assert ("Provider" not in again.out, "--provider has no effect" in again.err) == (True, True)
    assert "no effect" not in repository("init").err


def test_init_names_the_lines_that_are_lacking(repository: Repository) -> None:
    """Files of Git's are kept as they are, and what they lack is said; what cannot be read is kept as well."""
    (repository.folder / ".gitignore").write_text("# ours\n/plan.json\n.env\n")
    (repository.folder / ".gitattributes").unlink(missing_ok=True)
    (repository.folder / ".gitattributes").symlink_to("nowhere")
    told = repository("init").out
    assert [line.split()[1] for line in told.splitlines() if line.startswith("        add:")] == [
        ".blinkdecl/**/*.lock",
        ".blinkdecl/**/*.lock.info",
        ".blinkdecl/**/*.backup",
        ".blinkdecl/**/*.deliveries",
        "*.rescue.json",
        ".blinkdecl/**/state.json",
    ]
    assert (repository.folder / ".gitignore").read_text() == "# ours\n/plan.json\n.env\n"


def test_init_makes_an_environment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a project or beside one; a name that none can have is refused before anything is written."""
    here = ["-C", str(tmp_path)]
    assert run([*here, "--env", "Prod", "init"]) == 1
    assert (list(tmp_path.iterdir()), "names match" in capsys.readouterr().err) == ([], True)
    assert [run([*here, "--env", "prod", *words]) for words in (["init"], ["validate"], ["init"])] == [0, 0, 0]
    assert "Kept    environments/prod.yaml" in capsys.readouterr().out
    (tmp_path / "environments/qa.yml").write_text("version: 1\n")
    assert run([*here, "--env", "qa", "init"]) == 0
    assert sorted(each.name for each in (tmp_path / "environments").iterdir()) == ["prod.yaml", "qa.yml"]


def test_output_file_holds_the_result(repository: Repository) -> None:
    """`--output` takes what stdout would have had."""
    ran = repository("plan", "--format", "json", "--output", "plan.out")
    assert ran.out == ""
    assert json.loads((repository.folder / "plan.out").read_text())["summary"]["add"] == 1


def test_shared_options_stand_on_either_side(repository: Repository) -> None:
    """Options that every command takes are read before and behind its name."""
    repository.write("environments/staging.yaml", "version: 1\n")
    assert repository("--env", "staging", "plan").code == 0
    assert repository("plan", "--env", "staging").code == 0
    assert 'did you mean "staging"?' in repository("plan", "--env", "stagin").err


def test_hostile_names_are_shown_harmless(repository: Repository) -> None:
    """Control characters of a name never reach the terminal as such."""
    repository.edit("Triage alerts", '"Triage \\e[31m alerts\\u202e"')
    ran = repository("plan")
    assert "\x1b" not in ran.out + ran.err
    assert "\u202e" not in ran.out + ran.err


def test_colour_is_asked_for(repository: Repository) -> None:
    """`--color always` paints, NO_COLOR and machine formats do not."""
    assert "\x1b[" in repository("plan", "--color", "always").out
    assert "\x1b[" not in repository("plan", "--format", "json", "--color", "always").out
    assert "\x1b[" not in repository("plan").out


def test_marks_never_leave_the_command(repository: Repository) -> None:
    """What renderers mark is painted or plain, on a stream and in a file; a mark in a name is shown in any format."""
    repository.edit("Triage alerts", '"Triage \\ufdd0alerts\\ufddf"')
    shown, painted = repository("plan").out, repository("plan", "--color", "always").out
    assert re.sub(r"\x1b\[[\d;]+m", "", painted) == shown
    repository("plan", "--color", "always", "--output", "plan.txt")
    assert (repository.folder / "plan.txt").read_text().partition("\nReview digest: ")[0] == shown.partition(
        "\nNext: "
    )[0]
    for text in (shown, repository("plan", "--format", "json").out, repository("plan", "--format", "markdown").out):
        assert r"Triage \ufdd0alerts\ufddf" in text
        assert not re.search("[\ufdd0-\ufdef]", text)


def test_a_bug_is_told_as_a_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unforeseen exception exits with 70 and leaves a report without values."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("blinkdecl.cli.work.schema.schema_text", {}.__getitem__)
    assert run(["schema", "alert"]) == 70
    assert "Error: blinkdecl has a bug: KeyError in schema.run" in capsys.readouterr().err
    report = next(tmp_path.glob("blinkdecl-crash-*.txt"))
    assert "alert" not in report.read_text()
    assert report.stat().st_mode & 0o077 == 0
