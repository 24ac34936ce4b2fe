"""What a change of the project exposes: where secrets and alerts would go that they did not go before. Pure.

A reviewer sees what a plan does to destinations. What a pull request does to the keys is easily overlooked: another
webhook for a key that is in use, another host that alerts may go to, another Panther, other variables. So a plan begins
with it, against what was recorded when the project was last applied. Before the first time there is nothing to compare;
of a state that the YAML names that is said, since a branch that names another one looks like that.
"""

from collections.abc import Iterable, Iterator, Mapping

from blinkdecl.model.configuration import Settings
from blinkdecl.model.resource import Attributes, Resource, SecretReference
from blinkdecl.model.state import ProjectRecord, Recorded, RecordedSecret, State
from blinkdecl.model.urls import host_of

_NOTHING = (
    "no apply was ever completed with this state, so it does not say which hosts, provider and references are new: "
    "look at all of them"
)
# What says where a state is, of any backend.
_ADDRESSES = ("address", "lock_address", "unlock_address", "endpoint", "dsn")


def project_record(settings: Settings) -> ProjectRecord:
    """Return what is to be recorded of the project's settings."""
    provider, state = settings.provider, settings.state
    named: dict[str, SecretReference | str | None] = {"provider.url": provider.url, "provider.token": provider.token}
    named |= {f"provider.headers.{name}": reference for name, reference in provider.headers.items()}
    if settings.blink is not None:
        named |= {"blink.url": settings.blink.url, "blink.api_key": settings.blink.api_key}
    named |= {f"state.{name}": reference for name, reference in state.secrets.items()}
    references = {place: each for place, each in named.items() if isinstance(each, SecretReference)}
    urls = (provider.url, named.get("blink.url"), *(state.options.get(each) for each in _ADDRESSES))
    hosts = {_host_of(each) for each in urls if isinstance(each, str)}
    return ProjectRecord(provider.type, tuple(sorted(hosts)), settings.webhook_hosts, references)


def _host_of(url: str) -> str:
    """Return the host of a URL, of anything else (a database's connection string) itself: it holds no secret."""
    return host_of(url) or url


def exposure(settings: Settings, resources: Iterable[Resource], state: State) -> tuple[str, ...]:
    """Return a sentence for each change of where secrets come from and where they and alerts go.

    That a state which the YAML names holds nothing is no proof that all is new: until this change, another one may have
    been in use.
    """
    if state.project is None and not state.resources:
        return (_NOTHING,) if settings.state.position is not None else ()
    return (*_of_project(project_record(settings), state.project), *_of_triggers(resources, state.resources))


def _of_project(now: ProjectRecord, before: ProjectRecord | None) -> Iterator[str]:
    if before is None:
        yield _NOTHING
        return
    if new := [each for each in now.hosts if each not in before.hosts]:
        yield f"Panther, Blink or the state is at {', '.join(new)}, and was not"
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
            hosts.setdefault(held.reference, set()).add(_where(record.attributes, record.secrets))
    for each in sorted((each for each in resources if each.kind == "trigger"), key=lambda each: each.address):
        key, earlier = each.secrets.get("api_key"), recorded.get(each.address)
        if key is None:
            continue
        place, known = _where(each.attributes, each.secrets), hosts.get(key)
        if known is None:
            yield f"{each.address} sends the key from {key} to {place}; nothing recorded names that key"
        elif place not in known:
            yield f"{each.address} sends the key from {key} to {place}, and it went to {', '.join(sorted(known))}"
        held_ = earlier.secrets.get("api_key") if earlier is not None else None
        if held_ is not None and held_.reference != key:
            yield f"{each.address} takes its key from {key}, and took it from {held_.reference}"


def _where(attributes: Attributes, secrets: Mapping[str, SecretReference] | Mapping[str, RecordedSecret]) -> str:
    """Return the host that a trigger leads to, or the reference behind which its URL is."""
    url, behind = attributes.get("url"), secrets.get("url")
    if isinstance(url, str):
        return host_of(url) or url
    reference = behind.reference if isinstance(behind, RecordedSecret) else behind
    return f"the URL from {reference}" if reference is not None else "nowhere"
