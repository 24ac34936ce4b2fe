"""Both sides of a proof: the automation of each test alert, looked at in Blink with the key that the project names."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from blinkdecl.alert.follow import Follower, Place, Sent
from blinkdecl.diagnostics import Diagnostic, error, several
from blinkdecl.model.configuration import BlinkSettings
from blinkdecl.model.resource import Resource, SecretReference
from blinkdecl.model.results import AlertRun, Delivery, RunOutcome
from blinkdecl.model.urls import site_problem
from blinkdecl.project.project import Project
from blinkdecl.project.reach import check_blink_host
from blinkdecl.project.references import place_of, resolved
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
        self, sent: tuple[Delivery, ...], on_run: Callable[[Delivery], None], cancelled: Callable[[], bool]
    ) -> tuple[Delivery, ...]:
        """`on_run` is called with each outcome once it is known; `cancelled` ends the wait."""


@dataclass(frozen=True, slots=True)
class Proving:
    """The alerts that are to be proved: a tag for each of their addresses, and the automation that each is to start."""

    follower: Follower
    marks: Mapping[str, str]
    places: Mapping[str, Place]

    def follow(
        self,
        timeout: float,
        sent: tuple[Delivery, ...],
        on_run: Callable[[Delivery], None],
        cancelled: Callable[[], bool],
    ) -> tuple[Delivery, ...]:
        """Look for the runs of what was delivered for up to `timeout` seconds, and return the outcomes with them."""
        wanted = {each.address: each for each in sent if each.delivered and each.address in self.marks}
        found: dict[str, Delivery] = {}

        def known(address: str, run: AlertRun) -> None:
            found[address] = replace(wanted[address], run=run)
            on_run(found[address])

        alerts = [Sent(each, self.places[each], self.marks[each]) for each in wanted]
        self.follower.follow(alerts, timeout, known, cancelled)
        return tuple(found.get(each.address, each) for each in sent)


@contextmanager
def open_proving(
    project: Project, batches: Sequence[Batch], tag: str, parallelism: int, *, everything: bool
) -> Iterator[Proving | None]:
    """Yield how the alerts of these batches are proved, None where none is to be; `everything` = all of them are.

    Blink is asked what there is before anything is sent. Raises a `Failure` where the project does not say where Blink
    is (``missing-property``), or its address or key is not available or must not be used.
    """
    wanted = [batch[0] for batch in batches if everything or any(each.probe.prove for each in batch)]
    if not wanted:
        yield None
        return
    settings = project.configuration.settings.blink
    if settings is None:
        remedy = "write `blink: {url: https://acme.app.blinkops.com, api_key: {env: BLINK_API_KEY}}` in blinkdecl.yaml"
        raise error(
            "missing-property", "a run in Blink is to be proved, and nothing says where Blink is", remedy=remedy
        )
    from blinkdecl.blink import BlinkApi

    key = resolved(project.secrets, settings.api_key, "blink.api_key,", settings.position)
    environ, mask = project.invocation.environ, project.secrets.mask
    with BlinkApi(_url(project, settings), key, connections=parallelism, environ=environ, mask=mask) as blink:
        places = {each.address: _place(each, project.configuration.resources) for each in wanted}
        marks = {each.address: f"{tag}-{number}" for number, each in enumerate(wanted, start=1)}
        yield Proving(Follower(blink, places.values(), parallelism), marks, places)


def run_problems(deliveries: Iterable[Delivery], *, strict: bool) -> Iterator[Diagnostic]:
    """Yield what is to be told of runs: one problem for those with the same outcome and reason.

    What is not proved is a warning, with `strict` an error.
    """
    groups: dict[Hashable, list[Delivery]] = {}
    for each in deliveries:
        if each.run is not None and each.run.outcome != "ran":
            groups.setdefault((each.run.outcome, each.run.reason, each.run.remedy), []).append(each)
    for group in groups.values():
        run = group[0].run
        if run is not None:
            code = _CODES.get(run.outcome, "run-unknown")
            notes = [("at", several([each.address for each in group])), ("note", run.reason), ("help", run.remedy)]
            yield Diagnostic(
                code,
                _SUMMARIES[run.outcome],
                severity="error" if strict or code != "run-unknown" else "warning",
                notes=tuple(each for each in notes if each[1]),
            )


def _place(resource: Resource, declared: Mapping[str, Resource]) -> Place:
    """Return the names of the automation that alerts to a destination, or straight to a trigger, start."""
    own = resource.kind == "trigger"
    attributes = (resource if own else declared[f"trigger.{resource.attributes['trigger']}"]).attributes
    return Place(*(str(attributes.get(each) or "") for each in ("workspace", "pack", "automation")))


def _url(project: Project, settings: BlinkSettings) -> str:
    given, place = settings.url, "blink.url"
    if isinstance(given, SecretReference):
        place = place_of("blink.url,", given, settings.position)
        url = resolved(project.secrets, given, "blink.url,", settings.position).reveal()
        if (problem := site_problem(url)) is not None:
            raise error("invalid-value", problem, at=place)
    else:
        url = given
    check_blink_host(project.invocation, url, place)
    return url
