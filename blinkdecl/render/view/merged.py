"""The documents of many stacks -> one dict of what each comes to, the worst first. Pure.

A stack counts where its worst is; what else it has is told with it, so that no stack is in two places.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from blinkdecl.diagnostics import counted
from blinkdecl.diagnostics.codes import CODES, POLICY
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.replay import nobody_text

# What may be of a stack, the worst first; the last is not told one by one.
KINDS = {
    "failed": "Failed",
    "lost": "Alerts that reach nobody",
    "rules": "Broken rules",
    "deletes": "Destinations that are destroyed",
    "drift": "Changed outside",
    "changes": "Changes",
}
_ORDER = {kind: place for place, kind in enumerate(KINDS)}
_DELIVERY = ("not-delivered",)
# Documents of these say what a stack does, or how it is.
_COMMANDS = ("apply", "destroy", "confirm", "test", "coverage")
_ADDRESSES = 3


@dataclass(frozen=True, slots=True)
class Document:
    """What a stack left: its document, or the reason why there is none."""

    name: str
    view: View | None
    problem: str = ""


def merged_view(documents: Iterable[Document]) -> View:
    """Return `stacks`, each with its name, its worst `kind` and its `facts`; and how many are `quiet`."""
    found = [(each.name, sorted(_facts(each), key=lambda fact: _ORDER[fact[0]])) for each in documents]
    told = [{"name": name, "kind": facts[0][0], "facts": [text for _, text in facts]} for name, facts in found if facts]
    told.sort(key=lambda each: (_ORDER[str(each["kind"])], str(each["name"])))
    return {"stacks": told, "total": len(found), "quiet": len(found) - len(told)}


def _facts(document: Document) -> Iterator[tuple[str, str]]:
    """Yield what there is to tell of a stack, with its kind."""
    view = document.view
    if view is None:
        yield "failed", document.problem
        return
    if "resource_changes" not in view and view["command"] not in _COMMANDS and view["ok"]:
        yield "failed", f"it is a result of {view['command']}, not of plan, drift, apply, test or coverage"
        return
    errors = [each for each in view["diagnostics"] if each["severity"] == "error"]
    for each in errors:
        if each["code"] not in _DELIVERY:
            broken = CODES[each["code"]].exit_code == POLICY if each["code"] in CODES else False
            yield "rules" if broken else "failed", f"{each['summary']} [{each['code']}]"
    yield from (_of_plan if "resource_changes" in view else _of_results)(view)
    if view.get("errored", view.get("exit_code", 0) == 1) and not errors:
        yield "failed", "the run failed"


def _of_plan(view: View) -> Iterator[tuple[str, str]]:
    for each in view["lost_alerts"]:
        yield "lost", f"nobody receives {each} any more"
    if "replay" in view and (count := view["replay"]["unheard"]["alerts"]):
        yield "lost", f"{nobody_text(view['replay'])} would have received {counted(count, 'past alert')}"
    for change in view["resource_changes"]:
        if change["action"] == "delete" and change["address"].startswith("destination."):
            yield "deletes", f"{change['address']} is destroyed"
    for drift in view["resource_drift"]:
        if not drift["waived"]:
            yield "drift", f"{drift['address']} was {drift['kind']} outside"
    by_word: dict[str, list[str]] = {}
    for change in view["resource_changes"]:
        if not (change["action"] == "delete" and change["address"].startswith("destination.")):
            word = "move" if change["action"] == "no-op" else change["action"]
            by_word.setdefault(word, []).append(change["address"])
    if by_word:
        yield "changes", "; ".join(f"{word} {_named(addresses)}" for word, addresses in by_word.items())


def _named(addresses: Sequence[str]) -> str:
    more = [f"{len(addresses) - _ADDRESSES} more"] if len(addresses) > _ADDRESSES else []
    return ", ".join([*addresses[:_ADDRESSES], *more])


def _of_results(view: View) -> Iterator[tuple[str, str]]:
    for test in view["tests"]:
        if not test["delivered"]:
            yield "lost", f"a test alert to {test['address']} did not arrive"
    total = view["summary"]
    if failed := total["failed"] + total["skipped"]:
        yield "failed", f"{counted(failed, 'change')} not made"
    if done := total["added"] + total["changed"] + total["destroyed"]:
        yield "changes", f"{counted(done, 'change')} made"
