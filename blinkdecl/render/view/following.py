"""What follows a plan: the words of the command that does what it shows, and nothing else. Pure."""

from collections.abc import Mapping
from typing import Any

from blinkdecl.render.view.parts import View

_ALLOWING = ("allow_deletes", "allow_changes", "accept_missing")


def selection_words(options: Mapping[str, Any]) -> list[str]:
    """Return the options that another command needs to do what a plan with these shows."""
    words = [word for address in options["targets"] for word in ("--target", address)]
    words += [word for address in options["excludes"] for word in ("--exclude", address)]
    given = [(f"--{name.replace('_', '-')}", options[name]) for name in _ALLOWING]
    return words + [word for name, count in given if count is not None for word in (name, str(count))]


def command_words(plan: View) -> list[str]:
    """Return the option without which apply would not run the commands that this plan's secrets come from."""
    after = (each for change in plan["resource_changes"] if change["change"]["after"] for each in change["secrets"])
    return ["--allow-commands"] if any("command" in each["reference"] for each in after) else []


def apply_words(plan: View) -> list[str] | None:
    """Return the command that makes the changes of a plan, as reviewed; None where it makes none.

    Where no review digest is known, since something was not read, it makes what changes there are by then.
    """
    if not plan["resource_changes"] or plan["errored"]:
        return None
    options = plan["options"]
    verb = ["destroy"] if options["destroy"] else ["apply"]
    expected = ["--expect", plan["review_digest"]] if plan["review_digest"] else []
    return [*verb, *selection_words(options), *command_words(plan), *expected]
