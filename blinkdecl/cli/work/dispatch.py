"""The work of ``blinkdecl dispatch``: send a real alert by hand."""

from collections.abc import Sequence
from pathlib import Path

from blinkdecl.alert.canonical_json import Unrepresentable
from blinkdecl.alert.delivery import Outgoing, Target, given_up, send_all
from blinkdecl.alert.dispatch import DispatchLimits, dispatch
from blinkdecl.alert.payload import MAX_BODY, Alert, body, key_headers, signed_headers
from blinkdecl.alert.truncation import MARK, TooLarge
from blinkdecl.cli.input import read_alert
from blinkdecl.cli.progress import listening
from blinkdecl.cli.session import Session
from blinkdecl.cli.signals import Interrupt
from blinkdecl.diagnostics import Diagnostic, Failure, error, exit_code
from blinkdecl.model.resource import Resource
from blinkdecl.model.results import Delivery, Results
from blinkdecl.project.project import Project, open_project
from blinkdecl.project.secrets import resolve_for
from blinkdecl.project.targets import client_of, delivery_problems, named_resources, sent_for, target_of
from blinkdecl.render.text.progress import attempt_line, tested_line
from blinkdecl.render.text.results import dispatched_text, request_text
from blinkdecl.render.view.results import results_view
from blinkdecl.secret.value import Secret


def run(
    session: Session, alert: Path, addresses: tuple[str, ...], *, dry_run: bool, limit: float, allow_commands: bool
) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    if dry_run and session.machine_format:
        raise error("usage", "--dry-run prints an HTTP request, not JSON: leave out --format")
    given = read_alert(session, alert, ("dispatch", "-", *(word for each in addresses for word in ("--to", each))))
    project = open_project(session.invocation, session.say, commands=allow_commands)
    resources = named_resources(project, addresses, "to dispatch to")
    _check_accepted(resources, given)
    sent = _body(session, given)
    if dry_run:
        session.result("\n\n".join(request_text(*_request(each, sent)) for each in resources))
        return 0
    found = resolve_for(project, resources)
    targets = [target_of(each, found.get) for each in resources]
    outgoing = Outgoing(sent, lambda address: session.invocation.command_line("dispatch", str(alert), "--to", address))
    return _dispatch(session, project, targets, outgoing, DispatchLimits(limit=limit))


def _dispatch(
    session: Session, project: Project, targets: Sequence[Target], what: Outgoing, limits: DispatchLimits
) -> int:
    hosts = project.hosts
    with (
        client_of(project, len(targets)) as client,
        listening(session, len(targets), "Sending", bar=False) as listener,
        Interrupt(session.say) as interrupted,
    ):

        def cancelled() -> bool:
            return interrupted() is not None

        def send(target: Target) -> Delivery:
            return dispatch(client, target, what, hosts, limits, retried, cancelled)

        def retried(delivery: Delivery, pause: float) -> None:
            listener.line(attempt_line(delivery, limits.attempts, pause))

        deliveries = send_all(
            targets,
            send,
            parallelism=min(32, len(targets)),
            on_delivery=lambda delivery: listener.line(tested_line(delivery)),
            cancelled=cancelled,
            hurried=lambda: interrupted.hurried,
            lost=lambda target: given_up(target.address, "direct", what.again(target.address)),
        )
    problems = list(delivery_problems(deliveries, project.configuration, sent_for, "the alert"))
    code = exit_code(problems) if (number := interrupted()) is None else 128 + number
    view = results_view(
        "dispatch", code, results=Results(interrupted=number), deliveries=deliveries, diagnostics=problems
    )
    lines = session.quiet or session.output is not None
    gap = "" if lines else "\n"
    session.show(view, lambda view: gap + dispatched_text(view, lines=lines, layout=session.layout))
    return code


def _check_accepted(resources: Sequence[Resource], alert: Alert) -> None:
    """Raise a `Failure` (``not-dispatchable``) for each destination that does not take this alert by hand."""
    problems = []
    for each in resources:
        if each.kind == "trigger":
            continue
        types = each.attributes["alert_types"]
        if not each.attributes["allow_manual_dispatch"]:
            reason, remedy = "does not allow manual dispatch", "set `allow_manual_dispatch: true`, and apply it"
        elif isinstance(types, tuple) and types and alert.type not in types:
            kind = f"the alert type {alert.type}" if alert.type else "an alert without a type"
            reason = f"does not accept {kind}"
            remedy = f"it accepts {', '.join(types)}"
        else:
            continue
        notes = (("note", "nothing was sent"), ("help", remedy))
        problems.append(Diagnostic("not-dispatchable", f"{each.address} {reason}", position=each.position, notes=notes))
    if problems:
        raise Failure(*problems)


def _body(session: Session, alert: Alert) -> bytes:
    """Return the bytes to send, and say if the context was shortened."""
    try:
        sent = body(alert)
    except TooLarge as problem:
        raise error("alert-too-large", f"the alert has {problem}; Blink takes {MAX_BODY}") from None
    except Unrepresentable as problem:
        raise error("invalid-alert", f"the alert cannot be sent: {problem}") from None
    if f'"alertContext":{{"{MARK}":'.encode() in sent:
        session.say(f"The alert is larger than Blink takes ({MAX_BODY} bytes): its context was shortened.")
    return sent


def _request(resource: Resource, sent: bytes) -> tuple[str, dict[str, str], bytes]:
    """Return URL, headers and body of a request with its secrets masked; none is resolved."""
    trigger = resource.kind == "trigger"
    name = "url" if trigger else "webhook_url"
    literal = resource.attributes[name]
    url = literal if isinstance(literal, str) else f"(sensitive, from {resource.secrets[name]})"
    if resource.attributes.get("authentication") == "signature":
        headers = signed_headers(Secret(""), 0, "", b"")
    else:
        headers = key_headers(Secret(""))
    masked = f"(sensitive, from {resource.secrets['api_key']})"
    return url, {key: value if key in ("Content-Type", "Accept") else masked for key, value in headers.items()}, sent
