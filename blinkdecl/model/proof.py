"""What a change has to prove before and after it, and what is one webhook. Pure."""

from collections.abc import Callable, Hashable, Iterable, Mapping

from blinkdecl.model.live import Capabilities
from blinkdecl.model.plan import Action, Change, PlannedAlerts
from blinkdecl.model.resource import TEST_ALERT_TYPE, Resource, SecretReference, accepts_type


def needs_preflight(change: Change, declared: Resource) -> bool:
    """Whether this change sets a different URL or key (or one that may be different), and its preflight is on."""
    if not change.calls_provider or change.action is Action.DELETE or not declared.probe.preflight:
        return False
    if change.action is not Action.UPDATE or any(each.name == "webhook_url" for each in change.differences):
        return True
    return any(each.status != "same" for each in change.secrets)


def wants_proof(change: Change, declared: Resource) -> bool:
    """Whether the provider's own test alert is to follow this change, where it can send one."""
    if not change.calls_provider or change.action is Action.DELETE or not declared.probe.after_apply:
        return False
    return accepts_type((change.after or {})["alert_types"], TEST_ALERT_TYPE)


def webhook_of(resource: Resource, value: Callable[[SecretReference], Hashable] = lambda each: each) -> Hashable:
    """Return what is equal for resources with the same URL, key and authentication.

    `value` is asked for what stands for a secret; without it, the same webhook has the same references.
    """
    name = "url" if resource.kind == "trigger" else "webhook_url"
    url, key = resource.secrets.get(name), resource.secrets.get("api_key")
    return (
        resource.attributes[name] if url is None else value(url),
        None if key is None else value(key),
        resource.attributes.get("authentication", "api_key"),
    )


def alerts_of(
    changes: Iterable[Change],
    declared: Mapping[str, Resource],
    capabilities: Capabilities,
    value: Callable[[SecretReference], Hashable],
) -> PlannedAlerts:
    """Return how many test alerts applying these changes sends: one for each webhook before, then the provider's."""
    if capabilities.manual:
        return PlannedAlerts()
    users: dict[Hashable, Resource] = {}  # one of each webhook, by its references: many share a few
    after = 0
    for change in changes:
        if (resource := declared.get(change.address)) is None:
            continue
        if needs_preflight(change, resource):
            users.setdefault(webhook_of(resource), resource)
        after += capabilities.test_alert and wants_proof(change, resource)
    return PlannedAlerts(len({webhook_of(each, value) for each in users.values()}), after)
