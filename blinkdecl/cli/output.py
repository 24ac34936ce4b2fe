"""What several commands print: what is read, a plan, a saved plan, recorded resources."""

from collections.abc import Iterable
from pathlib import Path

from blinkdecl.cli.files import STREAM
from blinkdecl.cli.session import Session, plan_key
from blinkdecl.diagnostics import counted
from blinkdecl.model.plan import Plan
from blinkdecl.model.state import Recorded
from blinkdecl.planner.by_hand import in_sequence
from blinkdecl.project.snapshot import Snapshot
from blinkdecl.render.text.plan import plan_text, saved_text
from blinkdecl.render.text.results import state_show_text
from blinkdecl.render.view.json import to_json
from blinkdecl.render.view.plan import plan_view
from blinkdecl.render.view.results import results_view
from blinkdecl.render.view.seal import with_seal


def announce_reading(session: Session, snapshot: Snapshot) -> None:
    """Say what is read, and how much is there."""
    count = sum(each.id is not None for each in snapshot.state.resources.values())
    location = snapshot.provider.location
    if snapshot.unread:
        told = "the state, which is kept elsewhere" + (
            ", and Panther" if snapshot.project.configuration.settings.provider.type == "panther" else ""
        )
        session.say(f"Not read (--offline): {told}.\n")
        return
    if location is None:
        session.say(f"Reading {snapshot.project.backend.location}: {counted(count, 'destination')} recorded.\n")
        return
    live = sum(not each.foreign for each in snapshot.live)
    session.say(f"Reading {location}: {counted(live, 'destination')} live, {count} recorded.\n")


def show_plan(session: Session, plan: Plan, *, saved: Path | None = None, recorded: bool = False) -> None:
    """Print a plan in the session's format, and what to do with it next; `recorded` as in `plan_text`."""
    view = plan_view(plan)
    if session.machine_format:
        session.show_document(view)
        return
    text = plan_text(view, verbose=session.verbose, recorded=recorded, layout=session.layout)
    if saved is not None and saved != STREAM:
        applyable = plan.pending and not plan.refused
        text += "\n\n" + saved_text(
            str(saved), session.invocation.command_line("apply", str(saved), *_commands(plan)) if applyable else None
        )
    session.rendered(text)
    if saved is None and plan.pending and not plan.refused and session.invocation.command == "plan":
        session.next_step(session.invocation.command_line(*_following(plan)))


def write_plan(session: Session, out: Path, plan: Plan) -> None:
    """Save a plan: the same document that `--format json` prints, sealed where the operator has a key for that.

    `out` may be standard output. Raises a `Failure` (``unwritable``).
    """
    document, key = plan_view(plan), plan_key(session)
    ascii_only = out == STREAM and not session.utf8
    text = to_json(document if key is None else with_seal(document, key), ascii_only=ascii_only)
    session.save(out, text, mode=0o600)


def show_resources(session: Session, resources: Iterable[Recorded]) -> int:
    """Print recorded resources in the session's format."""
    session.show(results_view(session.invocation.command, 0, resources=resources), state_show_text)
    return 0


def _commands(plan: Plan) -> list[str]:
    """Return the option without which apply would not run the commands that this plan's secrets come from."""
    after = (secret for change in plan.changes if change.after is not None for secret in change.secrets)
    return ["--allow-commands"] if any(each.reference.source == "command" for each in after) else []


def _following(plan: Plan) -> list[str]:
    """Return the command that carries the plan on: where all is in a person's hands, it is to confirm the first."""
    by_hand = [each for each in in_sequence(plan.changes) if each.calls_provider]
    if by_hand and all(each.awaiting for each in by_hand):
        return ["confirm", by_hand[0].address]
    return ["apply", *selection(plan), *_commands(plan)]


def selection(plan: Plan) -> list[str]:
    """Return the options that apply needs to do what this plan shows."""
    options = plan.options
    words = [word for address in options.targets for word in ("--target", address)]
    words += [word for address in options.excludes for word in ("--exclude", address)]
    words += ["--allow-deletes", str(options.allow_deletes)] if options.allow_deletes is not None else []
    words += ["--allow-changes", str(options.allow_changes)] if options.allow_changes is not None else []
    return words + (["--accept-missing", str(options.accept_missing)] if options.accept_missing is not None else [])
