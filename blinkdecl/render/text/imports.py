"""What ``import`` took over, or would, as text."""

from collections.abc import Iterable, Iterator

from blinkdecl.diagnostics import counted, several, shortened
from blinkdecl.model.resource import kind_of
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.diagnostics import diagnostics_text
from blinkdecl.render.text.layout import Layout, paragraph, short_id
from blinkdecl.render.text.results import resource_text
from blinkdecl.render.view.parts import View

_NOTHING = "Nothing to import: every destination recognised as Blink's is already managed."
_NO_AUTOMATION = "Nothing to import: a trigger declares every automation that Panther's webhooks are seen to trigger."
_DRY_RUN = "Dry run: nothing was recorded, and no file was written."


def import_text(document: View, *, hidden: Iterable[str] = (), blink: bool = False, layout: Layout) -> str:
    """Return what was taken over, or would be, what could not be read, and what to set before the next apply.

    `blink` = it was looked for in Blink, of which nothing is recorded.
    """
    return "\n\n".join(_parts(document, tuple(hidden), layout, blink=blink))


def _parts(document: View, hidden: tuple[str, ...], layout: Layout, *, blink: bool) -> Iterator[str]:
    dry_run, written = document["dry_run"], document["written"]
    declared = written["addresses"] if written is not None else []  # of these the YAML says the same
    lines = [_line(each, dry_run=dry_run) for each in document["resources"] if dry_run or each["id"]]
    if lines or not (blink and written):
        yield "\n".join(lines) or paragraph(_NO_AUTOMATION if blink else _NOTHING, layout)
    if dry_run:
        yield from (resource_text(each, layout) for each in document["resources"] if each["address"] not in declared)
    if hidden:
        yield paragraph(
            f"Panther does not show {' and '.join(map(one_line, hidden))}: taken as declared, and unverified until the "
            "next change of this destination, which sends what is declared.",
            layout,
        )
    if written is not None and dry_run:
        yield f"{one_line(written['file'])} would hold:"
        yield written["text"].rstrip("\n")
    elif written is not None:
        kinds = [kind_of(each) for each in declared]
        counts = [counted(kinds.count(kind), kind) for kind in ("destination", "trigger") if kind in kinds]
        yield f"Wrote {one_line(written['file'])}: {', '.join(counts)}."
    if exports := list(_exports(document["variables"])):
        told = "Set these variables, with the values from Trigger Setup; `blinkdecl test` proves them:"
        yield "\n".join([paragraph(told, layout), *exports])
    if document["diagnostics"]:
        yield diagnostics_text(document["diagnostics"], layout)
    if dry_run:
        yield _DRY_RUN


def _line(resource: View, *, dry_run: bool) -> str:
    if resource["id"] is None:
        return f"{one_line(resource['address'])}: would be recorded"
    done = "would be imported" if dry_run else "imported"
    return f"{one_line(resource['address'])}: {done} [id={short_id(resource['id'])}]"


def _exports(variables: Iterable[View]) -> Iterator[str]:
    """Yield a line for each variable with whose it is: no command, since a shell would look into the names."""
    width = max((len(each["name"]) for each in variables), default=0)
    for each in variables:
        whose = several([f'"{shortened(name)}"' for name in each["display_names"]])
        yield f"  {each['name']:<{width}}  {one_line(whose)}"
