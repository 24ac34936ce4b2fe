"""What a CI system is told of a view as single findings: its problems, and what it says of drift and of alerts that
get lost, each as the view has a problem."""

from collections.abc import Iterator

from blinkdecl.render.view.parts import View


def findings(document: View) -> Iterator[View]:
    """Yield one dict per finding, shaped as a diagnostic of the view.

    Drift that is waived is none: until its date it is accepted.
    """
    yield from document["diagnostics"]
    for each in document.get("resource_drift", ()):
        if not each["waived"]:
            yield _drift(each)
    for each in document.get("lost_alerts", ()):
        remedy = "undo what changed, declare a destination that takes them, or the silence (`coverage`, `nobody: true`)"
        yield _finding("lost-alerts", f"nobody receives {each} any more", None, ("help", remedy))


def _drift(drift: View) -> View:
    address, names = drift["address"], ", ".join(each["name"] for each in drift["differences"])
    who = " ".join(each for each in (drift["by"], drift["at"]) if each)
    notes = (("at", address), *((("who", who),) if who else ()), ("help", "`blinkdecl plan` shows what undoes it"))
    if drift["kind"] == "deleted":
        return _finding("deleted-outside", f"{address} was deleted outside blinkdecl", drift["position"], *notes)
    summary = f"{names} of {address} changed outside blinkdecl"
    return _finding("changed-outside", summary, drift["position"], *notes)


def _finding(code: str, summary: str, position: View | None, *notes: tuple[str, str]) -> View:
    return {
        "code": code,
        "severity": "warning",
        "summary": summary,
        "position": position,
        "excerpt": None,
        "notes": [{"label": label, "text": text} for label, text in notes],
    }
