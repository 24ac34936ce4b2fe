"""A report -> one dict: the plan, who receives what before and after it, and when each destination was proved. Pure."""

from collections.abc import Mapping

from blinkdecl.model.observed import LastDelivery
from blinkdecl.model.resource import Resource
from blinkdecl.model.state import Recorded
from blinkdecl.render.view.parts import View, plain, proof_view, versions


def report_view(
    plan: View,
    coverage: View,
    declared: Mapping[str, Resource],
    recorded: Mapping[str, Recorded],
    seen: Mapping[str, LastDelivery],
) -> View:
    """Return the document: `plan` and `coverage` (of both sides) are views; what is declared or recorded is listed.

    `seen` = what was observed of the destinations, by address. Of one, ``outside`` is what was done to it outside
    blinkdecl: "changed", "deleted" or None.
    """
    addresses = [each for each in {**declared, **recorded} if each.startswith("destination.")]
    drift = {each["address"]: each["kind"] for each in plan["resource_drift"]}
    shown = [
        {**_destination(each, declared.get(each), recorded.get(each), seen.get(each)), "outside": drift.get(each)}
        for each in sorted(addresses)
    ]
    return {**versions(), "report": {"plan": plan, "coverage": coverage, "destinations": shown}}


def _destination(address: str, declared: Resource | None, recorded: Recorded | None, seen: LastDelivery | None) -> View:
    attributes = declared.attributes if declared is not None else recorded.attributes if recorded is not None else {}
    return {
        "address": address,
        "display_name": attributes.get("display_name"),
        "trigger": attributes.get("trigger"),
        "severities": plain(attributes.get("severities", ())),
        "recorded": recorded is not None,
        **proof_view(recorded.last_test if recorded else None, seen),
    }
