"""Who gets an alert: Panther's order of deciding, as a table, each row with its reason."""

import pytest

from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.route import RoutedAlert, RoutingRules, route

ID = "6f1c2a34-0000-4000-8000-000000000001"
HIGH = Receiver("destination.high", ID, "High", ("HIGH", "CRITICAL"))
RULES = Receiver("destination.rules", "id-rules", "Rules", ("INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL"), ("RULE",))
CLOUD = Receiver("destination.cloud", "id-cloud", "Cloud", ("HIGH",), (), ("AWS.CloudTrail", "AWS.S3ServerAccess"))
SILENT = Receiver("destination.silent", "id-silent", "Silent")
NEW = Receiver("destination.new", None, "New", ("LOW",))
UNMANAGED = Receiver(None, "id-other", "Somebody's", ("LOW",), ("POLICY", "POLICY_ERROR"))
EVERY = (HIGH, RULES, CLOUD, SILENT, NEW, UNMANAGED)
NAMES = {each.display_name: each for each in EVERY}

DECIDES = "does not name it, and decides alone"
RETURNED_NO, OVERRIDE_NO = f"destinations() {DECIDES}", f"OutputIds {DECIDES}"
RETURNED, OVERRIDE = "destinations() names it", "OutputIds names it"
BY_NAME = "OutputIds has its name, where only ids are proved to work"
EMPTY = "destinations() returned an empty list: nobody gets it"
SKIPPED = "destinations() returned SKIP: it is meant for nobody, and only an empty list is certain to be"
OVERRIDE_SKIP = "OutputIds is SKIP: nobody gets it"
SYSTEM_ERROR = "alert type SYSTEM_ERROR is accepted, whatever the severities, from every log"
HIGH_RULE = "severity HIGH and alert type RULE are accepted, from every log"
HIGH_ONLY = "severity MEDIUM is not among HIGH, CRITICAL"
NO_ID = "OutputIds is passed over, since no destination has one of its ids"
RECEIVERS = tuple(Receiver(f"destination.r{each}", f"id-{each}", f"R{each}") for each in range(12))
TWELVE = tuple(each.display_name for each in RECEIVERS)


def gone(*names: str) -> str:
    """Return what is said of a list with unknown names."""
    listed = ", ".join(f'"{each}"' for each in names)
    return f"what destinations() returned is discarded, since no destination is called {listed}"


def twice(name: str, also: str = "") -> str:
    """Return what is said of a list with a repeated name."""
    other = f', also as "{also}"' if also else ""
    return f'what destinations() returned is discarded, since "{name}" is there twice{other}'


def nobody(*names: str) -> str:
    """Return what is said of OutputIds without anybody who exists."""
    listed = ", ".join(f'"{each}"' for each in names)
    return f"OutputIds names nobody who exists ({listed}): what happens then is not documented"


GONE = gone("Nobody")


def alert(
    severity: str = "HIGH",
    kind: str = "RULE",
    *logs: str,
    override: tuple[str, ...] | None = None,
    returned: tuple[str, ...] | None = None,
) -> RoutedAlert:
    """Return an alert as a row says it."""
    return RoutedAlert(severity, kind, logs, override, returned)


ROWS: list[tuple[RoutedAlert, RoutingRules, str, bool, str]] = [
    # 1. A list that destinations() returned decides alone, where every entry is known, and once.
    (alert(returned=()), "current", "High", False, EMPTY),
    (alert(returned=()), "2021", "High", False, EMPTY),
    (alert(returned=(), override=("High",)), "current", "High", False, EMPTY),
    (alert(returned=(), override=("High",)), "2021", "High", False, EMPTY),
    (alert(returned=("SKIP",)), "current", "High", False, SKIPPED),
    (alert(returned=("SKIP",)), "2021", "High", False, SKIPPED),
    (alert(returned=("High", "SKIP")), "current", "High", False, SKIPPED),
    (alert(returned=("High", "SKIP")), "2021", "High", False, SKIPPED),
    (alert(returned=("SKIP", "SKIP")), "current", "High", False, SKIPPED),
    (alert(returned=("SKIP", "SKIP")), "2021", "High", False, SKIPPED),
    (alert(returned=("High",)), "current", "High", True, RETURNED),
    (alert(returned=("High",)), "2021", "High", True, RETURNED),
    (alert(returned=(ID,)), "current", "High", True, RETURNED),
    (alert(returned=(ID,)), "2021", "High", True, RETURNED),
    (alert(returned=("High", "id-rules")), "current", "Rules", True, RETURNED),
    (alert(returned=("High", "id-rules")), "2021", "Rules", True, RETURNED),
    (alert(returned=("High",)), "current", "Rules", False, RETURNED_NO),
    (alert(returned=("High",)), "2021", "Rules", False, RETURNED_NO),
    (alert(returned=("High",), override=("id-rules",)), "current", "Rules", False, RETURNED_NO),
    (alert(returned=("High",), override=("id-rules",)), "2021", "Rules", False, RETURNED_NO),
    # ... otherwise it is discarded whole.
    (alert(returned=("Nobody",)), "current", "High", True, f"{gone('Nobody')}; {HIGH_RULE}"),
    (alert(returned=("Nobody",)), "2021", "High", True, f"{gone('Nobody')}; {HIGH_RULE}"),
    (alert(returned=("Nobody", "High")), "current", "High", True, f"{gone('Nobody')}; {HIGH_RULE}"),
    (alert(returned=("Nobody", "High")), "2021", "High", True, f"{gone('Nobody')}; {HIGH_RULE}"),
    (alert(returned=("High", "Nobody", "Gone")), "current", "High", True, f"{gone('Nobody', 'Gone')}; {HIGH_RULE}"),
    (alert(returned=("High", "Nobody", "Gone")), "2021", "High", True, f"{gone('Nobody', 'Gone')}; {HIGH_RULE}"),
    (alert(returned=("high",)), "current", "High", True, f"{gone('high')}; {HIGH_RULE}"),
    (alert(returned=("high",)), "2021", "High", True, f"{gone('high')}; {HIGH_RULE}"),
    (alert(returned=("destination.high",)), "current", "High", True, f"{gone('destination.high')}; {HIGH_RULE}"),
    (alert(returned=("destination.high",)), "2021", "High", True, f"{gone('destination.high')}; {HIGH_RULE}"),
    (alert(returned=("High ",)), "current", "High", True, f"{gone('High ')}; {HIGH_RULE}"),
    (alert(returned=("High ",)), "2021", "High", True, f"{gone('High ')}; {HIGH_RULE}"),
    (alert(returned=("Rules", "Rules")), "current", "High", True, f"{twice('Rules')}; {HIGH_RULE}"),
    (alert(returned=("Rules", "Rules")), "2021", "High", True, f"{twice('Rules')}; {HIGH_RULE}"),
    (alert(returned=("Rules", "id-rules")), "current", "High", True, f"{twice('id-rules', 'Rules')}; {HIGH_RULE}"),
    (alert(returned=("Rules", "id-rules")), "2021", "High", True, f"{twice('id-rules', 'Rules')}; {HIGH_RULE}"),
    (alert(returned=(ID, "High")), "current", "High", True, f"{twice('High', ID)}; {HIGH_RULE}"),
    (alert(returned=(ID, "High")), "2021", "High", True, f"{twice('High', ID)}; {HIGH_RULE}"),
    (alert("MEDIUM", returned=("High", "Nobody")), "current", "High", False, f"{GONE}; {HIGH_ONLY}"),
    (alert(returned=("Nobody",), override=(ID,)), "current", "High", True, f"{GONE}; {OVERRIDE}"),
    (alert(returned=("Nobody",), override=(ID,)), "2021", "High", True, f"{GONE}; {OVERRIDE}"),
    (alert(returned=("Nobody",), override=(ID,)), "2021", "Rules", False, f"{GONE}; {OVERRIDE_NO}"),
    (alert(returned=("Nobody",), override=("SKIP",)), "2021", "Rules", False, f"{GONE}; {OVERRIDE_SKIP}"),
    (alert(returned=("Nobody",), override=("Gone",)), "2021", "High", True, f"{GONE}; {NO_ID}; {HIGH_RULE}"),
    # It is not filtered by the destination's settings.
    (alert("INFO", returned=("High",)), "current", "High", True, RETURNED),
    (alert("INFO", returned=("High",)), "2021", "High", True, RETURNED),
    (alert("HIGH", "POLICY", returned=("Rules",)), "current", "Rules", True, RETURNED),
    (alert("HIGH", "RULE", "Okta.SystemLog", returned=("Cloud",)), "current", "Cloud", True, RETURNED),
    (alert(returned=("Silent",)), "current", "Silent", True, RETURNED),
    (alert("HIGH", "SYSTEM_ERROR", returned=("Somebody's",)), "current", "Somebody's", True, RETURNED),
    (alert(returned=("New",)), "current", "New", True, RETURNED),
    # 2. The static override decides alone, where destinations() returned None.
    (alert(override=(ID,)), "current", "High", True, OVERRIDE),
    (alert(override=(ID,)), "2021", "High", True, OVERRIDE),
    (alert(override=("High",)), "current", "High", True, BY_NAME),
    (alert(override=("High", ID)), "current", "High", True, OVERRIDE),
    (alert(override=("High",)), "2021", "High", True, f"{NO_ID}; {HIGH_RULE}"),
    (alert(override=("High", "id-rules")), "2021", "High", False, OVERRIDE_NO),
    (alert(override=(ID,)), "current", "Rules", False, OVERRIDE_NO),
    (alert(override=("SKIP",)), "current", "High", False, OVERRIDE_SKIP),
    (alert(override=(ID, "SKIP")), "2021", "High", False, OVERRIDE_SKIP),
    (alert(override=(ID, "Nobody")), "current", "High", True, OVERRIDE),
    (alert(override=(ID, "Nobody")), "2021", "High", True, OVERRIDE),
    (alert(override=("Nobody",)), "current", "High", False, nobody("Nobody")),
    (alert(override=("Nobody",)), "2021", "High", True, f"{NO_ID}; {HIGH_RULE}"),
    (alert("MEDIUM", override=("Nobody",)), "2021", "High", False, f"{NO_ID}; {HIGH_ONLY}"),
    (alert(override=()), "current", "High", True, HIGH_RULE),
    (alert(override=(*TWELVE, ID)), "current", "High", True, OVERRIDE),
    (alert("INFO", override=(ID,)), "current", "High", True, OVERRIDE),
    (alert("HIGH", "POLICY", override=("id-rules",)), "current", "Rules", True, OVERRIDE),
    (alert("LOW", "POLICY", override=("id-cloud",)), "current", "Cloud", True, OVERRIDE),
    (alert(override=("id-silent",)), "2021", "Silent", True, OVERRIDE),
    # 3. The settings: severity, and alert type, and log type.
    (alert(), "current", "High", True, HIGH_RULE),
    (alert(), "2021", "High", True, HIGH_RULE),
    (alert("CRITICAL"), "current", "High", True, "severity CRITICAL and alert type RULE are accepted, from every log"),
    (alert("MEDIUM"), "current", "High", False, "severity MEDIUM is not among HIGH, CRITICAL"),
    (alert("INFO"), "current", "High", False, "severity INFO is not among HIGH, CRITICAL"),
    (alert(), "current", "Silent", False, "severity HIGH is not among none"),
    (alert("CRITICAL", "SYSTEM_ERROR"), "current", "High", True, SYSTEM_ERROR),
    (alert("CRITICAL", "SYSTEM_ERROR"), "2021", "Silent", True, SYSTEM_ERROR),
    (alert("LOW", "SYSTEM_ERROR"), "current", "High", True, SYSTEM_ERROR),
    (alert("CRITICAL", "SYSTEM_ERROR"), "current", "Rules", False, "alert type SYSTEM_ERROR is not among RULE"),
    (alert("HIGH", "RULE_ERROR"), "current", "Rules", False, "alert type RULE_ERROR is not among RULE"),
    (alert("HIGH", "SCHEDULED_RULE"), "current", "Rules", False, "alert type SCHEDULED_RULE is not among RULE"),
    (alert("INFO", "RULE", "Custom.App"), "current", "Rules", True,
     "severity INFO and alert type RULE are accepted, from every log"),
    (alert("HIGH", "RULE", "AWS.CloudTrail"), "current", "Cloud", True,
     "severity HIGH, alert type RULE and log type AWS.CloudTrail are accepted"),
    (alert("HIGH", "RULE", "Okta.SystemLog", "AWS.S3ServerAccess"), "current", "Cloud", True,
     "severity HIGH, alert type RULE and log type AWS.S3ServerAccess are accepted"),
    (alert("HIGH", "RULE", "Okta.SystemLog"), "current", "Cloud", False,
     "log type Okta.SystemLog is not among AWS.CloudTrail, AWS.S3ServerAccess"),
    (alert("HIGH", "RULE", "aws.cloudtrail"), "current", "Cloud", False,
     "log type aws.cloudtrail is not among AWS.CloudTrail, AWS.S3ServerAccess"),
    (alert("HIGH", "POLICY"), "current", "Cloud", False,
     "it takes AWS.CloudTrail, AWS.S3ServerAccess only, and the alert has no log type"),
    (alert("HIGH", "SYSTEM_ERROR"), "2021", "Cloud", False,
     "it takes AWS.CloudTrail, AWS.S3ServerAccess only, and the alert has no log type"),
    (alert("LOW", "RULE", "AWS.CloudTrail"), "current", "Cloud", False, "severity LOW is not among HIGH"),
    (alert("LOW", "POLICY"), "current", "Somebody's", True,
     "severity LOW and alert type POLICY are accepted, from every log"),
    (alert("LOW", "RULE"), "current", "Somebody's", False, "alert type RULE is not among POLICY, POLICY_ERROR"),
    (alert("LOW", "CORRELATION_RULE_ERROR"), "current", "New", True,
     "severity LOW and alert type CORRELATION_RULE_ERROR are accepted, from every log"),
]  # fmt: skip


@pytest.mark.parametrize(("alert", "rules", "name", "reached", "reason"), ROWS)
def test_the_order_of_deciding(
    alert: RoutedAlert, rules: RoutingRules, name: str, *, reached: bool, reason: str
) -> None:
    """A row: an alert, the version's rules, a destination, and whether and why it is reached."""
    decisions = {each.receiver: each for each in route(alert, EVERY, rules).decisions}
    assert (decisions[NAMES[name]].reached, decisions[NAMES[name]].reason) == (reached, reason)


def test_ten_of_a_list_count() -> None:
    """After all of them were found to exist: with an unknown one, none counts."""
    for rules in ("current", "2021"):
        found = route(alert(returned=TWELVE), RECEIVERS, rules)
        assert found.reached == RECEIVERS[:10]
        assert {each.reason for each in found.decisions[10:]} == {"destinations() names it after the first 10"}
        assert route(alert(returned=(*TWELVE, "Nobody")), RECEIVERS, rules).reached == ()
    assert route(alert(override=tuple(each.id or "" for each in RECEIVERS)), RECEIVERS).reached == RECEIVERS


def test_what_is_discarded_is_told() -> None:
    """By the route itself too, without a destination to tell it of."""
    assert route(alert(returned=("High", "Nobody"), override=("Gone",)), (), "2021").discarded == (
        f"{gone('High', 'Nobody')}; {NO_ID}"
    )
    assert route(alert(returned=("High",)), EVERY).discarded == ""
    assert gone("a", "b", "c", "d").endswith('"d"')
    assert route(alert(returned=("a", "b", "c", "d")), EVERY).discarded == f"{gone('a', 'b', 'c')}, ..."


def test_each_at_most_once_and_in_order() -> None:
    """However an alert's list orders them."""
    found = route(alert(returned=("Rules", "High")), EVERY)
    assert found.reached == (HIGH, RULES)
    assert len(found.decisions) == len(EVERY)


def test_two_of_one_name() -> None:
    """The first counts, as it is the one that is managed here."""
    other = Receiver(None, None, "High")
    assert route(alert(returned=("High",)), (HIGH, other)).reached == (HIGH,)


def test_entries_that_name_nothing() -> None:
    """They are told: a renamed destination is one of them."""
    assert route(alert(returned=("High", "Gone", "Gone")), EVERY).unknown == ("Gone",)
    assert route(alert(override=("Gone", "High")), EVERY).unknown == ("Gone",)
    assert route(alert(returned=("Gone",), override=("Lost", "Gone")), EVERY).unknown == ("Gone", "Lost")
    assert route(alert(returned=("Gone", "SKIP")), EVERY).unknown == ("Gone",)
    assert route(alert(override=("SKIP",)), EVERY).unknown == ()
    assert route(alert(), EVERY).unknown == ()


def test_who_decides() -> None:
    """Named for `--explain`."""
    decided = [route(each, EVERY).decided_by for each in (alert(returned=()), alert(override=("x",)), alert())]
    assert decided == ["returned", "override", "settings"]


def test_nobody_is_there() -> None:
    """No destination, nobody."""
    assert route(alert(), ()).reached == ()
