"""A plan -> the one dict of ``schemas/plan.schema.json``. Pure.

Names are Terraform's where it has the same thing. No secret gets in: a secret is null in ``before`` and ``after``,
and named in ``before_sensitive`` and ``after_sensitive``.
"""

from collections.abc import Iterable

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Change, Difference, Drift, Options, Plan, SecretChange
from blinkdecl.model.secret_values import WithoutValue
from blinkdecl.render.view.parts import (
    View,
    diagnostics_view,
    named,
    plain,
    position_view,
    reference_view,
    sensitive,
    side,
    versions,
)
from blinkdecl.render.view.routing import lost_alerts, row_view


def plan_view(plan: Plan, *, applyable: bool = True) -> View:
    """Return the document of a plan, for ``plan``, ``show``, ``drift`` and the plan file.

    `applyable` = False is for a plan that can be made but not applied (an offline one, or one only to be shown).
    """
    changes = plan.by_address()
    options, routing = plan.options, [row_view(each) for each in plan.routing]
    return {
        **versions(),
        "lost_alerts": lost_alerts(routing),
        "exposure": list(plan.exposure),
        "applyable": applyable and plan.pending and not plan.refused,
        "complete": not (plan.refused or options.targets or options.excludes),
        "errored": plan.refused,
        "environment": plan.environment,
        "provider": plan.provider,
        "compared": plan.compared,
        "options": _options_view(options),
        "state": {"lineage": plan.lineage, "serial": plan.serial},
        "config_digest": plan.config_digest,
        "digest": plan.digest,
        "review_digest": plan.review_digest or None,
        "offline": plan.offline,
        "timestamp": plan.timestamp or None,
        "summary": _plan_summary(plan),
        "resource_changes": [_change_view(each) for each in plan.changes],
        "resource_drift": [_drift_view(each, changes.get(each.address)) for each in plan.drift],
        "unmanaged": [_live_view(each) for each in plan.unmanaged],
        "unverified": [{"address": address, "secrets": list(names)} for address, names in plan.unverified],
        "without_value": [_without_value_view(each) for each in plan.without_value],
        "not_applied": [
            {"address": each.address, "secret": each.name, "reference": reference_view(each.reference)}
            for each in plan.not_applied
        ],
        "unchanged": plan.unchanged,
        "routing": routing,
        "diagnostics": diagnostics_view(plan.diagnostics),
    }


def failed_plan_view(diagnostics: Iterable[Diagnostic], *, environment: str | None = None) -> View:
    """Return the document of a plan that could not be made; `diagnostics` say why."""
    nothing = Plan("", 0, "", environment=environment, diagnostics=tuple(diagnostics))
    return {**plan_view(nothing), "applyable": False, "complete": False, "errored": True, "state": None}


def _options_view(options: Options) -> View:
    return {
        "targets": list(options.targets),
        "excludes": list(options.excludes),
        "allow_deletes": options.allow_deletes,
        "allow_changes": options.allow_changes,
        "accept_missing": options.accept_missing,
        "destroy": options.destroy,
    }


def _plan_summary(plan: Plan) -> View:
    return {
        "add": plan.count(Action.CREATE),
        "change": plan.count(Action.UPDATE),
        "destroy": plan.count(Action.DELETE),
        "adopt": plan.count(Action.ADOPT),
        "forget": plan.count(Action.FORGET),
        "triggers_record": plan.count(Action.CREATE, Action.UPDATE, kind="trigger"),
        "triggers_forget": plan.count(Action.DELETE, Action.FORGET, kind="trigger"),
        "tests_before": plan.test_alerts.webhooks,
        "tests_after": plan.test_alerts.destinations,
        "move": sum(each.previous_address is not None for each in plan.changes),
        "awaiting": sum(each.awaiting for each in plan.changes),
        "drift_changed": sum(each.kind == "changed" and not each.waived for each in plan.drift),
        "drift_deleted": sum(each.kind == "deleted" and not each.waived for each in plan.drift),
        "drift_waived": sum(each.waived for each in plan.drift),
        "unmanaged": len(plan.unmanaged),
        "unmanaged_ignored": plan.unmanaged_ignored,
        "unverified": len(plan.unverified),
        "not_applied": len(plan.not_applied),
    }


def _change_view(change: Change) -> View:
    action = change.action.value
    before = {each.name for each in change.secrets if each.before}
    after = {each.name for each in change.secrets}
    moved = {} if change.previous_address is None else {"previous_address": change.previous_address}
    return {
        **named(change.address),
        **moved,
        "change": {
            "actions": [action],
            "before": side(change.address, change.before, before),
            "after": side(change.address, change.after, after),
            "before_sensitive": sensitive(change.before, before),
            "after_sensitive": sensitive(change.after, after),
        },
        "action": action,
        "id": change.id,
        "differences": [_difference_view(each, before, after) for each in change.differences],
        "secrets": [_secret_view(each) for each in change.secrets],
        "depends_on": list(change.depends_on),
        "temporary_name": change.temporary_name,
        "first": change.first
        and {
            "attributes": {name: plain(value) for name, value in change.first.attributes.items()},
            "depends_on": list(change.first.depends_on),
        },
        "recorded_only": change.recorded_only,
        "awaiting": change.awaiting,
        "position": position_view(change.position),
    }


def _drift_view(drift: Drift, change: Change | None) -> View:
    """Shaped as a change, of which ``before`` and ``after`` hold what differs, not the whole resource.

    `change` = what the plan does at this address.
    """
    gone = drift.kind == "deleted"
    before = {each.name: each.before for each in drift.differences}
    after = None if gone else {each.name: each.after for each in drift.differences}
    return {
        **named(drift.address),
        "change": {
            "actions": ["delete" if gone else "update"],
            "before": side(drift.address, before, ()),
            "after": side(drift.address, after, ()),
            "before_sensitive": sensitive(before, ()),
            "after_sensitive": sensitive(after, ()),
        },
        "kind": drift.kind,
        "differences": [_difference_view(each, (), ()) for each in drift.differences],
        "by": drift.by,
        "at": drift.at,
        "waiver": drift.waiver
        and {
            "until": drift.waiver.until,
            "attributes": list(drift.waiver.attributes),
            "reason": drift.waiver.reason,
        },
        "waived": drift.waived,
        "undone": change is not None and drift.is_undone_by(change),
        "position": position_view(drift.position),
    }


def _difference_view(difference: Difference, before: Iterable[str], after: Iterable[str]) -> View:
    return {
        "name": difference.name,
        "before": None if difference.name in before else plain(difference.before),
        "after": None if difference.name in after else plain(difference.after),
    }


def _secret_view(secret: SecretChange) -> View:
    recorded = secret.before
    return {
        "name": secret.name,
        "reference": reference_view(secret.reference),
        "status": secret.status,
        "recorded": recorded and {"reference": reference_view(recorded.reference), "fingerprint": recorded.fingerprint},
    }


def _without_value_view(each: WithoutValue) -> View:
    return {
        "reference": reference_view(each.reference),
        "name": each.name,
        "reason": each.reason,
        "addresses": list(each.addresses),
        "position": position_view(each.position),
    }


def _live_view(live: LiveObject) -> View:
    return {
        "id": live.id,
        "attributes": {name: plain(value) for name, value in live.attributes.items()},
        "modified_by": live.modified_by,
        "modified_at": live.modified_at,
        "created_by": live.created_by,
        "created_at": live.created_at,
        "hidden": list(live.hidden),
        "kind": live.kind,
        "webhook_host": live.webhook_host,
    }
