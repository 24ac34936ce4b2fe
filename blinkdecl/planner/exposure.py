"""What a change of the project exposes: where secrets and alerts would go that they did not go before. Pure.

A reviewer sees what a plan does to destinations. What a pull request does to the keys is easily overlooked: another
webhook for a key that is in use, another host that alerts may go to, another Panther, other variables. So a plan begins
with it, against what was recorded when the project was last applied. Before the first time there is nothing to compare.
"""

from collections.abc import Iterable, Iterator, Mapping

from blinkdecl.model.configuration import Settings
from blinkdecl.model.resource import Attributes, Resource, SecretReference
from blinkdecl.model.state import ProjectRecord, Recorded, State
from blinkdecl.model.urls import host_of

_UNKNOWN = "a URL behind a reference"


def project_record(settings: Settings) -> ProjectRecord:
    """Return what is to be recorded of the project's settings."""
    provider, state = settings.provider, settings.state
    named: dict[str, SecretReference | str | None] = {"provider.url": provider.url, "provider.token": provider.token}
    named |= {f"provider.headers.{name}": reference for name, reference in provider.headers.items()}
    named |= {f"state.{name}": reference for name, reference in state.secrets.items()}
    references = {place: each for place, each in named.items() if isinstance(each, SecretReference)}
    return ProjectRecord(provider.type, settings.webhook_hosts, references)


def exposure(settings: Settings, resources: Iterable[Resource], state: State) -> tuple[str, ...]:
    """Return a sentence for each change of where secrets come from and where they and alerts go."""
    if state.project is None and not state.resources:
        return ()
    return (*_of_project(project_record(settings), state.project), *_of_triggers(resources, state.resources))


def _of_project(now: ProjectRecord, before: ProjectRecord | None) -> Iterator[str]:
    if before is None:
        return
    if now.provider != before.provider:
        yield f"the provider is {now.provider}, and was {before.provider}"
    if new := [each for each in now.webhook_hosts if each not in before.webhook_hosts]:
        yield f"alerts may go to {', '.join(new)}, which webhook_hosts did not list"
    for place, reference in sorted(now.references.items()):
        was = before.references.get(place)
        if was is None:
            yield f"{place} comes from {reference}, and was not named"
        elif was != reference:
            yield f"{place} comes from {reference}, and came from {was}"


def _of_triggers(resources: Iterable[Resource], recorded: Mapping[str, Recorded]) -> Iterator[str]:
    """Yield which keys would go to a host where they did not go, and which come from elsewhere."""
    hosts: dict[SecretReference, set[str]] = {}
    for record in recorded.values():
        if record.kind == "trigger" and (held := record.secrets.get("api_key")) is not None:
            hosts.setdefault(held.reference, set()).add(_host(record.attributes))
    for each in sorted((each for each in resources if each.kind == "trigger"), key=lambda each: each.address):
        key, earlier = each.secrets.get("api_key"), recorded.get(each.address)
        if key is None:
            continue
        host, known = _host(each.attributes), hosts.get(key)
        if known is not None and host not in known:
            yield f"{each.address} sends the key from {key} to {host}, and it went to {', '.join(sorted(known))}"
        held_ = earlier.secrets.get("api_key") if earlier is not None else None
        if held_ is not None and held_.reference != key:
            yield f"{each.address} takes its key from {key}, and took it from {held_.reference}"


def _host(attributes: Attributes) -> str:
    url = attributes.get("url")
    return (host_of(url) if isinstance(url, str) else None) or _UNKNOWN
