"""The planner: from desired, recorded and live to a `Plan`. Pure: it reads and calls nothing.

It follows this table (`blinkdecl.model.plan` says what each action does; the test has one case per row):

    desired  recorded  live             result
    yes      no        no               create
    yes      yes       yes              no-op or update
    yes      yes       no               create, and drift "deleted"
    yes      no        same name        adopt if the state's pending list proves it ours, otherwise error ``exists``
                                      (also where another environment of the project records it)
    no       yes       yes              delete
    no       yes       no               forget
    removed  yes       yes              forget: the record goes, the object stays
    no       no        yes              unmanaged; deleted if the pending list proves it ours (`planner.leftovers`)

Triggers have no object (no public API of Blink makes one): what is recorded of them is what is live.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.configuration import Configuration, Removal
from blinkdecl.model.live import Capabilities, LiveObject, observed
from blinkdecl.model.plan import Action, Change, Difference, Drift, Options, Plan, SecretChange
from blinkdecl.model.resource import BOOKKEEPING, Attributes, Resource
from blinkdecl.model.state import Holder, Recorded, State
from blinkdecl.planner import dependencies, policy
from blinkdecl.planner.by_hand import unconfirmed
from blinkdecl.planner.diff import differences
from blinkdecl.planner.drift import find_drift, unmanaged
from blinkdecl.planner.exposure import exposure
from blinkdecl.planner.leftovers import ours, with_leftovers
from blinkdecl.planner.moves import moved
from blinkdecl.planner.names import exists, names_of, takes_name
from blinkdecl.planner.unsupported import fit
from blinkdecl.routing.coverage import check_plan
from blinkdecl.routing.impact import impact, made_sides
from blinkdecl.secret.fingerprints import Fingerprints

_NOBODY: Mapping[str, Holder] = MappingProxyType({})


@dataclass(slots=True)
class _Draft:
    """What one pass over the addresses collects."""

    problems: list[tuple[str, Diagnostic]]
    released: Mapping[str, str]  # the addresses of what is let go, by id
    elsewhere: Mapping[str, Holder]
    desired: Configuration
    changes: list[Change] = field(default_factory=list)
    unverified: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    unchanged: int = 0
    claimed: set[str] = field(default_factory=set)

    def refuse(self, resource: Resource, found: list[LiveObject], *, renamed: bool = False) -> None:
        """Note that unmanaged objects have the display name of a resource, or the one that it is to be given."""
        holder = next((self.elsewhere[each.id] for each in found if each.id in self.elsewhere), None)
        problem = exists(
            resource,
            found,
            renamed=renamed,
            released=self.released,
            holder=holder,
            environment=self.desired.environment,
            ignore=self.desired.settings.unmanaged_ignore,
        )
        self.problems.append((resource.address, problem))
        self.claimed.update(each.id for each in found)

    def note_unverified(self, resource: Resource, names: Sequence[str]) -> None:
        """Note which secrets of a destination have no value here, so that nobody knows whether they are right."""
        if names and resource.kind == "destination":
            self.unverified.append((resource.address, tuple(names)))


def make_plan(
    desired: Configuration,
    state: State,
    live: tuple[LiveObject, ...],
    fingerprints: Fingerprints,
    options: Options,
    capabilities: Capabilities,
    *,
    today: str,
    elsewhere: Mapping[str, Holder] = _NOBODY,
) -> Plan:
    """Return the plan; problems with what it would do are in its diagnostics.

    `fingerprints` knows the secrets that could be resolved; `capabilities` are the provider's; `today` (YYYY-MM-DD,
    UTC) decides which drift waivers hold; `elsewhere` is what other environments of the project record, by id: it is
    theirs. The order of the inputs makes no difference. Raises a `Failure` where no plan can be made at all:
    ``empty-configuration``, ``many-missing``, ``not-found`` (a target that does not exist).
    """
    ignore = desired.settings.provider.on_unsupported == "ignore"
    wanted, unsupported = fit(desired.resources, capabilities, ignore=ignore) if not options.destroy else ({}, [])
    wanted = dict(sorted(wanted.items()))
    released = desired.released
    if not wanted and state.resources.keys() - released.keys() and not options.destroy:
        raise policy.empty(state, released)
    recorded, moved_from, problems = moved(desired, with_leftovers(state, wanted, live, elsewhere))
    live = tuple(sorted(live, key=lambda each: (each.display_name, each.id)))
    by_id = {each.id: each for each in live}
    policy.check_missing(recorded, live, options.accept_missing, state.pending)
    let_go = {each.id: address for address, each in recorded.items() if address in released and each.id is not None}
    draft = _Draft(unsupported + problems, let_go, elsewhere, desired)
    # What is let go keeps its display name: nothing else can be given it.
    names = names_of(live, {each.id for each in recorded.values()} - draft.released.keys())
    for address, resource in wanted.items():
        record, origin = recorded.get(address), moved_from.get(address)
        same_name = names.get(str(resource.attributes.get("display_name", "")), [])
        found = by_id.get(record.id) if record and record.id else None
        if record is None or (record.id is not None and found is None):
            _decide_absent(draft, resource, state, same_name, fingerprints, origin)
        elif same_name and takes_name(resource, observed(record.attributes, found)):
            draft.refuse(resource, same_name, renamed=True)
        else:
            _decide_recorded(draft, resource, record, found, fingerprints, origin)
    for address, record in recorded.items():
        if address not in wanted:
            draft.changes.append(_decide_undesired(record, by_id, moved_from.get(address), released.get(address)))
    if capabilities.manual:
        draft.changes = [replace(each, awaiting=_awaits(each, state)) for each in draft.changes]
        draft.problems += unconfirmed(state, recorded, wanted)
    drift = find_drift(desired, recorded, by_id, today)
    return _assemble(draft, desired, state, recorded, live, drift, options, capabilities)


def _awaits(change: Change, state: State) -> bool:
    """Whether a person was asked to make the change; what is let go asks for nothing any more."""
    return change.action is not Action.FORGET and change.address in state.pending


def _decide_absent(
    draft: _Draft,
    resource: Resource,
    state: State,
    same_name: list[LiveObject],
    fingerprints: Fingerprints,
    moved_from: str | None,
) -> None:
    """The rows where a desired object is not recorded, or no longer exists: create, adopt, or ``exists``."""
    secrets = tuple(fingerprints.compare(name, reference, None) for name, reference in resource.secrets.items())
    change = Change(
        resource.address,
        Action.CREATE,
        after=resource.attributes,
        differences=_protection(None, resource),
        secrets=secrets,
        previous_address=moved_from,
        position=resource.position,
    )
    if same_name:
        made = ours(state.pending.get(moved_from or resource.address), same_name, draft.elsewhere)
        if len(made) != 1:
            draft.refuse(resource, same_name)
            return
        found = made[0]
        draft.claimed.add(found.id)
        before = observed(resource.attributes, found)
        changed = (*differences(before, resource.attributes), *change.differences)
        change = replace(change, action=Action.ADOPT, id=found.id, before=before, differences=changed)
    draft.note_unverified(resource, [each.name for each in secrets if not each.current])
    draft.changes.append(change)


def _decide_recorded(
    draft: _Draft,
    resource: Resource,
    record: Recorded,
    found: LiveObject | None,
    fingerprints: Fingerprints,
    moved_from: str | None,
) -> None:
    """The rows where a desired object is recorded and exists: no-op or update. Ignored secrets are left alone."""
    secrets = tuple(
        fingerprints.compare(name, reference, record.secrets.get(name))
        for name, reference in resource.secrets.items()
        if name not in resource.ignore_changes
    )
    draft.note_unverified(resource, [each.name for each in secrets if each.status == "unverified"])
    change = _compare(resource, record, found, secrets, moved_from)
    if change is None:
        draft.unchanged += 1
    else:
        draft.changes.append(change)


def _compare(
    resource: Resource,
    record: Recorded,
    found: LiveObject | None,
    secrets: tuple[SecretChange, ...],
    moved_from: str | None,
) -> Change | None:
    """Return the update that makes the object and its record match what is desired, or None where both already do."""
    before, ignored = observed(record.attributes, found), resource.ignore_changes
    after = resource.attributes
    if ignored:
        after = {name: before.get(name) if name in ignored else value for name, value in after.items()}
    changed = differences(before, after)
    statuses = {each.status for each in secrets}
    rotated = "rotated" in statuses or "new" in statuses
    dropped = not record.secrets.keys() <= {*resource.secrets, *ignored}
    object_changes = rotated or dropped or any(each.name not in BOOKKEEPING for each in changed)
    changed += _protection(record, resource)
    elsewhere = any(each.re_referenced for each in secrets)
    if changed or rotated or dropped or elsewhere or _outdated(record, after, ignored):
        action = Action.UPDATE
    elif moved_from is not None:
        action = Action.NO_OP
    else:
        return None
    return Change(
        resource.address,
        action,
        id=record.id,
        before=before,
        after=after,
        differences=changed,
        secrets=secrets,
        previous_address=moved_from,
        recorded_only=not object_changes or resource.kind == "trigger",
        position=resource.position,
    )


def _protection(record: Recorded | None, resource: Resource) -> tuple[Difference, ...]:
    before, after = record is not None and record.prevent_destroy, resource.prevent_destroy
    return (Difference("prevent_destroy", before, after),) if before != after else ()


def _outdated(record: Recorded, after: Attributes, ignored: tuple[str, ...]) -> bool:
    """Whether the record, perhaps only the record, differs from what is desired and live."""
    return after != record.attributes and any(
        record.attributes.get(name) != value for name, value in after.items() if name not in ignored
    )


def _decide_undesired(
    record: Recorded, by_id: Mapping[str, LiveObject], moved_from: str | None, removal: Removal | None
) -> Change:
    """The rows "not desired, recorded": delete, or forget what is already gone, or is to be let go."""
    found = by_id.get(record.id) if record.id is not None else None
    gone = record.id is not None and found is None
    return Change(
        record.address,
        Action.FORGET if gone or removal is not None else Action.DELETE,
        id=record.id,
        before=observed(record.attributes, found),
        previous_address=moved_from,
        recorded_only=removal is not None and not gone,
        position=removal.position if removal is not None else None,
    )


def _assemble(
    draft: _Draft,
    desired: Configuration,
    state: State,
    recorded: Mapping[str, Recorded],
    live: tuple[LiveObject, ...],
    drift: tuple[Drift, ...],
    options: Options,
    capabilities: Capabilities,
) -> Plan:
    known = {each.id for each in recorded.values()} | draft.claimed
    rules = desired.settings.coverage
    sides = made_sides(draft.changes, live, recorded)
    changes, rules_kept = dependencies.arrange(tuple(draft.changes), live, sides, rules, capabilities.alert_types)
    chosen = dependencies.expanded(options, desired, recorded)
    if options.partial:
        changes = dependencies.select(changes, chosen)
        sides = made_sides(changes, live, recorded)
    problems = [problem for address, problem in draft.problems if dependencies.is_selected(address, chosen)]
    problems += policy.check(changes, recorded, live, desired, options)
    if all(each.severity == "warning" for _, each in draft.problems):  # a refused destination would look like a gap
        problems += check_plan(changes, live, recorded, rules, options)
    problems += policy.left_over(changes, state.resources, live)
    if not (rules_kept or options.partial):  # what is left of the changes may have an order
        problems.append(policy.NO_ORDER)
    told, ignored = unmanaged(live, known, desired.settings.unmanaged_ignore, draft.elsewhere)
    return Plan(
        lineage=state.lineage,
        serial=state.serial,
        environment=desired.environment,
        options=options,
        changes=changes,
        drift=drift,
        unmanaged=told,
        unmanaged_ignored=ignored,
        unverified=tuple(each for each in draft.unverified if dependencies.is_selected(each[0], chosen)),
        unchanged=draft.unchanged,
        routing=impact(*sides, desired.settings.silences),
        exposure=() if options.destroy else exposure(desired.settings, desired.resources.values(), state),
        diagnostics=tuple(problems),
    )
