"""The action's scripts by themselves, as processes: what they find again, and what a token may not do."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.github_api import REPOSITORY, GitHubApi, github_api
from tests.support.paths import ROOT
from tests.support.receiver import hangs, receiver
from tests.support.repository import CONFIGURATION, KEY

MARK = "<!-- blinkdecl:plan:dev -->"
PERSON = {"login": "mallory", "type": "User"}


@pytest.fixture
def api() -> Iterator[GitHubApi]:
    """GitHub, without a comment or an issue."""
    with github_api() as server:
        yield server


def ran(api: GitHubApi, folder: Path, script: str, **more: str) -> tuple[int, str]:
    """Run a script over a page; return its exit code and what it printed."""
    (folder / "page.md").write_text(f"{MARK}\n## Plan\n")
    event = folder / "event.json"
    if not event.exists():
        event.write_text(json.dumps({"pull_request": {"number": 7}}))
    environment = {
        "GITHUB_API_URL": api.url, "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_TOKEN": "pull-requests,issues",
        "GITHUB_EVENT_PATH": str(event), "GITHUB_SERVER_URL": "https://github.com", "GITHUB_RUN_ID": "1",
        "PAGE": str(folder / "page.md"), "FOLDER": ".", "WORDS": "", "COMMAND": "plan", "ENVIRONMENT": "dev",
        "EXIT_CODE": "1", "RESULTS": "false", "STACKS": "", **more,
    }  # fmt: skip
    argv = [sys.executable, str(ROOT / ".github/actions" / script)]
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def test_a_comment_is_found_on_a_later_page(api: GitHubApi, tmp_path: Path) -> None:
    """However many there are before it."""
    for number in range(130):
        api.add_comment(f"comment {number}", PERSON)
    api.add_comment(f"{MARK}\nan earlier plan")
    assert ran(api, tmp_path, "comment.py") == (0, "")
    assert len(api.comments) == 131
    assert api.comments[130]["body"] == f"{MARK}\n## Plan\n"


def test_a_comment_that_only_looks_like_ours(api: GitHubApi, tmp_path: Path) -> None:
    """Is left alone: who wrote it could edit it afterwards, and show reviewers another plan."""
    api.add_comment(f"{MARK}\nNothing to see here", PERSON)
    assert ran(api, tmp_path, "comment.py") == (0, "")
    assert [each["body"] for each in api.comments] == [f"{MARK}\nNothing to see here", f"{MARK}\n## Plan\n"]


def test_two_projects_of_one_repository(api: GitHubApi, tmp_path: Path) -> None:
    """Each has a comment of its own, whatever its folder is called."""
    for folder in (".", "alerts/soc", "alerts --> <b>", "alerts/soc", "."):
        assert ran(api, tmp_path, "comment.py", FOLDER=folder) == (0, "")
    first = [each["body"].splitlines()[0] for each in api.comments]
    assert first == [
        MARK,
        "<!-- blinkdecl:plan:dev alerts/soc -->",
        "<!-- blinkdecl:plan:dev alerts%20%2D%2D%3E%20%3Cb%3E -->",
    ]


@pytest.mark.parametrize("token", ["", "issues"])
def test_a_token_that_may_not_comment(api: GitHubApi, tmp_path: Path, token: str) -> None:
    """As Dependabot's: a notice and no failure, since the summary has it all."""
    code, out = ran(api, tmp_path, "comment.py", GITHUB_TOKEN=token)
    assert (code, api.comments) == (0, [])
    assert out.startswith("::notice title=blinkdecl action::no comment: this token may only read")


def test_an_event_without_a_pull_request(api: GitHubApi, tmp_path: Path) -> None:
    """Is a notice as well."""
    (tmp_path / "event.json").write_text("{}")
    code, out = ran(api, tmp_path, "comment.py")
    assert (code, out) == (0, "::notice title=blinkdecl action::no comment: the event is of no pull request\n")
    assert api.requests == []


@pytest.mark.parametrize("script", ["comment.py", "issue.py"])
def test_github_is_down(api: GitHubApi, tmp_path: Path, script: str) -> None:
    """That is a failure: what is there shows an earlier run."""
    api.status = 503
    code, out = ran(api, tmp_path, script)
    assert code == 1
    assert out.startswith("::error title=blinkdecl action::no ")
    assert "GitHub answered with 503" in out


@pytest.mark.parametrize("script", ["comment.py", "issue.py"])
def test_nobody_answers(api: GitHubApi, tmp_path: Path, script: str) -> None:
    """The same, without a traceback."""
    code, out = ran(api, tmp_path, script, GITHUB_API_URL="http://127.0.0.1:1")
    assert code == 1
    assert "no answer" in out


def test_an_issue_needs_its_permission(api: GitHubApi, tmp_path: Path) -> None:
    """Otherwise nobody would hear of what was found; so that is an error."""
    code, out = ran(api, tmp_path, "issue.py", GITHUB_TOKEN="pull-requests")
    assert (code, api.issues) == (1, [])
    assert "The job needs `permissions: issues: write`" in out


def test_a_clean_run_closes_what_is_its_own(api: GitHubApi, tmp_path: Path) -> None:
    """Neither the issue of another scope, nor one that a person wrote."""
    for words in ("", "--stale 7d"):
        ran(api, tmp_path, "issue.py", WORDS=words)
    api.issues.append({**api.issues[0], "number": 102, "user": PERSON})
    assert ran(api, tmp_path, "issue.py", EXIT_CODE="0") == (0, "")
    assert [each["state"] for each in api.issues] == ["closed", "open", "open"]


def test_run_refuses_what_changes_things(api: GitHubApi, tmp_path: Path) -> None:
    """Apply belongs into a step of its own."""
    code, out = ran(api, tmp_path, "run.py", COMMAND="apply")
    assert code == 64
    assert out.startswith("::error title=blinkdecl action::command is one of validate,")


def test_run_refuses_results_of_what_sends_alerts(api: GitHubApi, tmp_path: Path) -> None:
    """They would be those of a second run."""
    code, out = ran(api, tmp_path, "run.py", COMMAND="test", RESULTS="true")
    assert code == 64
    assert out.startswith("::error title=blinkdecl action::results is for the commands that only look")


def test_a_cancelled_job(tmp_path: Path) -> None:
    """The signal is handed to the command, which ends in order; what it came to is still reported."""
    with receiver(hangs) as webhook:
        (tmp_path / "blinkdecl.yaml").write_text(CONFIGURATION.format(url=webhook.url.removesuffix("/webhooks/soc")))
        files = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "BLINK_SOC_API_KEY": KEY, "RESULTS": "",
            "RUNNER_TEMP": str(tmp_path), "COMMAND": "test", "FOLDER": ".", "ENVIRONMENT": "", "WORDS": "",
            "STACKS": "", **files,
        }  # fmt: skip
        argv = [sys.executable, str(ROOT / ".github/actions/run.py")]
        with subprocess.Popen(argv, env=environment, cwd=tmp_path, stderr=subprocess.DEVNULL) as job:
            until(lambda: webhook.accepted > 0)
            job.send_signal(signal.SIGTERM)
            assert job.wait(20) == 0
    assert "exit_code=143\n" in (tmp_path / "GITHUB_OUTPUT").read_text()
    assert (tmp_path / "GITHUB_STEP_SUMMARY").read_text().startswith("<!-- blinkdecl:test -->\n## ")


def until(met: Callable[[], bool]) -> None:
    """Wait for what another process does, at most 20 s."""
    end = time.monotonic() + 20
    while not met():
        assert time.monotonic() < end
        time.sleep(0.02)
