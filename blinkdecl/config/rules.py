"""Rules that a schema cannot say, each a pure function from facts to findings."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path as FilePath
from typing import Any

from blinkdecl.config.document.finding import REFUSED, Finding, Path, listed, remedy_note
from blinkdecl.config.document.schema_errors import literal_secret, quoted
from blinkdecl.diagnostics import Position, Suggestions, did_you_mean, only_in
from blinkdecl.model import lookalikes
from blinkdecl.model.resource import SYSTEM_ERROR
from blinkdecl.model.urls import HostRules, host_of, is_loopback, path_problem, url_problem

# What the log types of a tenant's own begin with.
_OWN = "Custom."
_FORBIDDEN = re.compile("['<>&\"]")
# Those that word processors and chats make of plain ones.
_QUOTES = tuple("\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb")
_URL_HELP = {
    "invalid-value": "copy the Webhook URL from Trigger Setup in Blink",
    "forbidden-host": "if alerts may go there, list the host in `webhook_hosts`, of the project or the environment",
    "untrusted-host": "if it is yours, add it to BLINKDECL_TRUSTED_HOSTS, in the settings of the pipeline",
}
_HTTPS_HELP = "write https://: over http, the key would cross the network in the clear"


_PATH_NOTES = (
    ("note", "Blink's other addresses may answer an alert with a web page, and start nothing"),
    ("help", "copy the Webhook URL from Trigger Setup in Blink: it ends with /webhooks/ and a path of its own"),
)


def url_findings(url: str, hosts: HostRules, path: Path) -> Iterator[Finding]:
    """Yield what forbids a webhook URL, or what is odd about it. The URL itself is not quoted."""
    problem = url_problem(url, hosts)
    if problem is None:
        if (summary := path_problem(url)) is not None:
            yield Finding("webhook-path", summary, path, notes=_PATH_NOTES, severity="warning")
        return
    code, summary = problem
    if code == "literal-secret":
        yield literal_secret(path, summary)
    else:
        plain = code == "forbidden-host" and url.startswith("http:") and not is_loopback(host_of(url) or "")
        yield Finding(code, summary, path, notes=remedy_note(_HTTPS_HELP if plain else _URL_HELP[code]))


def display_name_findings(name: str, path: Path) -> Iterator[Finding]:
    """Yield what Panther would refuse in a display name, and warn of letters that are not what they look like."""
    if (found := _FORBIDDEN.search(name)) is not None:
        summary = f"a display name cannot hold {found[0]}"
        yield Finding("invalid-value", summary, path, notes=remedy_note("Panther refuses ' < > & and \""))
    elif (odd := _unseen(name)) is not None:
        summary = f"a display name cannot hold the character U+{ord(odd):04X}"
        yield Finding("invalid-value", summary, path, notes=remedy_note("nobody sees it; remove it"))
    elif name != name.strip():
        yield Finding("invalid-value", "a display name cannot begin or end with a space", path)
    elif (letter := lookalikes.mixed_in(name)) is not None:
        yield _mixed(name, letter, path)
    elif name[:1] in _QUOTES and name[-1:] in _QUOTES:
        summary = f"the display name begins with {lookalikes.described(name[0])}, which YAML does not take for a quote"
        remedy = "retype the quotes, or leave them out: this name would have them in Panther"
        yield Finding("look-alike", summary, path, notes=remedy_note(remedy), severity="warning")


def _unseen(name: str) -> str | None:
    odd = None if name.isprintable() else next(each for each in name if not each.isprintable())
    return odd or lookalikes.invisible_in(name)


def _mixed(name: str, letter: str, path: Path) -> Finding:
    """Return the warning for a letter among Latin ones that only looks like one."""
    summary = f"{quoted(name)} has {lookalikes.described(letter)} among Latin letters"
    notes = (("note", "it looks like another letter; Panther and searches tell them apart"), *remedy_note("retype it"))
    return Finding("look-alike", summary, path, notes=notes, severity="warning")


def same_name_finding(name: str, other: str, other_place: str, path: Path) -> Finding:
    """Return the finding for two destinations with the same display name; `other` is how the first one spells it."""
    note = f"first used at {other_place}"
    if (how := lookalikes.difference(name, other)) is not None:
        summary = f"{quoted(name)} looks like {quoted(other)}: {how}"
        return Finding("duplicate-name", summary, path, notes=(("note", note),))
    if name != other:
        note = f"{quoted(other)} differs only in case, spaces or accents' spelling; {note}"
    return Finding("duplicate-name", f"the display name {quoted(name)} is used twice", path, notes=(("note", note),))


def no_trigger(trigger: str, meant: str | None, declared: list[str], path: Path) -> Finding:
    """Return the finding for a reference to a trigger that is not declared; `meant` is the one probably meant."""
    remedy = f"declared triggers: {listed(declared)}" if declared else "no trigger is declared"
    summary = f'there is no trigger "{trigger}"'
    return Finding("unknown-reference", summary, path, label=did_you_mean(meant), notes=remedy_note(remedy))


def trigger_elsewhere(trigger: str, environments: tuple[str, ...], position: Position, path: Path) -> Finding:
    """Return the finding for a reference to a trigger that does not exist in this environment."""
    notes = (
        ("note", f'"{trigger}" is declared at {position}'),
        ("help", "give the destination the same `environments`, or the trigger this one too"),
    )
    summary = f'the trigger "{trigger}" is {only_in(environments)}'
    return Finding("unknown-reference", summary, path, notes=notes)


# Arguments may repeat; of moves and removals, two of a kind are an error of their own.
_REPEATING = frozenset(("command", "moved", "removed"))
_HOSTS = "webhook_hosts"

# What may just be misspelt beside errors, and is told only where there is none.
OMISSIONS = frozenset(("no-severities", "no-alerts", "unused-trigger", "same-webhook", "contradiction"))


def hears_nothing(given: Mapping[str, Any]) -> bool:
    """Whether no detection's alert reaches a destination by its settings; one that names system errors is for these."""
    silent = given.get("severities") == [] and not given.get("allow_manual_dispatch")
    return silent and SYSTEM_ERROR not in given.get("alert_types", ())


def no_alerts(path: Path) -> Finding:
    """Return the warning for a destination that no detection's alert reaches unless the detection names it."""
    notes = (
        ("note", "it has no severities and no manual dispatch: only a detection that names it reaches it"),
        ("help", "add severities or `allow_manual_dispatch: true`; `plan --detections DIR` looks for who names it"),
    )
    return Finding(
        "no-alerts",
        "no detection's alert reaches the destination by its settings",
        path,
        on_key=True,
        notes=notes,
        severity="warning",
    )


def unused_trigger(path: Path) -> Finding:
    """Return the warning for a trigger that no destination names."""
    notes = remedy_note("let a destination name it, or remove it")
    summary = "no destination here names the trigger"
    return Finding("unused-trigger", summary, path, on_key=True, notes=notes, severity="warning")


def same_webhook(other: str, other_place: str, path: Path) -> Finding:
    """Return the warning for a trigger whose URL another one has too."""
    notes = (
        ("note", f"trigger.{other} has the same URL, or the same reference to it, at {other_place}"),
        ("note", "it is one webhook, however many destinations lead to it"),
        ("help", "copy each URL from its own Trigger Setup, or let the destinations share one trigger"),
    )
    return Finding(
        "same-webhook", "two triggers have the same webhook", path, on_key=True, notes=notes, severity="warning"
    )


def nothing_to_ask(path: Path) -> Finding:
    """Return the finding for a destination whose runs are to be proved, where nothing says where Blink is."""
    summary = "a run in Blink is to be proved, and nothing says where Blink is"
    remedy = "write `blink: {url: https://acme.app.blinkops.com, api_key: {env: BLINK_API_KEY}}` in blinkdecl.yaml"
    return Finding("missing-property", summary, path, notes=remedy_note(remedy))


def no_severities(path: Path) -> Finding:
    """Return the warning for a destination that says nothing about severities: Panther reads that as none."""
    notes = (
        ("note", "without severities, only overrides, manual dispatch and system errors reach it"),
        ("help", "add for example `severities: [HIGH, CRITICAL]`, or `[]` if that is what you want"),
    )
    summary = "the destination receives no alert by severity"
    return Finding("no-severities", summary, path, on_key=True, notes=notes, severity="warning")


def duplicate_findings(data: Mapping[str, Any], path: Path = ()) -> Iterator[Finding]:
    """Yield a warning for each item that is in its list already. Nowhere does a second one mean anything.

    `data` is as it was written: without what is wrong in them, two items may look the same.
    """
    for key, value in data.items():
        if isinstance(value, dict):
            yield from duplicate_findings(value, (*path, key))
        elif isinstance(value, list) and key not in _REPEATING and not _are_distinct(value, key):
            yield from _in_list(value, (*path, key))


def _are_distinct(items: list[Any], key: str) -> bool:
    """Whether a list holds nothing but texts, each once: nearly every one, which has to be looked at no further."""
    try:
        return key != _HOSTS and _are_distinct_texts(tuple(items))
    except TypeError:  # a mapping or a list is among them
        return False


@lru_cache(maxsize=4096)
def _are_distinct_texts(items: tuple[object, ...]) -> bool:
    """Return that for a list, and keep it: most destinations have the lists of others."""
    return set(map(type, items)) <= {str} and len(set(items)) == len(items)


def _in_list(items: list[Any], path: Path) -> Iterator[Finding]:
    # Of names of hosts, case makes no difference.
    texts = [str(item).casefold() if path[-1] == _HOSTS else str(item) for item in items]
    seen = set()
    for index, (item, text) in enumerate(zip(items, texts, strict=True)):
        if isinstance(item, dict):
            yield from duplicate_findings(item, (*path, index))
        if text in seen and repr(REFUSED) not in str(item):
            yield _duplicate(item, (*path, index))
        seen.add(text)


def _duplicate(item: object, path: Path) -> Finding:
    what = "the same entry" if isinstance(item, dict) else quoted(item)
    summary = f'{what} is in "{path[-2]}" twice'
    help_ = remedy_note("remove one of the two: twice means the same as once")
    return Finding("duplicate-item", summary, path, notes=help_, severity="warning")


def log_type_finding(log_type: str, path: Path, suggestions: Suggestions) -> Finding | None:
    """Return what is odd about a log type: it only looks like a known one, or it is none."""
    if not log_type.isascii() and (known := _seems(log_type)) is not None:
        how = lookalikes.difference(log_type, known) or f'Panther\'s is spelt "{known}"'
        summary = f'{quoted(log_type)} looks like "{known}": {how}'
        notes = (("note", "Panther compares log types exactly: it would match no alert"), *remedy_note("retype it"))
        return Finding("look-alike", summary, path, notes=notes)
    if not is_known_log_type(log_type):
        return _unknown_log_type(log_type, path, suggestions)
    letter = lookalikes.mixed_in(log_type)
    return _mixed(log_type, letter, path) if letter is not None else None


def _unknown_log_type(log_type: str, path: Path, suggestions: Suggestions) -> Finding:
    """Return the warning for a log type that is not in the shipped list."""
    label = did_you_mean(suggestions.meant("log type", log_type, _known_log_types()))
    notes = (("note", "Panther compares log types exactly; the list of known ones is not complete"),)
    summary = f"{quoted(log_type)} is not a known log type"
    return Finding("unknown-log-type", summary, path, label=label, notes=notes, severity="warning")


def _seems(log_type: str) -> str | None:
    """Return the log type that one with other letters looks like; of a tenant's own ones, the prefix is known."""
    shape = lookalikes.skeleton(log_type)
    if shape.startswith(_OWN.casefold()) and not log_type.startswith(_OWN):
        return f"{_OWN}{log_type.partition('.')[2]}"
    return _skeletons().get(shape)


def is_known_log_type(log_type: str) -> bool:
    """Whether the list holds a log type, or it is one of the tenant's own."""
    return log_type.startswith(_OWN) or log_type in log_types()


@cache
def log_types() -> frozenset[str]:
    """Return the log types that public detections name; tenants have more."""
    lines = (FilePath(__file__).parent / "log_types.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _skeletons() -> dict[str, str]:
    return {lookalikes.skeleton(each): each for each in _known_log_types()}


@cache
def _known_log_types() -> tuple[str, ...]:
    return tuple(sorted(log_types()))
