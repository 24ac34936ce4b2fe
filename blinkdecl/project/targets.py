"""Alerts as the commands send them: targets from the configuration, who sends, outcomes as diagnostics."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from blinkdecl.alert.delivery import Target
from blinkdecl.alert.probe import probe, probe_through
from blinkdecl.diagnostics import Diagnostic, closest, did_you_mean, error
from blinkdecl.model.configuration import Configuration
from blinkdecl.model.plan import Change
from blinkdecl.model.resource import Resource, kind_of
from blinkdecl.model.results import Delivery
from blinkdecl.model.state import State
from blinkdecl.project.project import Project
from blinkdecl.project.provider import check_tenant, open_provider
from blinkdecl.project.references import place_of
from blinkdecl.project.secrets import resolve_for
from blinkdecl.secret.fingerprints import Fingerprints
from blinkdecl.secret.value import Secret
from blinkdecl.system.http import Client

Probe = Callable[[Change], Delivery]
Send = Callable[[Resource], Delivery]


@contextmanager
def open_probe(
    project: Project, fingerprints: Fingerprints, parallelism: int, *, enabled: bool
) -> Iterator[Probe | None]:
    """Yield the function that sends one preflight test alert; None where tests are off."""
    if not enabled:
        yield None
        return
    configuration, tag = project.configuration, run_tag()
    with Client(parallelism) as client:

        def send(change: Change) -> Delivery:
            target = target_of(configuration.resources[change.address], fingerprints.secret)
            return probe(client, target, configuration.settings.webhook_hosts, project.invocation, tag=tag)

        yield send


@contextmanager
def send_directly(project: Project, resources: Sequence[Resource], parallelism: int, tag: str) -> Iterator[Send]:
    """Yield the function that sends a test alert to Blink; raises a `Failure` where a secret is missing."""
    found = resolve_for(project, resources)
    targets = {each.address: target_of(each, found.get) for each in resources}
    hosts = project.configuration.settings.webhook_hosts
    with Client(parallelism) as client:
        yield lambda resource: probe(client, targets[resource.address], hosts, project.invocation, tag=tag)


@contextmanager
def through_panther(project: Project, state: State, parallelism: int) -> Iterator[Send]:
    """Yield the function that has Panther send its test alert to a recorded destination.

    Raises a `Failure` (``unsupported``) where the provider sends none.
    """
    settings = project.configuration.settings.provider
    with project.provider_errors(), open_provider(settings, project.secrets, state, parallelism) as provider:
        check_tenant(state, provider.host)
        if not provider.capabilities.test_alert:
            remedy = "leave `--via panther` out: then blinkdecl sends it to Blink itself"
            raise error("unsupported", f"the {settings.type} provider sends no test alerts", remedy=remedy)

        def send(resource: Resource) -> Delivery:
            object_id = str(state.resources[resource.address].id)
            return probe_through(provider, resource.address, object_id, project.invocation)

        yield send


def named_resources(project: Project, addresses: Sequence[str], purpose: str) -> list[Resource]:
    """Return the resources at these addresses, each once; raises a `Failure` (``not-found``) for an unknown one."""
    declared = project.configuration.resources
    for address in addresses:
        if address not in declared:
            hint = did_you_mean(closest(address, declared), quoted=False)
            kind = "trigger" if kind_of(address) == "trigger" else "destination"
            raise error("not-found", f'there is no {kind} "{address}" {purpose}', remedy=hint)
    return [declared[address] for address in dict.fromkeys(addresses)]


def run_tag() -> str:
    """Return the tag that marks the test alerts of this run."""
    return f"blinkdecl-{secrets.token_hex(4)}"


def target_of(resource: Resource, secret: Callable[..., Secret | None]) -> Target:
    """Return what sending to a destination, or straight to a trigger, needs; its secrets have been resolved."""
    name = "url" if resource.kind == "trigger" else "webhook_url"
    literal = resource.attributes[name]
    url = literal if isinstance(literal, str) else secret(resource.secrets[name])
    key = secret(resource.secrets["api_key"])
    if url is None or key is None:
        raise KeyError(resource.address)
    signed = resource.attributes.get("authentication") == "signature"
    return Target(resource.address, url, key, resource.probe.timeout, "signature" if signed else "api_key")


def sent_text(delivery: Delivery) -> str:
    """Say how often the alert left this machine."""
    if delivery.attempt > 1:
        return f"tried {delivery.attempt} times"
    return "sent once" if delivery.sent else "nothing was sent"


def delivery_problem(
    delivery: Delivery, configuration: Configuration, note: str, what: str = "the test alert"
) -> Diagnostic:
    """Return the error for an alert that did not arrive: whose key it was, and what to do."""
    resource = configuration.resources[delivery.address]
    if delivery.failure in ("refused", "redirect"):
        summary = f"Blink refused {what}: {delivery.detail}"
    else:
        summary = f"{what} did not reach Blink: {delivery.detail}"
    trigger = delivery.address
    if kind_of(trigger) == "destination":
        trigger = f"trigger.{resource.attributes['trigger']}"
    notes = (("at", place_of(f"{trigger}, api_key", resource.secrets["api_key"], None)), ("note", note))
    return Diagnostic("not-delivered", summary, notes=(*notes, ("help", delivery.remedy)))
