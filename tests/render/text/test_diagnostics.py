"""Diagnostics as text: word for word as the first five minutes show them."""

import pytest

from blinkdecl.diagnostics import Diagnostic, Excerpt, Position
from blinkdecl.render.text.diagnostics import count_text
from blinkdecl.render.view.parts import diagnostics_view
from tests.support.rendered import diagnostics_text

LINES = (
    (20, "    display_name: Blink Triage"),
    (21, "    trigger: sco"),
    (22, "    severites: [MEDIUM, LOW]"),
    (23, "    alert_types: [RULE, POLICYY]"),
)
AT = ("at", "destination.blink-triage")
TYPES = (
    "one of RULE, RULE_ERROR, SCHEDULED_RULE, SCHEDULED_RULE_ERROR, CORRELATION_RULE, CORRELATION_RULE_ERROR, POLICY, "
    "POLICY_ERROR, SYSTEM_ERROR"
)
MISTAKES = (
    Diagnostic(
        "unknown-reference",
        'there is no trigger "sco"',
        position=Position("blinkdecl.yaml", 21, 14),
        excerpt=Excerpt(LINES[:3], 3, 'did you mean "soc"?'),
        notes=(AT, ("help", "declared triggers: soc")),
    ),
    Diagnostic(
        "unknown-property",
        'unknown property "severites"',
        position=Position("blinkdecl.yaml", 22, 5),
        excerpt=Excerpt(LINES[1:], 9, 'did you mean "severities"?'),
        notes=(AT,),
    ),
    Diagnostic(
        "invalid-value",
        '"POLICYY" is not an alert type',
        position=Position("blinkdecl.yaml", 23, 25),
        excerpt=Excerpt(LINES[2:], 7, 'did you mean "POLICY"?'),
        notes=(AT, ("help", TYPES)),
    ),
)
THREE_MISTAKES = """\
Error: there is no trigger "sco" [unknown-reference]
  --> blinkdecl.yaml:21:14
   |
20 |     display_name: Blink Triage
21 |     trigger: sco
   |              ^^^ did you mean "soc"?
22 |     severites: [MEDIUM, LOW]
   |
   = at: destination.blink-triage
   = help: declared triggers: soc

Error: unknown property "severites" [unknown-property]
  --> blinkdecl.yaml:22:5
   |
21 |     trigger: sco
22 |     severites: [MEDIUM, LOW]
   |     ^^^^^^^^^ did you mean "severities"?
23 |     alert_types: [RULE, POLICYY]
   |
   = at: destination.blink-triage

Error: "POLICYY" is not an alert type [invalid-value]
  --> blinkdecl.yaml:23:25
   |
22 |     severites: [MEDIUM, LOW]
23 |     alert_types: [RULE, POLICYY]
   |                         ^^^^^^^ did you mean "POLICY"?
   |
   = at: destination.blink-triage
   = help: one of RULE, RULE_ERROR, SCHEDULED_RULE, SCHEDULED_RULE_ERROR,
           CORRELATION_RULE, CORRELATION_RULE_ERROR, POLICY, POLICY_ERROR,
           SYSTEM_ERROR

3 errors, 0 warnings."""

WHEN_IT_GOES_WRONG = [
    (
        Diagnostic(
            "duplicate-key",
            '"blink-soc" is defined twice',
            position=Position("destinations/b.yaml", 6, 3),
            excerpt=Excerpt(((6, "  blink-soc:"),), 9, "defined again here"),
            notes=(("note", "first defined at destinations/a.yaml:4:3"),),
        ),
        """\
Error: "blink-soc" is defined twice [duplicate-key]
 --> destinations/b.yaml:6:3
  |
6 |   blink-soc:
  |   ^^^^^^^^^ defined again here
  = note: first defined at destinations/a.yaml:4:3""",
    ),
    (
        Diagnostic(
            "usage",
            'no such option "--detailed-exit-code"',
            notes=(("help", "did you mean --detailed-exitcode?"),),
        ),
        """\
Error: no such option "--detailed-exit-code" [usage]
   = help: did you mean --detailed-exitcode?""",
    ),
    (
        Diagnostic(
            "unreachable",
            "cannot reach Panther: connection refused by 127.0.0.1:9",
            notes=(
                ("at", "provider.token, from env PANTHER_API_TOKEN (blinkdecl.yaml:3)"),
                (
                    "help",
                    "the token needs DestinationRead and DestinationModify; a new token can take a minute to work",
                ),
                ("note", "4 attempts in 4.3s; nothing was changed"),
            ),
        ),
        """\
Error: cannot reach Panther: connection refused by 127.0.0.1:9 [unreachable]
   = at: provider.token, from env PANTHER_API_TOKEN (blinkdecl.yaml:3)
   = help: the token needs DestinationRead and DestinationModify; a new token
           can take a minute to work
   = note: 4 attempts in 4.3s; nothing was changed""",
    ),
    (
        Diagnostic(
            "stale-plan",
            "the saved plan is stale, nothing was changed",
            notes=(
                ("note", "planned on state serial 0, the state is now at serial 3"),
                ("note", "destination.blink-soc changed in Panther"),
                ("help", "run `blinkdecl plan --out plan.json` again and review it"),
            ),
        ),
        """\
Error: the saved plan is stale, nothing was changed [stale-plan]
   = note: planned on state serial 0, the state is now at serial 3
   = note: destination.blink-soc changed in Panther
   = help: run `blinkdecl plan --out plan.json` again and review it""",
    ),
    (
        Diagnostic(
            "locked",
            "the state is locked, nothing was changed",
            notes=(
                ("who", "ci@runner-7, `blinkdecl apply`, 12s ago, lease until 10:07:40 UTC"),
                ("run", "https://github.com/acme/alerts/actions/runs/1234567"),
                ("help", "wait, or if that run is dead: `blinkdecl state unlock 0c8d6e1f`"),
            ),
        ),
        """\
Error: the state is locked, nothing was changed [locked]
   = who:  ci@runner-7, `blinkdecl apply`, 12s ago, lease until 10:07:40 UTC
   = run:  https://github.com/acme/alerts/actions/runs/1234567
   = help: wait, or if that run is dead: `blinkdecl state unlock 0c8d6e1f`""",
    ),
    (
        Diagnostic(
            "not-approved",
            'apply needs a "yes" and there is no terminal to ask on',
            notes=(("help", "apply a reviewed plan (`blinkdecl apply plan.json`),\nor pass --auto-approve"),),
        ),
        """\
Error: apply needs a "yes" and there is no terminal to ask on [not-approved]
   = help: apply a reviewed plan (`blinkdecl apply plan.json`),
           or pass --auto-approve""",
    ),
    (
        Diagnostic(
            "limits",
            "CRITICAL RULE alerts would reach nobody",
            position=Position("blinkdecl.yaml", 9, 5),
            notes=(
                ("note", "destination.blink-soc is the last one, and this plan destroys it"),
                ("help", "keep it, or change the coverage rule in the same pull request"),
            ),
        ),
        """\
Error: CRITICAL RULE alerts would reach nobody [limits]
  --> blinkdecl.yaml:9:5
   = note: destination.blink-soc is the last one, and this plan destroys it
   = help: keep it, or change the coverage rule in the same pull request""",
    ),
    (
        Diagnostic(
            "not-delivered",
            "Blink refused the test alert: HTTP 401",
            notes=(
                ("at", "trigger.soc, api_key from env BLINK_SOC_API_KEY"),
                ("note", "sent once; destination.blink-soc was left as it was"),
                ("help", "the key is wrong or was revoked: copy it again from Trigger Setup"),
            ),
        ),
        """\
Error: Blink refused the test alert: HTTP 401 [not-delivered]
   = at: trigger.soc, api_key from env BLINK_SOC_API_KEY
   = note: sent once; destination.blink-soc was left as it was
   = help: the key is wrong or was revoked: copy it again from Trigger Setup""",
    ),
    (
        Diagnostic(
            "exists",
            '"Blink SOC" exists in Panther and is not managed here',
            position=Position("blinkdecl.yaml", 14, 3),
            notes=(
                ("note", "id 6f1c…, created by jo@example.com on 2025-03-02"),
                ("help", "adopt it with `blinkdecl import destination.blink-soc 6f1c…`"),
            ),
        ),
        """\
Error: "Blink SOC" exists in Panther and is not managed here [exists]
  --> blinkdecl.yaml:14:3
   = note: id 6f1c…, created by jo@example.com on 2025-03-02
   = help: adopt it with `blinkdecl import destination.blink-soc 6f1c…`""",
    ),
    (
        Diagnostic(
            "internal",
            "blinkdecl has a bug: KeyError in planner.decide",
            notes=(("help", "report it with the file blinkdecl-crash-20261123T100911.txt (secrets are masked)"),),
        ),
        """\
Error: blinkdecl has a bug: KeyError in planner.decide [internal]
   = help: report it with the file blinkdecl-crash-20261123T100911.txt (secrets
           are masked)""",
    ),
]


def text_of(*diagnostics: Diagnostic) -> str:
    """Return what is printed of these problems."""
    return diagnostics_text(diagnostics_view(diagnostics))


def test_three_mistakes_are_shown_together() -> None:
    """Position, excerpt, caret, notes and count, as a person first meets them."""
    assert f"{text_of(*MISTAKES)}\n\n{count_text(diagnostics_view(MISTAKES))}" == THREE_MISTAKES


@pytest.mark.parametrize(("diagnostic", "text"), WHEN_IT_GOES_WRONG, ids=lambda each: getattr(each, "code", ""))
def test_when_it_goes_wrong(diagnostic: Diagnostic, text: str) -> None:
    """Each example of what goes wrong, word for word."""
    assert text_of(diagnostic) == text


def test_a_command_is_never_broken() -> None:
    """What can be pasted stays on one line, even where it is longer than the line."""
    command = "`blinkdecl state push --force a/very/long/path/to/a/rescue/file/which/goes/on/and/on.json`"
    text = text_of(
        Diagnostic("state-unwritable", "it could not be stored", notes=(("help", f"restore it by {command} now"),))
    )
    assert text.splitlines()[1:] == ["   = help: restore it by", f"           {command}", "           now"]


def test_the_caret_stands_under_what_is_shown() -> None:
    """Escaped and wide characters before it move the caret along."""
    excerpt = Excerpt(((1, "\tname: 日本 x"),), 1, "here")
    text = text_of(Diagnostic("invalid-yaml", "no", position=Position("a.yaml", 1, 11), excerpt=excerpt))
    shown, caret = text.splitlines()[-2:]
    assert shown == r"1 | \tname: 日本 x"
    assert caret == "  | " + " " * len(r"\tname: 1234 ") + "^ here"


def test_an_endless_line_is_shown_around_the_caret() -> None:
    """A minified file does not fill the screen."""
    excerpt = Excerpt(((1, "x" * 5000 + "!" + "y" * 5000),), 1)
    text = text_of(Diagnostic("invalid-yaml", "no", position=Position("a.yaml", 1, 5001), excerpt=excerpt))
    shown, caret = text.splitlines()[-2:]
    assert len(shown) < 200
    assert shown[caret.index("^")] == "!"


def test_words_of_a_server_are_cut() -> None:
    """A page of somebody's words in a note does not flood the terminal."""
    assert len(text_of(Diagnostic("provider", "refused", notes=(("note", "x" * 10**6),)))) < 5000


def test_a_warning_begins_as_such_and_is_counted() -> None:
    """Warnings and errors differ by their first word, and by the sum."""
    diagnostics = (Diagnostic("renamed", "it seems renamed", severity="warning"), Diagnostic("limits", "too many"))
    assert text_of(*diagnostics) == "Warning: it seems renamed [renamed]\n\nError: too many [limits]"
    assert count_text(diagnostics_view(diagnostics)) == "1 error, 1 warning."
