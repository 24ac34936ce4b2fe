"""`fmt` on the real command line: which files it takes, what it prints and writes, and what it leaves alone."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from blinkdecl.cli import run
from blinkdecl.config import load
from blinkdecl.config.digest import digest_of
from tests.support.paths import ROOT
from tests.support.repository import Repository

MESSY = "version:   1\ntriggers:\n    soc-2:\n        # whose pack\n        pack: P\n        workspace:  W\n"
TIDY = "version: 1\ntriggers:\n  soc-2:\n    workspace: W\n    # whose pack\n    pack: P\n"


def typed(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    """Put a text into standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))


def text_of(repository: Repository, name: str) -> str:
    """Return what a file holds, line ends as they are."""
    return (repository.folder / name).read_bytes().decode()


@pytest.fixture
def messy(repository: Repository) -> Repository:
    """A configuration with three files that would change, and one that is as it should be."""
    repository.write("triggers/more.yaml", MESSY)
    repository.write("environments/prod.yaml", "version:  1\n")
    repository.write("destinations/none.yml", "destinations:   {}\nversion: 1\n")
    return repository


SECOND = """\
  blink-b:
        log_types: ['AWS.CloudTrail']
        severities:   *s
        trigger: soc
        display_name: 'No: B'
"""
FILES = ["destinations/none.yml", "triggers/more.yaml", "environments/prod.yaml"]


def test_all_files_of_a_configuration(messy: Repository) -> None:
    """The project file, what it includes, and environments; the names of those that change are printed, once."""
    ran = messy("fmt")
    assert (ran.code, ran.out.splitlines(), ran.err) == (0, FILES, "")
    assert text_of(messy, "triggers/more.yaml") == TIDY
    assert text_of(messy, "environments/prod.yaml") == "version: 1\n"
    again = messy("fmt")
    assert (again.code, again.out, again.err) == (0, "", "")


def test_check_writes_nothing(messy: Repository) -> None:
    """The same names, exit code 1, and the command that does it."""
    before = {name: text_of(messy, name) for name in FILES}
    ran = messy("fmt", "--check")
    assert (ran.code, ran.out.splitlines()) == (1, FILES)
    assert "3 files are not formatted [not-formatted]" in ran.err
    assert f"`blinkdecl -C {messy.folder} fmt`" in ran.err
    assert {name: text_of(messy, name) for name in FILES} == before
    messy("fmt")
    assert messy("fmt", "--check").code == 0


def test_diff(messy: Repository) -> None:
    """Beside the name of the file, with and without writing."""
    ran = messy("fmt", "--check", "--diff", "environments/prod.yaml")
    expected = "environments/prod.yaml\n--- old/environments/prod.yaml\n+++ new/environments/prod.yaml\n@@ -1 +1 @@\n"
    assert (ran.code, ran.out) == (1, f"{expected}-version:  1\n+version: 1\n")
    wrote = messy("fmt", "--diff", "environments/prod.yaml")
    assert (wrote.code, wrote.out) == (0, ran.out)
    assert text_of(messy, "environments/prod.yaml") == "version: 1\n"


def test_diff_of_line_ends_alone(repository: Repository) -> None:
    """CRLF becomes LF, which no line of a difference can show."""
    (repository.folder / "crlf.yaml").write_bytes(b"version: 1\r\n")
    ran = repository("fmt", "--diff", "crlf.yaml")
    assert (ran.code, ran.out) == (0, "crlf.yaml\n(line ends, or what is masked)\n")
    assert text_of(repository, "crlf.yaml") == "version: 1\n"


@pytest.mark.parametrize("place", ["..", "{above}", "inner/../..", "link"])
def test_a_folder_outside_of_the_project_is_refused(repository: Repository, place: str) -> None:
    """A slip on the command line rewrites no other project; a link there is refused as any other."""
    inner = repository.folder / "inner"
    inner.mkdir()
    (repository.folder / "blinkdecl.yaml").rename(inner / "blinkdecl.yaml")
    repository.write("other/blinkdecl.yaml", "version:   1\n")
    (inner / "inner").mkdir()
    (inner / "link").symlink_to("../other")
    ran = repository("-C", str(inner), "fmt", place.format(above=repository.folder))
    assert (ran.code, ran.out) == (1 if place == "link" else 64, "")
    assert ("leads out" if place == "link" else "is outside of the project [usage]") in ran.err
    assert text_of(repository, "other/blinkdecl.yaml") == "version:   1\n"


def test_diff_masks_secrets(repository: Repository) -> None:
    """A key that somebody pasted, also into a comment, is not printed; it stays in the file."""
    key = "canary-9d2c-pasted"
    repository.secrets.append(key)
    text = (
        f"version:  1\ntriggers:\n    t:\n        webhook:\n            # api_key: {key}\n            api_key: {key}\n"
    )
    repository.write("triggers/more.yaml", text)
    ran = repository("fmt", "--diff")
    assert ran.code == 0
    assert "+      api_key: " in ran.out
    assert text_of(repository, "triggers/more.yaml").count(key) == 2


def test_files_and_folders_that_are_named(messy: Repository) -> None:
    """Of a folder, the files of a configuration alone, to the bottom; what else is there is no mistake."""
    messy.write("tests/deep/a.test.yaml", "version: 1\nroutes:\n- expect: []\n  name: n\n")
    messy.write("tests/other.yaml", "on:\n- push\n")
    ran = messy("fmt", "tests", "triggers/more.yaml", "triggers")
    assert (ran.code, ran.out.splitlines()) == (0, ["tests/deep/a.test.yaml", "triggers/more.yaml"])
    assert text_of(messy, "tests/deep/a.test.yaml") == "version: 1\nroutes:\n  - name: n\n    expect: []\n"
    assert text_of(messy, "tests/other.yaml") == "on:\n- push\n"


def test_every_problem_at_once(messy: Repository) -> None:
    """What is wrong with one file keeps no other from being formatted."""
    messy.write("triggers/bad.yaml", "version: 1\ntriggers: [\n")
    messy.write("destinations/key.yaml", "version: 1\n? a\n: 1\n")
    ran = messy("fmt", ".", "nowhere.yaml")
    assert ran.code == 1
    for told in ("triggers/bad.yaml:", "destinations/key.yaml:2", "[not-formattable]", "nowhere.yaml cannot be read"):
        assert told in ran.err
    assert sorted(ran.out.splitlines()) == sorted(FILES)
    assert text_of(messy, "triggers/bad.yaml") == "version: 1\ntriggers: [\n"
    assert text_of(messy, "destinations/key.yaml") == "version: 1\n? a\n: 1\n"


def test_a_project_file_that_cannot_be_read(messy: Repository) -> None:
    """It is reported with its place; what it would include by default is formatted."""
    messy.write("blinkdecl.yaml", "version: 1\nversion: 1\n")
    ran = messy("fmt")
    assert (ran.code, ran.out.splitlines()) == (1, FILES)
    assert "--> blinkdecl.yaml:2:1" in ran.err
    assert "[duplicate-key]" in ran.err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("fmt", "--chek"), 64, "did you mean --check?"),
        (("fmt", "-check"), 64, "write `--check`"),
        (("fmt", "--dry-run"), 64, "write `--check`"),
        (("fmt", "--write=false"), 64, "unless there is --check"),
        (("fmt", "-recursive"), 64, "folders are looked through to the bottom"),
        (("format",), 64, "`blinkdecl fmt` lays"),
        (("fmt", "-", "blinkdecl.yaml"), 64, "- stands alone"),
        (("fmt", "--diff", "-"), 64, "fmt --check --diff -`"),
        (("fmt", "--env", "nowhere"), 1, 'there is no environment "nowhere"'),
        (("fmt", "nowhere"), 1, "nowhere cannot be read"),
        (("fmt", "empty"), 1, "there is no file of a configuration in empty"),
        (("fmt", "/etc/hostname"), 1, "/etc/hostname:1:1"),
    ],
)
def test_what_cannot_be_meant(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int, told: str
) -> None:
    """Nothing is written, and what to type instead is said."""
    typed(monkeypatch, b"version:  1\n")
    (repository.folder / "empty").mkdir()
    before = text_of(repository, "blinkdecl.yaml")
    ran = repository(*words)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err
    assert text_of(repository, "blinkdecl.yaml") == before


def test_a_pattern_that_matches_nothing(repository: Repository) -> None:
    """It may be the reason why a file is not formatted."""
    repository.edit("version: 1\n", "version: 1\ninclude: [no/*.yaml]\n")
    ran = repository("fmt")
    assert (ran.code, ran.out) == (1, "")
    assert '"no/*.yaml" matches no file' in ran.err


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_standard_input_to_standard_output(repository: Repository, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """As editors call it."""
    typed(monkeypatch, MESSY.replace("\n", "\r\n").encode())
    ran = repository("fmt", name)
    assert (ran.code, ran.out, ran.err) == (0, TIDY, "")


@pytest.mark.parametrize(("text", "code"), [(MESSY, 1), (TIDY, 0)])
def test_standard_input_is_checked(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, text: str, code: int
) -> None:
    """The text itself is not printed."""
    typed(monkeypatch, text.encode())
    ran = repository("fmt", "--check", "-")
    assert (ran.code, ran.out) == (code, "")
    assert ("standard input is not formatted [not-formatted]" in ran.err) == bool(code)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"version: 1\na: [\n", "standard input:"),
        (b"", "standard input:1:1"),
        (b"a: \xff\n", "[invalid-encoding]"),
        (b"a: " + b"x" * 2**20, "[too-large]"),
        ("a: 1\n# \u202e\n".encode(), "never printed as they are"),
    ],
)
def test_standard_input_that_is_refused(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, text: bytes, told: str
) -> None:
    """Nothing is printed in the place of the text, which an editor would take for it."""
    typed(monkeypatch, text)
    ran = repository("fmt", "-")
    assert (ran.code, ran.out) == (1, "")
    assert told in ran.err


def test_mode_and_links_stay(messy: Repository) -> None:
    """A link in the repository leads where it led, and what it leads to has the mode that it had."""
    path = messy.folder / "triggers/more.yaml"
    path.rename(messy.folder / "held")
    path.symlink_to("../held")
    (messy.folder / "held").chmod(0o640)
    umask = os.umask(0o077)
    try:
        assert messy("fmt").out.splitlines() == FILES
    finally:
        os.umask(umask)
    assert path.readlink() == Path("../held")
    assert (messy.folder / "held").stat().st_mode & 0o7777 == 0o640
    assert path.read_text() == TIDY
    assert sorted(each.name for each in messy.folder.iterdir() if "tmp" in each.name) == []


def test_a_file_that_does_not_change_is_not_touched(messy: Repository) -> None:
    """Nor is its time."""
    path = messy.folder / "blinkdecl.yaml"
    os.utime(path, ns=(1, 1))
    inode = path.stat().st_ino
    messy("fmt")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (1, inode)


def test_the_configuration_is_the_same(messy: Repository) -> None:
    """Anchors, quotes, texts and numbers mean what they meant: the digest that plans hold says so."""
    messy.write("triggers/more.yaml", "version: 1\n")
    messy.edit("workspace: SOC\n", 'workspace:  "S\\x4fC"\n')
    messy.edit("display_name: Blink SOC\n", "display_name: >-\n         Blink # no comment\n         SOC\n")
    messy.edit("severities: [HIGH, CRITICAL]\n", f"severities: &s [HIGH,\n       CRITICAL]\n{SECOND}")
    before = load(messy.folder, environ=os.environ).configuration
    ran = messy("fmt")
    assert (ran.code, ran.out.splitlines()) == (0, ["blinkdecl.yaml", FILES[0], FILES[2]])
    after = load(messy.folder, environ=os.environ).configuration
    assert digest_of(after) == digest_of(before)
    assert [(each.address, each.attributes) for each in after.resources.values()] == [
        (each.address, each.attributes) for each in before.resources.values()
    ]


@pytest.mark.parametrize("words", [(), ("--provider", "console"), ("--provider", "panther")])
def test_what_init_writes_is_formatted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    """A first `fmt` has nothing to do."""
    assert run(["-C", str(tmp_path), "init", *words]) == 0
    capsys.readouterr()
    assert run(["-C", str(tmp_path), "fmt", "--check", "--diff"]) == 0
    assert capsys.readouterr().out == ""


def test_what_import_writes_is_formatted(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is what is taken over from Panther, whatever it is called there."""
    monkeypatch.setenv("PANTHER_API_URL", f"{repository.sandbox.url}/public/graphql")
    monkeypatch.setenv("PANTHER_API_TOKEN", "sandbox-token")
    panther = "{type: panther, url: {env: PANTHER_API_URL}, token: {env: PANTHER_API_TOKEN}}"
    repository.edit("version: 1\n", f"version: 1\nprovider: {panther}\n")
    for name in ("Old", "No: # odd"):
        made = ("severities=LOW", f"webhook_url={repository.sandbox.url}/webhooks/old", "api_key=sandbox")
        assert repository("sandbox", "edit", name, "--create", *made).code == 0
    assert repository("import", "--all").code == 0
    assert "No: # odd" in text_of(repository, "destinations/imported.yaml")
    ran = repository("fmt", "--check", "--diff", "destinations")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_ctrl_c_while_standard_input_is_awaited(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends as any command does that is stopped, and prints no text."""

    class Awaited(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise KeyboardInterrupt(size)

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Awaited()))
    ran = repository("fmt", "-")
    assert (ran.code, ran.out) == (130, "")
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(("words", "loaded"), [(["validate"], []), (["plan", "--offline"], []), (["fmt"], ["ruamel"])])
def test_only_fmt_loads_what_it_needs(repository: Repository, words: list[str], loaded: list[str]) -> None:
    """No other command waits for a second YAML library, nor for the layout."""
    code = (
        "import sys; from blinkdecl.cli import run; run(sys.argv[1:]);"
        "print([n for n in ('ruamel', 'blinkdecl.config.layout') if n in sys.modules])"
    )
    called = [sys.executable, "-c", code, "-C", str(repository.folder), *words]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(called, capture_output=True, text=True, check=True, env=environ)
    expected = [*loaded, "blinkdecl.config.layout"] if loaded else []
    assert done.stdout.splitlines()[-1] == str(expected)


@pytest.mark.parametrize("text", ["on:   push\n", "version:   '3'\nservices: {}\n", "a:\n    version: 1\n"])
def test_a_file_of_something_else(messy: Repository, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """As a hook may name it: it is refused, and left as it is, while the others are laid out; a pipe takes anything."""
    messy.write(".github/workflows/ci.yml", text)
    ran = messy("fmt", ".github/workflows/ci.yml", "triggers/more.yaml")
    told = ".github/workflows/ci.yml is not a file of a configuration: it has no `version: 1` [not-formattable]"
    assert (ran.code, ran.out, told in " ".join(ran.err.split())) == (1, "triggers/more.yaml\n", True)
    assert text_of(messy, ".github/workflows/ci.yml") == text
    assert messy("fmt", "--check", ".github/workflows/ci.yml").code == 1
    typed(monkeypatch, text.encode())
    assert messy("fmt", "-").code == 0
