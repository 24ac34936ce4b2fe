"""The work of ``blinkdecl sandbox edit``: the person who clicks in Panther's console."""

from blinkdecl.cli.running_sandbox import ask_sandbox
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import error


def run(
    session: Session, name: str, fields: tuple[str, ...], *, by: str, create: bool, delete: bool, url: str | None
) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
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
