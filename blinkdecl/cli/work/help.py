"""The work of ``blinkdecl help``: what a code, a command, a topic, a property or an option is."""

import sys

import click

from blinkdecl.cli.app import COMMANDS, cli
from blinkdecl.cli.parsing import WideContext
from blinkdecl.cli.session import Session
from blinkdecl.cli.topics import EXIT_CODES, TEXTS, TOPICS
from blinkdecl.cli.usage import habit_of
from blinkdecl.diagnostics import Failure, closest, did_you_mean, error
from blinkdecl.diagnostics.codes import CODES, Code
from blinkdecl.system.columns import columns


def run(session: Session, words: tuple[str, ...]) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    topic = " ".join(words).strip("[]")
    if not topic:
        topics = [_fitting(session, f"{name:<22}{told}") for name, told in TOPICS.items()]
        session.result("\n".join([*topics, "", *(_line(session, code, entry) for code, entry in CODES.items())]))
        return 0
    if topic in EXIT_CODES:
        session.result(f"Exit code {topic}: {EXIT_CODES[topic]}.")
        return 0
    from blinkdecl.cli.option_help import option_text  # it needs every command, and properties the schema
    from blinkdecl.cli.properties import property_text

    found = (property_text(topic), option_text(topic.lstrip("-"), session.layout))
    more = [each for each in found if each is not None]
    if topic in CODES or topic in TOPICS:
        parts = [_entry(topic, CODES[topic])] if topic in CODES else []
        parts += [_topic(topic)] if topic in TOPICS else []
        parts += more
        parts += [f"`blinkdecl {topic} --help` explains the command."] if topic in COMMANDS else []
        session.rendered("\n\n".join(parts))
    elif (told := _command_help(topic.split())) is not None:
        session.result("\n\n".join([told, *more]))
    elif more:
        habit = habit_of(topic, "")  # `env` is a command of others
        session.rendered("\n\n".join([*more, *([f"For a command: {habit}"] if habit else [])]))
    else:
        raise _unknown(topic)
    return 0


def _unknown(topic: str) -> Failure:
    """Return that nothing is called so, with what may be meant."""
    from blinkdecl.cli.option_help import option_names
    from blinkdecl.cli.properties import property_names

    meant = closest(topic, [*CODES, *COMMANDS, *TOPICS, *property_names(), *option_names()])
    otherwise = habit_of(topic, "") or f"`blinkdecl help` lists the codes; topics: {', '.join(TOPICS)}"
    hint = did_you_mean(meant, otherwise, quoted=False)
    return error("not-found", f'there is no code, command, topic, property or option "{topic}"', remedy=hint)


def _command_help(words: list[str]) -> str | None:
    """Return the help of a command, such as `state list`; None where there is none of this name."""
    ctx: click.Context = WideContext(cli, info_name="blinkdecl", **cli.context_settings)
    for word in words:
        found = ctx.command.get_command(ctx, word) if isinstance(ctx.command, click.Group) else None
        if found is None:
            return None
        ctx = WideContext(found, info_name=word, parent=ctx, **cli.context_settings)
    return ctx.get_help()


def _topic(name: str) -> str:
    match name:
        case "trigger":
            return _trigger()
        case "exit-codes":
            return "\n".join(f"{code:>3}  {meaning}" for code, meaning in EXIT_CODES.items())
    return TEXTS[name]


def _trigger() -> str:
    """Return how a trigger is made: Blink has no API for it."""
    from blinkdecl.render.checklist import trigger_text
    from blinkdecl.render.text.layout import paragraph

    told = "A trigger is made by hand in Blink, where no API makes one; blinkdecl records and proves it."
    last = "Then `blinkdecl validate`, and `blinkdecl apply`, which sends a test alert to it."
    return "\n\n".join([paragraph(told), trigger_text(), paragraph(last)])


def _line(session: Session, code: str, entry: Code) -> str:
    """Return one line of the list: the code, its exit code and the explanation."""
    leads = "warning" if entry.warning else f"exit {entry.exit_code}"
    return _fitting(session, f"{code:<{max(map(len, CODES))}}  {leads:<7}  {entry.explanation}")


def _fitting(session: Session, line: str) -> str:
    """Return a line, on a terminal as much of it as fits."""
    width = columns(sys.stdout, session.invocation.environ)
    return line if len(line) <= width or not sys.stdout.isatty() else f"{line[: width - 3].rstrip()}..."


def _entry(code: str, entry: Code) -> str:
    from blinkdecl.render.text.layout import wrapped

    leads = "a warning; does not change the exit code" if entry.warning else f"exit code {entry.exit_code}"
    return "\n".join([f"{code} ({leads})", *wrapped(entry.explanation), "", *wrapped(entry.remedy)])
