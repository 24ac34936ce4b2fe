"""``blinkdecl sandbox edit``: the person who clicks in Panther's console."""

import json
from urllib.parse import urlsplit

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import error

_DEFAULT = "http://127.0.0.1:8787"
_SECONDS = 10.0
_LIMIT = 1024 * 1024


@session_command(
    "edit",
    click.Argument(["name"]),
    click.Argument(["fields"], nargs=-1, metavar="[FIELD=VALUE]..."),
    click.Option(["--by"], metavar="NAME", default="jo@example.com", show_default=True, help="Who makes the edit."),
    click.Option(["--create"], is_flag=True, help="Create it if it does not exist."),
    click.Option(["--delete"], is_flag=True, help="Delete it."),
    click.Option(
        ["--url"], metavar="URL", help="The sandbox's URL.  [default: the host of PANTHER_API_URL, or port 8787]"
    ),
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
    done = _posted(_origin(session, url), wanted)
    changes = ", ".join(
        f"{field} = {value}" for field, value in given.items() if field not in ("api_key", "webhook_url")
    )
    session.result(f'{by} {done["done"]} "{name}"{f": {changes}" if changes else ""} [id={done["id"]}]')
    return 0


def _origin(session: Session, url: str | None) -> str:
    if url is not None:
        return url.rstrip("/")
    parts = urlsplit(session.invocation.environ.get("PANTHER_API_URL", _DEFAULT))
    return f"{parts.scheme}://{parts.netloc}"


def _posted(origin: str, wanted: object) -> dict[str, str]:
    """Return the sandbox's answer; raises a `Failure` (``unreachable``, ``rejected``)."""
    from blinkdecl.system.http import Client, TransportError

    headers = {"Content-Type": "application/json"}
    with Client(1) as client:
        try:
            reply = client.post(f"{origin}/_sandbox/edit", json.dumps(wanted).encode(), headers, _SECONDS, limit=_LIMIT)
        except TransportError as problem:
            summary = f"no sandbox answers at {origin}: {problem.detail}"
            raise error("unreachable", summary, remedy="`blinkdecl sandbox` starts one; --url names another") from None
    try:
        document = json.loads(reply.body)
    except ValueError:
        document = {"error": "the server there is not a sandbox"}
    if reply.status != 200:
        raise error("rejected", f"the sandbox refused the change: {document.get('error')}")
    return {name: str(value) for name, value in document.items()}
