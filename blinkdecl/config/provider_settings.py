"""The `provider` of the project file, as settings, and what a schema cannot say about it."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from blinkdecl.config.document.finding import Finding, remedy_note
from blinkdecl.config.document.parse import Document
from blinkdecl.config.document.schema_errors import missing
from blinkdecl.config.values import once, reference_of
from blinkdecl.model.configuration import ProviderSettings
from blinkdecl.model.duration import seconds_of
from blinkdecl.model.live import Capabilities
from blinkdecl.model.resource import ALERT_TYPES, SecretReference
from blinkdecl.model.urls import endpoint_problem

_URL_HELP = "such as https://api.acme.runpanther.net/public/graphql; the token has its own property"
_PATH_NOTES = (
    ("note", "Panther's console, at another address, answers with web pages"),
    ("help", "of https://acme.runpanther.net it is https://api.acme.runpanther.net/public/graphql"),
)
_NEEDED = {
    "url": "for example `url: https://api.acme.runpanther.net/public/graphql`",
    "token": "for example `token: {env: PANTHER_API_TOKEN}`",
}


def provider_of(project: Document) -> ProviderSettings:
    """Return the settings of the provider; what was refused gets its default."""
    given: Mapping[str, Any] = project.data.get("provider", {})
    kind = given.get("type", "local")
    url, token = given.get("url"), given.get("token")
    if kind != "panther":
        read = kind == "console"
        return ProviderSettings(
            kind,
            url=_url(url) if read else None,
            token=reference_of(token) if read and token else None,
            position=project.position("provider", "token") if read and token else None,
        )
    return ProviderSettings(
        "panther",
        url=_url(url),
        token=reference_of(token) if token else None,
        token_header=given.get("token_header", ProviderSettings().token_header),
        headers={name: reference_of(value) for name, value in given.get("headers", {}).items() if value},
        on_unsupported=given.get("on_unsupported", "error"),
        quiet_time=seconds_of(given["quiet_time"]) if "quiet_time" in given else ProviderSettings().quiet_time,
        capabilities=_capabilities(given["capabilities"]) if "kind" in given.get("capabilities", {}) else None,
        position=project.position("provider", "token") if token else None,
    )


def provider_findings(project: Document) -> Iterator[Finding]:
    """Yield what is wrong with the provider beyond its shape."""
    given: Mapping[str, Any] = project.data.get("provider", {})
    kind = given.get("type")
    if kind == "panther":
        written = project.written["provider"]
        yield from (missing(name, ("provider",), how) for name, how in _NEEDED.items() if name not in written)
    if kind == "console" and (written := project.written["provider"]).keys() & _NEEDED.keys():
        yield from (missing(name, ("provider",), how) for name, how in _NEEDED.items() if name not in written)
    if kind in ("local", "console"):
        for name in given:
            if name != "type" and not (kind == "console" and name in _NEEDED):
                remedy = f"remove it, or write `type: panther`: the {kind} provider has no API"
                summary = f'"{name}" belongs to `type: panther`'
                yield Finding("unknown-property", summary, ("provider", name), on_key=True, notes=remedy_note(remedy))
    url = given.get("url")
    if kind not in ("panther", "console") or not isinstance(url, str):
        return
    if (problem := endpoint_problem(url)) is not None:
        yield Finding("invalid-value", problem, ("provider", "url"), notes=remedy_note(_URL_HELP))
    elif not urlsplit(url).path.rstrip("/").endswith("/graphql"):
        summary = "the path of the API URL is not that of a GraphQL API"
        yield Finding("api-path", summary, ("provider", "url"), notes=_PATH_NOTES, severity="warning")


def _url(given: Any) -> SecretReference | str | None:  # noqa: ANN401 - what YAML holds
    return reference_of(given) if isinstance(given, dict) and given else given or None


def _capabilities(given: Mapping[str, Any]) -> Capabilities:
    return Capabilities(
        kind=given["kind"],
        alert_types=once(given.get("alert_types", ALERT_TYPES)),
        log_types=given.get("log_types", False),
        manual_dispatch=given.get("manual_dispatch", False),
        test_alert=given.get("test_alert", False),
    )
