"""A plan as Markdown, for a pull request: who loses alerts, what is wrong, what goes, what is done, who gets what."""

import shlex
from collections.abc import Iterator
from dataclasses import replace

from blinkdecl.diagnostics import counted
from blinkdecl.render.markdown import code, escaped
from blinkdecl.render.markdown.blocks import (
    alert,
    broken_rules,
    fenced,
    folded,
    losses,
    other_problems,
    problems,
    routing_table,
)
from blinkdecl.render.markdown.changes import changes_in_full, changes_table, deletions
from blinkdecl.render.markdown.page import DEFAULT, PageOptions, Section, Whole, page
from blinkdecl.render.markdown.replay import replay_table, unheard_box
from blinkdecl.render.text.diagnostics import count_text
from blinkdecl.render.text.drift import drift_blocks, ignored_text
from blinkdecl.render.text.impact import MOST_ROWS, heard_text, outage_text
from blinkdecl.render.text.layout import Layout, pasteable, reference_text
from blinkdecl.render.text.marks import plain
from blinkdecl.render.text.plan import EXPOSURE_ALONE, conclusion, offline_text
from blinkdecl.render.view.following import apply_words
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import restored_alerts, rows_of_plan

# The columns of a text of which Markdown makes lines itself.
_UNBROKEN = 100_000


def plan_markdown(plan: View, options: PageOptions = DEFAULT) -> str:
    """Return the plan, of its environment; the full text of its changes is folded."""
    options = replace(options, environment=plan["environment"])
    if plan["state"] is None:
        return failed_markdown(plan, options)
    title, besides = _title(plan, options)
    return page(title, _sections(plan, besides, options), options)


def failed_markdown(plan: View, options: PageOptions) -> str:
    """Return why there is no plan, or why drift could not be looked for."""
    where, told = escaped(options.where), plan["diagnostics"]
    title = f"Drift{where} is not known" if options.command == "drift" else f"No plan could be made{where}"
    parts = (broken_rules(told, options), Section(problems(told, options)), Section(other_problems(told, options)))
    return page(title, parts, options)


def _title(plan: View, options: PageOptions) -> tuple[str, list[str]]:
    """Return the title, and the sentences that go with it."""
    unbroken = replace(options.layout, width=_UNBROKEN)
    first, *rest = [*map(plain, conclusion(plan, unbroken))] or ["No changes, and problems to look at"]
    title, _, besides = first.partition("\n")
    title = escaped(" ".join(title.split()))
    if options.where or plan["offline"]:
        kind = "Offline plan" if plan["offline"] else "Plan"
        title = f"{kind}{escaped(options.where)}: {title.removeprefix('Plan:').strip()}"
    return title, [escaped(" ".join(each.split())) for each in (besides, *rest) if each]


def _sections(plan: View, besides: list[str], options: PageOptions) -> Iterator[Section | Whole]:
    told, rows = plan["diagnostics"], rows_of_plan(plan)
    yield losses(plan["routing"], "After this plan nobody receives:")
    yield Section(alert("CAUTION", outage_text(plan)) if restored_alerts(plan) else ())
    yield Section(unheard_box(plan))
    yield broken_rules(told, options)
    yield Section([line for each in besides for line in ("", each)])
    yield Section(["", f"> {escaped(f'Offline: {offline_text(plan)}')}"] if plan["offline"] else ())
    yield Section(_exactly(plan, options.layout))
    yield Section(_exposure(plan, options.layout))
    yield Section(alert("CAUTION", f"This plan cannot be applied: {count_text(told)}") if plan["errored"] else ())
    yield Section(problems(told, options), 3)
    yield from deletions(plan, options)
    yield Section(changes_table(plan, options), 2)
    yield Section(_routing(plan, rows), 2)
    yield Section(replay_table(plan, options), 2)
    yield Section(_aside(plan, options.layout))
    yield Section(changes_in_full(plan, options), 3)
    yield Section(_drift(plan, options.layout), 2)
    yield Section(other_problems(told, options))


def _exposure(plan: View, layout: Layout) -> Iterator[str]:
    if plan["exposure"]:
        yield from alert("WARNING", "Where secrets go, against what was last applied:", map(escaped, plan["exposure"]))
        if not plan["resource_changes"] and not plan["errored"]:
            yield from (">", f"> {pasteable(EXPOSURE_ALONE, layout)}")


def _exactly(plan: View, layout: Layout) -> list[str]:
    """Return how to apply just what is reviewed here, or its digest where there is nothing to apply."""
    if not plan["review_digest"]:
        return []
    words = apply_words(plan)
    if words is None:
        return ["", f"Review digest: {code(plan['review_digest'])}"]
    return ["", f"To apply exactly this: {code(f'{layout.program} {shlex.join(words)}')}"]


def _routing(plan: View, rows: list[View]) -> Iterator[str]:
    yield from routing_table(rows, "Now", "After")
    if heard := heard_text(rows):
        yield from ("", f"Note: {escaped(heard)}")


def _drift(plan: View, layout: Layout) -> Iterator[str]:
    if found := plan["resource_drift"]:
        blocks = plain("\n\n".join(drift_blocks(found, layout)))
        yield from folded(f"Changed outside of blinkdecl ({len(found)})", fenced("", blocks))


def _aside(plan: View, layout: Layout) -> Iterator[str]:
    ignored = [f"{ignored_text(count)}"] if (count := plan["summary"]["unmanaged_ignored"]) else []
    if told := [counted(len(plan["unmanaged"]), "live destination")] * bool(plan["unmanaged"]) + ignored:
        yield from ("", f"Unmanaged, and left alone: {' and '.join(told)}.")
    if found := plan["unverified"]:
        addresses = ", ".join(code(each["address"]) for each in found[:MOST_ROWS])
        more = f" and {len(found) - MOST_ROWS} more" if len(found) > MOST_ROWS else ""
        yield from ("", f"Secrets could not be verified here: {addresses}{more}.")
    if absent := plan["without_value"]:
        more = f" and {len(absent) - MOST_ROWS} more" if len(absent) > MOST_ROWS else ""
        named = ", ".join(
            f"{code(reference_text(each['reference']))} {escaped(each['reason'])}" for each in absent[:MOST_ROWS]
        )
        yield from ("", f"Without a value here: {named}{more}. {code('blinkdecl apply')} needs what it changes.")
