"""Where the alerts of detections go, as text: the sum, then by destination; problems by their kind."""

from collections.abc import Iterator, Sequence

from blinkdecl.diagnostics import counted
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.diagnostics import count_text, diagnostics_text
from blinkdecl.render.text.layout import PLAIN, Layout, wrapped
from blinkdecl.render.text.marks import Mark, marked
from blinkdecl.render.view.parts import View

# Of one kind of problem.
MOST = 5


def detections_text(document: View, *, verbose: bool, layout: Layout = PLAIN) -> str:
    """Return how many detections reach whom; `verbose` names each detection and why."""
    found = document["detections"]
    rows: dict[str, list[View]] = {}
    for each in found:
        for name in each["destinations"] if each["outcome"] == "reached" else ():
            rows.setdefault(name, []).append(each)
    lines = wrapped(summary_text(document["detection_summary"]), layout=layout)
    width = max((len(one_line(each)) for each in rows), default=0)
    if rows:
        lines += ["", "Their alerts go to:"]
    for name, theirs in sorted(rows.items()):
        lines.append(f"  {one_line(name):<{width}}  {counted(len(theirs), 'detection')}")
    if not verbose:
        lines += _unknown([each for each in found if each["outcome"] == "not_known"], layout)
        lines += ["", "-v names each detection, and why."] if found else []
    else:
        lines += [line for each in found for line in ("", *_detection(each, layout))]
    return "\n".join(lines)


def _unknown(found: Sequence[View], layout: Layout) -> Iterator[str]:
    """Yield the detections of which something is not known, and what."""
    if found:
        yield from ("", "Not known:")
    for each in found[: 2 * MOST]:
        yield from wrapped(one_line(f"{each['id']}: {'; '.join(each['not_known'])}"), "  ", "    ", layout)
    if len(found) > 2 * MOST:
        yield f"  and {len(found) - 2 * MOST} more, which -v lists"


def summary_text(summary: View) -> str:
    """Return how many there are of each kind, in one sentence."""
    meant, lost = summary["silent"], summary["lost"]
    partly = f" ({summary['partly']} not with every alert)" if summary["partly"] else ""
    parts = [f"{summary['reached']} reach somebody{partly}", f"{meant + lost} nobody ({meant} meant, {lost} not)"]
    parts += [f"{summary['not_known']} not known", f"{counted(summary['signal'], 'signal')}"]
    parts += [f"{summary['disabled']} disabled"]
    parts += [f"{summary['withheld']} not uploaded (Status)"] if summary["withheld"] else []
    told = f"{counted(summary['detections'], 'detection')}: {', '.join(parts)}."
    unread, passed = summary["unread"], summary["passed_over"]
    told += f" {counted(unread, 'file')} that may be one could not be read." if unread else ""
    where = "outside of the folders that panther_analysis_tool reads"
    return (
        f"{told} {counted(passed, 'YAML file')} {where} {'was' if passed == 1 else 'were'} passed over."
        if passed
        else told
    )


def problems_text(
    diagnostics: Sequence[View], layout: Layout = PLAIN, *, verbose: bool, hint: str = ", which -v lists"
) -> str:
    """Return the problems by their kind, errors first: of each kind a few, unless `verbose`; and their number.

    `hint` says where the others are.
    """
    parts = []
    for kind in _kinds(diagnostics):
        shown = kind if verbose else kind[:MOST]
        parts.append(diagnostics_text(shown, layout))
        if len(shown) < len(kind):
            parts.append(f"... and {len(kind) - len(shown)} more [{kind[0]['code']}]{hint}")
    return "\n\n".join((*parts, count_text(diagnostics)))


def kinds_of(diagnostics: Sequence[View]) -> list[tuple[str, str, int]]:
    """Return the kinds of problems as (severity, code, count), errors first."""
    return [(kind[0]["severity"], kind[0]["code"], len(kind)) for kind in _kinds(diagnostics)]


def _kinds(diagnostics: Sequence[View]) -> Iterator[list[View]]:
    kinds: dict[tuple[bool, str], list[View]] = {}
    for each in diagnostics:
        kinds.setdefault((each["severity"] != "error", each["code"]), []).append(each)
    yield from (kinds[each] for each in sorted(kinds, key=lambda kind: kind[0]))


def _detection(detection: View, layout: Layout) -> Iterator[str]:
    unknown = detection["outcome"] == "not_known"
    whom = ", ".join([*detection["destinations"], *(["not known"] if unknown else [])]) or "nobody"
    at = f"{one_line(detection['file'])}:{detection['line']}"
    told = marked(Mark.NOBODY, whom) if detection["outcome"] == "lost" else one_line(whom)
    yield f"{one_line(detection['id'])} -> {told}"
    yield from wrapped(one_line(f"{detection['reason']} ({at})"), "  ", "  ", layout)
