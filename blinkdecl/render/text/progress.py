"""One line for each event of a run, in Terraform's words: what begins, what has ended, what a test alert met."""

from blinkdecl.diagnostics import counted
from blinkdecl.model.plan import Action
from blinkdecl.model.resource import kind_of
from blinkdecl.model.results import Delivery, Event
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.layout import elapsed, short_id
from blinkdecl.render.view.parts import View, delivery_view

_WORDS = {
    Action.CREATE: ("Creating", "Creation"),
    Action.UPDATE: ("Modifying", "Modifications"),
    Action.DELETE: ("Destroying", "Destruction"),
    Action.ADOPT: ("Adopting", "Adoption"),
    Action.FORGET: ("Forgetting", "Forgetting"),
    Action.NO_OP: ("Moving", "Move"),
}
# Where nothing but the record changes.
_RECORDING, _FORGETTING = ("Recording", "Recorded"), ("Forgetting", "Forgotten")


_RUNS = {
    "failed": "failed in Blink",
    "queued": "still queued in Blink",
    "running": "still running in Blink",
    "not_seen": "no run seen in Blink",
    "unknown": "not known whether it ran in Blink",
}
# Of a trigger.
_RECORDED = {
    **dict.fromkeys((Action.CREATE, Action.UPDATE), "Recorded"),
    **dict.fromkeys((Action.DELETE, Action.FORGET), "Forgotten"),
}


def event_line(event: Event, *, recording: bool = False, triggers: bool = False) -> str | None:
    """Return ``destination.x: Creation complete after 0.1s [id=6f1c…]`` and the like.

    None where there is nothing to tell: a trigger has no object that anybody waits for, and of a test alert only the
    outcome counts. `recording` = this run changes the record alone, such as of what a person did. `triggers` = they are
    all that it is about, so that each is told when it is done.
    """
    address, action = event.change.address, event.change.action
    if kind_of(address) == "trigger":
        told = triggers and event.moment == "finished"
        return f"{one_line(address)}: {_RECORDED.get(action, 'Moved')}" if told else None
    doing, deed = _WORDS[action]
    complete = f"{deed} complete"
    if recording or (event.change.recorded_only and action is Action.UPDATE):
        doing, complete = _FORGETTING if action is Action.DELETE else _RECORDING
        deed = doing
    shown = _id(event.id or event.change.id)
    match event.moment:
        case "tested" | "proved" if event.delivery is not None:
            return preflight_line(event.delivery)
        case "preparing":
            return f"{one_line(address)}: Preparing...{shown}"
        case "prepared":
            return f"{one_line(address)}: Preparation complete after {elapsed(event.duration)}{shown}"
        case "started":
            return f"{one_line(address)}: {doing}...{shown}"
        case "finished":
            # What was destroyed no longer has an id.
            shown = "" if action is Action.DELETE else shown
            return f"{one_line(address)}: {complete} after {elapsed(event.duration)}{shown}"
        case "failed":
            return f"{one_line(address)}: {deed} failed after {elapsed(event.duration)}{shown}"
        case "unlike":
            return f"{one_line(address)}: {deed} incomplete after {elapsed(event.duration)}{shown}: not kept as asked"
    return None


def preflight_line(delivery: Delivery) -> str:
    """Return what the test alert before a change, or after it through Panther, met."""
    direct = delivery.via == "direct"
    if delivery.delivered:
        met = "accepted by Blink" if direct else "delivered"
    else:
        taken = "refused" if delivery.refused else "not accepted"
        met = f"{taken} by Blink" if direct and delivery.failure == "refused" else "not delivered"
    kind = "Preflight test alert" if direct else "Test alert through Panther"
    return f"{one_line(delivery.address)}: {kind}... {met}, {answer_text(delivery_view(delivery))}"


def sending_line(alerts: int, webhooks: int, destinations: int) -> str | None:
    """Return ``Sending 2 test alerts to 2 webhooks, for 20 destinations.``, None where there are none."""
    if not alerts:
        return None
    behind = f", for {counted(destinations, 'destination')}" if alerts < destinations else ""
    return f"Sending {counted(alerts, 'test alert')} to {counted(webhooks, 'webhook')}{behind}."


def tested_line(delivery: Delivery) -> str:
    """Return ``destination.x: delivered, HTTP 200 in 38ms``, for ``test`` and ``dispatch``."""
    return tested_view_line(delivery_view(delivery))


def attempt_line(delivery: Delivery, attempts: int, pause: float) -> str:
    """Return ``destination.x: attempt 1 of 10 failed, HTTP 500 in 3ms; again in 0.8s``."""
    met = answer_text(delivery_view(delivery))
    again = f"again in {elapsed(pause)}"
    return f"{one_line(delivery.address)}: attempt {delivery.attempt} of {attempts} failed, {met}; {again}"


def tested_view_line(delivery: View) -> str:
    """As `tested_line`, of a view."""
    met = "delivered" if delivery["delivered"] else "failed"
    return f"{one_line(delivery['address'])}: {met}, {answer_text(delivery)}"


def run_line(delivery: Delivery) -> str:
    """Return ``destination.x: ran in Blink, completed in 2.1s``: what Blink made of an alert that it accepted."""
    return run_view_line(delivery_view(delivery))


def run_view_line(delivery: View) -> str:
    """As `run_line`, of a view. Why nothing came of an alert is told once, by its diagnostic."""
    return f"{one_line(delivery['address'])}: {run_words(delivery['run'])}"


def run_text(run: View) -> str:
    """Return what became of an alert in Blink, and why where it did not run to its end."""
    return run_words(run) if run["outcome"] == "ran" else f"{run_words(run)}: {one_line(run['reason'])}"


def run_words(run: View) -> str:
    """Return what became of an alert in Blink, in a few words."""
    if run["outcome"] == "ran":
        after = f" in {elapsed(run['duration'])}" if run["duration"] is not None else ""
        return f"ran in Blink, completed{after}"
    return _RUNS[run["outcome"]]


def answer_text(delivery: View) -> str:
    """Return ``HTTP 200 in 38ms``, or that no answer came, and why; and for whom it was sent, if for another."""
    after = f"in {elapsed(delivery['latency'])}"
    if delivery.get("shared_with"):
        after += f" (sent for {one_line(delivery['shared_with'])})"
    if delivery["status"] is not None:
        page = "a web page with " if delivery["failure"] == "web-page" else ""
        return f"{page}HTTP {delivery['status']} {after}"
    return f"no HTTP answer {after}" + (f" ({one_line(delivery['failure'])})" if delivery["failure"] else "")


def _id(identifier: str | None) -> str:
    return f" [id={short_id(identifier)}]" if identifier else ""
