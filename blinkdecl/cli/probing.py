"""Test alerts as the commands send them: targets from the configuration, outcomes as diagnostics."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from blinkdecl.cli.wiring import Project
from blinkdecl.client import Client
from blinkdecl.delivering import Target
from blinkdecl.diagnostics import Diagnostic
from blinkdecl.fingerprints import Fingerprints
from blinkdecl.model import Configuration, Resource
from blinkdecl.plan import Change
from blinkdecl.prober import probe
from blinkdecl.results import Delivery
from blinkdecl.secret_value import Secret

Probe = Callable[[Change], Delivery]


@contextmanager
def open_probe(
    project: Project, fingerprints: Fingerprints, parallelism: int, *, enabled: bool
) -> Iterator[Probe | None]:
    """Yield the function that sends one preflight test alert; None where tests are off."""
    if not enabled:
        yield None
        return
    configuration = project.configuration
    with Client(parallelism) as client:

        def send(change: Change) -> Delivery:
            target = target_of(configuration.resources[change.address], fingerprints.secret)
            return probe(client, target, configuration.settings.webhook_hosts)

        yield send


def target_of(resource: Resource, secret: Callable[..., Secret | None]) -> Target:
    """Return what a test alert needs to know of a destination; its secrets have been resolved."""
    literal = resource.attributes["webhook_url"]
    url = literal if isinstance(literal, str) else secret(resource.secrets["webhook_url"])
    key = secret(resource.secrets["api_key"])
    if url is None or key is None:
        raise KeyError(resource.address)
    return Target(resource.address, url, key, resource.probe.timeout)


def sending(delivery: Delivery) -> str:
    """Say how often the test alert left this machine."""
    return "sent once" if delivery.sent else "nothing was sent"


def delivery_problem(delivery: Delivery, configuration: Configuration, note: str) -> Diagnostic:
    """Return the error that tells a test alert which did not arrive, whose key it was, and what to do."""
    resource = configuration.resources[delivery.address]
    if delivery.failure in ("refused", "redirect"):
        summary = f"Blink refused the test alert: {delivery.detail}"
    else:
        summary = f"the test alert did not reach Blink: {delivery.detail}"
    at = f"trigger.{resource.attributes['trigger']}, api_key from {resource.secrets['api_key']}"
    notes = (("at", at), ("note", note), ("help", delivery.way_out))
    return Diagnostic("not-delivered", summary, notes=notes)
