"""A replay -> what ``plan --replay`` adds to the document of a plan. Pure."""

from blinkdecl.render.view.observation import DOUBTS
from blinkdecl.render.view.parts import View, instant
from blinkdecl.routing.replay import Replay, Replayed, Share

_DAY = 86400
# Of alerts a day, so many digits after the point: two in a month are 0.07.
_DIGITS = 2


def replay_view(found: Replay) -> View:
    """Return the document's ``replay``."""
    days = (found.period.end - found.period.begin).total_seconds() / _DAY
    uncertain = found.uncertain or {}
    return {
        "from": instant(found.period.begin),
        "to": instant(found.period.end),
        "alerts": found.alerts,
        "unheard": _difference(found.unheard),
        "unheard_elsewhere": found.elsewhere,
        "destinations": [_destination(each, days) for each in found.destinations],
        "silent": found.silent,
        "skipped": found.skipped,
        "not_known": {each.replace("-", "_"): uncertain.get(each, 0) for each in DOUBTS},
    }


def nobody_text(found: View) -> str:
    """Return who it is that gets nothing: where only what is recorded is known, others may get it all the same."""
    return "nobody" if found["unheard_elsewhere"] is None else "nobody known here"


def _destination(each: Replayed, days: float) -> View:
    return {
        "name": each.name,
        "before": _amount(each.before, days),
        "after": _amount(each.after, days),
        "leaving": _difference(each.leaving),
        "reaching": _difference(each.reaching),
    }


def _amount(share: Share, days: float) -> View:
    per_day = round(share.certain / days, _DIGITS)
    return {"alerts": share.certain, "possible": share.possible, "per_day": per_day}


def _difference(share: Share) -> View:
    return {
        "alerts": share.certain,
        "possible": share.possible,
        "detections": [{"id": name, "alerts": count} for name, count in share.detections],
        "other_detections": share.others,
    }
