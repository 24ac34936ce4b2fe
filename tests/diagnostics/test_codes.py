"""The catalogue of diagnostics and the source agree: every code in use is listed, every listed one in use."""

import ast
import re

import click
import pytest

from blinkdecl.cli.app import cli
from blinkdecl.diagnostics import Diagnostic, Failure, exit_code
from blinkdecl.diagnostics.codes import BUG, CHANGES, CODES, ERROR, LOCKED, PARTIAL, POLICY, STALE, USAGE
from tests.support.paths import PACKAGE

MAKERS = {"Diagnostic", "error", "warning"}


def trees() -> list[ast.Module]:
    """Return the source, except for the catalogue itself."""
    return [ast.parse(path.read_text()) for path in sorted(PACKAGE.rglob("*.py")) if path.name != "codes.py"]


def texts() -> set[str]:
    """Return every text constant of the source."""
    constants = (node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {node.value for node in constants if isinstance(node.value, str)}


def literal_codes() -> set[str]:
    """Return the codes that stand as the first argument where a diagnostic is made."""
    calls = [node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    made = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id in MAKERS]
    firsts = [node.args[0] for node in made if node.args]
    return {each.value for each in firsts if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def test_every_code_in_use_is_listed() -> None:
    """A diagnostic is made with a code that `blinkdecl help` can explain."""
    assert literal_codes() <= CODES.keys()


def test_every_listed_code_is_in_use() -> None:
    """The catalogue explains nothing that cannot happen."""
    assert CODES.keys() - texts() == set()


def test_codes_read_alike() -> None:
    """A code is lower case with hyphens, its explanation and its remedy are sentences."""
    for code, entry in CODES.items():
        assert code.replace("-", "").isalpha()
        assert code == code.lower()
        assert entry.explanation.endswith(".")
        assert entry.remedy.endswith(".")
        assert f"{entry.explanation}{entry.remedy}".count("`") % 2 == 0


@pytest.mark.parametrize("code", CODES)
def test_commands_named_in_help_exist(code: str) -> None:
    """What can be pasted is a command with options that it has."""
    text = f"{CODES[code].explanation} {CODES[code].remedy}"
    for called in re.findall(r"`blinkdecl ([^`]*)`", text):
        found: click.Command = cli
        context = click.Context(cli)
        words = called.split()
        while isinstance(found, click.Group) and not words[0].startswith("-"):
            named = found.get_command(context, words.pop(0))
            assert named is not None, called
            found = named
            context = click.Context(found)
        options = {option for each in found.get_params(context) for option in each.opts}
        assert {word for word in words if word.startswith("-")} <= options, called


def test_warnings_are_told_from_errors() -> None:
    """The codes that are only warnings, and that each says what this means for the exit code."""
    made = {code for code, entry in CODES.items() if entry.warning}
    assert made == {
        "unknown-log-type",
        "no-severities",
        "renamed",
        "same-webhook",
        "no-effect",
        "duplicate-item",
        "contradiction",
        "left-behind",
        "lock-kept",
        "unread-state",
        "no-alerts",
        "unused-trigger",
        "ignored",
        "not-readable",
        "stack-gone",
        "too-many-jobs",
        "deliveries-lost",
    } | {
        "api-path",
        "missed-removal",
        "webhook-path",
        "no-order",
        "unreached",
        "unused-log-type",
        "invalid-detection",
        "returned-skip",
        "override-name",
        "signal-override",
        "illegal-severity",
        "leftover",
        "left-out",
        "nothing-declared",
        "not-recorded",
        "unconfirmed",
        "lost-alerts",
        "automation-differs",
        "automation-unknown",
    }
    assert all("does not change the exit code" in CODES[code].remedy for code in made)


def test_exit_codes_are_those_of_the_contract() -> None:
    """The numbers that scripts rely on."""
    assert (ERROR, CHANGES, POLICY, PARTIAL, LOCKED, STALE, USAGE, BUG) == (1, 2, 3, 4, 5, 6, 64, 70)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ((), 0),
        (("limits",), POLICY),
        (("prevent-destroy", "locked"), POLICY),
        (("limits", "exists"), ERROR),
        (("not-delivered", "limits"), PARTIAL),
    ],
)
def test_exit_code_of_several(codes: tuple[str, ...], expected: int) -> None:
    """The first error decides, but one that leads to 1 outranks the others; warnings count for nothing."""
    warning = Diagnostic("renamed", "a warning", severity="warning")
    assert exit_code((warning, *(Diagnostic(code, "an error") for code in codes))) == expected


def test_unknown_code_is_refused() -> None:
    """A code that is not in the catalogue is a bug, found where it is made."""
    with pytest.raises(KeyError, match="no-such-code"):
        Diagnostic("no-such-code", "never")


def test_failure_says_what_it_holds() -> None:
    """An exception that nobody handles is still readable: its summaries and codes."""
    failure = Failure(Diagnostic("limits", "too much"), Diagnostic("exists", "is there"))
    assert str(failure) == "too much [limits]; is there [exists]"
    assert failure.exit_code == ERROR
