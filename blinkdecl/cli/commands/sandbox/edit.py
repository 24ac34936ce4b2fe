"""``blinkdecl sandbox edit``: the person who clicks in Panther's console."""

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.running_sandbox import ask_sandbox, url_option
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import error


@session_command(
    "edit",
    click.Argument(["name"]),
    click.Argument(["fields"], nargs=-1, metavar="[FIELD=VALUE]..."),
    click.Option(["--by"], metavar="NAME", default="jo@example.com", show_default=True, help="Who makes the edit."),
    click.Option(["--create"], is_flag=True, help="Create it if it does not exist."),
    click.Option(["--delete"], is_flag=True, help="Delete it."),
    url_option(),
    project=False,
    examples=(
        'blinkdecl sandbox edit "Blink SOC" severities=HIGH,CRITICAL',
        'blinkdecl sandbox edit "Old SOC" --create severities=LOW',
        'blinkdecl sandbox edit "Blink SOC" --delete',
    ),
)
def command(
    session: Session, name: str, fields: tuple[str, ...], *, by: str, create: bool, delete: bool, url: str | None
) -> int:
    """Change a destination in a running sandbox behind blinkdecl's back; NAME is its display name.

    FIELDs are named as in YAML, lists are written with commas: severities=HIGH,CRITICAL
    """
    given = {}
    for each in fields:
        field, equals, value = each.partition("=")
        if not equals:
            raise error("usage", f'"{each}" is not FIELD=VALUE', remedy="for example severities=CRITICAL")
        given[field] = value
    if not (given or create or delete):
        raise error("usage", "nothing to change", remedy="name a field, for example severities=CRITICAL")
    wanted = {"name": name, "fields": given, "by": by, "create": create, "delete": delete}
    done = ask_sandbox(session, url, "edit", wanted)
    changes = ", ".join(
        f"{field} = {value}" for field, value in given.items() if field not in ("api_key", "webhook_url")
    )
    session.result(f'{by} {done["done"]} "{name}"{f": {changes}" if changes else ""} [id={done["id"]}]')
    return 0
