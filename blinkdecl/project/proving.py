"""Both sides of a proof: the automation of each test alert, looked at in Blink with the key that the project names."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from blinkdecl.alert.follow import Follower, Sent
from blinkdecl.diagnostics import Diagnostic, several
from blinkdecl.model.resource import Resource
from blinkdecl.model.results import AlertRun, Delivery, RunOutcome
from blinkdecl.model.runs import Place
from blinkdecl.project.blink import blink_settings, open_blink
from blinkdecl.project.project import Project
from blinkdecl.project.targets import Batch

_SUMMARIES: Mapping[RunOutcome, str] = {
    "failed": "Blink ran the automation for the test alert, and it failed",
    "not_seen": "Blink accepted the test alert, and ran nothing for it",
    "queued": "Blink accepted the test alert, and did not begin to run its automation",
    "running": "Blink runs the automation for the test alert, and has not ended",
    "unknown": "it is not known what Blink made of the test alert",
}
_CODES: Mapping[RunOutcome, str] = {"failed": "run-failed", "not_seen": "run-not-seen", "queued": "run-not-seen"}


class Follow(Protocol):
    """Returns the outcomes with what Blink made of the alerts that it accepted."""

    def __call__(
        self,
        sent: tuple[Delivery, ...],
        on_run: Callable[[Delivery], None],
        cancelled: Callable[[], bool],
        hurried: Callable[[], bool],
    ) -> tuple[Delivery, ...]:
        """`on_run` is called with each outcome once it is known; `cancelled` ends the wait, `hurried` at once."""


@dataclass(frozen=True, slots=True)
class Proving:
    """The alerts that are to be proved: by address its tag, and the automation that it is to start.

    Addresses with one webhook have one alert, and so one tag; the automations that they declare may differ.
    """

    follower: Follower
    strict: bool
    marks: Mapping[str, str]
    places: Mapping[str, Place]

    def follow(
        self,
        timeout: float,
        sent: tuple[Delivery, ...],
        on_run: Callable[[Delivery], None],
        cancelled: Callable[[], bool],
        hurried: Callable[[], bool],
    ) -> tuple[Delivery, ...]:
        """Look for the runs of what was delivered for up to `timeout` seconds, and return the outcomes with them.

        One alert is looked for once at each place; `on_run` is called with the first address that declares it.
        """
        wanted = {each.address: each for each in sent if each.delivered and each.address in self.marks}
        behind: dict[tuple[str, Place], list[str]] = {}
        for address in wanted:
            behind.setdefault((self.marks[address], self.places[address]), []).append(address)
        alerts = {addresses[0]: Sent(addresses[0], place, mark) for (mark, place), addresses in behind.items()}
        found: dict[str, Delivery] = {}

        def known(address: str, run: AlertRun) -> None:
            one = alerts[address]
            for each in behind[one.mark, one.place]:
                found[each] = replace(wanted[each], run=replace(run, severity=_severity(run, strict=self.strict)))
            on_run(found[address])

        self.follower.follow(alerts.values(), timeout, known, cancelled, hurried)
        return tuple(found.get(each.address, each) for each in sent)


@contextmanager
def open_proving(
    project: Project, batches: Sequence[Batch], tag: str, parallelism: int, *, everything: bool, strict: bool
) -> Iterator[Proving | None]:
    """Yield how the alerts of these batches are proved, None where none is to be; `everything` = all of them are.

    With `strict`, what is not proved is an error.

    Blink is asked what there is before anything is sent. Raises a `Failure` where the project does not say where Blink
    is (``missing-property``), or its address or key is not available or must not be used.
    """
    wanted = [batch for batch in batches if everything or any(each.probe.prove for each in batch)]
    if not wanted:
        yield None
        return
    settings = blink_settings(project, "a run in Blink is to be proved")
    with open_blink(project, settings, parallelism) as blink:
        places = {each.address: _place(each, project.configuration.resources) for batch in wanted for each in batch}
        marks = {each.address: f"{tag}-{number}" for number, batch in enumerate(wanted, start=1) for each in batch}
        yield Proving(Follower(blink, places.values(), parallelism), strict, marks, places)


def run_problems(deliveries: Iterable[Delivery]) -> Iterator[Diagnostic]:
    """Yield what is to be told of runs: one problem for those with the same outcome and reason."""
    groups: dict[Hashable, list[Delivery]] = {}
    for each in deliveries:
        if each.run is not None and each.run.severity is not None:
            groups.setdefault((each.run.outcome, each.run.reason, each.run.remedy), []).append(each)
    for group in groups.values():
        run = group[0].run
        if run is not None and run.severity is not None:
            code = _CODES.get(run.outcome, "run-unknown")
            notes = [("at", several([each.address for each in group])), ("note", run.reason), ("help", run.remedy)]
            yield Diagnostic(
                code,
                _SUMMARIES[run.outcome],
                severity=run.severity,
                notes=tuple(each for each in notes if each[1]),
            )


def _severity(run: AlertRun, *, strict: bool) -> Literal["error", "warning"] | None:
    """Return what a run is for the command: what is not proved is a warning, with `strict` an error."""
    if run.outcome == "ran":
        return None
    return "error" if strict or run.outcome in _CODES else "warning"


def _place(resource: Resource, declared: Mapping[str, Resource]) -> Place:
    """Return the names of the automation that alerts to a destination, or straight to a trigger, start."""
    own = resource.kind == "trigger"
    return Place.of((resource if own else declared[f"trigger.{resource.attributes['trigger']}"]).attributes)
