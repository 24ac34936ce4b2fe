"""What really happened, as text: what hurts first, then each destination, then what cannot be known."""

from collections.abc import Iterable, Iterator

from blinkdecl.diagnostics import counted
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.layout import PLAIN, Layout, moment, paragraph, wrapped
from blinkdecl.render.text.marks import Mark, marked
from blinkdecl.render.view.parts import View
from blinkdecl.routing.observation_problems import kind_text, nothing_sent_text, suspects_text

_MOST_KINDS = 3
# Ids and kinds of alerts are the server's text.
_LONGEST = 200
# Why nobody can say where alerts should have gone; each follows a number, of one alert as of many.
NOT_KNOWN = {
    "dynamic": "of detections with destinations(), which decide for themselves",
    "changed": "from before the last change of a detection",
    "deleted": "of detections that are gone",
    "unread": "of detections that could not be read",
    "new_kind": "of a severity or type that this version does not know",
}
_NOT_COMPARED = {
    **NOT_KNOWN,
    "skipped": "meant for nobody (SKIP)",
    "undecided": "so new that Panther may still deliver (it tries for 3 days)",
    "partly_read": "with deliveries that could not be read",
}
_WHERE_IDS_ARE = "Panther's console shows a destination's id in the address bar, on its page"
# Why the only destination that fits an id may be another one.
_UNCERTAIN = {
    "another-id": "another id fits it as well",
    "too-new": "these alerts are so new that others may still follow (3 days), or could not be read in full",
    "not-owed": "whether it had to get these alerts, nobody knows without their log types",
}


def observation_text(
    document: View, *, recording: str | None = None, verbose: bool = False, layout: Layout = PLAIN
) -> str:
    """Return the whole; `verbose` = with every kind of alert that is not as declared.

    `recording` = the command that records an id, ADDRESS and UUID to be filled in; None = there is none.
    """
    parts = [paragraph(headline(document), layout)]
    parts += ["\n".join(_destination(each, layout, verbose=verbose)) for each in document["destinations"]]
    if document["unknown"]:
        lines = ["Output ids that no record has:"]
        lines += [line for each in document["unknown"] for line in wrapped(unknown_text(each), "  ", "    ", layout)]
        parts.append("\n".join(lines))
    if recording is not None and _has_unknown_id(document):
        parts.append(paragraph(f"{_WHERE_IDS_ARE}: `{recording}` records it.", layout))
    if told := list(not_compared(document)):
        lines = [line for each in told for line in wrapped(each, "  ", "    ", layout)]
        parts.append("\n".join(["Not held against anybody:", *lines]))
    parts += [paragraph(each, layout) for each in _ways_out(document["diagnostics"])]
    return "\n\n".join(parts)


def _has_unknown_id(document: View) -> bool:
    """Whether a destination has no recorded id, and no id was found that fits it alone."""
    found = {address for each in document["unknown"] if each["command"] for address in each["fits"]}
    return any(each["output_id"] is None and each["address"] not in found for each in document["destinations"])


def headline(document: View) -> str:
    """Return in a sentence what was looked at, and what came of it."""
    entries = document["destinations"]
    failed = sum(each["failed"] for each in entries)
    differing = sum(bool(each["missing"] or each["unexpected"]) for each in entries)
    told = [f"{counted(failed, 'alert')} could not be delivered"] if failed else []
    told += [f"{counted(differing, 'destination')} not as declared"] if differing else []
    if not told:
        told = [_nothing_wrong(entries)]
    period = f"{moment(document['from'])} to {moment(document['to'])}"
    return f"{counted(document['alerts'], 'alert')}, {period}: {'; '.join(told)}."


def _nothing_wrong(entries: Iterable[View]) -> str:
    """Return how far it is known that nothing differs."""
    if any(state_of(each) != "not known" for each in entries):
        return "as declared, as far as they tell"
    if any(each["output_id"] is not None for each in entries):
        return "they tell nothing of the recorded destinations"
    return "no destination has a recorded id, so that nothing is known"


def counts_text(entry: View) -> str:
    """Return what became of a destination's alerts."""
    if entry["output_id"] is None:
        return "its id is not recorded"
    told = [f"{entry['delivered']} delivered"]
    told += [f"{entry['recovered']} of them only when tried again"] if entry["recovered"] else []
    for name, words in (
        ("failed", "failed for good"),
        ("missing", "missing"),
        ("unexpected", "unexpected"),
        ("pending", "that may still come"),
    ):
        told += [f"{entry[name]} {words}"] if entry[name] else []
    return ", ".join(told)


def state_of(entry: View) -> str:
    """Return in a word how a destination is: ``fails``, ``differs``, ``not known``, ``as declared``."""
    if entry["failed"]:
        return "fails"
    if entry["missing"] or entry["unexpected"]:
        return "differs"
    return "as declared" if entry["evidence"] else "not known"


def _nothing_sent(entry: View) -> bool:
    """Whether nothing was sent to a destination, nor tried: that none differs then says nothing of it."""
    return not entry["delivered"] and entry["last_failure"] is None


def deviation_texts(entry: View, most: int = _MOST_KINDS) -> Iterator[str]:
    """Yield which alerts did not come or came, a sentence for each kind, and what would explain it."""
    shown = entry["deviations"][:most]
    for each in shown:
        why = f", against {suspects_text(each['suspects'])}" if each["suspects"] else ""
        ids = ", ".join(each["examples"])
        which = kind_text(each["count"], each["severity"], each["type"], each["log_types"], each["override"])
        first, last = moment(each["first"]), moment(each["last"])
        when = first if first == last else f"{first} to {last}"
        yield one_line(f"{each['what']}: {which[:_LONGEST]}{why}; {when} ({ids[:_LONGEST]})")
    if len(shown) < len(entry["deviations"]):
        yield f"and {counted(len(entry['deviations']) - len(shown), 'kind')} more, which -v lists"
    if entry["missing"] and _nothing_sent(entry):
        yield nothing_sent_text(one_line(entry["output_id"][:_LONGEST]))
    if entry["suspects"]:
        yield f"one thing would explain all that is missing: {suspects_text(entry['suspects'])}"


def not_observed_text(entry: View) -> str:
    """Return of which declared values no alert came that would tell anything; "" = of none."""
    values = [value for names in entry["not_observed"].values() for value in names]
    return f"not observed, since no such alert tells: {one_line(', '.join(values))}" if values else ""


def last_text(entry: View) -> str:
    """Return when an alert last arrived, and when one last failed."""
    told = [f"last arrived {moment(entry['last_success'])}"] if entry["last_success"] else []
    if entry["last_failure"]:
        told.append(f"last failed {moment(entry['last_failure'])} with HTTP {entry['last_failure_status']}")
    return "; ".join(told)


def unknown_text(entry: View) -> str:
    """Return what an id that no record has may be."""
    got = f"{one_line(entry['output_id'][:_LONGEST])} {_got_text(entry)}"
    if not entry["fits"]:
        return f"{got}, and no destination fits that whose id is not recorded, or got nothing"
    fits = f"{got}, which fits {' and '.join(map(one_line, entry['fits']))}"
    if entry["certain"]:
        return f"{fits} alone{_recording_text(entry)}"
    if entry["would_tell"]:
        return f"{fits}; what would tell: a {one_line(entry['would_tell'])}"
    why = _UNCERTAIN.get(entry["uncertainty"], "they take the same alerts")
    return f"{fits}; {why}: look in Panther's console which it is"


def _got_text(entry: View) -> str:
    """Return what became of the alerts for an id: one that was tried in vain did not get them."""
    failed = entry["failed"]
    if entry["delivered"]:
        return f"got {counted(entry['delivered'], 'alert')}{f', and {failed} not' if failed else ''}"
    if failed:
        return f"was tried with {counted(failed, 'alert')}, and got none"
    return "was tried, and is not known to have got an alert"


def _recording_text(entry: View) -> str:
    """Return how the id of the only destination that fits is recorded; one that was recorded got nothing."""
    command = f"`{entry['command']}`" if entry["command"] else ""
    if entry["replaces"] is None:
        return f": {command} records it" if command else ""
    told = f", whose recorded id {one_line(entry['replaces'][:_LONGEST])} got nothing"
    return f"{told}: if it was made anew in Panther's console, {command} records the new one" if command else told


def not_compared(document: View) -> Iterator[str]:
    """Yield how many alerts were not held against anybody, and why."""
    for name, words in _NOT_COMPARED.items():
        if count := document["not_compared"][name]:
            yield f"{count} {words}"


def _ways_out(diagnostics: Iterable[View]) -> Iterator[str]:
    """Yield what to do about each kind of trouble, once."""
    helps = {each["code"]: note["text"] for each in diagnostics for note in each["notes"] if note["label"] == "help"}
    for code, told in helps.items():
        yield f"{told[0].upper()}{told[1:]}. `blinkdecl help {code}` says more."


def _destination(entry: View, layout: Layout, *, verbose: bool) -> Iterator[str]:
    mark = {"fails": Mark.LOSS, "differs": Mark.ATTENTION, "as declared": Mark.GOOD}.get(state_of(entry))
    state = state_of(entry)
    yield f"  {one_line(entry['address'])}: {marked(mark, state) if mark else state}"
    told = [counts_text(entry), last_text(entry)]
    told += deviation_texts(entry, len(entry["deviations"]) if verbose else _MOST_KINDS)
    told.append(not_observed_text(entry) if entry["output_id"] is not None else "")
    for each in filter(None, told):
        yield from wrapped(each, "      ", "        ", layout)
