"""What CI systems say in their variables: links to files at this commit, the summary of a job; Markdown for both."""

import os
from pathlib import Path

import pytest

from blinkdecl.cli.ci import file_links, folder_of, is_job_summary
from tests.support.repository import Repository

SHA = "0123456789abcdef0123456789abcdef01234567"
GITHUB = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/alerts", "GITHUB_SHA": SHA}
GITLAB = {"CI_PROJECT_URL": "https://gitlab.com/acme/soc/alerts", "CI_COMMIT_SHA": SHA}
COMMANDS = [
    ("validate",), ("plan",), ("apply", "--auto-approve"), ("test",), ("drift",), ("coverage",),
    ("coverage", "--without", "trigger.soc"), ("route", "--severity", "HIGH"), ("route", "--tests", "."),
]  # fmt: skip

ROUTES = """\
version: 1
routes:
  - name: high
    alert: {severity: HIGH}
    expect: [destination.blink-soc]
"""


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the machine that runs the tests says of itself."""
    for name in [*GITHUB, *GITLAB, "GITHUB_WORKSPACE", "CI_PROJECT_DIR", "GITHUB_STEP_SUMMARY"]:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("environ", "begin"),
    [
        (GITHUB, f"https://github.com/acme/alerts/blob/{SHA}/"),
        (GITLAB, f"https://gitlab.com/acme/soc/alerts/-/blob/{SHA}/"),
        ({}, None),
        ({**GITHUB, "GITHUB_SHA": ""}, None),
        ({**GITHUB, "GITHUB_SHA": "main) evil"}, None),
        ({**GITHUB, "GITHUB_REPOSITORY": "a)[x](https://evil"}, None),
        ({**GITHUB, "GITHUB_SERVER_URL": "javascript:x"}, None),
    ],
)
def test_where_files_are_shown(environ: dict[str, str], begin: str | None) -> None:
    """Where server, repository and commit are known, and none of them is more than a part of a URL."""
    assert file_links(environ) == begin


def test_a_project_in_a_folder_of_the_repository(tmp_path: Path) -> None:
    """Its files are below the folder that has a .git, or below the job's."""
    (tmp_path / "a b/alerts").mkdir(parents=True)
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        assert folder_of(tmp_path / "a b/alerts", {name: str(tmp_path)}) == "a b/alerts"
    assert folder_of(tmp_path / "a b/alerts", {}) == ""
    (tmp_path / ".git").mkdir()
    assert folder_of(tmp_path / "a b/alerts", {"GITHUB_WORKSPACE": "/elsewhere"}) == "a b/alerts"


@pytest.mark.parametrize("words", COMMANDS)
def test_markdown_of_each_command(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """One page on standard output, which begins with its mark; its exit code is that of the text."""
    for name, value in GITHUB.items():
        monkeypatch.setenv(name, value)
    assert repository("apply", "--auto-approve").code == 0
    repository.write("soc.routes.test.yaml", ROUTES)
    for wrong in (False, True):
        if wrong:
            repository.edit("HIGH", "HIHG")
        plain, page = repository(*words), repository(*words, "--format", "markdown")
        assert page.code == plain.code
        lines = page.out.split("\n")
        assert (lines[0], lines[1][:3]) == (f"<!-- blinkdecl:{words[0]} -->", "## ")
    assert f"blob/{SHA}/blinkdecl.yaml#L" in page.out


def test_the_summary_of_a_job(repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever GitHub shows as the job's summary has room for more than a comment."""
    names = "".join(
        f"  d{each:04}: {{trigger: soc, display_name: D{each}, severities: [LOW]}}\n" for each in range(900)
    )
    repository.edit("destinations:\n", f"destinations:\n{names}")
    summary = tmp_path / "summary.md"
    summary.touch()
    asked = ("plan", "--offline", "--format", "markdown")
    assert len(repository(*asked).out) <= 60_000
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    repository(*asked, "--output", str(tmp_path / "comment.md"))
    repository(*asked, "--output", str(summary))
    assert len((tmp_path / "comment.md").read_text()) <= 60_000
    text = summary.read_text()
    assert 100_000 < len(text.encode()) <= 1_000_000
    assert all(f"| `destination.d{each:04}` |" in text for each in range(900))


def test_a_summary_that_the_shell_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `>> "$GITHUB_STEP_SUMMARY"` does."""
    summary = tmp_path / "summary.md"
    environ = {"GITHUB_STEP_SUMMARY": str(summary)}
    assert not is_job_summary(None, environ)
    with summary.open("a") as stream:
        monkeypatch.setattr("sys.stdout", stream)
        assert is_job_summary(None, environ)
        assert is_job_summary(Path("-"), environ)
        assert not is_job_summary(None, {})
        assert not is_job_summary(tmp_path / "other.md", environ)
    with Path(os.devnull).open("w") as stream:
        monkeypatch.setattr("sys.stdout", stream)
        assert not is_job_summary(None, environ)
