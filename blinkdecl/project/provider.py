"""Which provider a project has, and the way to it: its URL and token, and that the state is of the same Panther."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from blinkdecl.diagnostics import error
from blinkdecl.model.configuration import ProviderSettings
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.resource import SecretReference
from blinkdecl.model.state import State
from blinkdecl.model.urls import endpoint_problem
from blinkdecl.project.references import place_of, resolved
from blinkdecl.provider.interface import Provider
from blinkdecl.secret.store import SecretStore
from blinkdecl.secret.value import Secret

if TYPE_CHECKING:
    from blinkdecl.provider.panther.endpoint import Endpoint


@contextmanager
def open_provider(
    settings: ProviderSettings, secrets: SecretStore, state: State, parallelism: int, invocation: Invocation
) -> Iterator[Provider]:
    """Yield the provider that the project names; nothing is sent yet.

    Raises a `Failure` (``secret-missing``, ``invalid-value``, ``untrusted-host``) where its URL or token is not
    available, or must not be used.
    """
    if settings.type != "panther":
        yield recorded_provider(settings, state)
        return
    from blinkdecl.provider.panther import PantherProvider

    url, headers = _url(settings, secrets, invocation), _headers(settings, secrets)
    with PantherProvider(
        url,
        headers,
        settings.capabilities,
        parallelism=parallelism,
        quiet_time=settings.quiet_time,
        environ=invocation.environ,
        mask=secrets.mask,
    ) as provider:
        yield provider


@contextmanager
def open_reading(settings: ProviderSettings, secrets: SecretStore, invocation: Invocation) -> Iterator["Endpoint"]:
    """Yield Panther's API for what it may only be asked; nothing is sent yet.

    Raises a `Failure` as `open_provider` does, and ``unsupported`` where the project names no API.
    """
    from blinkdecl.history.panther import reading_endpoint

    if settings.url is None or settings.token is None:
        remedy = "name a file of alerts, or add `url` and `token` to the provider: `blinkdecl help provider`"
        raise error("unsupported", "the project names no Panther API to read alerts from", remedy=remedy)
    url, headers = _url(settings, secrets, invocation), _headers(settings, secrets)
    endpoint = reading_endpoint(url, headers, invocation.environ, secrets.mask)
    try:
        yield endpoint
    finally:
        endpoint.close()


def recorded_provider(settings: ProviderSettings, state: State) -> Provider:
    """Return the provider that takes what is recorded for what is live."""
    if settings.type == "console":
        from blinkdecl.provider.console import ConsoleProvider

        return ConsoleProvider(state)
    from blinkdecl.provider.local import LocalProvider

    return LocalProvider.from_state(state, settings.capabilities)


def check_tenant(state: State, host: str | None) -> None:
    """Raise a `Failure` (``other-tenant``) where the recorded destinations live elsewhere."""
    if state.provider_host == host or all(each.id is None for each in state.resources.values()):
        return
    summary = f"the state records the destinations of {_name(state.provider_host)}, not of {_name(host)}"
    remedy = "check `provider` in the YAML and --env; to change it on purpose, begin another state and `import`"
    raise error("other-tenant", summary, remedy=remedy)


def token_place(settings: ProviderSettings) -> str:
    """Return where the token comes from: ``provider.token, from env NAME (blinkdecl.yaml:3)``."""
    return place_of("provider.token,", settings.token, settings.position)


def _name(host: str | None) -> str:
    return {None: "the local provider", "console": "the console provider"}.get(host, str(host))


def _url(settings: ProviderSettings, secrets: SecretStore, invocation: Invocation) -> str:
    given, place = settings.url, "provider.url"
    if isinstance(given, SecretReference):
        url, place = (
            _resolved(settings, secrets, "url", given).reveal(),
            place_of(f"{place},", given, settings.position),
        )
        if (problem := endpoint_problem(url)) is not None:
            raise error("invalid-value", problem, at=place)
    else:
        url = str(given)
    from blinkdecl.project.reach import check_provider_host

    check_provider_host(invocation, url, place)
    return url


def _headers(settings: ProviderSettings, secrets: SecretStore) -> Mapping[str, Secret]:
    headers = {
        name: _resolved(settings, secrets, f"headers.{name}", reference) for name, reference in settings.headers.items()
    }
    if settings.token is not None:
        headers[settings.token_header] = _resolved(settings, secrets, "token", settings.token)
    return headers


def _resolved(settings: ProviderSettings, secrets: SecretStore, name: str, reference: SecretReference) -> Secret:
    return resolved(secrets, reference, f"provider.{name},", settings.position)
