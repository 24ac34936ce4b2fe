"""``docs/exit-codes.md``: what each exit code means, and a session that ends with it, really run."""

import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from blinkdecl.cli.topics import EXIT_CODES
from docs.generator.markdown import escaped, fence, link, page, table
from docs.generator.sessions import CONFIGURATION, Project, Ran, in_a_project

_PATIENCE = 20.0  # seconds
# No bug is known that could be shown: this one is put in before the command starts.
_WITH_A_BUG = """\
import sys
import blinkdecl.config
from blinkdecl.cli import run
blinkdecl.config.load = None
sys.exit(run(sys.argv[1:]))
"""
_APPLY = "blinkdecl apply --auto-approve"
_INTRODUCTION = """\
An exit code says how a run ended, and never depends on the format; `blinkdecl help exit-codes` prints the table. The
`[code]` at the end of an error says more: see [troubleshooting](troubleshooting.md). Each session below was run in a
project with this blinkdecl.yaml, beside a sandbox that plays Panther and Blink."""


@dataclass(frozen=True, slots=True)
class Session:
    """What leads to an exit code: `before` says it in words, `line` is the command that ends with it."""

    code: int
    before: str
    line: str
    play: Callable[[Project, str], Ran]


def _plainly(project: Project, line: str) -> Ran:
    return project.run(line)


def _misspelt(project: Project, line: str) -> Ran:
    project.edit("[HIGH, CRITICAL]", "[HIHG, CRITICAL]")
    return project.run(line)


def _edited(project: Project, line: str) -> Ran:
    project.run(_APPLY)
    project.sandbox.edit("Blink SOC", severities="CRITICAL")
    return project.run(line)


def _narrowed(project: Project, line: str) -> Ran:
    project.edit("[HIGH, CRITICAL]", "[HIGH]")
    return project.run(line)


def _rotated(project: Project, line: str) -> Ran:
    project.run(_APPLY)
    project.sandbox.rotate("soc", "another-key")
    return project.run(line)


def _beside_another(project: Project, line: str) -> Ran:
    with _waiting_for_panther(project, _APPLY) as other:
        ran = project.run(line)
        other.terminate()
        project.ended(other)
    return ran


def _planned_before(project: Project, line: str) -> Ran:
    project.run("blinkdecl plan --out plan.json")
    project.edit("Blink SOC", "Blink SOC, by night")
    return project.run(line)


def _with_a_bug(project: Project, line: str) -> Ran:
    return project.ended(project.start(line, program=("-c", _WITH_A_BUG)))


def _interrupted(project: Project, line: str) -> Ran:
    return _signalled(project, line, signal.SIGINT)


def _terminated(project: Project, line: str) -> Ran:
    return _signalled(project, line, signal.SIGTERM)


def _signalled(project: Project, line: str, number: signal.Signals) -> Ran:
    with _waiting_for_panther(project, line) as process:
        process.send_signal(number)
        return project.ended(process)


@contextmanager
def _waiting_for_panther(project: Project, line: str) -> Iterator[subprocess.Popen[str]]:
    """Start a run, and give it when it has asked a Panther that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(_PATIENCE)
        process = project.start(line, panther=f"http://127.0.0.1:{silent.getsockname()[1]}/public/graphql")
        try:
            connection, _ = silent.accept()
            with connection:
                yield process
        finally:
            process.kill()
            process.wait()


SESSIONS = (
    Session(0, "Nothing was applied yet.", _APPLY, _plainly),
    Session(1, "A severity is misspelt.", "blinkdecl validate", _misspelt),
    Session(2, "Somebody edited the destination in Panther's console.", "blinkdecl drift", _edited),
    Session(3, "A pull request makes it `severities: [HIGH]`.", "blinkdecl validate", _narrowed),
    Session(4, "Somebody gave the webhook another key in Blink.", "blinkdecl test", _rotated),
    Session(5, "Another apply is under way.", _APPLY, _beside_another),
    Session(6, "The YAML was edited after the plan was reviewed.", "blinkdecl apply plan.json", _planned_before),
    Session(64, "Two options contradict each other.", "blinkdecl plan --offline --allow-commands", _plainly),
    Session(70, "For this session a bug was put in.", "blinkdecl validate", _with_a_bug),
    Session(130, "Somebody presses it while Panther is asked.", _APPLY, _interrupted),
    Session(143, "A pipeline cancels its job while Panther is asked.", _APPLY, _terminated),
)


def exit_codes_page() -> str:
    """Return the page; runs every session, which takes seconds."""
    rows = [(link(code, code), escaped(meaning)) for code, meaning in EXIT_CODES.items()]
    return page(
        "Exit codes",
        _INTRODUCTION,
        fence("yaml", CONFIGURATION),
        table(("code", "meaning"), rows),
        *map(session_section, SESSIONS),
    )


@cache
def played(session: Session) -> Ran:
    """Return how a session ended."""
    return in_a_project(lambda project: session.play(project, session.line))


def session_section(session: Session) -> str:
    """Return a heading, and the session as a person would see it."""
    meaning = EXIT_CODES[str(session.code)]
    ran = played(session)
    shown = "\n".join([f"$ {session.line}", *filter(None, [ran.text.strip("\n")]), "$ echo $?", str(ran.code)])
    told = f"{meaning[:1].upper()}{meaning[1:]}."
    return f"## {session.code}\n\n{escaped(told)} {escaped(session.before)}\n\n{fence('text', shown)}"
