"""What a view has to tell a CI system: one list for every format that shows problems beside the lines they are about.

    error     what the command fails for
    warning   problems that let it pass, alerts that nobody receives any more, drift
    notice    what is planned, waived, or could not be verified

The order is by what is worst, then by place and words, so that it does not depend on the order in which things were
found. Texts are as they came: each format makes them harmless by its own rules.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from blinkdecl.diagnostics import several
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.changes import action_word
from blinkdecl.render.text.drift import until_text
from blinkdecl.render.text.layout import moment, value_text
from blinkdecl.render.text.plan import offline_text
from blinkdecl.render.text.replay import amount_text, detections_text
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.replay import nobody_text
from blinkdecl.render.view.routing import lost_alerts, lost_rows

Kind = Literal["error", "warning", "notice"]
KINDS: tuple[Kind, ...] = ("error", "warning", "notice")
# What a plan is going to do, and whom an alert reaches: nothing is wrong with it.
PLANNED, ROUTE = "planned", "route"
# What is found to have changed outside of the configuration.
DRIFT = ("changed-outside", "deleted-outside")
# Alerts that do not arrive come before everything else of their kind.
_WORST = ("coverage", "lost-alerts", "unreached", "not-delivered", "delivery-failed")
# Characters of a name or an id, which may be the server's text.
_LONGEST = 200
# What `place_of` puts after an owner.
_PLACE = re.compile(r" \([^()]*:\d+(?::\d+)?\)$")
# Lines, counts and statuses, but no digit that belongs to a name: such a name may stand between quotes.
_NUMBER = re.compile(r"(\"[^\"]*\")|(?<![\w.-])\d+(?![\w.-])")
# The place of an entry in its list, which is another when one is added above it.
_ENTRY = re.compile(r"\[\d+\]")
_NO_PLACE = ("", 0, 0)
_UNHEARD = "declare a destination that takes them, or that nobody is to (`coverage`, with `nobody: true`)"
_UNDONE = "`blinkdecl apply` undoes what changed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell. `check` = what kind of thing: a code that `blinkdecl help` explains if `coded`, or our word.

    `text` is one sentence. `subject` = what it is about, wherever that is written now. `file` is relative to the
    project's folder; "" where there is no place, and then `line`, `column` and `width` (in characters) are 0.
    """

    kind: Kind
    check: str
    text: str
    subject: str
    file: str = ""
    line: int = 0
    column: int = 0
    notes: tuple[tuple[str, str], ...] = ()
    coded: bool = False
    width: int = 0

    @property
    def code(self) -> str:
        """What follows the sentence: ``[coverage]``; "" where no code explains it."""
        return f" [{self.check}]" if self.coded else ""

    @property
    def is_silence(self) -> bool:
        """Whether it warns that alerts do not arrive, which is worse than other warnings."""
        return self.kind == "warning" and self.check in _WORST

    @property
    def identity(self) -> tuple[str, str, str]:
        """What stays while lines move and counts change: two of one identity are the same thing at two times."""
        return self.check, _ENTRY.sub("[]", self.subject), _NUMBER.sub(lambda found: found[1] or "#", self.text)

    @property
    def order(self) -> tuple[object, ...]:
        """What it is sorted by: no two that differ are equal in it."""
        place = (not self.file, self.file, self.line, self.column)
        return (KINDS.index(self.kind), self.check not in _WORST, *place, self.check, self.text, self.notes)


def findings(view: View, command: str) -> list[Finding]:
    """Return what is to be told of a view that `command` made, each thing once, the worst first."""
    found = [_of_problem(each) for each in view["diagnostics"]]
    if "resource_changes" in view:
        found += _of_plan(view, command)
    for each in view.get("routes", ()):
        found.append(_of_route(each))
    return sorted(dict.fromkeys(found), key=lambda each: each.order)


def fingerprints(told: Iterable[Finding], *scope: str) -> list[str]:
    """Return what each finding is known by from run to run: 40 hexadecimal digits, no two alike.

    `scope` = what else tells it apart. Of findings of one identity each has its number in order.
    """
    seen: Counter[str] = Counter()
    made = []
    for each in told:
        identity = "\0".join((*scope, *each.identity))
        made.append(sha256(f"{identity}\0{seen[identity]}".encode("utf-8", "backslashreplace")).hexdigest()[:40])
        seen[identity] += 1
    return made


def project_file(folder: str) -> str:
    """Return where a CI system shows what has no place of its own: where the project begins."""
    return posixpath.normpath(posixpath.join(folder, "blinkdecl.yaml"))


def _of_problem(problem: View) -> Finding:
    at = problem["position"] or {"file": "", "line": 0, "column": 0}
    excerpt = problem["excerpt"] or {"label": "", "width": 0}
    notes = [("help", excerpt["label"])] if excerpt["label"] else []
    notes += [(note["label"], note["text"]) for note in problem["notes"]]
    subject = "\n".join(_PLACE.sub("", text) for name, text in notes if name == "at") or at["file"]
    kind: Kind = "error" if problem["severity"] == "error" else "warning"
    where = (at["file"], at["line"], at["column"])
    width = excerpt["width"] if problem["position"] else 0
    return Finding(kind, problem["code"], problem["summary"], subject, *where, tuple(notes), coded=True, width=width)


def _of_plan(plan: View, command: str) -> Iterator[Finding]:
    nobody = "nobody receives any more" if command == "drift" else "after this plan nobody receives"
    if plan["offline"]:
        yield Finding("notice", "offline", f"this plan was made offline: {offline_text(plan)}", "")
    causes = _causes(plan)
    for each in plan["lost_alerts"]:
        where, remedy = causes.get(each, _NO_PLACE), (("help", _UNDONE if command == "drift" else _UNHEARD),)
        yield Finding("warning", "lost-alerts", f"{nobody}: {each}", each, *where, remedy, coded=True)
    yield from _of_replay(plan)
    for each in plan["exposure"]:
        yield Finding("warning", "exposure", f"where secrets go, against what was last applied: {each}", each)
    for each in plan["resource_drift"]:
        yield _of_drift(each)
    if plan["unverified"]:
        which = sorted(f"{each['address']}, {', '.join(each['secrets'])}" for each in plan["unverified"])
        yield Finding("notice", "unverified", "secrets could not be verified here", "", notes=(("at", several(which)),))
    for each in plan["not_applied"]:
        told = f"{each['address']}: the value behind its {each['secret']} is new, and not applied yet"
        yield Finding("notice", "not-applied", told, f"{each['address']}, {each['secret']}")
    for each in plan["resource_changes"]:
        yield _of_change(each)


def _of_replay(plan: View) -> Iterator[Finding]:
    """Yield which past alerts nobody would have received; what is only possible is no finding."""
    share = plan["replay"]["unheard"] if "replay" in plan else {"alerts": 0}
    if share["alerts"]:
        who = nobody_text(plan["replay"])
        told = f"after this plan {who} would have received {amount_text(share)} of those replayed"
        notes = (("note", detections_text(share)), ("help", _UNHEARD))
        yield Finding("warning", "lost-alerts", told, "replay", notes=notes, coded=True)


def _causes(plan: View) -> dict[str, tuple[str, int, int]]:
    """Return the place of what makes alerts get lost, for each kind of them of which that stands in a file."""
    changed = (*plan["resource_drift"], *plan["resource_changes"])
    places = {each["address"]: each["position"] for each in changed if each["position"]}
    lost = lost_rows(plan["routing"])
    found = {}
    for told, row in zip(lost_alerts(plan["routing"]), lost, strict=True):
        if at := next((places[each] for each in row["before"] if each in places), None):
            found[told] = (at["file"], at["line"], at["column"])
    return found


def _of_drift(drift: View) -> Finding:
    gone, waiver = drift["kind"] == "deleted", drift["waiver"]
    told = f"{drift['address']} has been {'deleted' if gone else 'changed'} outside of blinkdecl"
    notes = [
        *([] if gone else map(_difference, drift["differences"])),
        ("by", one_line((drift["by"] or "")[:_LONGEST])),
        ("when", one_line(moment((drift["at"] or "")[:_LONGEST]))),
        ("waived" if drift["waived"] else "its waiver has expired", until_text(waiver) if waiver else ""),
    ]
    kind: Kind = "notice" if drift["waived"] else "warning"
    return _placed(kind, DRIFT[gone], told, drift, [(label, text) for label, text in notes if text])


def _of_change(change: View) -> Finding:
    origin = change.get("previous_address")
    told = f"{action_word(change)} {change['address']}"
    if change["action"] == "no-op":
        told = f"move {origin} to {change['address']}" if origin else f"keep {change['address']} as it is"
    return _placed("notice", PLANNED, told, change, map(_difference, change["differences"]))


def _difference(each: View) -> tuple[str, str]:
    name = each["name"]
    return name, f"{value_text(name, each['before'])} -> {value_text(name, each['after'])}"


def _of_route(route: View) -> Finding:
    alert = route["alert"]
    which = " ".join((alert["severity"], alert["type"], *alert["log_types"]))
    if route["reached"]:
        return Finding("notice", ROUTE, f"{which} reaches {', '.join(route['reached'])}", which)
    if route["silent"]:
        return Finding("notice", ROUTE, f"{which} reaches nobody, as is declared", which)
    return Finding("warning", "unreached", f"{which} reaches nobody", which, coded=True)


def _placed(kind: Kind, check: str, told: str, of: View, notes: Iterable[tuple[str, str]] = ()) -> Finding:
    at = of["position"] or {"file": "", "line": 0, "column": 0}
    where = (at["file"], at["line"], at["column"])
    return Finding(kind, check, told, of["address"], *where, tuple(notes), coded=check in DRIFT)
