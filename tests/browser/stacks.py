"""The page of many stacks that is looked at: every kind of thing to tell, and names that are hostile."""

from blinkdecl.render.html.merged import merged_html
from blinkdecl.render.html.page import Facts
from blinkdecl.render.view.merged import KINDS
from tests.browser.pages import FACTS, HOSTILE

_FACTS = {
    "failed": ["destinations/soc.yaml is not YAML [yaml-syntax]"],
    "lost": ["nobody receives CRITICAL alerts of detections on AWS.CloudTrail any more", "1 to change"],
    "rules": ["CRITICAL, HIGH: 1 destination, at least 2 are wanted [coverage]"],
    "deletes": [f"destination.blink-team-{number:03} is destroyed" for number in range(9)],
    "drift": ["destination.blink-soc was changed outside"],
    "changes": ["3 to add, 1 to change"],
}


def stacks_page(count: int, *, hostile: bool = False) -> str:
    """Return the page of `count` stacks, of which every other one has something to tell."""
    kinds = [*KINDS]
    told = [
        {
            "name": _name(number, hostile=hostile),
            "kind": kinds[number % len(kinds)],
            "facts": [HOSTILE] * 7 if hostile else _FACTS[kinds[number % len(kinds)]],
        }
        for number in range(count // 2)
    ]
    told.sort(key=lambda each: (kinds.index(str(each["kind"])), str(each["name"])))
    view = {"stacks": told, "total": count, "quiet": count - len(told)}
    return merged_html(view, Facts("", FACTS.commit, FACTS.at))


def _name(number: int, *, hostile: bool) -> str:
    return f"teams/{HOSTILE} {number}/prod" if hostile else f"teams/team-{number:03}/prod"
