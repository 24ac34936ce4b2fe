"""``blinkdecl help``: what a diagnostic's code means, or how a command is called."""

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.group import COMMANDS, cli
from blinkdecl.cli.session import Session
from blinkdecl.codes import CODES
from blinkdecl.diagnostics import closest, error


@session_command("help", click.Argument(["topic"], required=False, metavar="[CODE|COMMAND]"))
def command(session: Session, topic: str | None) -> int:
    """Explain a diagnostic's code, such as unknown-reference, or a command; without either, list the codes."""
    if topic is None:
        width = max(map(len, CODES))
        session.result("\n".join(f"{code:<{width}}  exit {each.exit_code}" for code, each in CODES.items()))
        return 0
    if topic in COMMANDS:
        found = cli.get_command(click.Context(cli), topic)
        if found is not None:
            session.result(found.get_help(click.Context(found, info_name=f"blinkdecl {topic}", **cli.context_settings)))
        return 0
    topic = topic.strip("[]")
    if topic not in CODES:
        meant = closest(topic, [*CODES, *COMMANDS])
        hint = f"did you mean {meant}?" if meant else "`blinkdecl help` lists the codes"
        raise error("not-found", f'there is no code or command "{topic}"', way_out=hint)
    from blinkdecl.render.text import wrapped

    session.result("\n".join([f"{topic} (exit code {CODES[topic].exit_code})", *wrapped(CODES[topic].explanation)]))
    return 0
