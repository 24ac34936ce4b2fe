"""Who receives what, as a table that fits a terminal: the number of destinations for each kind of alert."""

from collections.abc import Sequence
from textwrap import wrap

from blinkdecl.diagnostics import counted
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.layout import place
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import alerts_text

_ALERTS = 40


def coverage_text(document: View, *, verbose: bool) -> str:
    """Return the matrix and the rules; `verbose` names the destinations below each line."""
    found = document["coverage"]
    severities = list(found["matrix"][0]["destinations"])
    head = f"Destinations by kind of alert ({found['against']}):"
    lines = [f"{head:<{_ALERTS + 2}}{_row(severities, severities)}"]
    for each in found["matrix"]:
        counts = [str(len(names) or "-") for names in each["destinations"].values()]
        label = wrap(alerts_text(each), _ALERTS - 1, break_long_words=False)
        if len(label[0]) >= _ALERTS:
            label = ["", *label]
        lines.append(f"  {label[0]:<{_ALERTS}}{_row(counts, severities)}")
        lines += [f"  {more}" for more in label[1:]]
        if verbose:
            lines += _names(each["destinations"])
    parts = ["\n".join(lines)]
    if found["rules"]:
        parts.append("\n".join(["Rules:", *map(_rule, found["rules"])]))
    return "\n\n".join(parts)


def rule_text(rule: View) -> str:
    """Return what a rule asks for."""
    severities = _joined(rule["severities"]) or "every severity"
    types = _joined(rule["alert_types"]) or "every alert type"
    logs = f" from {_joined(rule['log_types'])}" if rule["log_types"] else ""
    return f"{severities}; {types}{logs}: at least {counted(rule['min_destinations'], 'destination')}"


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
    text = f"{head}  ({place(rule['position'])})"
    return "\n".join(wrap(text, 80, subsequent_indent=" " * 10, break_long_words=False, break_on_hyphens=False))


def _joined(words: Sequence[str]) -> str:
    return ", ".join(map(one_line, words))
