"""``blinkdecl help``: what an error code means, or how to call a command."""

import click

from blinkdecl.cli.app import COMMANDS, cli
from blinkdecl.cli.command import session_command
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import closest, did_you_mean, error
from blinkdecl.diagnostics.codes import CODES, Code

_WIDTH = 80


@session_command("help", click.Argument(["topic"], required=False, metavar="[CODE|COMMAND|trigger]"))
def command(session: Session, topic: str | None) -> int:
    """Explain an error code, such as unknown-reference, or a command; without either, list the codes.

    `blinkdecl help trigger` says how a trigger is made in Blink.
    """
    if topic is None:
        session.result("\n".join(_line(code, entry) for code, entry in CODES.items()))
        return 0
    topic = topic.strip("[]")
    if topic == "trigger":
        session.rendered(_trigger())
        return 0
    if topic in COMMANDS and topic not in CODES:
        found = cli.get_command(click.Context(cli), topic)
        if found is not None:
            session.result(found.get_help(click.Context(found, info_name=f"blinkdecl {topic}", **cli.context_settings)))
        return 0
    if topic not in CODES:
        meant = closest(topic, [*CODES, *COMMANDS, "trigger"])
        hint = did_you_mean(meant, "`blinkdecl help` lists the codes", quoted=False)
        raise error("not-found", f'there is no code or command "{topic}"', remedy=hint)
    also = f"\n\n`blinkdecl {topic} --help` explains the command." if topic in COMMANDS else ""
    session.result(_entry(topic, CODES[topic]) + also)
    return 0


def _trigger() -> str:
    """Return how a trigger is made: Blink has no API for it."""
    from blinkdecl.render.checklist import trigger_text
    from blinkdecl.render.text.layout import paragraph

    told = "A trigger is made by hand in Blink, where no API makes one; blinkdecl records and proves it."
    last = "Then `blinkdecl validate`, and `blinkdecl apply`, which sends a test alert to it."
    return "\n\n".join([paragraph(told), trigger_text(), paragraph(last)])


def _line(code: str, entry: Code) -> str:
    """Return one line of the list: the code, its exit code, and as much of the explanation as fits."""
    leads = "warning" if entry.warning else f"exit {entry.exit_code}"
    line = f"{code:<{max(map(len, CODES))}}  {leads:<7}  {entry.explanation}"
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 3].rstrip()}..."


def _entry(code: str, entry: Code) -> str:
    from blinkdecl.render.text.layout import wrapped

    leads = "a warning; does not change the exit code" if entry.warning else f"exit code {entry.exit_code}"
    return "\n".join([f"{code} ({leads})", *wrapped(entry.explanation), "", *wrapped(entry.remedy)])
