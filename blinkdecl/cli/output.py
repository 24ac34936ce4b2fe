"""What several commands print: what is read, a plan, a saved plan."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType

from blinkdecl.cli.files import STREAM
from blinkdecl.cli.session import Session, plan_key
from blinkdecl.diagnostics import counted
from blinkdecl.model.plan import Plan
from blinkdecl.planner.by_hand import in_sequence
from blinkdecl.planner.stale import sealed
from blinkdecl.project.snapshot import Snapshot
from blinkdecl.render.text.plan import digest_text, plan_text, saved_text
from blinkdecl.render.view.following import apply_words, command_words, selection_words
from blinkdecl.render.view.json import to_json
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.plan import plan_view
from blinkdecl.render.view.seal import with_seal

_NOTHING: Mapping[str, View] = MappingProxyType({})


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


def show_plan(
    session: Session,
    plan: Plan,
    *,
    out: Path | None = None,
    recorded: bool = False,
    beside: Mapping[str, View] = _NOTHING,
) -> None:
    """Print a plan in the session's format, and what to do with it next; `recorded` as in `plan_text`.

    It is saved to `out` first. What is `beside` it is shown with it, and is no part of it. Raises a `Failure`
    (``unwritable``).
    """
    written = plan_view(sealed(plan) if session.machine_format or out is not None else plan)
    if out is not None:
        _save_plan(session, out, written)
    view = {**written, **beside}
    if session.machine_format:
        session.show_document(view)
        session.refused(plan.diagnostics)
        return
    text = plan_text(view, verbose=session.verbose, recorded=recorded, layout=session.layout)
    if out is not None and out != STREAM:
        command = session.invocation.command_line("apply", str(out), *command_words(view))
        text += "\n\n" + saved_text(str(out), command if plan.pending and not plan.refused else None)
    following = _following(plan, view) if out is None and session.invocation.command == "plan" else None
    named = following is not None and session.names_next  # with the digest in it
    if plan.review_digest and plan.pending and out is None and not (named or session.verbose or recorded):
        text += "\n\n" + digest_text(view)
    session.rendered(text)
    if following is not None:
        session.next_step(session.invocation.command_line(*following))


def _save_plan(session: Session, out: Path, document: View) -> None:
    """Save the document of a plan, with a seal where the operator has a key for that; to standard output as well."""
    key = plan_key(session)
    ascii_only = out == STREAM and not session.utf8
    text = to_json(document if key is None else with_seal(document, key), ascii_only=ascii_only)
    session.save(out, text, mode=0o600)


def _following(plan: Plan, view: View) -> list[str] | None:
    """Return the command that carries the plan on: where all is in a person's hands, it is to confirm the first."""
    if plan.refused or not view["summary"]["awaiting"]:
        return apply_words(view)
    by_hand = [each for each in in_sequence(plan.changes) if each.calls_provider]
    return ["confirm", by_hand[0].address] if by_hand and all(each.awaiting for each in by_hand) else apply_words(view)


def selection(plan: Plan) -> list[str]:
    """Return the options that apply needs to do what this plan shows."""
    return selection_words(asdict(plan.options))


def plan_words(plan: Plan) -> list[str]:
    """Return the command that makes such a plan."""
    return ["plan", *(["--destroy"] if plan.options.destroy else []), *selection(plan)]
