"""Signals, locks and terminals, with the real command in a process of its own."""

import fcntl
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import termios
import threading
import time
import urllib.request
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from blinkdecl.sandbox import Sandbox
from tests.support.receiver import answers, hangs, receiver
from tests.support.repository import CONFIGURATION, KEY, Repository

BLINKDECL = [sys.executable, "-m", "blinkdecl"]


@contextmanager
def slow_repository(folder: Path, count: int, latency: float) -> Iterator[Sandbox]:
    """A repository of many destinations, each with a webhook of its own, whose receiver takes its time."""
    with Sandbox(api_key=KEY, latency=latency) as sandbox:
        text = CONFIGURATION.format(url=sandbox.url)
        webhook = f"{{{{url: {sandbox.url}/webhooks/d{{0}}, api_key: {{{{env: BLINK_SOC_API_KEY}}}}}}}}"
        trigger = f"  t{{0}}: {{{{webhook: {webhook}}}}}\n"
        (folder / "triggers").mkdir()
        triggers = "".join(trigger.format(number) for number in range(count))
        (folder / "triggers/more.yaml").write_text(f"version: 1\ntriggers:\n{triggers}")
        block = "  blink-{0}:\n    display_name: Blink {0}\n    trigger: t{0}\n    severities: [LOW]\n"
        (folder / "blinkdecl.yaml").write_text(text + "".join(block.format(number) for number in range(count)))
        yield sandbox


def start(folder: Path, *words: str) -> "subprocess.Popen[str]":
    """Start a command in its own process."""
    environment = {**os.environ, "BLINK_SOC_API_KEY": KEY}
    return subprocess.Popen(
        [*BLINKDECL, "-C", str(folder), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        env=environment,
    )


def wait_for(sandbox: Sandbox, count: int) -> None:
    """Wait until the sandbox has received something."""
    until = time.monotonic() + 20
    while len(sandbox.received()) < count and time.monotonic() < until:
        time.sleep(0.02)
    assert len(sandbox.received()) >= count


def wait_until_full(pipe: int) -> None:
    """Wait until a writer waits for whoever reads its pipe."""
    before, until = 0, time.monotonic() + 20
    while True:
        held = array("i", [0])
        fcntl.ioctl(pipe, termios.FIONREAD, held)
        if held[0] == before > 4096:
            return
        assert time.monotonic() < until
        before = held[0]
        time.sleep(0.2)


@pytest.mark.parametrize(("number", "expected"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_records_what_was_done(tmp_path: Path, number: signal.Signals, expected: int) -> None:
    """What is under way ends, the state has it, the lock is free, and the next apply does the rest."""
    with slow_repository(tmp_path, 60, 0.1) as sandbox:
        process = start(tmp_path, "apply", "--auto-approve", "--parallelism", "4")
        wait_for(sandbox, 8)
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
        assert process.returncode == expected, err
        assert f"interrupted by {number.name}" in out
        again = start(tmp_path, "apply", "--auto-approve", "--parallelism", "20")
        again.communicate(timeout=60)
        assert again.returncode == 0
        assert len(sandbox.received()) == 61  # each destination was proved once, by one run or the other


def test_a_second_signal_gives_up_a_test_alert(tmp_path: Path) -> None:
    """`test` does not wait for an answer then: it says that the alert may have arrived, and records nothing of it."""

    def behave(connection: socket.socket) -> None:
        (hangs if len(peer.requests) > 1 else answers(200))(connection)

    with receiver(behave) as peer:
        (tmp_path / "blinkdecl.yaml").write_text(CONFIGURATION.format(url=f"http://127.0.0.1:{peer.port}"))
        start(tmp_path, "apply", "--auto-approve").communicate(timeout=20)
        before = (tmp_path / ".blinkdecl/state.json").read_text()
        process = start(tmp_path, "test", "--metrics-file", "metrics")
        until = time.monotonic() + 20
        while len(peer.requests) < 2 and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        begun = time.monotonic()
        out, _ = process.communicate(timeout=20)
        assert time.monotonic() - begun < 5
    assert process.returncode == 130
    assert "given up before it was answered" in out
    assert "it may have arrived" in out
    assert re.search(r"^blinkdecl_test_alert_arrived{.*} 1$", (tmp_path / "metrics").read_text(), re.MULTILINE)
    assert "1 failed" in out
    assert (tmp_path / ".blinkdecl/state.json").read_text() == before


def test_a_signal_before_anything_was_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stops it while Panther is still read is told that nothing was changed."""
    monkeypatch.setenv("PANTHER_API_TOKEN", "token-of-a-test")
    with receiver(hangs) as peer:
        url = f"http://127.0.0.1:{peer.port}"
        panther = f"provider: {{type: panther, url: '{url}/public/graphql', token: {{env: PANTHER_API_TOKEN}}}}\n"
        (tmp_path / "blinkdecl.yaml").write_text(CONFIGURATION.format(url=url) + panther)
        process = start(tmp_path, "apply", "--auto-approve")
        until = time.monotonic() + 20
        while not peer.requests and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 143
    assert err.endswith("\napply was interrupted, nothing was changed.\n")


@pytest.mark.parametrize("words", [("apply", "--auto-approve"), ("confirm", "destination.blink-soc")])
def test_a_signal_while_the_lock_is_waited_for(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Whoever gives up waiting for another run is told that nothing was changed."""
    with slow_repository(tmp_path, 30, 0.3) as sandbox:
        first = start(tmp_path, "apply", "--auto-approve", "--parallelism", "4")
        wait_for(sandbox, 1)
        if words[0] == "confirm":
            text = (tmp_path / "blinkdecl.yaml").read_text()
            (tmp_path / "blinkdecl.yaml").write_text(f"{text}provider: {{type: console}}\n")
        second = start(tmp_path, *words, "--lock-timeout", "30s")
        assert second.stderr is not None
        said = second.stderr.readline()
        second.send_signal(signal.SIGTERM)
        _, err = second.communicate(timeout=20)
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=20)
    assert "aiting up to 30s" in said
    assert second.returncode == 143
    assert err.endswith(f"{words[0]} was interrupted, nothing was changed.\n")


def test_a_signal_while_the_last_lines_are_printed(repository: Repository) -> None:
    """Whoever reads them takes a break: what was done is told all the same, and not that nothing was changed."""
    block = "  d{0}: {{display_name: D{0}, trigger: soc, severities: [LOW]}}\n"
    with (repository.folder / "blinkdecl.yaml").open("a") as file:
        file.writelines(block.format(number) for number in range(150))
    reader, writer = os.pipe()
    if sys.platform == "linux":
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 8192)  # all is done long before it has room for the lines
    called = [*BLINKDECL, "-C", str(repository.folder), "apply", "--auto-approve", "--no-test", "--format", "json"]
    with (
        subprocess.Popen(called, stdout=subprocess.PIPE, stderr=writer, text=True) as process,
        os.fdopen(reader, "rb") as end,
    ):
        os.close(writer)
        wait_until_full(reader)
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)  # it comes while nobody reads
        threading.Thread(target=end.read, daemon=True).start()
        told = json.loads(process.communicate(timeout=30)[0])
    done = [each["address"] for each in told["results"] if each["outcome"] == "done"]
    assert sorted(done) == sorted(each["address"] for each in json.loads(repository.state.read_text())["resources"])
    assert process.returncode == told["exit_code"] == (0 if len(done) == len(told["results"]) else 130)


def test_the_second_run_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    """A run beside another exits with 5 and names the holder; nothing is changed."""
    with slow_repository(tmp_path, 30, 0.3) as sandbox:
        first = start(tmp_path, "apply", "--auto-approve", "--parallelism", "4")
        wait_for(sandbox, 1)
        second = start(tmp_path, "apply", "--auto-approve")
        _, err = second.communicate(timeout=20)
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=20)
    assert second.returncode == 5
    assert "Error: the state is locked, nothing was changed [locked]" in err
    assert "`blinkdecl apply`" in err


def test_sandbox_and_ctrl_c(tmp_path: Path) -> None:
    """The sandbox says where it is, and ends quietly on Ctrl-C."""
    process = start(tmp_path, "sandbox", "--port", "0")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("A sandbox Panther and a sandbox Blink listen on http://127.0.0.1:")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert (process.returncode, err.strip()) == (130, "")


def test_the_sandboxes_switches(tmp_path: Path) -> None:
    """What is stored quietly less than was asked, and a web page in place of Blink, can be had from the command."""
    process = start(tmp_path, "sandbox", "--port", "0", "--drop-severity", "critical", "--web-page")
    assert process.stdout is not None
    url = process.stdout.readline().split()[-1].rstrip(".")
    said = next(line for line in process.stdout if line.startswith("It goes wrong"))
    assert said == "It goes wrong on purpose: --drop-severity CRITICAL, --web-page.\n"
    mutation = "mutation ($input: DestinationInput!) { addDestination(input: $input) { defaultForSeverity } }"
    config = {"blinkOps": {"webhookURL": f"{url}/webhooks/soc", "apiKey": "k"}}
    severities = {"defaultForSeverity": ["HIGH", "CRITICAL"], "alertTypes": []}
    given = {"displayName": "A", "outputType": "blinkops", "outputConfig": config, **severities}
    body = json.dumps({"query": mutation, "variables": {"input": given}}).encode()
    headers = {"Content-Type": "application/json", "X-API-Key": "sandbox-token"}
    with urllib.request.urlopen(urllib.request.Request(f"{url}/public/graphql", body, headers)) as answer:
        assert json.load(answer) == {"data": {"addDestination": {"defaultForSeverity": ["HIGH"]}}}
    with urllib.request.urlopen(f"{url}/webhooks/soc") as answer:
        assert (answer.status, answer.headers.get_content_type()) == (200, "text/html")
    with urllib.request.urlopen(f"{url}/timeline") as answer:
        assert [each["operation"] for each in json.load(answer)["timeline"]] == ["start", "create"]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)


class Asked:
    """An apply on a terminal, up to its question."""

    def __init__(self, folder: Path) -> None:
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.execv(sys.executable, [*BLINKDECL, "-C", str(folder), "apply"])
        self.shown = b""
        self.until(b"Enter a value:")

    def until(self, text: bytes) -> None:
        """Read what it shows until it has shown a text."""
        while text not in self.shown:
            self.shown += os.read(self.terminal, 4096)

    def answer(self, text: bytes) -> None:
        """Type an answer."""
        os.write(self.terminal, text)

    def end(self) -> int:
        """Read the rest, and return the exit code."""
        try:
            while chunk := os.read(self.terminal, 4096):
                self.shown += chunk
        except OSError:  # the other side was closed
            pass
        _, status = os.waitpid(self.process, 0)
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(status)


@pytest.mark.parametrize(("answer", "expected"), [(b"yes\n", 0), (b"no\n", 1), (b"\x04", 1), (b"\x03", 130)])
def test_a_person_is_asked(repository: Repository, answer: bytes, expected: int) -> None:
    """On a terminal apply asks, and only "yes" is a yes; with Ctrl-D and Ctrl-C too it says that it did nothing."""
    asked = Asked(repository.folder)
    asked.answer(answer)
    assert asked.end() == expected
    assert (b"Apply complete!" in asked.shown) is (expected == 0)
    assert (b"nothing was changed" in asked.shown) is (expected != 0)
    assert re.search(rb"Enter a value: [^\r\n]*Error", asked.shown) is None


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.05])
def test_a_signal_right_after_the_answer(repository: Repository, seconds: float) -> None:
    """However soon it comes, something is said of it: that nothing was changed, or that the run ends."""
    asked = Asked(repository.folder)
    asked.answer(b"yes\n")
    asked.until(b"yes\r\n")
    time.sleep(seconds)
    os.kill(asked.process, signal.SIGTERM)
    code = asked.end()
    told = b"apply was interrupted, nothing was changed." in asked.shown or b"Interrupted: finishing" in asked.shown
    assert code in (143, 0)  # it may have been quicker
    assert told or code == 0
