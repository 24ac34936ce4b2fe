"""Recorded and live at one moment, and the plans made from them.

Nothing here decides anything about destinations: it hands the parts to the planner.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Literal

from blinkdecl.config.digest import digest_of
from blinkdecl.diagnostics import Diagnostic, Failure, counted
from blinkdecl.model.live import Capabilities, LiveObject
from blinkdecl.model.plan import Options, Plan
from blinkdecl.model.proof import alerts_of
from blinkdecl.model.secret_values import WithoutValue
from blinkdecl.model.state import State
from blinkdecl.planner.actions import make_plan
from blinkdecl.planner.drift import drift_plan
from blinkdecl.planner.unsupported import fit
from blinkdecl.project.pointing import pointed
from blinkdecl.project.project import Project
from blinkdecl.project.provider import check_tenant, open_provider, recorded_provider
from blinkdecl.project.records import read_state
from blinkdecl.project.recovery import list_when_settled
from blinkdecl.project.secrets import needed_fingerprints, present_fingerprints, without_value
from blinkdecl.provider.interface import Provider
from blinkdecl.secret.fingerprints import Fingerprints

if TYPE_CHECKING:
    from blinkdecl.project.elsewhere import Elsewhere

_UNREAD = Diagnostic(
    "unread-state",
    "the state was not read: it is kept elsewhere, and --offline opens no connection",
    severity="warning",
    notes=(
        ("note", "whatever is recorded there is shown as new here, and nothing as changed or destroyed"),
        ("note", "which hosts and references are new cannot be said either: look at them in the files"),
    ),
)


@dataclass(frozen=True)
class Snapshot:
    """Recorded and live at one moment. `base` is what the backend holds (None: nothing yet), `state` is what planning
    starts from. `unread` = the backend was not asked; `commands` = those of secret references are run for a plan;
    `offline` = no connection is opened, and no secret resolved."""

    project: Project
    base: State | None
    state: State
    provider: Provider
    unread: bool = False
    commands: bool = False
    offline: bool = False

    @cached_property
    def live(self) -> tuple[LiveObject, ...]:
        """Every live destination, with what a killed run left under way: listed once, unless that does not show yet."""
        declared = self.project.configuration.resources
        wanted = fit(declared, self.capabilities, ignore=True)[0] if self.state.pending else {}
        with self.project.provider_errors():
            return list_when_settled(self.provider, self.state, wanted, self._wait)

    @cached_property
    def capabilities(self) -> Capabilities:
        """What the provider can express."""
        with self.project.provider_errors():
            return self.provider.capabilities

    @cached_property
    def fingerprints(self) -> Fingerprints:
        """The secrets that are available, without running a command unless the caller wants that."""
        return present_fingerprints(self.project, self.state, commands=self.commands)

    @cached_property
    def without_value(self) -> tuple[WithoutValue, ...]:
        """The declared secrets that have no value here."""
        return without_value(self.project, commands=self.commands, offline=self.offline)

    @cached_property
    def elsewhere(self) -> "Elsewhere":
        """What the other environments record of all that this one does not."""
        from blinkdecl.project.elsewhere import recorded_elsewhere

        return recorded_elsewhere(self.project, self.state, self.live, asked=True)

    @cached_property
    def nearby(self) -> "Elsewhere":
        """The same of those whose states are files."""
        from blinkdecl.project.elsewhere import recorded_elsewhere

        return recorded_elsewhere(self.project, self.state, self.live, asked=False)

    @cached_property
    def recorded(self) -> State:
        """The state, with one fingerprint for each value that is available: the one that a plan holds."""
        return self.fingerprints.upgraded(self.state)

    def fingerprints_for(self, plan: Plan, *, proving: bool = False) -> Fingerprints:
        """Resolve every secret that applying `plan` needs, running commands where allowed.

        Writing steps for a person needs none (unless the change is to be proved): they name where each secret is.
        Raises a `Failure` that names each secret that is missing, and whose it is.
        """
        if self.capabilities.manual and not proving:
            return self.fingerprints
        return needed_fingerprints(self.project, self.state, plan)

    def plan(self, options: Options, fingerprints: Fingerprints, *, digested: bool = True) -> Plan:
        """Plan against this snapshot; the configuration's warnings come with it.

        `digested` = with its digests even where it changes nothing: a document has them, and a person asks for none.
        """
        loaded = self.project.loaded
        # A state that records nothing yet has no lineage that a saved plan could be checked against.
        begun = self.base is not None and (self.base.resources or self.base.pending)
        state = fingerprints.upgraded(self.state if begun else replace(self.state, lineage=""))
        elsewhere = self.elsewhere if self._asks(options) else self.nearby
        make = partial(make_plan, today=_today(), elsewhere=elsewhere.held)
        try:
            plan = make(loaded.configuration, state, self.live, fingerprints, options, self.capabilities)
        except Failure as failure:
            if failure.code == "empty-configuration":  # what is said of the files may be why
                raise Failure(*failure.diagnostics, *loaded.warnings) from None
            raise
        declared = loaded.configuration.resources
        alerts = alerts_of(plan.changes, declared, self.capabilities, lambda each: fingerprints.secret(each) or each)
        unread = (*([_UNREAD] if self.unread else []), *elsewhere.unread)
        told = (*loaded.warnings, *unread, *pointed(self.project, plan.diagnostics))
        # A state that was not read cannot say what is new of where secrets go.
        exposure = () if self.unread else plan.exposure
        plan = replace(plan, test_alerts=alerts, diagnostics=told, exposure=exposure)
        if digested or plan.pending:
            plan = replace(plan, config_digest=self._declared)
            plan = replace(plan, review_digest="" if plan.refused else self.review_digest(plan))
        return self._told(plan)

    def drift(self, accept_missing: int | None, *, digested: bool = True) -> Plan:
        """Return what was changed outside, in Panther and, where the project says where it is, in Blink.

        `digested` = with the digest of the configuration, which a document has.
        """
        plan = drift_plan(
            self.project.configuration, self.recorded, self.live, self.fingerprints, self.capabilities,
            today=_today(), accept_missing=accept_missing, elsewhere=self.nearby.held,
        )  # fmt: skip
        plan = replace(plan, config_digest=self._declared if digested else "")
        if self.project.configuration.settings.blink is None:
            return self._told(plan)
        from blinkdecl.project.automations import with_automations  # no business of a project without Blink's API

        return with_automations(self.project, self._told(plan), _today())

    def with_automations(self, plan: Plan) -> Plan:
        """Return the plan with what is to be told of the automations that it leads to; its review does not hold that.

        Blink's answers change without anybody's doing here, and no apply depends on them.
        """
        if self.offline or self.project.configuration.settings.blink is None:
            return plan
        from blinkdecl.project.automations import touched_automations

        told = touched_automations(self.project, plan, _today())
        return replace(plan, diagnostics=(*plan.diagnostics, *told)) if told else plan

    def review_digest(self, plan: Plan) -> str:
        """Return the digest of what is reviewed, "" where not all of it was read."""
        skipped = self.offline and self.project.configuration.settings.provider.type == "panther"
        if self.unread or skipped:
            return ""
        from blinkdecl.planner.review import Answer, review_digest  # a plan without changes has none

        asked = self.provider.location is not None
        answer = Answer(self.provider.host, self.capabilities, self.live) if asked else None
        plan = replace(plan, config_digest=self._declared)
        return review_digest(plan, self.project.configuration, self.base, answer)

    @cached_property
    def _declared(self) -> str:
        """The digest of what is declared."""
        return digest_of(self.project.configuration)

    def _asks(self, options: Options) -> bool:
        """Whether a plan may take a display name that a destination has which is not recorded here."""
        declared = () if options.destroy else self.project.configuration.resources.values()
        names = {str(each.attributes["display_name"]) for each in declared if each.kind == "destination"}
        names |= {each.display_name for each in self.state.pending.values()}
        recorded = {each.id for each in self.state.resources.values()}
        return any(each.display_name in names for each in self.live if each.id not in recorded)

    def _told(self, plan: Plan) -> Plan:
        """Return the plan with when, and with what, it was compared: only a provider that is somewhere has answered."""
        compared: Literal["live", "recorded"] = "recorded" if self.provider.location is None else "live"
        at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        kind = self.project.configuration.settings.provider.type
        return replace(plan, provider=kind, compared=compared, timestamp=at, offline=self.offline)

    def _wait(self, count: int, seconds: float) -> None:
        effect = f"waiting up to {seconds:.0f}s for what it may still do"
        self.project.say(f"An earlier run was cut off in {counted(count, 'call')}: {effect}.")


@contextmanager
def take_snapshot(
    project: Project, parallelism: int = 10, *, offline: bool = False, commands: bool = False
) -> Iterator[Snapshot]:
    """Read the state and connect to the provider; raises a `Failure` (``other-tenant``) before it is called.

    `commands` = a plan is to know the values that only commands have; without it they are run by what needs them.

    `offline` = take what is recorded for what is live; no connection is opened, so that a state which is kept elsewhere
    is not read, and nothing is recorded as far as this plan knows.
    """
    from blinkdecl.state import new_state

    unread = offline and project.is_remote
    base = None if unread else read_state(project)
    state = base or new_state(project.configuration.environment, None)
    settings = project.configuration.settings.provider
    if offline:
        yield Snapshot(project, base, state, recorded_provider(settings, state), unread, offline=True)
        return
    with open_provider(settings, project.secrets, state, parallelism, project.invocation) as provider:
        check_tenant(state, provider.host)
        if provider.location is not None:
            # What it may repeat in an error is known before it is asked.
            present_fingerprints(project, state, commands=commands)
        yield Snapshot(project, base, replace(state, provider_host=provider.host), provider, commands=commands)


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
