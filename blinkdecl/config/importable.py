"""Which unmanaged destinations an import can declare, under which names, and with which triggers. Pure."""

from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from blinkdecl.config.document.schema import INCLUDED, accepted
from blinkdecl.config.names import name_for, variables_for
from blinkdecl.config.rules import display_name_findings, log_type_finding
from blinkdecl.diagnostics import Suggestions
from blinkdecl.model.live import LiveObject, is_named
from blinkdecl.model.lookalikes import difference, forms
from blinkdecl.model.resource import ALERT_TYPES, SEVERITIES, Resource, Value, name_of
from blinkdecl.model.urls import HostRules, host_listed

_KNOWN = {"severities": SEVERITIES, "alert_types": ALERT_TYPES}
# What an empty list of them means: everything, so that one may not become empty by leaving out what is unknown.
_EMPTY_MEANS_ALL = ("alert_types", "log_types")


@dataclass(frozen=True, slots=True)
class Found:
    """A live destination to be declared, under this name; `trigger` is the name of its trigger."""

    name: str
    live: LiveObject
    trigger: str

    @property
    def address(self) -> str:
        """The address of the destination."""
        return f"destination.{self.name}"


@dataclass(frozen=True, slots=True)
class NewTrigger:
    """A trigger to be declared; `url` is "" where Panther does not show it.

    The variables are those that its URL, where it is not written, and its key are read from.
    """

    name: str
    url: str
    url_variable: str
    key_variable: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A live destination that is left alone, and why."""

    live: LiveObject
    reason: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an import declares, and what it leaves alone; `ignored` counts what it leaves to another repository."""

    found: tuple[Found, ...] = ()
    triggers: tuple[NewTrigger, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    ignored: int = 0


def choose(
    live: Collection[LiveObject],
    resources: Mapping[str, Resource],
    hosts: HostRules,
    globs: tuple[str, ...],
    *,
    addresses: Iterable[str],
    webhooks: Mapping[str, str],
    variables: Iterable[str],
    ignore: Iterable[str] = (),
) -> Chosen:
    """Return which unmanaged destinations are Blink's, with names that are free, and which are left alone.

    A native destination is; a custom webhook is if its URL has one of `hosts`, or, where the URL cannot be read, if its
    display name matches one of `globs`. Destinations with one URL share a trigger: one that is declared, by `webhooks`
    (its name by its URL), or a new one. No address and no variable that is given gets a second meaning. What has a
    display name that `ignore` matches is another repository's, unless one of `globs` matches it as well.
    """
    naming = _Naming(addresses, webhooks, variables)
    declared = [str(each.attributes["display_name"]) for each in _destinations(resources)]
    shown = {form: name for name in declared for form in forms(name)}
    found, skipped = [], []
    ours = [each for each in live if is_named(each, globs) or not is_named(each, ignore)]
    for each in sorted(ours, key=lambda each: (each.display_name, each.id)):
        reason = _not_blinks(each, hosts, globs) or _unfit(each) or _taken(each.display_name, shown)
        if reason is not None:
            skipped.append(Skipped(each, reason))
            continue
        shown |= dict.fromkeys(forms(each.display_name), each.display_name)
        found.append(naming.found(each))
    return Chosen(tuple(found), tuple(naming.triggers), tuple(skipped), len(live) - len(ours))


def written_before(
    live: Sequence[LiveObject], resources: Mapping[str, Resource], recorded: Container[str]
) -> dict[str, LiveObject]:
    """Return the live destinations that are declared and not recorded, by address: they have the same display name.

    An import that was cut off between its file and the state leaves such; of two of one name nobody knows which it is.
    """
    objects = Counter(each.display_name for each in live)
    declared = {
        str(each.attributes["display_name"]): each.address
        for each in _destinations(resources)
        if each.address not in recorded
    }
    return {
        declared[each.display_name]: each
        for each in live
        if each.display_name in declared and objects[each.display_name] == 1
    }


class _Naming:
    """Gives names that are free, and one trigger to each URL."""

    def __init__(self, addresses: Iterable[str], webhooks: Mapping[str, str], variables: Iterable[str]) -> None:
        self._names = {name_of(each) for each in addresses}
        self._webhooks, self._variables = dict(webhooks), set(variables)
        self.triggers: list[NewTrigger] = []

    def found(self, live: LiveObject) -> Found:
        """Return how a destination is declared."""
        name = name_for(live.display_name, live.id, self._names)
        self._names.add(name)
        url = str(live.attributes.get("webhook_url") or "")
        trigger = self._webhooks.get(url) if url else None
        if trigger is None:
            trigger = name
            self._add(name, url, live.id)
        return Found(name, live, trigger)

    def _add(self, name: str, url: str, object_id: str) -> None:
        made = NewTrigger(name, url, *variables_for(name, object_id, self._variables))
        self._variables |= {made.url_variable, made.key_variable}
        self.triggers.append(made)
        if url:
            self._webhooks[url] = name


def _destinations(resources: Mapping[str, Resource]) -> Iterator[Resource]:
    return (each for each in resources.values() if each.kind == "destination")


def _not_blinks(live: LiveObject, hosts: HostRules, globs: tuple[str, ...]) -> str | None:
    """Return why a destination is not taken for one of Blink's, or None."""
    if live.kind.lower() != "customwebhook":
        return None
    if live.webhook_host is not None:
        listed = host_listed(live.webhook_host, hosts.listed)
        return None if listed else f"its URL's host is {live.webhook_host}, which is not in webhook_hosts"
    if is_named(live, globs):
        return None
    return "a custom webhook whose URL cannot be read: name it with --name-glob if it is Blink's"


def _unfit(live: LiveObject) -> str | None:
    """Return why a destination cannot be declared, or None."""
    name = live.display_name
    for each in display_name_findings(name, ()):
        if each.severity == "error":
            return each.summary
    if not _fits("display_name", name):
        return "its display name is too long"
    for attribute in _EMPTY_MEANS_ALL:
        given = live.attributes.get(attribute)
        if given and not declarable(attribute, given):
            return f"this version knows none of its {attribute}"
    return None


def declarable(name: str, value: Value) -> Value:
    """Return what of an attribute's value YAML may say."""
    if not isinstance(value, tuple):
        return value
    if name in _KNOWN:
        return tuple(each for each in value if each in _KNOWN[name])
    odd = Suggestions()
    fitting = [each for each in value if _fits(name, (each,)) and _is_plain_log_type(each, odd)]
    while not _fits(name, tuple(fitting)):
        fitting.pop()  # there are more than the schema allows
    return tuple(fitting)


def _is_plain_log_type(log_type: str, suggestions: Suggestions) -> bool:
    finding = log_type_finding(log_type, (), suggestions)
    return finding is None or finding.severity != "error"


def _fits(name: str, value: Value) -> bool:
    """Whether the schema accepts the value of a destination's attribute."""
    given = list(value) if isinstance(value, tuple) else value
    return accepted({"version": 1, "destinations": {"a": {"display_name": "a", name: given}}}, INCLUDED)


def _taken(display_name: str, shown: Mapping[str, str]) -> str | None:
    """Return which display name a person would take this one for, or None; `shown` are the names by their forms."""
    other = next((shown[each] for each in forms(display_name) if each in shown), None)
    if other is None:
        return None
    if (how := difference(display_name, other)) is not None:
        return f'it looks like "{other}": {how}'
    return "another destination has the same display name, except for case, spaces or accents"
