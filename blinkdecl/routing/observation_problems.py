"""What is said of destinations that did not do what is declared: one problem for each kind of trouble. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from blinkdecl.diagnostics import Diagnostic, Position, counted
from blinkdecl.routing.observation import Observation, Observed, Suspect
from blinkdecl.routing.tally import OutputTally

_NAMED = 3
_WORDS: Mapping[Suspect, str] = {
    "severities": "its severities",
    "alert_types": "its alert types",
    "log_types": "its log types",
    "destination": "that it is there at all",
    "override": "the detections' OutputIds",
}
_FAILED_HELP = "Panther does not try again: send these again from its console, once `blinkdecl test` says that it works"
_DIFFERS_HELP = "compare the destination in Panther's console with what is declared, then change one of the two"


def problems_of(found: Observation, positions: Mapping[str, Position]) -> tuple[Diagnostic, ...]:
    """Return an error for each destination that lost alerts for good, then for each that is not as declared.

    `positions` = where destinations are declared, by address.
    """
    lost = [_lost(each, positions) for each in found.destinations if each.counts.failed]
    differing = [_differing(each, positions) for each in found.destinations if each.differs]
    return (*lost, *differing)


def kind_text(count: int, severity: str, alert_type: str, log_types: Sequence[str], override: Sequence[str]) -> str:
    """Return which alerts: ``2 HIGH RULE alerts from AWS.CloudTrail``, ``1 HIGH RULE alert with OutputIds``."""
    logs = f" from {' or '.join(log_types)}" if log_types else ""
    return f"{counted(count, f'{severity} {alert_type} alert')}{logs}{' with OutputIds' if override else ''}"


def suspects_text(suspects: Sequence[Suspect]) -> str:
    """Return what may not be as declared: ``its severities, or its log types``."""
    return ", or ".join(_WORDS[each] for each in suspects)


def nothing_sent_text(output_id: str) -> str:
    """Return that a recorded id got no alert at all: whoever recorded it may have taken another's."""
    return f"nothing at all was sent to the recorded id {output_id}: is it the right one?"


def _lost(observed: Observed, positions: Mapping[str, Position]) -> Diagnostic:
    count, address = observed.counts.failed, str(observed.receiver.address)
    summary = f"{counted(count, 'alert')} for {address} could not be delivered"
    notes = [("help", _FAILED_HELP)]
    if (last := observed.counts.last_failure) is not None:
        when = f"{last.at:%Y-%m-%d %H:%M:%S} UTC"
        notes.insert(0, ("note", f"the last attempt that failed: HTTP {last.status}, {when}"))
    return Diagnostic("delivery-failed", summary, position=positions.get(address), notes=tuple(notes))


def _differing(observed: Observed, positions: Mapping[str, Position]) -> Diagnostic:
    address = str(observed.receiver.address)
    told = []
    for what, some in (("did not come", observed.missing), ("came and should not have", observed.unexpected)):
        if count := sum(each.count for each in some):
            told.append(f"{counted(count, 'alert')} {what}")
    notes = (*_notes(observed), ("help", _DIFFERS_HELP))
    summary = f"{address} is not as declared: {', '.join(told)}"
    return Diagnostic("not-as-declared", summary, position=positions.get(address), notes=notes)


def _notes(observed: Observed) -> Iterator[tuple[str, str]]:
    for what, some in (("did not come", observed.missing), ("came", observed.unexpected)):
        for each in some[:_NAMED]:
            why = f" (against {suspects_text(each.suspects)})" if each.suspects else ""
            kind = each.kind
            which = kind_text(each.count, kind.severity, kind.type, kind.log_types or (), kind.override)
            yield "note", f"{which} {what}, such as {each.examples[0]}{why}"
        if len(some) > _NAMED:
            yield "note", f"and {counted(len(some) - _NAMED, 'kind')} more that {what}"
    if observed.counts == OutputTally():
        yield "note", nothing_sent_text(str(observed.receiver.id))
    if observed.suspects:
        yield "note", f"one thing would explain all that did not come: {suspects_text(observed.suspects)}"
