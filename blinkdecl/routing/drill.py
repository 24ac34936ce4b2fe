"""A drill on paper: who would receive what if a trigger, a workspace or a host were down. Pure.

A trigger that is down takes its webhook with it, whichever trigger else names that. What is managed here and may be
behind a workspace or host that is down, since that is not known (`blinkdecl.routing.paths`), is taken for down. Two
references are taken for two webhooks, as coverage rules do, and what leads to a URL that cannot be compared is
doubtful. What is not managed here and of which nothing is known is taken to stay: it keeps no rule anyway.
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
from blinkdecl.routing.paths import are_comparable, group_of
from blinkdecl.routing.receiver import Receiver, TriggerPath, folded

_NAMED = 5
# What becomes of a destination; of several outages the worst counts.
_FATES = ("left", "doubtful", "assumed", "down")


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
    """What is down: whatever leads to this webhook (as a `Receiver` has it), workspace or host."""

    kind: Independence
    group: str
    webhook: str = ""


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
    rules: Sequence[CoverageRule],
    found: Drill,
    receivers: Sequence[Receiver],
    declared: Sequence[Receiver] | None = None,
) -> dict[CoverageRule, Diagnostic]:
    """Return an error for each rule that what is left does not keep; of one that is broken already, what is said then.

    `declared` as for `check`.
    """
    broken = check(rules, receivers, declared)
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
    return max((_fate_in(receiver, each) for each in outages), key=_FATES.index)


def _fate_in(receiver: Receiver, outage: _Outage) -> str:
    group = group_of(receiver, outage.kind)
    if group == outage.group:
        return "down"
    if group is None:
        return "assumed" if receiver.address else "doubtful"
    if outage.kind == "webhook" and not are_comparable(receiver.webhook, outage.webhook):
        return "doubtful"
    return "left"


def _outage(word: str, receivers: Iterable[Receiver], triggers: Mapping[str, TriggerPath]) -> _Outage:
    if word.startswith("trigger."):
        name = word.removeprefix("trigger.")
        if name not in triggers:
            raise _missing(word, "trigger.", name, triggers)
        webhook = triggers[name].webhook
        return _Outage("webhook", webhook_of(webhook), webhook)
    kind, _, name = word.partition(":")
    if not name or kind not in ("workspace", "host"):
        meant = closest(word, triggers)
        remedy = did_you_mean(f"trigger.{meant}") if meant is not None else ""
        takes = "--without takes trigger.NAME, workspace:NAME or host:NAME"
        raise error("usage", f'{takes}, not "{word}"', remedy=remedy or "`blinkdecl coverage --help` says more")
    paths: Collection[Receiver | TriggerPath] = [*receivers, *triggers.values()]
    if kind == "workspace":
        known = {folded(each.workspace): each.workspace for each in paths if each.workspace}
        if folded(name) not in known:
            _check_possible(word, "workspace", name, receivers, known.values())
        return _Outage("workspace", folded(name))
    hosts = {host for each in paths if (host := host_of(each.webhook)) is not None}
    if (host := name.lower().removesuffix(".")) not in hosts:
        _check_possible(word, "host", name, receivers, hosts)
    return _Outage("host", host)


def _check_possible(
    word: str, kind: Independence, name: str, receivers: Iterable[Receiver], known: Collection[str]
) -> None:
    """Raise a `Failure` for what nothing leads to, unless it is not known of one of ours where that leads."""
    anywhere = any(each.address and group_of(each, kind) is None for each in receivers)
    if not anywhere or closest(name, known) is not None:
        raise _missing(word, f"{kind}:", name, sorted(known))


def _missing(word: str, prefix: str, name: str, known: Iterable[str]) -> Failure:
    names = list(known)
    meant = closest(name, names)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    listed = ", ".join(f"{prefix}{each}" for each in names[:_NAMED])
    remedy = did_you_mean(f"{prefix}{meant}") if meant is not None else f"known here: {listed or 'none'}{more}"
    summary = f"there is no {word}" if word.startswith("trigger.") else f'nothing is known to lead to "{word}"'
    return error("not-found", summary, at="--without", remedy=remedy)
