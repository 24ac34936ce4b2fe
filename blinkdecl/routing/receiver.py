"""A destination as routing sees it, and where its webhook leads. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from blinkdecl.model.resource import Attributes, Resource, SecretReference, Value, words_of
from blinkdecl.model.state import Recorded, RecordedSecret
from blinkdecl.model.urls import webhook_of

# What the webhook of a `Receiver` begins with where the URL is behind a reference and the fingerprint is known.
FINGERPRINT = "fingerprint "
Secrets = Mapping[str, SecretReference] | Mapping[str, RecordedSecret]


@dataclass(frozen=True, slots=True)
class Receiver:
    """A destination as routing sees it: `address` is None if it is not managed here, `id` if it does not exist yet.

    Empty `alert_types` and `log_types` take everything; empty `severities` take system errors alone. `webhook` is
    the URL, or in words what stands for it: the fingerprint of its value, or the reference behind which it is
    (``env BLINK_URL``). `workspace` is that of its trigger; "" = not known.
    """

    address: str | None
    id: str | None
    display_name: str
    severities: tuple[str, ...] = ()
    alert_types: tuple[str, ...] = ()
    log_types: tuple[str, ...] = ()
    webhook: str = ""
    workspace: str = ""


@dataclass(frozen=True, slots=True)
class KnownPaths:
    """What is known on one side of where webhooks lead.

    `values` = the fingerprints of values, by their references, for what is recorded without one; `workspaces` are by
    webhook, as `webhook_of` spells it: "" where two triggers name different ones.
    """

    values: Mapping[SecretReference, str] = field(default_factory=dict)
    workspaces: Mapping[str, str] = field(default_factory=dict)


NO_PATHS = KnownPaths()


def values_of(secrets: Iterable[Secrets]) -> dict[SecretReference, str]:
    """Return the fingerprints that these secrets hold, by reference."""
    held = (each for mapping in secrets for each in mapping.values())
    return {each.reference: each.fingerprint for each in held if isinstance(each, RecordedSecret) and each.fingerprint}


def receiver_of(
    address: str | None,
    object_id: str | None,
    attributes: Attributes,
    secrets: Secrets = MappingProxyType({}),
    paths: KnownPaths = NO_PATHS,
) -> Receiver:
    """Return how routing sees a destination of these attributes and secrets."""
    webhook = _webhook(attributes.get("webhook_url"), secrets.get("webhook_url"), paths.values)
    return Receiver(
        address,
        object_id,
        str(attributes.get("display_name", "")),
        words_of(attributes.get("severities")),
        words_of(attributes.get("alert_types")),
        words_of(attributes.get("log_types")),
        webhook,
        paths.workspaces.get(webhook_of(webhook), ""),
    )


@dataclass(frozen=True, slots=True)
class TriggerPath:
    """Where a trigger leads: its webhook and its workspace, as a `Receiver` has them."""

    webhook: str
    workspace: str = ""


def path_of_trigger(attributes: Attributes, secrets: Secrets, values: Mapping[SecretReference, str]) -> TriggerPath:
    """Return where a trigger leads; `values` as in `KnownPaths`."""
    webhook = _webhook(attributes.get("url"), secrets.get("url"), values)
    return TriggerPath(webhook, str(attributes.get("workspace", "")))


def _webhook(url: Value, secret: SecretReference | RecordedSecret | None, values: Mapping[SecretReference, str]) -> str:
    """Return the URL, or what stands for it: two references to one value are one webhook where the value is known."""
    if isinstance(url, str) and url:
        return url
    if secret is None:
        return ""
    reference = secret if isinstance(secret, SecretReference) else secret.reference
    held = secret.fingerprint if isinstance(secret, RecordedSecret) else ""
    if fingerprint := held or values.get(reference, ""):
        return f"{FINGERPRINT}{fingerprint}"
    argument = reference.argument if isinstance(reference.argument, str) else " ".join(reference.argument)
    return f"{reference.source} {argument}"


def workspaces_of(
    triggers: Iterable[tuple[Attributes, Secrets]], values: Mapping[SecretReference, str]
) -> dict[str, str]:
    """Return the workspaces of `KnownPaths`."""
    found: dict[str, str] = {}
    for attributes, secrets in triggers:
        path = path_of_trigger(attributes, secrets, values)
        if webhook := webhook_of(path.webhook):
            first = found.setdefault(webhook, path.workspace)
            if folded(first) != folded(path.workspace):
                found[webhook] = ""
    return found


def folded(workspace: str) -> str:
    """Return what is equal for two spellings of a workspace that a person would take for the same."""
    return workspace.strip().casefold()


def paths_of(resources: Iterable[Resource | Recorded]) -> KnownPaths:
    """Return what these resources say of where webhooks lead."""
    resources = tuple(resources)
    values = values_of(each.secrets for each in resources)
    triggers = ((each.attributes, each.secrets) for each in resources if each.kind == "trigger")
    return KnownPaths(values, workspaces_of(triggers, values))


def receivers_of(
    resources: Iterable[Resource | Recorded], ids: Mapping[str, str | None] = MappingProxyType({})
) -> list[Receiver]:
    """Return the destinations among these resources, sorted by address; `ids` are the recorded ones, by address."""
    resources = sorted(resources, key=lambda each: each.address)
    paths = paths_of(resources)
    return [
        receiver_of(each.address, ids.get(each.address), each.attributes, each.secrets, paths)
        for each in resources
        if each.kind == "destination"
    ]
