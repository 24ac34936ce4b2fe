"""Showing plans, saving them, and reading saved ones: shared by plan, show, apply and destroy."""

import json
from pathlib import Path

from blinkdecl.cli.session import Session, refuse_project_file
from blinkdecl.cli.wiring import Snapshot
from blinkdecl.config import validate_document
from blinkdecl.diagnostics import Diagnostic, Failure, error
from blinkdecl.digest import digest, what_moved
from blinkdecl.files import write_atomically
from blinkdecl.plan import Plan
from blinkdecl.planfile import plan_from_view
from blinkdecl.render.json_text import to_json
from blinkdecl.render.plan_text import plan_text, saved_text
from blinkdecl.render.text import counted
from blinkdecl.render.view import plan_view

_MAX_BYTES = 256 * 1024 * 1024


def announce_reading(session: Session, snapshot: Snapshot) -> None:
    """Say what is read, and how much is there."""
    count = sum(each.id is not None for each in snapshot.state.resources.values())
    location = snapshot.provider.location
    if location is None:
        session.say(f"Reading {snapshot.project.backend.location}: {counted(count, 'destination')} recorded.\n")
        return
    live = sum(not each.foreign for each in snapshot.live)
    session.say(f"Reading {location}: {counted(live, 'destination')} live, {count} recorded.\n")


def show_plan(session: Session, plan: Plan, *, saved: Path | None = None) -> None:
    """Print a plan in the session's format, and what to do with it next."""
    view = plan_view(plan)
    if session.machine:
        session.document(view)
        return
    text = plan_text(view, verbose=session.verbose)
    if saved is not None:
        applyable = plan.pending and not plan.refused
        text += "\n\n" + saved_text(str(saved), session.called("apply", str(saved)) if applyable else None)
    session.result(text)
    if saved is None and plan.pending and not plan.refused and session.command == "plan":
        session.next_step(session.called("apply", *_selection(plan)))


def _selection(plan: Plan) -> list[str]:
    """Return the options that apply needs to do what this plan shows."""
    options = plan.options
    words = [word for address in options.targets for word in ("--target", address)]
    words += [word for address in options.excludes for word in ("--exclude", address)]
    words += ["--allow-deletes", str(options.allow_deletes)] if options.allow_deletes is not None else []
    words += ["--allow-changes", str(options.allow_changes)] if options.allow_changes is not None else []
    return words + (["--accept-missing", str(options.accept_missing)] if options.accept_missing is not None else [])


def write_plan(path: Path, plan: Plan) -> None:
    """Save a plan: the same document that `--format json` prints. Raises a `Failure` (``unwritable``)."""
    refuse_project_file(path)
    try:
        write_atomically(path, to_json(plan_view(plan)).encode(), mode=0o600)
    except OSError as problem:
        raise error("unwritable", f"{path} cannot be written: {problem.strerror}") from None


def read_plan(path: Path) -> Plan:
    """Read a saved plan; raises a `Failure` (``not-found``, ``unreadable``, ``invalid-plan``)."""
    try:
        with path.open("rb") as file:
            document = json.loads(file.read(_MAX_BYTES))
    except FileNotFoundError:
        way_out = f"`blinkdecl plan --out {path}` makes one"
        raise error("not-found", f"there is no plan file {path}", way_out=way_out) from None
    except OSError as problem:
        raise error("unreadable", f"{path} cannot be read: {problem.strerror}") from None
    except (ValueError, RecursionError):
        raise error("invalid-plan", f"{path} is not a plan: it is not JSON") from None
    way_out = f"`blinkdecl plan --out {path}` makes a new one"
    if wrong := validate_document("plan", document):
        raise error("invalid-plan", f"{path} is not a plan of this version", note=wrong[0], way_out=way_out)
    plan = plan_from_view(document)
    if plan.digest != digest(plan):
        raise error("invalid-plan", f"{path} was altered: it is not what was planned", way_out=way_out)
    return plan


def check_fresh(saved: Plan, current: Plan) -> None:
    """Raise a `Failure` (``stale-plan``) unless applying now does what the saved plan says."""
    if saved.digest == current.digest:
        return
    facts = []
    if saved.lineage != current.lineage:
        facts.append("planned on another state, or before there was one")
    elif saved.serial != current.serial:
        facts.append(f"planned on state serial {saved.serial}, the state is now at serial {current.serial}")
    if saved.environment != current.environment:
        facts.append(f"planned for {saved.environment or 'no environment'}, this is {current.environment or 'none'}")
    if moved := what_moved(saved, current):
        facts.append(f"moved since: {', '.join(moved)}")
    elif saved.config_digest != current.config_digest:
        facts.append("the configuration was edited since")
    raise stale(facts)


def stale(facts: list[str]) -> Failure:
    """Return the refusal of a saved plan."""
    return Failure(
        Diagnostic(
            "stale-plan",
            "the saved plan is stale, nothing was changed",
            notes=(
                *(("note", fact) for fact in facts),
                ("help", "run `blinkdecl plan --out plan.json` again and review it"),
            ),
        )
    )
