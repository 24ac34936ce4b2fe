"""A drill on paper: who would receive what if a trigger, a workspace or a host were down. Pure.

A trigger that is down takes its webhook with it, whichever trigger else names that. What is managed here and may be
behind a workspace or host that is down, since that is not known (`blinkdecl.routing.paths`), is taken for down. Two
references are taken for two webhooks, as coverage rules do, and what is behind another one is doubtful. What is not
managed here and of which nothing is known is taken to stay: it keeps no rule anyway.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from blinkdecl.diagnostics import Diagnostic, Failure, closest, did_you_mean, error
from blinkdecl.model.configuration import CoverageRule, Independence
from blinkdecl.model.plan import RoutingRow
from blinkdecl.model.urls import host_of, webhook_of
from blinkdecl.routing.cells import label_of
from blinkdecl.routing.coverage import check, problem
from blinkdecl.routing.gaps import gaps
from blinkdecl.routing.paths import group_of, is_reference
from blinkdecl.routing.route import Receiver, TriggerPath, folded

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Drill:
    """What is down, and what is left.

    `assumed` are taken for down, `doubtful` for left: of these it is not known. `rows` = who receives what differs.
    """

    without: tuple[str, ...]
    left: tuple[Receiver, ...]
    down: tuple[Receiver, ...]
    assumed: tuple[Receiver, ...]
    doubtful: tuple[Receiver, ...]
    rows: tuple[RoutingRow, ...] = ()


@dataclass(frozen=True, slots=True)
class _Outage:
    """What is down: whatever leads to this webhook, workspace or host. `by_reference` = only its reference is known."""

    kind: Independence
    group: str
    by_reference: bool = False


def drill(words: Sequence[str], receivers: Sequence[Receiver], triggers: Mapping[str, TriggerPath]) -> Drill:
    """Return who is left without ``trigger.NAME``, ``workspace:NAME`` or ``host:NAME``; `triggers` are by name.

    Raises a `Failure` with everything that does not exist.
    """
    outages: list[_Outage] = []
    problems: list[Diagnostic] = []
    for word in dict.fromkeys(words):
        try:
            outages.append(_outage(word, receivers, triggers))
        except Failure as failure:
            problems += failure.diagnostics
    if problems:
        raise Failure(*problems)
    fates = [(each, _fate(each, outages)) for each in receivers]

    def those(*wanted: str) -> tuple[Receiver, ...]:
        return tuple(each for each, fate in fates if fate in wanted)

    left = those("left", "doubtful")
    return Drill(tuple(dict.fromkeys(words)), left, those("down"), those("assumed"), those("doubtful"))


def check_drill(
    rules: Sequence[CoverageRule], found: Drill, receivers: Sequence[Receiver], *, would: bool
) -> dict[CoverageRule, Diagnostic]:
    """Return an error for each rule that what is left does not keep; of one that is broken already, what is said then.

    `would` = the destinations are not live yet.
    """
    broken = check(rules, receivers, would=would)
    causes = {label_of(each): "would be down" for each in found.down}
    causes |= {label_of(each): "may be down" for each in found.assumed}
    remedy = "declare a destination that leads elsewhere, or change the coverage rule"
    return broken | {
        each.rule: problem(each, causes, remedy=remedy)
        for each in gaps(rules, found.left, receivers)
        if each.rule not in broken or each.lost
    }


def _fate(receiver: Receiver, outages: Iterable[_Outage]) -> str:
    """Return whether a destination is ``left``, ``down``, ``assumed`` to be down, or ``doubtful``."""
    fate = "left"
    for each in outages:
        group = group_of(receiver, each.kind)
        if group == each.group:
            return "down"
        if group is None:
            fate = "assumed" if receiver.address else "doubtful"
        elif each.kind == "webhook" and (each.by_reference or is_reference(receiver.webhook)):
            fate = "doubtful"
    return fate


def _outage(word: str, receivers: Iterable[Receiver], triggers: Mapping[str, TriggerPath]) -> _Outage:
    if word.startswith("trigger."):
        name = word.removeprefix("trigger.")
        if name not in triggers:
            raise _missing(word, [f"trigger.{each}" for each in triggers])
        webhook = triggers[name].webhook
        return _Outage("webhook", webhook_of(webhook), is_reference(webhook))
    kind, _, name = word.partition(":")
    if not name or kind not in ("workspace", "host"):
        remedy = did_you_mean(closest(f"trigger.{word}", [f"trigger.{each}" for each in triggers]))
        takes = "--without takes trigger.NAME, workspace:NAME or host:NAME"
        raise error("usage", f'{takes}, not "{word}"', remedy=remedy or "`blinkdecl coverage --help` says more")
    paths: Collection[Receiver | TriggerPath] = [*receivers, *triggers.values()]
    if kind == "workspace":
        known = {folded(each.workspace): each.workspace for each in paths if each.workspace}
        if folded(name) not in known:
            raise _missing(word, [f"workspace:{each}" for each in sorted(known.values())])
        return _Outage("workspace", folded(name))
    hosts = {host for each in paths if (host := host_of(each.webhook)) is not None}
    if (host := name.lower().removesuffix(".")) not in hosts:
        raise _missing(word, [f"host:{each}" for each in sorted(hosts)])
    return _Outage("host", host)


def _missing(word: str, known: Sequence[str]) -> Failure:
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    remedy = did_you_mean(closest(word, known)) or f"known here: {', '.join(known[:_NAMED]) or 'none'}{more}"
    summary = f"there is no {word}" if word.startswith("trigger.") else f'nothing is known to lead to "{word}"'
    return error("not-found", summary, at="--without", remedy=remedy)
