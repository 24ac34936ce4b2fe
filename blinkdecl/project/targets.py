"""Alerts as the commands send them: targets from the configuration, who sends, outcomes as diagnostics."""

import secrets
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from blinkdecl.alert.delivery import Target
from blinkdecl.alert.probe import Proofs, probe, probe_through
from blinkdecl.diagnostics import Diagnostic, closest, counted, did_you_mean, error, several
from blinkdecl.model.configuration import Configuration
from blinkdecl.model.plan import Change
from blinkdecl.model.proof import needs_preflight, webhook_of
from blinkdecl.model.resource import TEST_ALERT_TYPE, Resource, accepts_type, kind_of
from blinkdecl.model.results import Delivery
from blinkdecl.model.state import State
from blinkdecl.model.urls import named_hosts
from blinkdecl.project.project import Project
from blinkdecl.project.provider import check_tenant, open_provider
from blinkdecl.project.references import place_of
from blinkdecl.project.secrets import present_fingerprints, resolve_for
from blinkdecl.secret.fingerprints import Fingerprints
from blinkdecl.secret.value import Secret
from blinkdecl.system.http import Client

# What Blink answers to a key that it does not know.
_WRONG_KEY = (401, 403)

Probe = Callable[[Change], Delivery]
# What makes destinations that are declared exist, by provider.
_MAKES = {
    "local": "`blinkdecl apply` records {them}",
    "panther": "`blinkdecl apply` creates {them}; then `blinkdecl test --via panther` has Panther send to {them}",
    "console": "`blinkdecl apply` writes the steps that create {them}, `blinkdecl confirm {address}` records {each}",
}
# Resources that one alert is sent for, the one that it is sent to first.
Batch = Sequence[Resource]
Send = Callable[[Batch], Delivery]


@contextmanager
def open_probe(
    project: Project,
    fingerprints: Fingerprints,
    parallelism: int,
    *,
    enabled: bool,
    again: Callable[[str], str],
    parallel: bool = False,
    changes: Iterable[Change] = (),
) -> Iterator[Probe | None]:
    """Yield the function that returns the outcome of a change's preflight test alert; None where tests are off.

    `again` returns the command to run once what is wrong is fixed: a change whose preflight failed was not made.
    `parallel` = it takes ``--parallelism``. One alert is sent to each webhook, whatever number of changes leads there;
    the longest timeout among `changes` holds.
    """
    if not enabled:
        yield None
        return
    declared, hosts, tag = project.configuration.resources, project.hosts, run_tag()

    def target(change: Change) -> Target:
        return target_of(declared[change.address], fingerprints.secret)

    proved = [
        target(each) for each in changes if each.address in declared and needs_preflight(each, declared[each.address])
    ]
    with client_of(project, parallelism) as client:
        proofs = Proofs(lambda each: probe(client, each, hosts, again, tag=tag, parallel=parallel), proved)
        yield lambda change: proofs.of(target(change))


def client_of(project: Project, connections: int) -> Client:
    """Return the client for the project's webhooks; a host that `webhook_hosts` names in full may be a private one."""
    hosts = project.configuration.settings.webhook_hosts
    return Client(connections, environ=project.invocation.environ, private=named_hosts(hosts))


def targets_of(project: Project, resources: Sequence[Resource]) -> dict[str, Target]:
    """Return what sending to each address needs; raises a `Failure` where a secret is missing."""
    found = resolve_for(project, resources)
    return {each.address: target_of(each, found.get) for each in resources}


def batches_of(resources: Sequence[Resource], targets: Mapping[str, Target]) -> list[Batch]:
    """Return the resources by webhook, in their order: one test alert proves a batch."""
    batches: dict[Hashable, list[Resource]] = {}
    for each in resources:
        batches.setdefault(targets[each.address].webhook, []).append(each)
    return [*batches.values()]


@contextmanager
def send_directly(
    project: Project, targets: Mapping[str, Target], parallelism: int, tag: str, marks: Mapping[str, str]
) -> Iterator[Send]:
    """Yield the function that sends one test alert to Blink for a batch, within the longest of its timeouts.

    `marks` = a tag of its own for the alert to an address.
    """
    hosts = project.hosts

    def again(address: str) -> str:
        return project.invocation.command_line("test", address)

    with client_of(project, parallelism) as client:

        def send(batch: Batch) -> Delivery:
            timeout = max(each.probe.timeout for each in batch)
            target = replace(targets[batch[0].address], timeout=timeout)
            return probe(client, target, hosts, again, tag=tag, mark=marks.get(target.address, ""), parallel=True)

        yield send


@contextmanager
def through_panther(project: Project, state: State, parallelism: int) -> Iterator[Send]:
    """Yield the function that has Panther send its test alert to a recorded destination, the first of a batch.

    Raises a `Failure` (``unsupported``) where the provider sends none.
    """
    settings = project.configuration.settings.provider
    opened = open_provider(settings, project.secrets, state, parallelism, project.invocation)
    with project.provider_errors(), opened as provider:
        check_tenant(state, provider.host)
        present_fingerprints(project, state)  # what it may repeat in an error is known before it is asked
        if not provider.capabilities.test_alert:
            remedy = "leave `--via panther` out: then blinkdecl sends it to Blink itself"
            raise error("unsupported", f"the {settings.type} provider sends no test alerts", remedy=remedy)

        def send(batch: Batch) -> Delivery:
            address = batch[0].address
            return probe_through(provider, address, str(state.resources[address].id), project.invocation)

        yield send


def named_resources(project: Project, addresses: Sequence[str], purpose: str) -> list[Resource]:
    """Return the resources at these addresses, each once; raises a `Failure` (``not-found``) for an unknown one."""
    declared = project.configuration.resources
    for address in addresses:
        if address not in declared:
            project.configuration.check_here(address)
            kind = "trigger" if kind_of(address) == "trigger" else "destination"
            there = several([each for each in declared if kind_of(each) == kind])
            hint = did_you_mean(closest(address, declared), f"declared: {there}" if there else "", quoted=False)
            raise error("not-found", f'there is no {kind} "{address}" {purpose}', remedy=hint)
    return [declared[address] for address in dict.fromkeys(addresses)]


def not_recorded(project: Project, resources: Sequence[Resource], state: State | None) -> Iterator[Diagnostic]:
    """Yield the warning for destinations that are tested directly and not recorded: nothing says that they exist."""
    tested = [each.address for each in resources if each.kind == "destination"]
    absent = [each for each in tested if state is None or each not in state.resources]
    if not absent:
        return
    notes, many = [], len(absent) > 1
    if len(tested) == 1:
        summary = f"{absent[0]} is not recorded: only its webhook was tested"
    else:
        summary = f"{len(absent)} of {counted(len(tested), 'destination')} {'are' if many else 'is'} not recorded: "
        summary += f"only {'their webhooks were' if many else 'its webhook was'} tested"
        notes = [("note", several(absent))]
    them, each, address = ("them", "each", "ADDRESS") if many else ("it", "it", absent[0])
    told = _MAKES[project.configuration.settings.provider.type].format(them=them, each=each, address=address)
    yield Diagnostic("not-recorded", summary, severity="warning", notes=(*notes, ("help", told)))


def unproved_by(project: Project, deliveries: Iterable[Delivery]) -> str | None:
    """Return the provider whose destinations test alerts did not go through, although it could send some itself.

    None where none arrived, where the provider sent them, and where there is no Panther.
    """
    provider, declared = project.configuration.settings.provider.type, project.configuration.resources
    arrived = [declared[each.address] for each in deliveries if each.delivered and each.via == "direct"]
    able = any(
        each.kind == "destination" and accepts_type(each.attributes["alert_types"], TEST_ALERT_TYPE) for each in arrived
    )
    return provider if able and provider != "local" else None


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


def sent_for(deliveries: Sequence[Delivery]) -> str:
    """Say how often an alert left this machine, and to whom or for whom: the outcomes are of one webhook."""
    first, names = deliveries[0], several([each.address for each in deliveries])
    if len(deliveries) == 1:
        return f"{sent_text(first)} to {names}"
    shared = [each for each in deliveries if each.shared_with]
    if shared and len(shared) < len(deliveries) - 1:
        return f"{sent_text(first)} to each webhook of {names}"
    if not first.sent or shared:
        return f"{sent_text(first)}, for {names}"
    return f"{sent_text(first)} to each of {names}"


def left_text(refused: Sequence[Delivery], created: Collection[str], *, by_hand: bool) -> str:
    """Say how often an alert left this machine, and what was not done because it did not arrive.

    `created` = the addresses that were to be new, `by_hand` = a person has made the change, which was to be recorded.
    """
    addresses = [each.address for each in refused]
    be, they = ("were", "they were") if len(addresses) > 1 else ("was", "it was")
    new = all(each in created for each in addresses)
    left = "not created" if new else f"left as {they}"
    if by_hand:
        left = "not recorded" if new else "not recorded anew"
    return f"{sent_text(refused[0])}; {several(addresses)} {be} {left}"


def delivery_problems(
    deliveries: Iterable[Delivery],
    configuration: Configuration,
    note: Callable[[Sequence[Delivery]], str],
    what: str = "the test alert",
) -> Iterator[Diagnostic]:
    """Yield the errors for the alerts that did not arrive: one failure of one webhook is one, for all behind it.

    So is one key that Blink does not accept, whatever number of triggers has it.
    """
    groups: dict[Hashable, list[Delivery]] = {}
    for each in deliveries:
        if not each.delivered:
            resource = configuration.resources[each.shared_with or each.address]
            one = resource.secrets["api_key"] if each.status in _WRONG_KEY else webhook_of(resource)
            groups.setdefault((one, each.via, each.failure, each.detail, each.sent), []).append(each)
    for group in groups.values():
        yield _problem(group, configuration, note(group), what)


def _problem(group: Sequence[Delivery], configuration: Configuration, note: str, what: str) -> Diagnostic:
    """Return the error for alerts that did not arrive: whose key it was, and what to do."""
    delivery = group[0]
    if delivery.failure in ("refused", "redirect"):
        did = "refused" if delivery.refused else "did not accept"
        summary = f"Blink {did} {what}: {delivery.detail}"
    elif delivery.failure == "web-page":
        summary = f"{what} was answered by a web page, not by a webhook: HTTP {delivery.status}"
    else:
        came_to = f"it is not known whether {what} reached Blink" if delivery.sent else f"{what} did not reach Blink"
        summary = f"{came_to}: {delivery.detail}"
    resources = [configuration.resources[each.address] for each in group]
    triggers = dict.fromkeys(
        each.address if each.kind == "trigger" else f"trigger.{each.attributes['trigger']}" for each in resources
    )
    at = place_of(f"{several([*triggers])}, api_key", resources[0].secrets["api_key"], None)
    notes = (("at", at), ("note", note))
    return Diagnostic("not-delivered", summary, notes=(*notes, ("help", delivery.remedy)))
