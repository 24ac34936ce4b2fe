"""Putting the parts together: from a session to a configuration, a state, a provider and a plan.

Nothing here decides anything about destinations; it only chooses parts and hands them to one another.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from blinkdecl.cli.backing import check_migrated, open_backend
from blinkdecl.cli.providing import check_tenant, open_provider, recorded_provider, token_place
from blinkdecl.cli.session import Session
from blinkdecl.config import Loaded, load
from blinkdecl.configuration import Capabilities, Configuration, ProviderSettings
from blinkdecl.diagnostics import Diagnostic, Failure, error
from blinkdecl.drift import drift_plan
from blinkdecl.fingerprints import Fingerprints
from blinkdecl.fitting import fit
from blinkdecl.model import LiveObject, Resource, SecretReference, State
from blinkdecl.plan import Action, Options, Plan
from blinkdecl.planner import make_plan
from blinkdecl.policy import check_missing
from blinkdecl.provider.interface import Provider
from blinkdecl.recovery import settled_list
from blinkdecl.render.text import counted
from blinkdecl.routing.coverage import check_drift
from blinkdecl.routing.impact import drift_impact, drift_sides
from blinkdecl.secret import SecretStore
from blinkdecl.secret_value import Secret
from blinkdecl.state.interface import StateBackend
from blinkdecl.waiving import waive


@dataclass(frozen=True)
class Project:
    """A repository that was read: its configuration, and the doors to its state and its secrets."""

    session: Session
    loaded: Loaded
    backend: StateBackend
    secrets: SecretStore

    @property
    def configuration(self) -> Configuration:
        """The desired side."""
        return self.loaded.configuration

    @contextmanager
    def provider_errors(self) -> Iterator[None]:
        """Say of a refused token where it comes from."""
        try:
            yield
        except Failure as failure:
            provider = self.configuration.settings.provider
            if provider.token is None or failure.diagnostics[0].code != "unauthorised":
                raise
            raise Failure(*(_from_token(each, provider) for each in failure.diagnostics)) from None

    @contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        """Hold the state's lock as this command, and say for whom it waits."""
        from blinkdecl.state.locking import lock_info

        info = lock_info(f"blinkdecl {self.session.command}", self.session.environ)
        with ExitStack() as stack:
            try:
                stack.enter_context(self.backend.lock(info, 0.0))
            except Failure as failure:
                problem = failure.diagnostics[0]
                if not timeout or problem.code != "locked":
                    raise
                who = dict(problem.notes).get("who", "another run")
                self.session.say(f"Waiting up to {timeout:g}s for the lock: {who}.")
                stack.enter_context(self.backend.lock(info, timeout))
            yield


def open_project(session: Session, *, commands: bool = False) -> Project:
    """Read and check the configuration; raises a `Failure` with everything that is wrong in it.

    `commands` = the caller allows `command` references to run.
    """
    loaded = load(session.root, environment=session.environment, variables=session.variables, environ=session.environ)
    settings = loaded.configuration.settings
    store = SecretStore(session.environ, session.root, commands=commands and settings.allow_commands)
    return Project(session, loaded, open_backend(session, settings.state, store), store)


@dataclass(frozen=True)
class Snapshot:
    """Recorded and live at one moment. `base` is what the backend holds (None: nothing yet), `state` what to go on
    from."""

    project: Project
    base: State | None
    state: State
    provider: Provider

    @cached_property
    def live(self) -> tuple[LiveObject, ...]:
        """Every live destination, with what a killed run left under way: listed once, unless that does not show yet."""
        wanted: Mapping[str, Resource] = {}
        if self.state.pending:
            wanted, _ = fit(self.project.configuration.resources, self.capabilities, ignore=True)
        with self.project.provider_errors():
            return settled_list(self.provider, self.state, wanted, self._wait)

    @cached_property
    def capabilities(self) -> Capabilities:
        """What the provider can express."""
        with self.project.provider_errors():
            return self.provider.capabilities

    @cached_property
    def fingerprints(self) -> Fingerprints:
        """The secrets that are to be had without running a command."""
        references = {*_references(self.project.configuration), *_recorded_references(self.state)}
        return Fingerprints(self.state.salt, self.project.secrets.resolve_present(references))

    def plan(self, options: Options, fingerprints: Fingerprints) -> Plan:
        """Plan against this snapshot; the configuration's warnings come with it."""
        loaded = self.project.loaded
        # A state that does not exist yet has no lineage that a saved plan could be checked against.
        state = self.state if self.base is not None else replace(self.state, lineage="")
        plan = make_plan(loaded.configuration, state, self.live, fingerprints, options, self.capabilities)
        return replace(self._waived(plan), diagnostics=(*loaded.warnings, *plan.diagnostics))

    def drift(self, accept_missing: int | None) -> Plan:
        """Return what was changed outside."""
        check_missing(self.state.resources, self.live, accept_missing)
        plan = self._waived(drift_plan(self.project.configuration, self.state, self.live, self.fingerprints))
        sides = drift_sides(self.state.resources, self.live)
        uncovered = check_drift(plan.drift, sides, self.project.configuration.settings.coverage)
        plan = replace(plan, routing=drift_impact(*sides), diagnostics=uncovered)
        if not self.capabilities.guided:
            return plan
        note = ("note", "what is recorded is what was confirmed; what somebody clicked since is not seen")
        summary = "the live destinations cannot be read with the console provider"
        blind = Diagnostic("not-readable", summary, severity="warning", notes=(note,))
        return replace(plan, diagnostics=(*uncovered, blind))

    def _wait(self, count: int, seconds: float) -> None:
        effect = f"waiting up to {seconds:.0f}s for what it may still do"
        self.project.session.say(f"An earlier run was cut off in {counted(count, 'call')}: {effect}.")

    def _waived(self, plan: Plan) -> Plan:
        today = datetime.now(UTC).date().isoformat()
        return replace(plan, drift=waive(plan.drift, self.project.configuration.settings.waivers, today))


def recorded_state(project: Project) -> State:
    """Return the recorded state; raises a `Failure` (``not-found``) where nothing was ever recorded."""
    state = read_state(project)
    if state is None:
        way_out = "`blinkdecl apply` records what it makes"
        raise error("not-found", f"nothing is recorded yet in {project.backend.location}", way_out=way_out)
    return state


def read_state(project: Project) -> State | None:
    """Read the state; raises a `Failure` (``other-environment``) for one that was copied from another environment."""
    state, environment = project.backend.read(), project.configuration.environment
    if state is None:
        check_migrated(project.session, project.configuration.settings.state)
    if state is None or state.environment == environment:
        return state
    theirs = f'the environment "{state.environment}"' if state.environment else "no environment"
    ours = f'the environment "{environment}"' if environment else "no environment"
    summary = f"{project.backend.location} is the state of {theirs}, not of {ours}"
    raise error("other-environment", summary, way_out="put the file back where it belongs, or pass its --env")


@contextmanager
def take_snapshot(project: Project, parallelism: int = 10, *, offline: bool = False) -> Iterator[Snapshot]:
    """Read the state and connect to the provider; raises a `Failure` (``other-tenant``) before it is called.

    `offline` = take what is recorded for what is live.
    """
    from blinkdecl.state import new_state

    base = read_state(project)
    state = base or new_state(project.configuration.environment, None)
    settings = project.configuration.settings.provider
    if offline:
        yield Snapshot(project, base, state, recorded_provider(settings, state))
        return
    with open_provider(settings, project.secrets, state, parallelism) as provider:
        check_tenant(state, provider.host)
        yield Snapshot(project, base, replace(state, provider_host=provider.host), provider)


def fingerprints_for(snapshot: Snapshot, plan: Plan, *, proving: bool = False) -> Fingerprints:
    """Resolve every secret that applying `plan` needs, running commands where allowed.

    Writing steps for a person needs none: they name where each secret is. Raises a `Failure` that names each secret
    that is missing, and whose it is.
    """
    project = snapshot.project
    if snapshot.capabilities.guided and not proving:
        return snapshot.fingerprints
    changed = {change.address for change in plan.changes if change.action not in (Action.DELETE, Action.FORGET)}
    needed = changed | {address for address, _ in plan.unverified}
    resources = [project.configuration.resources[address] for address in needed]
    resolved = resolve_for(project, resources)
    present = project.secrets.resolve_present(_recorded_references(snapshot.state))
    return Fingerprints(snapshot.state.salt, {**present, **resolved})


def resolve_for(project: Project, resources: Iterable[Resource]) -> dict[SecretReference, Secret]:
    """Return the secrets of these resources by reference; a missing one is reported once, at its trigger."""
    owners: dict[SecretReference, tuple[Resource, str]] = {}
    for resource in sorted(resources, key=lambda each: each.address):
        for name, reference in resource.secrets.items():
            owners[reference] = resource, name  # triggers come last, so that they are named
    found, problems = {}, []
    for reference, (resource, name) in owners.items():
        try:
            found[reference] = project.secrets.resolve(reference)
        except Failure as failure:
            problems += [_owned(each, resource, name, reference) for each in failure.diagnostics]
    if problems:
        raise Failure(*problems)
    return found


def _owned(problem: Diagnostic, resource: Resource, name: str, reference: SecretReference) -> Diagnostic:
    at = f"{resource.address}, {name} from {reference}"
    if resource.position:
        at += f" ({resource.position.file}:{resource.position.line})"
    return replace(problem, notes=(("at", at), *problem.notes))


def _from_token(problem: Diagnostic, provider: ProviderSettings) -> Diagnostic:
    return replace(problem, notes=(("at", token_place(provider)), *problem.notes))


def _references(configuration: Configuration) -> set[SecretReference]:
    return {reference for each in configuration.resources.values() for reference in each.secrets.values()}


def _recorded_references(state: State) -> set[SecretReference]:
    return {secret.reference for each in state.resources.values() for secret in each.secrets.values()}
