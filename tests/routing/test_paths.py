"""Independent destinations and drills: the same as a plain count, ten thousand times; and fast."""

import itertools
import time
from random import Random

import pytest

from blinkdecl.model.configuration import CoverageRule, Independence
from blinkdecl.model.plan import Action, Change
from blinkdecl.model.resource import ALERT_TYPES, LOGLESS, SEVERITIES
from blinkdecl.model.state import Recorded
from blinkdecl.routing.drill import check_drill, drill
from blinkdecl.routing.gaps import gaps
from blinkdecl.routing.impact import plan_sides
from blinkdecl.routing.paths import group_of
from blinkdecl.routing.receiver import Receiver, TriggerPath
from blinkdecl.routing.route import RoutedAlert, route

KINDS: tuple[Independence, ...] = ("webhook", "workspace", "host")
TRIALS = 10_000
# Four webhooks on two hosts; one is behind a reference, so that its host is not known.
WEBHOOKS = ("https://x.example/1", "https://x.example/2", "https://y.example/1", "env URL")
HOSTS = {WEBHOOKS[0]: "x.example", WEBHOOKS[1]: "x.example", WEBHOOKS[2]: "y.example"}
WORKSPACES = ("SOC", "Night", "")


def fact(receiver: Receiver, kind: Independence) -> str | None:
    """Return what a destination shares with others, written down again."""
    known = {"webhook": receiver.webhook, "workspace": receiver.workspace, "host": HOSTS.get(receiver.webhook)}
    return known[kind] or None


def destinations(random: Random) -> list[Receiver]:
    """Return a few destinations behind few webhooks, some of them unknown, or not managed here."""
    found = []
    workspaces = {webhook: random.choice(WORKSPACES) for webhook in WEBHOOKS}
    for name in "abcde"[: random.randint(0, 5)]:
        webhook = random.choice((*WEBHOOKS, ""))
        address = f"destination.{name}" if random.random() < 0.8 else None
        severities = tuple(random.sample(("HIGH", "CRITICAL"), random.randint(0, 2)))
        types = random.choice(((), ("RULE",), ("RULE", "POLICY")))
        logs = random.choice(((), ("L",)))
        found.append(Receiver(address, name, name, severities, types, logs, webhook, workspaces.get(webhook, "")))
    return found


def kept(rule: CoverageRule, receivers: list[Receiver]) -> bool:
    """Ask the routing for each alert of a rule, and count the largest set of destinations that surely differ."""
    ours = [each for each in receivers if each.address]
    for severity, kind in itertools.product(rule.severities, rule.alert_types):
        if kind == "SYSTEM_ERROR" and severity != "CRITICAL":
            continue
        logs = [()] if kind in LOGLESS else [(log,) for log in rule.log_types or ("Nobody.NamesIt",)]
        for log_types in logs:
            reached = route(RoutedAlert(severity, kind, log_types), ours).reached
            sets = (each for size in range(6) for each in itertools.combinations(reached, size))
            if max(len(each) for each in sets if surely_differ(each, rule.independent)) < rule.min_destinations:
                return False
    return True


def surely_differ(receivers: tuple[Receiver, ...], kind: Independence) -> bool:
    """Whether no two of these can share what is named."""
    facts = [fact(each, kind) for each in receivers]
    return len(facts) < 2 or (None not in facts and len(set(facts)) == len(facts))


def test_the_same_as_a_plain_count() -> None:
    """`independent` and `--without`, each against every destination and alert, one by one."""
    random = Random(7)
    triggers = {str(number): TriggerPath(webhook) for number, webhook in enumerate(WEBHOOKS)}
    broken = drills = 0
    for _ in range(TRIALS):
        receivers = destinations(random)
        rule = CoverageRule(
            tuple(random.sample(("HIGH", "CRITICAL"), random.randint(1, 2))),
            random.choice((("RULE",), ("RULE", "POLICY"), ("SYSTEM_ERROR",))),
            random.choice(((), ("L",))),
            random.randint(1, 3),
            independent=random.choice(KINDS),
        )
        assert (not gaps((rule,), receivers)) == kept(rule, receivers), (rule, receivers)
        broken += not kept(rule, receivers)
        kind = random.choice(KINDS)
        if kind == "webhook":
            number = random.randrange(len(WEBHOOKS))
            word, gone = f"trigger.{number}", WEBHOOKS[number]
        else:
            there = sorted({value for each in receivers if (value := fact(each, kind)) is not None})
            if not there:
                continue
            gone = random.choice(there)
            word = f"{kind}:{gone}"
        found = drill([word], receivers, triggers)
        left = [
            each
            for each in receivers
            if fact(each, kind) != gone and (fact(each, kind) is not None or not each.address)
        ]
        assert list(found.left) == left
        assert (not check_drill([rule], found, receivers)) == kept(rule, left)
        drills += len(left) < len(receivers)
    assert min(broken, TRIALS - broken, drills) > TRIALS // 20


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/w", "https://A.example:443/w/"),
        ("https://a.example/w", "http://a.example./w"),
    ],
)
def test_one_webhook_in_two_spellings(one: str, other: str) -> None:
    """They are not independent."""
    first, second = (group_of(Receiver(None, None, "", webhook=each), "webhook") for each in (one, other))
    assert first == second


def test_two_of_one_name_that_nothing_here_manages() -> None:
    """Each has a fate of its own."""
    receivers = [Receiver(None, each, "B", ("HIGH",), webhook=f"https://h{each}.example/w") for each in "12"]
    found = drill(["host:h1.example"], receivers, {})
    assert (found.down, found.left) == ((receivers[0],), (receivers[1],))


def test_a_trigger_that_changes_beside_another_of_its_webhook() -> None:
    """What the plan knows of workspaces is what the declarations say: here nothing, since they differ."""
    url = "https://x.example/1"
    record = Recorded("trigger.b", None, {"url": url, "workspace": "Night"}, {})
    change = Change("trigger.a", Action.UPDATE, before={"url": url}, after={"url": url, "workspace": "SOC"})
    added = Change("destination.d", Action.CREATE, after={"display_name": "D", "webhook_url": url})
    [receiver] = plan_sides([change, added], (), {"trigger.b": record})[1]
    assert (receiver.webhook, receiver.workspace) == (url, "")


def test_ten_thousand() -> None:
    """Rules of each kind, and a drill, in less than a second: webhooks of their own, few of them, and one."""
    rules = [
        CoverageRule(("CRITICAL",), (), tuple(f"Custom.L{each}" for each in range(100)), 3, None, kind)
        for kind in KINDS
    ]
    for webhooks in (10_000, 100, 1):
        receivers = [
            Receiver(f"destination.d{each}", None, f"D{each}", SEVERITIES, ALERT_TYPES[: each % 4],
                     (f"Custom.L{each % 300}",) if each % 3 else (),
                     f"https://h{each % webhooks % 50}.example/{each % webhooks}", f"w{each % webhooks % 20}")
            for each in range(10_000)
        ]  # fmt: skip
        seconds = []
        for _ in range(3):
            begun = time.perf_counter()
            broken = gaps(rules, receivers)
            found = drill(["host:h0.example"], receivers, {})
            check_drill(rules, found, receivers)
            seconds.append(time.perf_counter() - begun)
        assert len(broken) == (3 if webhooks == 1 else 0)
        assert min(seconds) < 1, (webhooks, seconds)
