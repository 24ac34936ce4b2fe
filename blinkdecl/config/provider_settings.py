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
from blinkdecl.model.resource import ALERT_TYPES
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
    if given.get("type", "local") != "panther":
        return ProviderSettings(given.get("type", "local"))
    url, token = given.get("url"), given.get("token")
    return ProviderSettings(
        "panther",
        url=reference_of(url) if isinstance(url, dict) and url else url or None,
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
    if kind in ("local", "console"):
        for name in given:
            if name != "type":
                remedy = f"remove it, or write `type: panther`: the {kind} provider has no API"
                summary = f'"{name}" belongs to `type: panther`'
                yield Finding("unknown-property", summary, ("provider", name), on_key=True, notes=remedy_note(remedy))
    url = given.get("url")
    if kind == "panther" and isinstance(url, str) and (problem := endpoint_problem(url)) is not None:
        yield Finding("invalid-value", problem, ("provider", "url"), notes=remedy_note(_URL_HELP))
    elif kind == "panther" and isinstance(url, str) and not urlsplit(url).path.rstrip("/").endswith("/graphql"):
        summary = "the path of the API URL is not that of a GraphQL API"
        yield Finding("api-path", summary, ("provider", "url"), notes=_PATH_NOTES, severity="warning")


def _capabilities(given: Mapping[str, Any]) -> Capabilities:
    return Capabilities(
        kind=given["kind"],
        alert_types=once(given.get("alert_types", ALERT_TYPES)),
        log_types=given.get("log_types", False),
        manual_dispatch=given.get("manual_dispatch", False),
        test_alert=given.get("test_alert", False),
    )
