"""What commands that only look may ask of Panther and Blink, held at the wire by what the sandbox was sent.

The list is written here by hand: what is to be asked in addition has to be allowed first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from blinkdecl.sandbox import Asked, BlinkFaults, Declared, Faults, Sandbox
from tests.support.repository import CONFIGURATION, KEY, Repository

TOKEN, USER = "canary-3c81-panther-token", "canary-3c81-blink-key"
_ID = "[0-9a-f-]{36}"
# What Panther's public API may be asked for alerts, with rights to read alone.
HISTORY = frozenset(
    ("POST /public/graphql query alerts", "GET /rules", "GET /scheduled-rules", "GET /simple-rules", "GET /policies")
)
# What a Panther that offers destinations may be asked for them: the second one is what it offers.
DESTINATIONS = frozenset(
    (
        "POST /public/graphql query destinations",
        "POST /public/graphql query __schema __type __type __type __type",
    )
)
_LISTS = frozenset(("GET /api/v1/user-workspaces", f"GET /api/v1/workspace/{_ID}/automations"))
AUTOMATIONS = _LISTS | {f"GET /api/v1/workspace/{_ID}/playbooks/{_ID}"}
RUNS = _LISTS | {f"GET /api/v1/workspace/{_ID}/executions", f"GET /api/v1/workspace/{_ID}/executions/{_ID}"}
# The test alert itself; all else that `test --prove` does is to look.
ALERT = frozenset(("POST /webhooks/soc",))


@dataclass(frozen=True)
class Row:
    """A command, what it may ask beside a hosted Panther, and beside one that offers destinations."""

    words: str
    hosted: frozenset[str]
    native: frozenset[str]


@dataclass(frozen=True)
class Beside:
    """A repository, and whether the Panther beside it is hosted."""

    repository: Repository
    hosted: bool


NOTHING: frozenset[str] = frozenset()
ROWS = (
    Row("observe --since 7d", HISTORY, HISTORY),
    Row("observe --since 7d --save saved.jsonl --format json", HISTORY, HISTORY),
    Row("observe --alerts alerts.jsonl", NOTHING, NOTHING),
    Row("plan --replay 7d", HISTORY | AUTOMATIONS, HISTORY | AUTOMATIONS | DESTINATIONS),
    Row("plan --replay alerts.jsonl", AUTOMATIONS, AUTOMATIONS | DESTINATIONS),
    Row("plan --replay alerts.jsonl --offline", NOTHING, NOTHING),
    Row("report --replay 7d", HISTORY, HISTORY | DESTINATIONS),
    Row("drift", AUTOMATIONS, AUTOMATIONS | DESTINATIONS),
    Row("import --blink --dry-run", AUTOMATIONS, AUTOMATIONS),
    Row("import --blink", AUTOMATIONS, AUTOMATIONS),
    Row("coverage --against live", NOTHING, DESTINATIONS),
    Row("test --prove --prove-timeout 300ms", RUNS | ALERT, RUNS | ALERT),
)


@pytest.fixture(params=["hosted", "native"])
def asking(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Beside]:
    """A repository beside a Panther with alerts and a Blink with automations, applied, and then changed."""
    for name, value in {"BLINK_SOC_API_KEY": KEY, "PANTHER_API_TOKEN": TOKEN, "BLINK_API_KEY": USER}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CI", raising=False)
    hosted = request.param == "hosted"
    with Sandbox(api_key=KEY, profile="hosted" if hosted else "native", token=TOKEN, blink_key=USER) as sandbox:
        made = Repository(tmp_path, sandbox, capsys, [KEY, TOKEN, USER])
        url, kind = sandbox.url, "console" if hosted else "panther"
        provider = f"provider: {{type: {kind}, url: {url}/public/graphql, token: {{env: PANTHER_API_TOKEN}}}}\n"
        blink = f"blink: {{url: {url}, api_key: {{env: BLINK_API_KEY}}}}\n"
        made.write("blinkdecl.yaml", CONFIGURATION.format(url=url).replace("\n", f"\n{provider}{blink}", 1))
        sandbox.runs.declare("night", Declared(automation="Wake somebody"))
        if hosted:
            sandbox.edit("Blink SOC", create=True, severities="HIGH,CRITICAL", webhook_url=f"{url}/webhooks/soc")
        assert made("apply", "--auto-approve").code == 0
        sandbox.traffic(alerts=60, days=7)
        assert made("observe", "--since", "7d", "--save", "alerts.jsonl").code in (0, 2)
        made.edit("severities: [HIGH, CRITICAL]", "severities: [HIGH]")
        yield Beside(made, hosted)


def asked_by(repository: Repository, words: str) -> set[str]:
    """Return what a command asked, each in words."""
    before = len(repository.sandbox.requests())
    repository(*words.split())
    return {told(each) for each in repository.sandbox.requests()[before:]}


def told(asked: Asked) -> str:
    """Return a request in words: ``GET /rules``, ``POST /public/graphql query alerts``."""
    return " ".join((asked.method, asked.path, *asked.operations))


def beyond(found: set[str], allowed: frozenset[str]) -> list[str]:
    """Return what is not allowed."""
    return sorted(each for each in found if not any(re.fullmatch(pattern, each) for pattern in allowed))


def test_every_question_is_an_allowed_one(asking: Beside) -> None:
    """Of each command; and nothing is allowed that it does not need."""
    for row in ROWS:
        found, allowed = asked_by(asking.repository, row.words), row.hosted if asking.hosted else row.native
        assert beyond(found, allowed) == [], row.words
        assert [each for each in allowed if not any(re.fullmatch(each, one) for one in found)] == [], row.words


def test_what_goes_wrong_leads_to_no_other_question(asking: Beside) -> None:
    """Nor do refusals, limits, answers that lack a part, an unknown field, or words that nobody knows.

    What a command that gave up had under way may come in with the next one's.
    """
    every = frozenset().union(*(each.hosted if asking.hosted else each.native for each in ROWS)) - ALERT
    panther = (
        Faults(throttle=0.3, retry_after=0.0),
        Faults(refuse=403),
        Faults(lacks="deliveries"),
        Faults(partial=True),
    )
    blink = (BlinkFaults(refuse=401), BlinkFaults(unpublished=True), BlinkFaults(states="unknown"), BlinkFaults(page=1))
    for panther_fault, blink_fault in zip(panther, blink, strict=True):
        asking.repository.sandbox.set_faults(panther_fault)
        asking.repository.sandbox.runs.faults = blink_fault
        for row in ROWS:
            allowed = every | (row.hosted if asking.hosted else row.native)
            assert beyond(asked_by(asking.repository, row.words), allowed) == [], (row.words, panther_fault)


def test_what_changes_something_is_seen(asking: Beside) -> None:
    """So that the lists above would not hold for it: a mutation, and the query by which Panther sends an alert."""
    found = asked_by(asking.repository, "apply --auto-approve")
    assert ("POST /public/graphql mutation updateDestination" in found) is not asking.hosted
    found = asked_by(asking.repository, "test --via panther")
    assert ("POST /public/graphql query sendTestAlert" in found) is not asking.hosted
