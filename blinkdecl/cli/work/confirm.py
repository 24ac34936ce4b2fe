"""The work of ``blinkdecl confirm``: a person made a change in Panther's console; prove it, and record it."""

import uuid
from dataclasses import replace
from functools import partial

from blinkdecl.cli.approval import locked
from blinkdecl.cli.execute import conclude, refuse, run_plan
from blinkdecl.cli.session import Session
from blinkdecl.cli.signals import Interrupt
from blinkdecl.diagnostics import closest, did_you_mean, error, several
from blinkdecl.model.live import Capabilities
from blinkdecl.model.plan import Change, Options, Plan
from blinkdecl.model.resource import name_of
from blinkdecl.model.state import NOT_AN_ID, Intent, State
from blinkdecl.planner.by_hand import confirmable, in_sequence, is_rename
from blinkdecl.project.project import Project, open_project
from blinkdecl.project.snapshot import Snapshot
from blinkdecl.project.targets import open_probe
from blinkdecl.provider.local import LocalProvider
from blinkdecl.render.text.layout import paragraph
from blinkdecl.render.text.plan import plan_text
from blinkdecl.render.view.plan import plan_view
from blinkdecl.render.view.results import results_view
from blinkdecl.routing.impact import plan_impact


def run(
    session: Session, address: str, *, object_id: uuid.UUID | None, lock_timeout: float, allow_commands: bool
) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    project = open_project(session.invocation, session.say, commands=allow_commands, warn=session.warn)
    provider = project.configuration.settings.provider.type
    if provider != "console":
        remedy = "`blinkdecl apply` makes and records the changes"
        raise error("unsupported", f"there is nothing to confirm with the {provider} provider", remedy=remedy)
    with locked(session, project, lock_timeout) as snapshot:
        given = str(object_id) if object_id else None
        _check(project, snapshot, address, given)
        return _confirm(session, snapshot, address, given)


def _check(project: Project, snapshot: Snapshot, address: str, object_id: str | None) -> None:
    """Raise a `Failure` (``not-found``, ``usage``) for an unknown address, or the id of another destination."""
    known = {*project.configuration.resources, *snapshot.state.resources}
    if address not in known:
        project.configuration.check_here(address)
        remedy = did_you_mean(
            closest(address, known), f"known: {several(sorted(known))}" if known else "", quoted=False
        )
        raise error("not-found", f'there is no "{address}" to confirm', remedy=remedy)
    for record in snapshot.state.resources.values():
        if object_id is not None and record.id == object_id and record.address != address:
            raise error("usage", f"{object_id} is the id of {record.address}", remedy="look at the console again")


def _confirm(session: Session, snapshot: Snapshot, address: str, object_id: str | None) -> int:
    # What `destroy` wrote steps for is still declared.
    intent = snapshot.state.pending.get(address)
    declared = address in snapshot.project.configuration.resources
    destroy = declared and intent is not None and intent.operation == "delete"
    # A person has made this one change already: the limits held for the steps.
    options = Options(targets=(address,), destroy=destroy, allow_deletes=1, allow_changes=1)
    plan = snapshot.plan(options, snapshot.fingerprints)
    if plan.refused:
        return refuse(session, plan)
    if address not in plan.by_address():
        return _unchanged(session, snapshot, address, object_id)
    whole = plan.by_address()[address]
    change = confirmable(plan.by_address(), address)
    if is_rename(change):
        return _renamed(session, snapshot, change, destroy=destroy)
    fingerprints = snapshot.fingerprints_for(plan, proving=True)
    plan = _only(snapshot, snapshot.plan(plan.options, fingerprints), address)
    _announce(session, replace(plan, options=Options(destroy=destroy)))
    new_id = partial(str, object_id or f"{NOT_AN_ID}{name_of(address)}")
    provider = LocalProvider.from_state(snapshot.state, Capabilities(), new_id)
    again = partial(session.invocation.command_line, "confirm")
    opened = open_probe(snapshot.project, fingerprints, 1, enabled=True, again=again)
    with opened as probe, Interrupt(session.say) as interrupted:
        state, results, unprinted = run_plan(
            session, snapshot, plan, fingerprints, provider, probe, interrupted, 1, prove_all=True
        )
        code = conclude(session, plan, results, snapshot)
        with session.warning():  # what is proved is recorded, and told
            if code == 0 and object_id is not None:
                _store_id(snapshot, address, object_id)
            if intent is not None and (code or change != replace(whole, first=None)):
                _keep_intent(snapshot, state, address, intent)
    if unprinted is not None:
        raise unprinted
    if code == 0:
        _show_next(session, snapshot, plan, address, destroy=destroy)
    return code


def _announce(session: Session, plan: Plan) -> None:
    """Show a person what is about to be proved and recorded."""
    if not session.machine_format:
        session.progress(plan_text(plan_view(plan), verbose=session.verbose, layout=session.layout) + "\n")


def _only(snapshot: Snapshot, plan: Plan, address: str) -> Plan:
    """Return the plan with what may be confirmed now at an address, and the triggers that it needs."""
    changes = plan.by_address()
    triggers = [each for each in plan.changes if each.kind == "trigger" and each.address != address]
    made = (*triggers, confirmable(changes, address))
    silences = snapshot.project.configuration.settings.silences
    return replace(plan, changes=made, routing=plan_impact(made, snapshot.live, snapshot.recorded.resources, silences))


def _keep_intent(snapshot: Snapshot, state: State, address: str, intent: Intent) -> None:
    """Remember that a person has the steps for what is left at an address: the second half, or all after a failure."""
    current = snapshot.project.backend.read() or state
    pending = {**current.pending, address: intent}
    snapshot.project.backend.write(replace(current, pending=pending), current)


def _show_next(session: Session, snapshot: Snapshot, done: Plan, address: str, *, destroy: bool) -> None:
    """Name what comes after a confirmation: the next one, or the command that does what is left without a person."""
    plan = snapshot.plan(Options(destroy=destroy), snapshot.fingerprints)  # as it was before `done`
    todo = [each.address for each in in_sequence(plan.changes) if each.address in snapshot.state.pending]
    if address in todo:
        todo.remove(address)
    left = [each for each in plan.changes if each.address not in done.by_address()]
    if todo:
        session.next_step(session.invocation.command_line("confirm", todo[0]))
    elif left and all(each.kind == "trigger" for each in left):  # what used them is gone: they are only recorded
        session.next_step(session.invocation.command_line("destroy" if destroy else "apply"))


def _renamed(session: Session, snapshot: Snapshot, change: Change, *, destroy: bool) -> int:
    """Record that a destination which is to be deleted has another display name until then."""
    backend, address, attributes = snapshot.project.backend, change.address, change.after or {}
    record = replace(snapshot.state.resources[address], attributes=attributes)
    backend.write(replace(snapshot.state, resources={**snapshot.state.resources, address: record}), snapshot.base)
    text = f'{address} is recorded under the name "{attributes["display_name"]}"; its deletion is still to come.'
    session.show(results_view("confirm", 0), lambda _: text)
    done = snapshot.plan(Options(targets=(address,), destroy=destroy), snapshot.fingerprints)
    _show_next(session, snapshot, done, address, destroy=destroy)
    return 0


def _unchanged(session: Session, snapshot: Snapshot, address: str, object_id: str | None) -> int:
    """Say that nothing awaits confirmation; a given id is stored all the same."""
    text = f"Nothing to confirm: {address} is already recorded as declared."
    if object_id is not None and _store_id(snapshot, address, object_id):
        text = f"{address} is now recorded with the id {object_id}."
    session.show(results_view("confirm", 0), lambda _: paragraph(text, session.layout))
    return 0


def _store_id(snapshot: Snapshot, address: str, object_id: str) -> bool:
    """Give the record the id that a person read in the console; return whether there was a record to change."""
    backend = snapshot.project.backend
    state = backend.read()
    record = state.resources.get(address) if state else None
    if state is None or record is None or record.id in (None, object_id):
        return False
    resources = {**state.resources, address: replace(record, id=object_id)}
    backend.write(replace(state, resources=resources), state)
    return True
