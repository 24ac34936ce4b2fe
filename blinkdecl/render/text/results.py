"""What was done, as text: how apply, destroy, confirm, test, dispatch and validate end; recorded resources."""

import signal
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from blinkdecl.diagnostics import counted
from blinkdecl.model.resource import kind_of
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.deliveries import last_delivery_text
from blinkdecl.render.text.diagnostics import diagnostics_text
from blinkdecl.render.text.impact import alarm_text, end_heads, missed_text, routing_text
from blinkdecl.render.text.layout import LOCAL, PLAIN, Layout, moment, paragraph, reference_text, value_text, wrapped
from blinkdecl.render.text.marks import Mark, marked
from blinkdecl.render.text.progress import answer_text, run_view_line, tested_view_line
from blinkdecl.render.view.json import harmless_json
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import missed_alerts

RUN_WORDS = {
    "failed": "failed",
    "not_seen": "not seen",
    "queued": "queued",
    "running": "running",
    "unknown": "not known",
    "ran": "ran",
}
# How what a test alert straight to Blink does not prove is proved.
_BEYOND = {
    "panther": "This proves webhooks and keys. `blinkdecl test --via panther` has Panther itself send.",
    "console": "This proves webhooks and keys. Only Send Test Alert in Panther's console proves what was typed there.",
}


def apply_text(document: View, *, verbose: bool = False, layout: Layout = PLAIN) -> str:
    """Return the closing lines of ``apply`` or ``destroy``: the sum, honest about what was not done, and why."""
    parts = [apply_headline(document, layout)]
    if missed := missed_text(missed_alerts(document["routing"])):
        parts.append(alarm_text(missed, layout))
    if document["routing"]:
        parts.append(
            routing_text(document["routing"], *end_heads(document), verbose=verbose, watched="before", layout=layout)
        )
    if document["diagnostics"]:
        parts.append(diagnostics_text(document["diagnostics"], layout))
    return "\n\n".join(parts)


def apply_headline(document: View, layout: Layout = PLAIN) -> str:
    """Return how a run ended, and how much of it was done."""
    total = document["summary"]
    if document["command"] == "destroy":
        done = f"{total['destroyed']} destroyed"
    else:
        adopted = f"{total['adopted']} adopted, " if total["adopted"] else ""
        done = f"{adopted}{total['added']} added, {total['changed']} changed, {total['destroyed']} destroyed"
    done += f", {total['forgotten']} forgotten" if total["forgotten"] else ""
    done += f", {total['moved']} moved" if total["moved"] else ""
    return "\n".join([_closing(document, done, layout), *_aside(document, layout)])


def _aside(document: View, layout: Layout) -> Iterator[str]:
    """Yield what was only recorded: triggers, and everything where the provider changes nothing in Panther."""
    total, told = document["summary"], []
    if count := total["triggers_recorded"]:
        told.append(f"{counted(count, 'trigger')} recorded.")
    if count := total["triggers_forgotten"]:
        stay = "its automation in Blink stays" if count == 1 else "their automations in Blink stay"
        told.append(f"{counted(count, 'trigger')} forgotten: {stay}.")
    if document["provider"] == "local" and document["results"]:
        told.append(LOCAL)
    if told:
        yield paragraph(" ".join(told), layout)


def tests_text(document: View, layout: Layout, *, lines: bool, beyond: str | None) -> str:
    """Return the outcome of ``test``; `lines` = False leaves out those that were shown as they came.

    Why one failed is told once, by its diagnostic. `beyond` = the provider whose own destinations are not proved by it.
    """
    tests = document["tests"]
    # Addresses that share an alert share its run, unless their triggers declare different automations.
    runs = {each["address"]: each.get("run") for each in tests}
    own = [each for each in tests if each.get("run") and each["run"] != runs.get(each["shared_with"])]
    ran = [run_view_line(each) for each in own]
    parts = ["\n".join([*map(tested_view_line, tests), *ran])] if lines and tests else []
    parts.append(paragraph(tests_headline(document), layout))
    for tag in sorted({each["tag"] for each in tests if each["tag"] and each["delivered"]}):
        parts[-1] += "\n" + paragraph(f"The automations' runs in Blink have the tag {tag}.", layout)
    if beyond is not None:
        parts[-1] += "\n" + paragraph(_BEYOND[beyond], layout)
    if document["diagnostics"]:
        parts.append(diagnostics_text(document["diagnostics"], layout))
    return "\n\n".join(parts)


def tests_headline(document: View) -> str:
    """Return what was tested, and how much of it arrived."""
    total = document["summary"]
    kinds = Counter(kind_of(each) for each in {each["address"] for each in document["tests"]})
    tested = " and ".join(counted(kinds[each], each) for each in ("trigger", "destination") if kinds[each])
    delivered, failed = total["tests_delivered"], total["tests_failed"]
    headline = f"Tested {tested or counted(0, 'destination')}: {delivered} delivered, {failed} failed."
    ends = Counter(each["run"]["outcome"] for each in document["tests"] if each.get("run"))
    runs = ", ".join(f"{ends[outcome]} {shown}" for outcome, shown in RUN_WORDS.items() if ends[outcome])
    return f"{headline} In Blink: {runs}." if runs else headline


def dispatched_text(document: View, *, lines: bool, layout: Layout = PLAIN) -> str:
    """Return the outcome of ``dispatch``; `lines` = False leaves out those that were shown as they came."""
    tests = document["tests"]
    parts = ["\n".join(tested_view_line(each) for each in tests)] if lines and tests else []
    total = document["summary"]
    met = f"{total['tests_delivered']} delivered, {total['tests_failed']} failed"
    parts.append(f"Dispatched to {counted(len(tests), 'target')}: {met}.")
    if document["diagnostics"]:
        parts.append(diagnostics_text(document["diagnostics"], layout))
    return "\n\n".join(parts)


def valid_text(addresses: Iterable[str]) -> str:
    """Return that the configuration, which declares these addresses, is valid."""
    kinds = [kind_of(each) for each in addresses]
    declared = [counted(kinds.count(kind), kind) for kind in ("trigger", "destination")]
    return f"{marked(Mark.GOOD, 'Success!')} The configuration is valid: {', '.join(declared)}."


def state_list_text(document: View) -> str:
    """Return the recorded addresses, one per line."""
    return "\n".join(one_line(each["address"]) for each in document["resources"])


def state_show_text(document: View, layout: Layout = PLAIN) -> str:
    """Return everything recorded of each resource, secrets by their references."""
    return "\n\n".join(resource_text(each, layout) for each in document["resources"]) or "Nothing is recorded."


def request_text(url: str, headers: Mapping[str, str], body: bytes) -> str:
    """Return the request as it would go out; whoever calls it has masked the secrets.

    The body is the same JSON, though what a terminal or a CI system would obey is written with escapes.
    """
    lines = [f"POST {one_line(url)}", *(f"{name}: {one_line(value)}" for name, value in headers.items())]
    return "\n".join([*lines, f"Content-Length: {len(body)}", "", harmless_json(body.decode())])


def _closing(document: View, done: str, layout: Layout) -> str:
    word = {"destroy": "Destroy", "confirm": "Confirm"}.get(document["command"], "Apply")
    if attention := _attention(document, done):
        return marked(Mark.ATTENTION, f"{word} {attention}")
    by_hand = sum(each["outcome"] == "awaiting" and each["type"] == "destination" for each in document["results"])
    if by_hand:
        steps = f"Steps written for {counted(by_hand, 'change')} to make by hand."
        written = paragraph(f"{marked(Mark.GOOD, steps)} Resources: {done}.", layout)
        told = "Nothing is changed in Panther until you follow them; the command at the end of each records it."
        return f"{written}\n{paragraph(told, layout)}"
    complete = marked(Mark.GOOD, f"{word} complete! Resources: {done}.")
    if document["command"] == "confirm" and document["summary"]["tests_delivered"]:
        told = "Blink took the test alert. Only Send Test Alert in Panther's console proves what was typed there."
        complete += "\n" + paragraph(told, layout)
    return complete


def _attention(document: View, done: str) -> str:
    """Return how a run ended that did not do all it was to do; "" where it did."""
    total = document["summary"]
    undone = f"{total['failed']} failed, {total['skipped']} skipped"
    if document["interrupted"]:
        name = signal.Signals(document["interrupted"]).name
        if total["failed"] or total["skipped"]:
            return f"interrupted by {name}: {done}; {undone}."
        return f"interrupted by {name}, but everything was done before: {done}."
    if total["failed"] or total["skipped"]:
        return f"incomplete: {done}; {undone}."
    if total["tests_failed"]:
        return f"complete, but {counted(total['tests_failed'], 'test alert')} failed. Resources: {done}."
    return "" if document["ok"] else f"did not finish: {done}."


def resource_text(resource: View, layout: Layout = PLAIN) -> str:
    """Return everything recorded of one resource; lists and sentences go on in further lines, below their start."""
    secrets = {each["name"]: f"(sensitive, from {reference_text(each['reference'])})" for each in resource["secrets"]}
    rows = {"id": value_text("id", resource["id"])} if resource["id"] else {}
    rows |= {name: secrets.get(name) or value_text(name, value) for name, value in resource["attributes"].items()}
    if resource["prevent_destroy"]:
        rows["prevent_destroy"] = "true"
    told = {}
    if last := resource["last_test"]:
        told["last_test"] = f"{_test_met(last)}, {moment(last['at'])}"
    if seen := resource["last_delivery"]:
        told["last_delivery"] = last_delivery_text(seen)
    width = max((len(name) for name in (*rows, *told)), default=0)
    lines = [f"# {one_line(resource['address'])}"]
    for name, value in (rows | told).items():
        first = f"    {one_line(name):<{width}} = "
        folds = name in told or value.startswith("[")  # text of somebody's is pasted elsewhere, and stays one word
        lines += wrapped(value, first, " " * len(first), layout) if folds else [first + value]
    return "\n".join(lines)


def _test_met(last: View) -> str:
    """Return what became of the last test alert; the record has the answer's status, and not why it proved nothing."""
    answer = answer_text(last | {"failure": None})
    if last["delivered"]:
        return f"delivered, {answer}"
    if last["status"] is not None and 200 <= last["status"] < 300:
        return f"failed, though {answer}: no run in Blink completed for it, or it was no webhook that answered"
    return f"failed, {answer}"
