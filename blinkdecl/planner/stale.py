"""Whether a reviewed plan still holds: the digest of its effects, and what differs between two plans. Pure."""

import hashlib
import json
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from math import ceil

from blinkdecl.diagnostics import Diagnostic, Failure
from blinkdecl.model.duration import spelt
from blinkdecl.model.plan import Action, Change, Plan
from blinkdecl.model.resource import SEVERITIES, kind_of

# How many seconds two machines' clocks may differ.
_SKEW = 300.0
_EVERY = "every log"
# Of what differs, so many are named.
_MOST_NAMES = 10


def check_fresh(saved: Plan, current: Plan, again: str) -> None:
    """Raise a `Failure` (``stale-plan``) unless applying now does what the saved plan says.

    Nor may it lose alerts of which the reviewer was not told. `again` is the command that makes such a plan.
    """
    told = _lost(saved)
    lost = {each for each in _lost(current) if each not in told and (*each[:2], _EVERY) not in told}
    if _effects(saved) == _effects(current) and not lost:
        return
    facts = []
    if lost:
        which = ", ".join(each for each in SEVERITIES[::-1] if any(cell[0] == each for cell in lost))
        facts.append(f"it would now leave {which} alerts without a destination, of which the saved plan says nothing")
    if saved.lineage != current.lineage:
        facts.append("planned on another state, or before there was one")
    elif saved.serial != current.serial:
        facts.append(f"planned on state serial {saved.serial}, the state is now at serial {current.serial}")
    if moved := what_happened(saved, current):
        facts += moved
    elif saved.config_digest != current.config_digest:
        facts.append("the configuration was edited since")
    raise _stale(facts, again)


def check_environment(
    made_for: str | None, environment: str | None, right: str, again: str, *, what: str = "the saved plan"
) -> None:
    """Raise a `Failure` (``other-environment``) for a plan that was made for another environment than this one.

    `what` = the plan, or what stands for it. `right` is the command that applies it where it belongs, `again` the one
    that makes a plan for this environment.
    """
    if made_for == environment:
        return
    theirs, ours = (f"with --env {each}" if each else "without --env" for each in (made_for, environment))
    notes = (("help", f"`{right}` applies it"), ("help", f"`{again}` makes a plan {ours}"))
    raise Failure(Diagnostic("other-environment", f"{what} was made {theirs}, this is {ours}", notes=notes))


def check_age(saved: Plan, most: float, now: datetime, again: str) -> None:
    """Raise a `Failure` (``stale-plan``) for a plan that is older than `most` seconds, or whose age is not known."""
    age = None
    with suppress(ValueError, OverflowError, TypeError):  # a date alone is no moment
        age = (now - datetime.fromisoformat(saved.timestamp)).total_seconds()
    if age is None or age < -_SKEW:
        raise _stale(["it does not say when it was made, or says that this is still to come"], again)
    if age > most:
        # Rounded up, so that it is never the age that is allowed.
        raise _stale([f"it was made {ceil(age)}s ago, and --max-age allows {spelt(most)}"], again)


def sealed(plan: Plan) -> Plan:
    """Return the plan with the digest of all that it says."""
    return replace(plan, digest=digest(plan))


def digest(plan: Plan) -> str:
    """Return the SHA-256 (hex) of what the plan does, to what, on which terms, and what it told its reviewer of that.

    The values of secret references are left out, and so is a change that consists only of a rotated value: what is
    reviewed is the configuration, and apply proves whatever values are current then.
    """
    told = [
        plan.timestamp,
        plan.exposure,
        [[each.code, each.severity, each.summary, each.notes] for each in plan.diagnostics],
        [
            [each.severities, each.alert_types, each.log_types, each.before, each.after, each.silent]
            for each in plan.routing
        ],
        [plan.test_alerts.webhooks, plan.test_alerts.destinations],
        *([plan.review_digest] if plan.review_digest else []),
        *(["offline"] if plan.offline else []),
    ]
    return hashlib.sha256(json.dumps([_effects(plan), told], sort_keys=True, check_circular=False).encode()).hexdigest()


def _effects(plan: Plan) -> dict[str, object]:
    """Return what two plans must agree on for one to stand for the other."""
    options = plan.options
    return {
        "lineage": plan.lineage,
        "environment": plan.environment,
        "config_digest": plan.config_digest,
        "options": [options.targets, options.excludes, options.allow_deletes, options.allow_changes,
                    options.accept_missing, options.destroy],
        "changes": [_reviewed_facts(change) for change in plan.changes if not _only_rotated(change)],
    }  # fmt: skip


def _lost(plan: Plan) -> set[tuple[str, str, str]]:
    """Return which alerts nobody receives after the plan, of those that somebody receives before it."""
    return {
        (severity, alert_type, log)
        for row in plan.routing
        if row.before and not row.after and not row.silent
        for severity in row.severities
        for alert_type in row.alert_types
        for log in row.log_types or (_EVERY,)
    }


def what_moved(saved: Plan, current: Plan) -> tuple[str, ...]:
    """Return the addresses at which two plans differ, in order."""
    old = {address: _reviewed_facts(change) for address, change in _reviewed(saved).items()}
    new = {address: _reviewed_facts(change) for address, change in _reviewed(current).items()}
    return tuple(sorted(address for address in old.keys() | new.keys() if old.get(address) != new.get(address)))


def what_happened(saved: Plan, current: Plan) -> list[str]:
    """Return in sentences what made two plans differ at their addresses: who reviews again knows where to look."""
    old, new = _reviewed(saved), _reviewed(current)
    if _is_applied(saved, current) and old and old.keys().isdisjoint(new):
        done, moved = ["this plan was applied already: nothing of it is left to do"], sorted(new)
    else:
        done, moved = [], list(what_moved(saved, current))
    drifted = [{each.address for each in plan.drift} for plan in (saved, current)]
    causes: dict[str, list[str]] = {}
    for address in moved:
        same_drift = (address in drifted[0]) == (address in drifted[1])
        cause = _cause(address, old.get(address), new.get(address), saved, current, same_drift=same_drift)
        causes.setdefault(cause, []).append(address)
    return done + [sentence.format(_named(addresses)) for sentence, addresses in causes.items()]


def _is_applied(saved: Plan, current: Plan) -> bool:
    """Whether the same configuration was applied since, as far as the record tells."""
    written = (saved.lineage, saved.serial) != (current.lineage, current.serial)
    return written and saved.config_digest == current.config_digest


def _cause(
    address: str, old: Change | None, new: Change | None, saved: Plan, current: Plan, *, same_drift: bool
) -> str:
    """Return why two plans differ at an address, as a sentence that its name completes.

    `old` and `new` are what they do there; `same_drift` = both say of it that it drifted, or neither.
    """
    edited = saved.config_digest != current.config_digest
    if old is not None and new is not None:
        by_us = _declared_facts(old) != _declared_facts(new)
    elif old is not None and _is_applied(saved, current):
        return "done already by another run: {}"
    else:  # only one plan changes it, and neither says what is declared for it otherwise
        by_us = edited and same_drift
    if by_us:
        return "the configuration of {} changed"
    read = current.compared == "live" and kind_of(address) == "destination"
    return "{} changed in Panther" if read else "the record of {} changed"


def _named(addresses: list[str]) -> str:
    more = f" and {len(addresses) - _MOST_NAMES} more" if len(addresses) > _MOST_NAMES else ""
    return ", ".join(addresses[:_MOST_NAMES]) + more


def _reviewed(plan: Plan) -> dict[str, Change]:
    """Return the changes that a reviewer has seen, by address."""
    return {change.address: change for change in plan.changes if not _only_rotated(change)}


def _declared_facts(change: Change) -> list[object]:
    """Return what the configuration says of one change."""
    return [
        change.after is None,
        dict(change.after or {}),
        change.previous_address,
        [[each.name, each.reference.source, each.reference.argument] for each in change.secrets],
        [each.after for each in change.differences if each.name == "prevent_destroy"],
    ]


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
