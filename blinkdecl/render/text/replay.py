"""The alerts of a time over a plan, as text: what nobody would have got, and each destination that would get others."""

from collections.abc import Iterator

from blinkdecl.diagnostics import counted
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.layout import PLAIN, Layout, moment, wrapped
from blinkdecl.render.text.marks import Mark, marked
from blinkdecl.render.text.observation import NOT_KNOWN
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.replay import nobody_text

_MOST_ROWS = 20
# Ids of detections are the server's text.
_LONGEST = 200


def replay_text(found: View, *, verbose: bool = False, layout: Layout = PLAIN) -> str:
    """Return the section, which a plan has below `unheard_text`; `verbose` = with what does not change."""
    lines = wrapped(f"{marked(Mark.LABEL, 'Replayed:')} {headline(found)}", layout=layout)
    rows = found["destinations"] if verbose else changing(found)
    shown = rows if verbose else rows[:_MOST_ROWS]
    for each in shown:
        lines += wrapped(f"{one_line(each['name'])}: {rates_text(each)}", "  ", "    ", layout)
        for told in difference_texts(each):
            lines += wrapped(told, "      ", "        ", layout)
    if len(shown) < len(rows):
        lines.append(f"  and {len(rows) - len(shown)} more destinations, which -v lists")
    for each in remarks(found):
        lines += wrapped(each, "  ", "    ", layout)
    return "\n".join(lines)


def headline(found: View) -> str:
    """Return in a sentence which alerts were looked at, and for how many destinations something changes."""
    period = f"{moment(found['from'])} to {moment(found['to'])}"
    count = len(changing(found))
    told = f"{counted(count, 'destination')} would have got other alerts" if count else "this plan changes none of them"
    return f"{counted(found['alerts'], 'alert')}, {period}: {told}."


def changing(found: View) -> list[View]:
    """Return the destinations that get other alerts after the plan."""
    return [each for each in found["destinations"] if any(map(amount_text, (each["leaving"], each["reaching"])))]


def unheard_text(found: View) -> str:
    """Return which alerts would have reached nobody for certain, with their detections; "" = none."""
    share = found["unheard"]
    if not share["alerts"]:
        return ""
    return f"After this plan {nobody_text(found)} would have received {amount_text(share)}: {detections_text(share)}"


def amount_text(share: View) -> str:
    """Return ``12 alerts``, ``12 alerts and perhaps 3 more``, ``perhaps 3 alerts``; "" = none."""
    certain, possible = share["alerts"], share["possible"]
    if certain:
        return counted(certain, "alert") + (f" and perhaps {possible} more" if possible else "")
    return f"perhaps {counted(possible, 'alert')}" if possible else ""


def detections_text(share: View) -> str:
    """Return the detections that raised most of these alerts: ``AWS.Root.Login 10, Okta.Admin 2, and 3 others``."""
    told = [f"{detection_name(each)} {each['alerts']}" for each in share["detections"]]
    if share["other_detections"]:
        told.append(f"and {counted(share['other_detections'], 'other detection')}")
    return ", ".join(told)


def detection_name(each: View) -> str:
    """Return what a detection is called; the system has none."""
    return one_line(each["id"][:_LONGEST]) if each["id"] else "(system errors)"


def rates_text(each: View) -> str:
    """Return ``33.3 -> 12 alerts a day``, with what is only possible."""
    before, after = each["before"], each["after"]
    if before["alerts"] == after["alerts"]:
        told = f"{rate(before)} alerts a day"
    else:
        told = f"{rate(before)} -> {rate(after)} alerts a day"
    possible = [before["possible"], after["possible"]]
    if not any(possible):
        return told
    return f"{told}, and perhaps {' -> '.join(map(str, dict.fromkeys(possible)))} more in all"


def possible_text(amount: View) -> str:
    """Return how many alerts a destination may get besides, as it follows a rate; "" = none."""
    return f" (and perhaps {counted(amount['possible'], 'alert')} in all)" if amount["possible"] else ""


def rate(amount: View) -> str:
    """Return how many alerts a day: ``0``, ``0.07``, ``33.3``; what is not 0 never looks like it."""
    if amount["alerts"] and not amount["per_day"]:
        return "<0.01"
    return f"{amount['per_day']:.3g}" if amount["per_day"] < 100 else f"{amount['per_day']:.0f}"


def difference_texts(each: View) -> Iterator[str]:
    """Yield which alerts leave a destination, and which reach it."""
    for name, verb in (("leaving", "no longer gets"), ("reaching", "gets in addition")):
        if amount := amount_text(each[name]):
            yield f"{verb} {amount}: {detections_text(each[name])}"


def _elsewhere_text(count: int) -> str:
    """Return that others may get what nobody known here would have; `count` of these alerts went to such ids."""
    told = "What is not recorded, such as a destination of Slack, is not seen here"
    if not count:
        return f"{told}."
    return f"{told}: {count} of the alerts that would have reached nobody known went to ids that no record has."


def remarks(found: View) -> Iterator[str]:
    """Yield what may have reached nobody, where none has for certain, and what is in none of the numbers, and why."""
    share = found["unheard"]
    if share["possible"] and not share["alerts"]:
        told = f"{counted(share['possible'], 'alert')}: {detections_text(share)}"
        yield f"Perhaps {nobody_text(found)} would have received {told}"
    if amount_text(share) and found["unheard_elsewhere"] is not None:
        yield _elsewhere_text(found["unheard_elsewhere"])
    if found["silent"]:
        yield f"{counted(found['silent'], 'alert')} would have reached nobody any more, as declared."
    if left := [f"{count} {words}" for name, words in NOT_KNOWN.items() if (count := found["not_known"][name])]:
        yield f"In none of these numbers: {'; '.join(left)}."
    if count := found["skipped"]:
        yield f"{counted(count, 'alert')} {'is' if count == 1 else 'are'} meant for nobody (SKIP)."
