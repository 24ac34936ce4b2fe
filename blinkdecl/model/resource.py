"""The nouns of blinkdecl: what is declared, what is recorded, what is live. Frozen data, no I/O.

    desired   `blinkdecl.model.configuration.Configuration` -> Resource   from YAML
    recorded  State -> Recorded        from the state file
    live      tuple of LiveObject              from the provider

A *resource* has an *address* (``destination.blink-critical``, ``trigger.critical-triage``). The attributes of all
three are in one canonical form (`canonical`), so that equal things compare equal:

    attribute                kind         form
    severities               destination  tuple in the order of `SEVERITIES`; () = no detection's alert by severity
    alert_types, log_types   destination  tuple, enum order or alphabetic; () = all
    display_name, trigger    destination  str; `trigger` is the name of a trigger, not an address
    allow_manual_dispatch    destination  bool
    webhook_url              destination  str, taken from the trigger; None when the URL is a secret reference
    workspace, pack, automation, event_name, authentication  trigger  str ("" where not given)
    url                      trigger      str; None when it is a secret reference

Secrets are never attributes. They are named separately: ``api_key``, and ``url``/``webhook_url`` where the URL is
given by reference.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from blinkdecl.diagnostics import Position

# The type of the test alert that Panther sends; it refuses to send one to a destination that does not accept it.
TEST_ALERT_TYPE = "RULE"
# In Panther's order, the least severe first.
SEVERITIES = ("INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL")
# What Panther puts on the wire. The schema holds the same names; a test keeps the two equal.
ALERT_TYPES = (
    "RULE",
    "RULE_ERROR",
    "SCHEDULED_RULE",
    "SCHEDULED_RULE_ERROR",
    "CORRELATION_RULE",
    "CORRELATION_RULE_ERROR",
    "POLICY",
    "POLICY_ERROR",
    "SYSTEM_ERROR",
)

# Those that come from no log.
LOGLESS = frozenset(("POLICY", "POLICY_ERROR", "SYSTEM_ERROR"))
# What Panther says of itself: always CRITICAL, and for whoever takes the type, even without that severity.
SYSTEM_ERROR = "SYSTEM_ERROR"

Value = str | bool | int | None | tuple[str, ...]
Attributes = Mapping[str, Value]

# Every attribute a resource of the kind has, with the value that stands for "not given".
DEFAULTS: Mapping[str, MappingProxyType[str, Value]] = MappingProxyType(
    {
        "trigger": MappingProxyType(
            {
                "workspace": "",
                "pack": "",
                "automation": "",
                "event_name": "",
                "url": None,
                "authentication": "api_key",
            }
        ),
        "destination": MappingProxyType(
            {
                "display_name": "",
                "trigger": "",
                "severities": (),
                "alert_types": (),
                "log_types": (),
                "allow_manual_dispatch": False,
                "webhook_url": None,
            }
        ),
    }
)

# What keeps every alert away: without a severity only system errors come, and these are not of this type.
RECEIVES_NOTHING: Attributes = MappingProxyType({"severities": (), "alert_types": (TEST_ALERT_TYPE,)})

# Attributes of a destination that only the record holds: Panther knows a URL and a key, not their trigger.
BOOKKEEPING = frozenset({"trigger"})

# Names of resources (and of environments and variables).
NAME_PATTERN = "^[a-z][a-z0-9_-]{0,62}$"
_NAME = re.compile(NAME_PATTERN)
_LISTS = (list, tuple)
_RANK = {name: rank for rank, name in enumerate(SEVERITIES + ALERT_TYPES)}


def kind_of(address: str) -> str:
    """Return ``destination`` for ``destination.blink-soc``."""
    return address.partition(".")[0]


def name_of(address: str) -> str:
    """Return ``blink-soc`` for ``destination.blink-soc``."""
    return address.partition(".")[2]


def is_address(text: str) -> bool:
    """Whether `text` has the form of an address."""
    return kind_of(text) in DEFAULTS and _NAME.fullmatch(name_of(text)) is not None


@lru_cache(maxsize=4096)
def canonical_set(values: tuple[str, ...]) -> tuple[str, ...]:
    """Sort and deduplicate: enum members in the order of their enum, everything else alphabetically after them.

    Most destinations have the sets of others: a set that is kept is sorted once, and is one object. That takes a
    quarter of the time.
    """
    return tuple(sorted(set(values), key=lambda value: (_RANK.get(value, len(_RANK)), value)))


def canonical(kind: str, given: Mapping[str, Any]) -> dict[str, Value]:
    """Return the canonical attributes of a resource of `kind`: defaults filled, sets sorted, all alert types = ().

    `given` holds some of the kind's attributes as YAML, a state file or a provider spells them.
    """
    attributes = DEFAULTS[kind].copy()
    for name, value in given.items():
        attributes[name] = canonical_set(tuple(value)) if isinstance(value, _LISTS) else value
    alert_types = attributes.get("alert_types")
    if isinstance(alert_types, tuple) and len(alert_types) == len(ALERT_TYPES):
        attributes["alert_types"] = ()
    return attributes


def words_of(value: Value) -> tuple[str, ...]:
    """Return the members of a set, () for a value that is none."""
    return value if isinstance(value, tuple) else ()


def accepts_type(alert_types: Value, alert_type: str) -> bool:
    """Whether a destination with these canonical `alert_types` accepts alerts of the type: none listed = all."""
    return not isinstance(alert_types, tuple) or not alert_types or alert_type in alert_types


def accepts_severity(severities: Collection[str], severity: str, alert_type: str) -> bool:
    """Whether a destination with these severities accepts the severity; of system errors it does not matter."""
    return alert_type == SYSTEM_ERROR or severity in severities


def occurs(severity: str, alert_type: str) -> bool:
    """Whether there are alerts of this severity and type: a system error is always CRITICAL."""
    return alert_type != SYSTEM_ERROR or severity == "CRITICAL"


def types_at(severities: Iterable[str]) -> tuple[str, ...]:
    """Return the alert types that occur at one of these severities at least."""
    known = tuple(severities)
    return tuple(kind for kind in ALERT_TYPES if any(occurs(each, kind) for each in known))


@dataclass(frozen=True, slots=True)
class SecretReference:
    """Where a secret is, never what it is: ``{env: NAME}``, ``{file: PATH}`` or ``{command: [argv...]}``."""

    source: Literal["env", "file", "command"]
    argument: str | tuple[str, ...]

    def __str__(self) -> str:
        """For people: ``env BLINK_SOC_API_KEY``, ``file secrets/soc``, ``command vault`` (the program alone)."""
        return f"{self.source} {self.argument if isinstance(self.argument, str) else self.argument[0]}"


@dataclass(frozen=True, slots=True)
class ProbeSettings:
    """How a destination is proved (``test_alert`` in YAML); `timeout` in seconds.

    `prove` = each test looks for the automation's run in Blink.
    """

    preflight: bool = True
    after_apply: bool = True
    timeout: float = 10.0
    prove: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """A declared resource, complete: variables replaced, defaults filled, references resolved."""

    address: str
    attributes: Attributes
    secrets: Mapping[str, SecretReference] = field(default_factory=dict)
    prevent_destroy: bool = False
    ignore_changes: tuple[str, ...] = ()
    probe: ProbeSettings = ProbeSettings()
    position: Position | None = None

    @property
    def kind(self) -> str:
        """``destination`` or ``trigger``."""
        return kind_of(self.address)
