"""A plan as Markdown, for a pull request: who loses alerts, what is wrong, what is done, who receives what."""

from collections.abc import Iterator
from dataclasses import replace

from blinkdecl.diagnostics import counted
from blinkdecl.render.markdown import bold, code, code_cell, escaped
from blinkdecl.render.markdown.blocks import MOST, fenced, identified, page, routing_table
from blinkdecl.render.text.changes import action_word, change_blocks
from blinkdecl.render.text.diagnostics import diagnostics_text
from blinkdecl.render.text.drift import drift_blocks, ignored_text
from blinkdecl.render.text.impact import MOST_ROWS, heard_text, losses_text
from blinkdecl.render.text.layout import PLAIN, Layout, pasteable, place
from blinkdecl.render.text.marks import plain
from blinkdecl.render.text.plan import EXPOSURE_ALONE, conclusion
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import rows_of_plan

_MOST_CHANGES = 100
# The columns of a text of which Markdown makes lines itself.
_UNBROKEN = 100_000


def plan_markdown(plan: View, layout: Layout = PLAIN) -> str:
    """Return the plan, of its environment; the full text of its changes is folded."""
    return identified(_page(plan, layout), "plan", plan["environment"])


def _page(plan: View, layout: Layout) -> str:
    where = f" for {escaped(plan['environment'])}" if plan["environment"] else ""
    if plan["state"] is None:
        return page([f"## No plan could be made{where}"], (_problems(plan, layout), MOST // 2))
    first, *rest = [*map(plain, conclusion(plan, replace(layout, width=_UNBROKEN)))] or [
        "No changes, and problems to look at"
    ]
    title, _, besides = first.partition("\n")
    title = escaped(" ".join(title.split()))
    if where:
        title = f"Plan{where}: {title.removeprefix('Plan:').strip()}"
    lines = [f"## {title}", *(["", escaped(" ".join(besides.split()))] if besides else [])]
    if plan["exposure"]:
        lines += ["", "> **Where secrets go, against what was last applied:**"]
        lines += [f"> - {escaped(each)}" for each in plan["exposure"]]
        if not plan["resource_changes"] and not plan["errored"]:
            lines += [">", f"> {pasteable(EXPOSURE_ALONE, layout)}"]
    if lost := losses_text(plan["lost_alerts"]):
        lines += ["", f"> {bold(lost)}"]
    lines += [line for text in rest for line in ("", escaped(" ".join(text.split())))]
    others = (_routing(plan), MOST // 6), (_drift(plan, layout), MOST // 8), (_aside(plan), MOST // 20)
    return page(lines, (_problems(plan, layout), MOST // 3), *others, rest=_changes(plan, layout))


def _problems(plan: View, layout: Layout) -> Iterator[str]:
    if plan["diagnostics"]:
        yield from ("", *fenced("", plain(diagnostics_text(plan["diagnostics"], layout))))


def _changes(plan: View, layout: Layout) -> Iterator[str]:
    changes = plan["resource_changes"]
    if not changes:
        return
    shown = changes[:_MOST_CHANGES]
    yield from ("", "| Action | Resource | Declared at |", "|---|---|---|")
    for each in shown:
        at = code_cell(place(each["position"])) if each["position"] else ""
        yield f"| {escaped(action_word(each))} | {code_cell(each['address'])} | {at} |"
    if len(shown) < len(changes):
        yield from ("", f"and {len(changes) - len(shown)} more.")
    blocks = plain("\n\n".join(change_blocks(shown, plan["resource_drift"], layout=layout)))
    yield from ("", "<details><summary>What changes</summary>", "", *fenced("diff", _flush(blocks)), "", "</details>")


def _flush(blocks: str) -> str:
    """Move the symbols to the left edge, where a diff has them."""
    return "\n".join(
        f"{stripped[0]} {line[: len(line) - len(stripped)]}{stripped[1:].lstrip()}"
        if (stripped := line.lstrip())[:2] in ("+ ", "- ", "~ ", "# ")
        else line
        for line in blocks.split("\n")
    ).replace("\n~ ", "\n! ")


def _routing(plan: View) -> Iterator[str]:
    rows = rows_of_plan(plan)
    if not rows:
        return
    yield from routing_table(rows, "Now", "After")
    if heard := heard_text(rows):
        yield from ("", f"Note: {escaped(heard)}")


def _drift(plan: View, layout: Layout) -> Iterator[str]:
    if plan["resource_drift"]:
        blocks = plain("\n\n".join(drift_blocks(plan["resource_drift"], layout)))
        yield from ("", "### Changed outside of blinkdecl", "", *fenced("", blocks))


def _aside(plan: View) -> Iterator[str]:
    ignored = [f"{ignored_text(count)}"] if (count := plan["summary"]["unmanaged_ignored"]) else []
    if told := [counted(len(plan["unmanaged"]), "live destination")] * bool(plan["unmanaged"]) + ignored:
        yield from ("", f"Unmanaged, and left alone: {' and '.join(told)}.")
    if plan["unverified"]:
        addresses = ", ".join(code(each["address"]) for each in plan["unverified"][:MOST_ROWS])
        yield from ("", f"Secrets could not be verified here: {addresses}.")
