"""Who receives what, as a table that fits a terminal: the number of destinations for each kind of alert."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from blinkdecl.diagnostics import counted
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.deliveries import proofs_text
from blinkdecl.render.text.impact import LEGEND, routing_text
from blinkdecl.render.text.layout import PLAIN, Layout, paragraph, place, wrapped
from blinkdecl.render.text.marks import Mark, marked
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import alerts_text, happens

# The column of alerts in 80 columns, and in fewer; the numbers have the rest.
_ALERTS, _LEAST_ALERTS, _NUMBERS = 40, 20, 40
_MOST_NAMES, _FEW_NAMES = 10, 3


def coverage_text(document: View, *, verbose: bool, layout: Layout = PLAIN) -> str:
    """Return the matrix, a few names below each line, and the rules; `verbose` names every destination."""
    found = document["coverage"]
    parts = drill_parts(found["drill"], verbose=verbose, layout=layout) if found["drill"] else []
    parts.append("\n".join(_matrix(found, layout, verbose=verbose)))
    if found["rules"]:
        parts.append("\n".join(["Rules:", *(_rule(each, layout) for each in found["rules"])]))
    if found["silences"]:
        parts.append("\n".join(["Declared to reach nobody:", *(_silence(each, layout) for each in found["silences"])]))
    if found["destinations"]:
        parts.append(proofs_text(found["destinations"], verbose=verbose, layout=layout))
    return "\n\n".join(parts)


def _matrix(found: View, layout: Layout, *, verbose: bool) -> Iterator[str]:
    """Yield the lines of the matrix: how many receive each kind of alert, and who."""
    severities = list(found["matrix"][0]["destinations"])
    labels = [alerts_text(each) for each in found["matrix"]]
    room = max(_LEAST_ALERTS, layout.width - _NUMBERS)
    width = max(min(_ALERTS, room), min(room, max(map(len, labels)) + 1))
    head = f"Destinations {'left ' if found['drill'] else ''}by kind of alert ({found['against']}):"
    if len(head) > max(width, _ALERTS) + 2 or width < _ALERTS:
        yield head
        head = ""
    yield f"{head:<{width + 2}}{_row(severities, severities)}"
    unmanaged = False
    for each, label in zip(found["matrix"], labels, strict=True):
        counts = _row([_count(each, severity) for severity in severities], severities, _marks(each))
        lines = wrapped(label, layout=Layout(width - 1))
        if len(lines[0]) >= width:
            lines = ["", *lines]
        yield f"  {lines[0]:<{width}}{counts}".rstrip()
        yield from (f"  {more}" for more in lines[1:])
        told = {severity: names for severity, names in each["destinations"].items() if happens(each, severity)}
        yield from _names(told, layout, verbose=verbose)
        unmanaged = unmanaged or any(name.startswith('"') for names in each["destinations"].values() for name in names)
    if unmanaged:
        yield from wrapped(LEGEND, "  ", "  ", layout)


def drill_parts(drill: View, *, verbose: bool, layout: Layout = PLAIN) -> list[str]:
    """Return what is down, and who receives what then."""
    parts = [paragraph(each, layout) for each in drill_sentences(drill)]
    if drill["routing"]:
        parts.append(routing_text(drill["routing"], "now", "then", verbose=verbose, layout=layout))
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


def _count(line: View, severity: str) -> str:
    """Return how many receive such alerts; "-" where nobody does, and is meant to; nothing where there are none."""
    if not happens(line, severity):
        return ""
    names = line["destinations"][severity]
    return "-" if severity in line["silent"] and not names else str(len(names))


def _marks(line: View) -> list[Mark | None]:
    """Return how each number of a line is to look: a rule is broken, nobody receives these, or neither."""
    nobody = {each for each, names in line["destinations"].items() if not names and each not in line["silent"]}
    dark = dict.fromkeys(nobody, Mark.NOBODY) | dict.fromkeys(line["broken"], Mark.LOSS)
    return [dark.get(each) if happens(line, each) else None for each in line["destinations"]]


def _row(cells: Sequence[str], heads: Sequence[str], marks: Sequence[Mark | None] = ()) -> str:
    """Return numbers below their heads, each in as many columns."""
    padded = [each.rjust(len(head) + 2) for each, head in zip(cells, heads, strict=True)]
    return "".join(marked(mark, each) if mark else each for each, mark in zip_longest(padded, marks))


def _names(destinations: View, layout: Layout, *, verbose: bool) -> list[str]:
    """Return who receives these alerts, severities with the same destinations together."""
    by_names: dict[tuple[str, ...], list[str]] = {}
    for severity, names in destinations.items():
        if names:
            by_names.setdefault(tuple(names), []).append(severity)
    lines = []
    for names, severities in by_names.items():
        shown = names if verbose or len(names) <= _FEW_NAMES else names[:_FEW_NAMES]
        more = f", and {len(names) - len(shown)} more" if len(shown) < len(names) else ""
        told = _joined([each.removeprefix("destination.") for each in shown])
        lines += wrapped(f"{_joined(severities)}: {told}{more}", "    ", "      ", layout)
    return lines


def _rule(rule: View, layout: Layout) -> str:
    return _item("kept" if rule["kept"] else "broken", rule_text(rule), rule, layout)


def _silence(silence: View, layout: Layout) -> str:
    return _item("silent", silence_text(silence), silence, layout)


def _item(head: str, text: str, rule: View, layout: Layout) -> str:
    return "\n".join(wrapped(f"{text}  ({place(rule['position'])})", f"  {head:<7} ", " " * 10, layout))


def _joined(words: Sequence[str]) -> str:
    return ", ".join(map(one_line, words))
