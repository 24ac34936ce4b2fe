"""Who receives what as Markdown: the rules that are broken, what a drill leaves, then the rules and the numbers."""

from collections.abc import Iterator

from blinkdecl.render.markdown import escaped
from blinkdecl.render.markdown.blocks import (
    broken_rules,
    folded,
    losses,
    other_problems,
    place_link,
    problems,
    routing_table,
)
from blinkdecl.render.markdown.page import PageOptions, Section, Whole, page
from blinkdecl.render.text.coverage import drill_sentences, rule_text, silence_text
from blinkdecl.render.text.deliveries import fails, in_order, proof_words
from blinkdecl.render.text.impact import LEGEND
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import alerts_text, happens


def coverage_markdown(document: View, options: PageOptions) -> str:
    """Return the report; who receives each kind of alert is folded."""
    found = document["coverage"]
    kept, rules = sum(each["kept"] for each in found["rules"]), len(found["rules"])
    told = f"{kept} of {rules} rules kept" if rules else "no rules"
    title = f"Coverage{escaped(options.where)} ({found['against']}): {told}"
    return page(title, _sections(document, options), options)


def _sections(document: View, options: PageOptions) -> Iterator[Section | Whole]:
    found, told = document["coverage"], document["diagnostics"]
    if drill := found["drill"]:
        yield Section([line for each in drill_sentences(drill) for line in ("", escaped(each))])
        yield losses(drill["routing"], "Then nobody receives:")
    yield broken_rules(told, options)
    yield Section(problems(told, options), 3)
    yield Section(_rules(found, options), 2)
    yield Section(_matrix(found), 2)
    if drill:
        yield Section(routing_table(drill["routing"], "Now", "Then"), 2)
    yield Section(_silences(found, options))
    yield Section(_names(found), 2)
    yield Section(_proofs(found), 2)
    yield Section(other_problems(told, options))


def _rules(found: View, options: PageOptions) -> Iterator[str]:
    if found["rules"]:
        yield from ("", "| Rule | Kept | Declared at |", "|---|---|---|")
    for each in sorted(found["rules"], key=lambda rule: bool(rule["kept"])):
        kept = "yes" if each["kept"] else "**no**"
        yield f"| {escaped(rule_text(each))} | {kept} | {place_link(each['position'], options, cell=True)} |"


def _matrix(found: View) -> Iterator[str]:
    severities = list(found["matrix"][0]["destinations"])
    head = "Destinations left" if found["drill"] else "Destinations"
    yield from ("", f"### {head} by kind of alert", "", f"| Alerts | {' | '.join(severities)} |")
    yield "|---|" + "---:|" * len(severities)
    for each in found["matrix"]:
        counts = (
            ("" if not happens(each, severity) else str(len(names)) if names else _nobody(each, severity))
            for severity, names in each["destinations"].items()
        )
        yield f"| {escaped(alerts_text(each))} | {' | '.join(counts)} |"


def _nobody(line: View, severity: str) -> str:
    return "-" if severity in line["silent"] else "**0**"


def _silences(found: View, options: PageOptions) -> Iterator[str]:
    if found["silences"]:
        yield from ("", "Declared to reach nobody:", "")
        for each in found["silences"]:
            yield f"- {escaped(silence_text(each))} {place_link(each['position'], options)}"


def _proofs(found: View) -> Iterator[str]:
    """Yield when destinations were last proved: those that fail, and the others in a fold."""
    told = in_order(found["destinations"] or ())
    lines = [f"- {escaped(each['address'])}: {escaped(proof_words(each))}" for each in told]
    failing = sum(map(fails, told))
    if failing:
        yield from ("", "Failed when last heard of:", "", *lines[:failing])
    if len(lines) > failing:
        yield from folded("When each was last proved", lines[failing:])


def _names(found: View) -> Iterator[str]:
    """Yield a fold with every name, severities with the same destinations together."""
    lines, unmanaged = [], False
    for line in found["matrix"]:
        by_names: dict[tuple[str, ...], list[str]] = {}
        for severity, names in line["destinations"].items():
            if not happens(line, severity):
                continue
            by_names.setdefault(tuple(names), []).append(severity)
        for names, severities in by_names.items():
            told = ", ".join(each.removeprefix("destination.") for each in names) or "nobody"
            lines.append(f"- {escaped(alerts_text(line))}: {', '.join(severities)}: {escaped(told)}")
            unmanaged = unmanaged or any(each.startswith('"') for each in names)
    yield from folded("Who receives what", [*lines, *(["", LEGEND] if unmanaged else [])])
