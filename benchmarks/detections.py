"""A made-up repository of detections, like the public one: every construct that `route --detections` reads, in turn.

Of 1,500 most are rules with a Python file and unit tests, as there; some are derived, signals, simple, policies,
scheduled or correlated, some compute what they return, some call a helper.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

_TESTS = 8
_DESCRIPTION = "Somebody did something that people do rarely, and that attackers do often. " * 3
_EVENT = "{eventName: ConsoleLogin, awsRegion: eu-west-1, userIdentity: {type: IAMUser, userName: alice}, 1: {2: [3]}}"
_RULE = '''"""Somebody did something."""

from acme_helpers import level


def rule(event):
    if event.get("eventName") != "ConsoleLogin":
        return False
    return event.deep_get("userIdentity", "type") == "IAMUser"


def title(event):
    return f"{event.get('userIdentity')} did something in {event.get('awsRegion')}"

'''
# What functions are added, in turn; most rules have none.
_FUNCTIONS = (
    *[""] * 8,
    'def severity(event):\n    return "HIGH" if event.get("x") else "DEFAULT"\n',
    "def severity(event):\n    return level(event)\n",
    'def severity(event):\n    return event.get("severity")\n',
    'def destinations(event):\n    return ["Destination 00000"] if event else []\n',
    'def destinations(event):\n    found = ["Destination 00000"]\n    found.append(event["x"])\n    return found\n',
)
_HELPER = 'LEVELS = {"a": "HIGH", "b": "LOW"}\n\n\ndef level(event):\n    return LEVELS.get(event.get("x"), "INFO")\n'


def write_detections(folder: Path, count: int) -> None:
    """Write this many detections, and what is beside them in such a repository."""
    for name in ("rules", "policies", "queries", "correlation_rules", "global_helpers", "packs"):
        (folder / name).mkdir(parents=True)
    (folder / ".versions.yml").write_text("versions: {1: {2: 3}}\n" * 1)
    (folder / "global_helpers/acme.yml").write_text(
        "AnalysisType: global\nGlobalID: acme_helpers\nFilename: acme.py\nDescription: helps\n"
    )
    (folder / "global_helpers/acme.py").write_text(_HELPER)
    (folder / "packs/all.yml").write_text("AnalysisType: pack\nPackID: All\nPackDefinition: {IDs: [Rule.0]}\n")
    kinds = tuple(_KINDS.values())
    for number in range(count):
        kinds[number % len(kinds)](folder, number)


def _rule(folder: Path, number: int) -> None:
    path = folder / f"rules/rule_{number}.yml"
    path.write_text(_yaml("rule", number, f"Filename: {path.stem}.py\nLogTypes: [AWS.CloudTrail]\n"))
    path.with_suffix(".py").write_text(_RULE + _FUNCTIONS[number % len(_FUNCTIONS)])


def _signal(folder: Path, number: int) -> None:
    _rule(folder, number)
    path = folder / f"rules/rule_{number}.yml"
    path.write_text(path.read_text() + "CreateAlert: false\n")


def _derived(folder: Path, number: int) -> None:
    text = f"AnalysisType: rule\nRuleID: Rule.{number}\nBaseDetection: Rule.0\nSeverity: Low\nEnabled: true\n"
    (folder / f"rules/derived_{number}.yml").write_text(text)


def _simple(folder: Path, number: int) -> None:
    detection = "Detection: [{Key: a, Condition: Equals, Value: b}]\nLogTypes: [Okta.SystemLog]\n"
    dynamic = "DynamicSeverities: [{ChangeTo: High, Conditions: [{Key: a, Condition: Exists}]}]\n"
    (folder / f"rules/simple_{number}.yml").write_text(_yaml("rule", number, detection + dynamic))


def _policy(folder: Path, number: int) -> None:
    path = folder / f"policies/policy_{number}.yml"
    path.write_text(_yaml("policy", number, f"Filename: {path.stem}.py\nResourceTypes: [AWS.S3.Bucket]\n"))
    path.with_suffix(".py").write_text("def policy(resource):\n    return bool(resource)\n")


def _scheduled(folder: Path, number: int) -> None:
    path = folder / f"queries/scheduled_{number}.yml"
    path.write_text(_yaml("scheduled_rule", number, f"Filename: {path.stem}.py\nScheduledQueries: [Q{number}]\n"))
    path.with_suffix(".py").write_text("def rule(event):\n    return True\n")
    query = f"AnalysisType: scheduled_query\nQueryName: Q{number}\nQuery: select 1\n"
    (folder / f"queries/query_{number}.yml").write_text(query)


def _correlated(folder: Path, number: int) -> None:
    detection = "Detection: [{Group: [{ID: a, RuleID: Rule.0}, {ID: b, RuleID: Rule.1}], LookbackWindowMinutes: 60}]\n"
    (folder / f"correlation_rules/correlated_{number}.yml").write_text(_yaml("correlation_rule", number, detection))


# Each in turn: six of ten are rules.
_KINDS: Mapping[str, Callable[[Path, int], None]] = {
    **dict.fromkeys(("rule-1", "rule-2", "rule-3", "rule-4", "rule-5", "rule-6"), _rule),
    "signal": _signal,
    "derived": _derived,
    "simple": _simple,
    "policy": _policy,
    "rule-7": _rule,
    "scheduled": _scheduled,
    "rule-8": _rule,
    "correlated": _correlated,
}


def _yaml(kind: str, number: int, rest: str) -> str:
    key = "PolicyID" if kind == "policy" else "RuleID"
    head = f"AnalysisType: {kind}\n{key}: Rule.{number}\nDisplayName: Rule {number}\nEnabled: true\nSeverity: High\n"
    about = f"Description: {_DESCRIPTION}\nRunbook: {_DESCRIPTION}\nTags: [AWS, Identity]\nReports: {{CIS: [1.1]}}\n"
    tests = "".join(f"  - Name: case {each}\n    ExpectedResult: true\n    Log: {_EVENT}\n" for each in range(_TESTS))
    return f"{head}{rest}{about}Tests:\n{tests}"
