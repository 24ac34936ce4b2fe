"""Who receives what, as a table that fits a terminal: the number of destinations for each kind of alert."""

from collections.abc import Sequence
from textwrap import wrap

from blinkdecl.diagnostics import counted
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.impact import routing_text
from blinkdecl.render.text.layout import paragraph, place
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import alerts_text

_ALERTS = 40
_MOST_NAMES = 10


def coverage_text(document: View, *, verbose: bool) -> str:
    """Return the matrix and the rules; `verbose` names the destinations below each line."""
    found = document["coverage"]
    parts = drill_parts(found["drill"], verbose=verbose) if found["drill"] else []
    severities = list(found["matrix"][0]["destinations"])
    head = f"Destinations {'left ' if found['drill'] else ''}by kind of alert ({found['against']}):"
    lines = [f"{head:<{_ALERTS + 2}}{_row(severities, severities)}"]
    for each in found["matrix"]:
        counts = [_count(names, severity in each["silent"]) for severity, names in each["destinations"].items()]
        label = wrap(alerts_text(each), _ALERTS - 1, break_long_words=False)
        if len(label[0]) >= _ALERTS:
            label = ["", *label]
        lines.append(f"  {label[0]:<{_ALERTS}}{_row(counts, severities)}")
        lines += [f"  {more}" for more in label[1:]]
        if verbose:
            lines += _names(each["destinations"])
    parts.append("\n".join(lines))
    if found["rules"]:
        parts.append("\n".join(["Rules:", *map(_rule, found["rules"])]))
    if found["silences"]:
        parts.append("\n".join(["Declared to reach nobody:", *map(_silence, found["silences"])]))
    return "\n\n".join(parts)


def drill_parts(drill: View, *, verbose: bool) -> list[str]:
    """Return what is down, and who receives what then."""
    parts = [paragraph(each) for each in drill_sentences(drill)]
    if drill["routing"]:
        parts.append(routing_text(drill["routing"], "now", "then", verbose=verbose))
    return parts


def drill_sentences(drill: View) -> list[str]:
    """Return what is down without this, what is taken for down, and what is taken to stay."""
    gone = drill["down"]
    told = f"{counted(len(gone), 'destination')} would be down: {_labels(gone)}" if gone else "nothing would be down"
    said = [f"Without {_joined(drill['without'])}, {told}."]
    if drill["assumed"]:
        said.append(f"Taken for down as well, since it is not known where they lead: {_labels(drill['assumed'])}.")
    if drill["doubtful"]:
        said.append(f"Not known where they lead, and taken to stay: {_labels(drill['doubtful'])}.")
    return said


def _labels(names: Sequence[str]) -> str:
    more = [f"and {len(names) - _MOST_NAMES} more"] if len(names) > _MOST_NAMES else []
    return _joined([*(each.removeprefix("destination.") for each in names[:_MOST_NAMES]), *more])


def silence_text(silence: View) -> str:
    """Return which alerts are meant to reach nobody, why, and who receives some of them all the same."""
    heard = f"; note: such alerts reach {_labels(silence['reached'])}" if silence["reached"] else ""
    return f"{_alerts(silence)}: {one_line(silence['reason'])}{heard}"


def rule_text(rule: View) -> str:
    """Return what a rule asks for."""
    differ = f" with different {rule['independent']}s" if rule["min_destinations"] > 1 else ""
    return f"{_alerts(rule)}: at least {counted(rule['min_destinations'], 'destination')}{differ}"


def _alerts(rule: View) -> str:
    severities = _joined(rule["severities"]) or "every severity"
    types = _joined(rule["alert_types"]) or "every alert type"
    logs = f" from {_joined(rule['log_types'])}" if rule["log_types"] else ""
    return f"{severities}; {types}{logs}"


def _count(names: Sequence[str], silent: bool) -> str:  # noqa: FBT001 - one of two facts of a field
    """Return how many receive such alerts: 0 is an alarm, and what is meant to reach nobody is not."""
    return "-" if silent and not names else str(len(names))


def _row(cells: Sequence[str], heads: Sequence[str]) -> str:
    return "".join(f"{each:>{len(head) + 2}}" for each, head in zip(cells, heads, strict=True))


def _names(destinations: View) -> list[str]:
    by_names: dict[str, list[str]] = {}
    for severity, names in destinations.items():
        if names:
            by_names.setdefault(_joined([each.removeprefix("destination.") for each in names]), []).append(severity)
    told = [f"{_joined(severities)}: {names}" for names, severities in by_names.items()]
    return [line for each in told for line in wrap(each, 76, initial_indent="    ", subsequent_indent="      ")]


def _rule(rule: View) -> str:
    head = f"  {'kept' if rule['kept'] else 'broken':<7} {rule_text(rule)}"
    return _item(head, rule)


def _silence(silence: View) -> str:
    return _item(f"  silent  {silence_text(silence)}", silence)


def _item(head: str, rule: View) -> str:
    text = f"{head}  ({place(rule['position'])})"
    return "\n".join(wrap(text, 80, subsequent_indent=" " * 10, break_long_words=False, break_on_hyphens=False))


def _joined(words: Sequence[str]) -> str:
    return ", ".join(map(one_line, words))
