"""Whether a reviewed plan still holds: the digest of its effects, and what differs between two plans. Pure."""

import hashlib
import json

from blinkdecl.diagnostics import Diagnostic, Failure
from blinkdecl.model.plan import Action, Change, Plan


def check_fresh(saved: Plan, current: Plan, again: str) -> None:
    """Raise a `Failure` (``stale-plan``) unless applying now does what the saved plan says.

    `again` is the command that makes such a plan.
    """
    if saved.digest == current.digest:
        return
    facts = []
    if saved.lineage != current.lineage:
        facts.append("planned on another state, or before there was one")
    elif saved.serial != current.serial:
        facts.append(f"planned on state serial {saved.serial}, the state is now at serial {current.serial}")
    if saved.environment != current.environment:
        facts.append(f"planned for {saved.environment or 'no environment'}, this is {current.environment or 'none'}")
    if moved := what_moved(saved, current):
        facts.append(f"moved since: {', '.join(moved)}")
    elif saved.config_digest != current.config_digest:
        facts.append("the configuration was edited since")
    raise _stale(facts, again)


def digest(plan: Plan) -> str:
    """Return the SHA-256 (hex) of what applying the plan would do, and to what.

    The values of secret references are left out, and so is a change that consists only of a rotated value: what is
    reviewed is the configuration, and apply proves whatever values are current then.
    """
    content = {
        "lineage": plan.lineage,
        "environment": plan.environment,
        "config_digest": plan.config_digest,
        "changes": [_reviewed_facts(change) for change in plan.changes if not _only_rotated(change)],
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def what_moved(saved: Plan, current: Plan) -> tuple[str, ...]:
    """Return the addresses at which two plans differ, in order."""
    old = {change.address: _reviewed_facts(change) for change in saved.changes if not _only_rotated(change)}
    new = {change.address: _reviewed_facts(change) for change in current.changes if not _only_rotated(change)}
    return tuple(sorted(address for address in old.keys() | new.keys() if old.get(address) != new.get(address)))


def _reviewed_facts(change: Change) -> list[object]:
    """Return what two plans must agree on for one change."""
    return [
        change.address,
        change.action.value,
        change.id,
        dict(change.before) if change.before is not None else None,
        dict(change.after) if change.after is not None else None,
        change.previous_address,
        [dict(change.first.attributes), change.first.depends_on] if change.first is not None else None,
        [[each.name, each.reference.source, each.reference.argument] for each in change.secrets],
        [[each.name, each.before, each.after] for each in change.differences if each.name == "prevent_destroy"],
    ]


def _only_rotated(change: Change) -> bool:
    return (
        change.action is Action.UPDATE
        and not change.differences
        and change.previous_address is None
        and not any(each.re_referenced for each in change.secrets)
    )


def _stale(facts: list[str], again: str) -> Failure:
    """Return the refusal of a saved plan."""
    return Failure(
        Diagnostic(
            "stale-plan",
            "the saved plan is stale, nothing was changed",
            notes=(
                *(("note", fact) for fact in facts),
                ("help", f"run `{again}` again and review it"),
            ),
        )
    )
