"""Small builders of the nouns, for tests: what a test does not say has a plain default."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from blinkdecl.config.digest import digest_of
from blinkdecl.diagnostics import Position
from blinkdecl.model.configuration import Configuration, CoverageRule, Limits, Move, Removal, Settings
from blinkdecl.model.live import Capabilities, LiveObject
from blinkdecl.model.plan import Action, Options, Plan
from blinkdecl.model.resource import Resource, SecretReference, canonical, kind_of
from blinkdecl.model.state import Holder, Recorded, RecordedSecret, State
from blinkdecl.planner.actions import make_plan
from blinkdecl.planner.stale import sealed
from blinkdecl.secret.fingerprints import Fingerprints
from blinkdecl.secret.value import Secret

SALT = "00ff" * 8
TODAY = "2026-11-25"
LINEAGE = "0b1e55ed-0000-4000-8000-000000000000"
KEY = SecretReference("env", "BLINK_SOC_API_KEY")
OTHER_KEY = SecretReference("env", "BLINK_OTHER_API_KEY")
URL = "https://acme.app.blinkops.com/webhooks/9f3c0d"
Secrets = Mapping[str, SecretReference]


def trigger(
    name: str = "soc",
    *,
    secrets: Secrets | None = None,
    prevent_destroy: bool = False,
    ignore_changes: tuple[str, ...] = (),
    **given: object,
) -> Resource:
    """Return a trigger; `given` are attributes as YAML spells them."""
    attributes = canonical("trigger", {"workspace": "SOC", "automation": "Triage", "url": f"{URL}/{name}", **given})
    names = {"api_key": KEY} if secrets is None else secrets
    return Resource(f"trigger.{name}", attributes, names, prevent_destroy, ignore_changes)


def destination(
    name: str = "blink",
    *,
    secrets: Secrets | None = None,
    prevent_destroy: bool = False,
    ignore_changes: tuple[str, ...] = (),
    **given: object,
) -> Resource:
    """Return a destination, named like its address unless `given` says otherwise."""
    defaults = {"display_name": name, "trigger": "soc", "severities": ["HIGH"], "webhook_url": f"{URL}/soc"}
    names = {"api_key": KEY} if secrets is None else secrets
    attributes = canonical("destination", {**defaults, **given})
    return Resource(f"destination.{name}", attributes, names, prevent_destroy, ignore_changes)


def fleet(count: int) -> tuple[Resource, ...]:
    """Return `count` destinations."""
    return tuple(destination(f"d{number:03}") for number in range(count))


def configuration(
    *resources: Resource,
    moved: Iterable[tuple[str, str]] = (),
    limits: Limits | None = None,
    coverage: tuple[CoverageRule, ...] = (),
    removed: Iterable[str] = (),
) -> Configuration:
    """Return a configuration."""
    settings = Settings(limits=limits or Limits(), coverage=coverage)
    moves = tuple(Move(origin, target) for origin, target in moved)
    removals = tuple(Removal(each, Position("blinkdecl.yaml", 1, 1)) for each in removed)
    by_address = {each.address: each for each in resources}
    return Configuration(settings, by_address, moves, removed=removals)


def fingerprints(values: Mapping[SecretReference, str] | None = None) -> Fingerprints:
    """Return what is known of the secrets; without `values`, both keys have one."""
    given = {KEY: "key-one", OTHER_KEY: "key-two"} if values is None else values
    return Fingerprints(SALT, {reference: Secret(value) for reference, value in given.items()})


def object_id(address: str) -> str | None:
    """Return the id that `recorded` and `live` give to what is at this address."""
    return None if kind_of(address) == "trigger" else f"id-{address.partition('.')[2]}"


def recorded(*resources: Resource, known: Fingerprints | None = None) -> State:
    """Return the state that an apply of these resources leaves."""
    known = known or fingerprints()
    records = {}
    for each in resources:
        secrets = {
            name: RecordedSecret(reference, known.of(reference) or "0" * 16) for name, reference in each.secrets.items()
        }
        records[each.address] = Recorded(
            each.address, object_id(each.address), each.attributes, secrets, each.prevent_destroy
        )
    return State(LINEAGE, SALT, serial=1, resources=records)


def live(*resources: Resource, by: str | None = None) -> tuple[LiveObject, ...]:
    """Return the provider's answer where these resources are as declared; triggers have no object."""
    ids = ((object_id(each.address), each) for each in resources)
    return tuple(LiveObject(found, each.attributes, by) for found, each in ids if found is not None)


def found_live(
    name: str, kind: str = "blinkOps", host: str | None = None, *, object_id: str = "", **given: object
) -> LiveObject:
    """Return a live destination with this display name, which shows what is `given` and its severities."""
    attributes = canonical("destination", {"severities": ["HIGH"], **given, "display_name": name})
    shown = {each: attributes[each] for each in ("display_name", "severities", *given)}
    return LiveObject(object_id or f"id-{name}", shown, kind=kind, webhook_host=host)


def plan_of(
    desired: Configuration,
    state: State | None = None,
    objects: tuple[LiveObject, ...] = (),
    known: Fingerprints | None = None,
    options: Options | None = None,
    elsewhere: Mapping[str, Holder] = MappingProxyType({}),
) -> Plan:
    """Return the plan from what a test cares about."""
    given = (desired, state or State(LINEAGE, SALT), objects, known or fingerprints(), options or Options())
    plan = make_plan(*given, Capabilities(), today=TODAY, elsewhere=elsewhere)
    return sealed(replace(plan, config_digest=digest_of(desired)))


def only_action(plan: Plan) -> Action | None:
    """Return the action of a plan of at most one change."""
    assert len(plan.changes) <= 1
    return plan.changes[0].action if plan.changes else None
