"""From documents to resources: defaults merged, references resolved, what the files say together checked. Pure.

The data fits the schema; what did not fit was reported and taken out, so every property may be missing here, and what
is missing is not looked at.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from blinkdecl.config import rules
from blinkdecl.config.declared import Declared
from blinkdecl.config.defaults import Defaults
from blinkdecl.config.document.finding import Finding, Path
from blinkdecl.config.document.parse import Document
from blinkdecl.config.document.schema_errors import missing
from blinkdecl.config.secret_rules import reference_findings
from blinkdecl.config.values import once, reference_of
from blinkdecl.diagnostics import Suggestions
from blinkdecl.model.duration import seconds_of
from blinkdecl.model.lookalikes import forms
from blinkdecl.model.resource import ProbeSettings, Resource, SecretReference, canonical
from blinkdecl.model.trust import Trust
from blinkdecl.model.urls import HostRules, webhook_of

Reporter = Callable[[Document, Finding], None]
Body = Mapping[str, Any]
_NO_PROBE = ProbeSettings()
_API_KEY = "for example `api_key: {env: BLINK_SOC_API_KEY}`"
_TRIGGER = "for example `trigger: soc`, with the name of one below `triggers:`"


@dataclass(frozen=True, slots=True)
class _Webhook:
    """What a destination takes from its trigger."""

    url: str | None
    secrets: Mapping[str, SecretReference]
    authentication: str


class Resolver:
    """Resolves the documents of one configuration; the project file comes first."""

    def __init__(
        self,
        documents: Iterable[Document],
        declared: Declared,
        reserved: Mapping[SecretReference, str],
        trust: Trust,
        hosts: HostRules | None,
        report: Reporter,
        suggestions: Suggestions,
        *,
        complete: bool,
        blink: bool,
    ) -> None:
        """`complete` = all documents could be read, so that an undeclared name is an error in itself.

        `blink` = the settings say where Blink is.

        `reserved` are the references that only settings may name, and which do.
        `hosts` is None where the `webhook_hosts` are unknown, since they were refused.
        """
        self._documents = tuple(documents)
        self._project = self._documents[0]
        self._defaults = Defaults(self._project)
        self._reserved = reserved
        self._declared = declared
        self._trust, self._hosts, self._report = trust, hosts, report
        self._suggestions, self._complete, self._blink = suggestions, complete, blink
        self._webhooks: dict[str, _Webhook] = {}
        self._used: set[str] = set()
        self._urls: dict[object, str] = {}
        self._names: dict[str, tuple[str, Document, str]] = {}
        self._probes: dict[object, ProbeSettings] = {}
        self._log_types: set[tuple[str, ...]] = set()
        self._warned: set[str] = set()

    def resources(self) -> dict[str, Resource]:
        """Return the resources by address, triggers first, in the order of the files."""
        found = [*self._each("triggers", self._trigger), *self._each("destinations", self._destination)]
        for name in self._declared.names("triggers"):
            if name in self._webhooks and name not in self._used:
                self._report(self._declared.owner("triggers", name), rules.unused_trigger(("triggers", name)))
        return {each.address: each for each in found}

    @property
    def _commands(self) -> bool:
        return self._project.data.get("allow_commands") is True

    def _each(self, section: str, resolve: Callable[[Document, str, Body], Resource]) -> Iterable[Resource]:
        for document in self._documents:
            for name, body in document.data.get(section, {}).items():
                if self._declared.owner(section, name) is not document:
                    continue
                if self._declared.is_here(section, name):
                    yield resolve(document, name, body)
                elif section == "destinations":  # elsewhere it uses its trigger
                    self._used.add(self._defaults.merged("destination", body).get("trigger", ""))

    def _trigger(self, document: Document, name: str, body: Body) -> Resource:
        path: Path = ("triggers", name)
        body = self._defaults.merged("trigger", body)
        webhook: Body = body.get("webhook", {})
        url = webhook.get("url")
        secrets = {}
        if webhook.get("api_key"):
            secrets["api_key"] = reference_of(webhook["api_key"])
        elif "webhook" in body and self._defaults.lack(document, (*path, "webhook"), "api_key"):
            self._report(document, missing("api_key", (*path, "webhook"), _API_KEY))
        if isinstance(url, dict):
            secrets |= {"url": reference_of(url)} if url else {}
            url = None
        elif url is not None:
            for finding in rules.url_findings(url, self._hosts or HostRules(()), (*path, "webhook", "url")):
                if self._hosts is not None or finding.code != "forbidden-host":
                    self._report(document, finding)
        for key, reference in secrets.items():
            place = (*path, "webhook", key)
            for finding in reference_findings(reference, place, self._trust, self._reserved, commands=self._commands):
                self._report(document, finding)
        for_destination = {("webhook_url" if key == "url" else key): value for key, value in secrets.items()}
        self._check_url(document, name, secrets.get("url") or url)
        authentication = webhook.get("authentication", "api_key")
        self._webhooks[name] = _Webhook(url, for_destination, authentication)
        given = {key: body[key] for key in ("workspace", "pack", "automation") if key in body}
        given |= {key: webhook[key] for key in ("event_name", "authentication") if key in webhook}
        lifecycle: Body = body.get("lifecycle", {})
        return Resource(
            f"trigger.{name}",
            canonical("trigger", {**given, "url": url}),
            secrets,
            lifecycle.get("prevent_destroy", False),
            once(lifecycle.get("ignore_changes", ())),
            position=document.position("triggers", name),
        )

    def _check_url(self, document: Document, name: str, url: str | SecretReference | None) -> None:
        """Warn of a URL, or a reference to one, that another trigger has too."""
        if url is None:
            return
        first = self._urls.setdefault(webhook_of(url) if isinstance(url, str) else url, name)
        if first != name:
            place = self._declared.position("triggers", first)
            self._report(document, rules.same_webhook(first, str(place), ("triggers", name)))

    def _destination(self, document: Document, name: str, body: Body) -> Resource:
        given = dict(self._defaults.merged("destination", body))
        lifecycle = given.pop("lifecycle", None) or {}
        probe = given.pop("test_alert", None)
        given.pop("environments", None)  # where it exists is no part of what it is
        if "display_name" in given:
            self._check_name(document, name, given["display_name"])
        if given.get("log_types"):
            self._check_log_types(document, name, given["log_types"])
        if "severities" not in given and self._defaults.lack(document, ("destinations", name), "severities"):
            self._report(document, rules.no_severities(("destinations", name)))
        elif rules.hears_nothing(given):
            self._report(document, rules.no_alerts(("destinations", name)))
        if probe and probe.get("prove") and not self._blink:
            self._report_at(document, rules.nothing_to_ask(("destinations", name, "test_alert", "prove")))
        webhook = self._webhook_of(document, name, given)
        if webhook is not None:
            given["webhook_url"] = webhook.url
        return Resource(
            f"destination.{name}",
            canonical("destination", given),
            webhook.secrets if webhook else {},
            lifecycle.get("prevent_destroy", False),
            once(lifecycle.get("ignore_changes", ())),
            self._probe(probe) if probe else _NO_PROBE,
            document.position("destinations", name),
        )

    def _webhook_of(self, document: Document, name: str, given: Body) -> _Webhook | None:
        path: Path = ("destinations", name)
        trigger = given.get("trigger")
        if trigger is None:
            if self._defaults.lack(document, path, "trigger"):
                self._report(document, missing("trigger", path, _TRIGGER))
            return None
        self._used.add(trigger)
        webhook = self._webhooks.get(trigger)
        if webhook is None:
            if (others := self._declared.elsewhere.get(f"trigger.{trigger}")) is not None:
                position = self._declared.position("triggers", trigger)
                self._report_at(document, rules.trigger_elsewhere(trigger, others, position, (*path, "trigger")))
            elif not self._declared.has("triggers", trigger) and self._complete:
                known = self._declared.names("triggers")
                meant = self._suggestions.meant("trigger", trigger, known)
                self._report_at(document, rules.no_trigger(trigger, meant, known, (*path, "trigger")))
        elif webhook.authentication == "signature":
            position = self._declared.position("triggers", trigger)
            notes = (
                ("note", f'"{trigger}" is declared at {position}'),
                ("help", "set the Authentication Method to API Key in Trigger Setup, and here to api_key"),
            )
            summary = f'the trigger "{trigger}" authenticates by signature, which Panther does not support'
            self._report_at(document, Finding("signature-unsupported", summary, (*path, "trigger"), notes=notes))
        return webhook

    def _check_name(self, document: Document, name: str, display_name: str) -> None:
        path: Path = ("destinations", name, "display_name")
        for finding in rules.display_name_findings(display_name, path):
            self._report(document, finding)
        first = (display_name, document, name)
        keys = forms(display_name)
        for key in reversed(keys):
            first = self._names.get(key, first)
        for key in keys:
            self._names.setdefault(key, first)
        if first[2] != name:
            place = first[1].position("destinations", first[2])
            self._report(document, rules.same_name_finding(display_name, first[0], str(place), path))

    def _check_log_types(self, document: Document, name: str, log_types: list[str]) -> None:
        """Report each odd log type once, where it occurs first."""
        known = tuple(log_types)
        if known in self._log_types:
            return
        self._log_types.add(known)
        for index, log_type in enumerate(log_types):
            path: Path = ("destinations", name, "log_types", index)
            if log_type in self._warned:
                continue
            if (finding := rules.log_type_finding(log_type, path, self._suggestions)) is not None:
                self._warned.add(log_type)
                self._report_at(document, finding)

    def _probe(self, given: Body) -> ProbeSettings:
        key = tuple(given.items())
        if key not in self._probes:
            timeout = {"timeout": seconds_of(given["timeout"])} if "timeout" in given else {}
            self._probes[key] = ProbeSettings(**{**given, **timeout})
        return self._probes[key]

    def _report_at(self, document: Document, finding: Finding) -> None:
        """Report where the value is: in the resource, or in the defaults that it came from."""
        self._report(*self._defaults.traced(document, finding))
