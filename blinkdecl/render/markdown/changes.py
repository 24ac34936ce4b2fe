"""Changes as Markdown, of a plan or of a run: what goes away, the table of the rest, and each in full, folded."""

from collections.abc import Iterator, Sequence

from blinkdecl.render.markdown import code, code_cell, escaped
from blinkdecl.render.markdown.blocks import at_place, fenced, folded, listed_whole, place_link
from blinkdecl.render.markdown.page import PageOptions, Whole
from blinkdecl.render.text.changes import action_word, change_blocks
from blinkdecl.render.text.marks import plain
from blinkdecl.render.view.parts import View

_GONE = {"delete": "To destroy", "forget": "To forget"}


def is_deletion(change: View) -> bool:
    """Whether a resource goes away, or its record: nobody may overlook that."""
    return str(change["action"]) in ("delete", "forget")


def deletions(plan: View, options: PageOptions) -> list[Whole]:
    """Return a box for what is destroyed, and one for what is forgotten."""
    found: dict[str, list[View]] = {}
    for each in filter(is_deletion, plan["resource_changes"]):
        found.setdefault(_GONE["forget" if each["type"] == "trigger" else each["action"]], []).append(each)
    return [_box(head, entries, options) for head, entries in found.items()]


def _box(head: str, entries: Sequence[View], options: PageOptions) -> Whole:
    names = [each["address"] for each in entries]
    items = [f"{code(each['address'])}{at_place(each.get('position'), options)}" for each in entries]
    return listed_whole("WARNING", f"{head} ({len(names)}):", items, names)


def changes_table(plan: View, options: PageOptions) -> Iterator[str]:
    """Yield the table of what is done to the other resources."""
    changes = [each for each in plan["resource_changes"] if not is_deletion(each)]
    if not changes:
        return
    shown = changes[: options.room.rows]
    yield from ("", "| Action | Resource | Declared at |", "|---|---|---|")
    for each in shown:
        at = place_link(each["position"], options, cell=True)
        yield f"| {escaped(action_word(each))} | {code_cell(each['address'])} | {at} |"
    if len(shown) < len(changes):
        yield from ("", f"and {len(changes) - len(shown)} more.")


def changes_in_full(plan: View, options: PageOptions) -> Iterator[str]:
    """Yield a fold with each change as a diff."""
    ordered = sorted(plan["resource_changes"], key=lambda each: not is_deletion(each))
    shown = ordered[: options.room.rows]
    blocks = plain("\n\n".join(change_blocks(shown, plan["resource_drift"], layout=options.layout)))
    if shown:
        yield from folded("What changes", fenced("diff", _flush(blocks)))


def _flush(blocks: str) -> str:
    """Move the symbols to the left edge, where a diff has them."""
    return "\n".join(
        f"{stripped[0]} {line[: len(line) - len(stripped)]}{stripped[1:].lstrip()}"
        if (stripped := line.lstrip())[:2] in ("+ ", "- ", "~ ", "# ")
        else line
        for line in blocks.split("\n")
    ).replace("\n~ ", "\n! ")
