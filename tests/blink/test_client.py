"""Blink's read side over HTTP: against the sandbox's Blink in every shape of answer, and against what is no Blink."""

import json
import socket
from collections.abc import Iterator

import pytest

from blinkdecl.alert.payload import body, key_headers, panther_test_alert
from blinkdecl.blink import BlinkApi
from blinkdecl.blink.answers import event_of
from blinkdecl.blink.endpoint import PATHS
from blinkdecl.diagnostics import Failure
from blinkdecl.model.runs import Event, WebhookEvent
from blinkdecl.sandbox import BlinkFaults, Declared, Sandbox
from blinkdecl.secret.value import Secret
from blinkdecl.system.http import Client
from blinkdecl.system.retry import RetryLimits
from tests.support.receiver import Behaviour, answers, hangs, receiver

KEY, USER = "canary-5f1e-key", "canary-2b7d-user"
QUICK = RetryLimits(attempts=2, first=0.01, most=0.01, budget=0.5, timeout=0.2)
TRIAGE = Declared()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A Blink with one automation."""
    with Sandbox(api_key=KEY, blink_key=USER) as made:
        yield made


@pytest.fixture
def blink(sandbox: Sandbox) -> Iterator[BlinkApi]:
    """The client of it."""
    with BlinkApi(sandbox.url, Secret(USER), limits=QUICK) as made:
        yield made


def send(sandbox: Sandbox, *tags: str, path: str = "soc") -> None:
    """Have a webhook take an alert with each of these tags."""
    with Client(1) as client:
        for tag in tags:
            alert = body(panther_test_alert("2026-01-02T03:04:05Z", "", tag))
            assert client.post(f"{sandbox.url}/webhooks/{path}", alert, key_headers(Secret(KEY)), 5).status == 200


def known(blink: BlinkApi) -> frozenset[str]:
    """Return the runs that there are."""
    return frozenset(each.id for each in blink.history(TRIAGE.workspace_id, TRIAGE.id).runs)


def failure(url: str) -> Failure:
    """Return why nothing is answered at an address; it holds no key."""
    with BlinkApi(url, Secret(USER), limits=QUICK) as blink, pytest.raises(Failure) as caught:
        blink.automations("SOC")
    assert USER not in repr(caught.value.diagnostics)
    return caught.value


def cut(peer: socket.socket) -> None:
    """End in the middle of an answer."""
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
    peer.shutdown(socket.SHUT_RDWR)


def test_the_automations_of_a_workspace_by_its_name(sandbox: Sandbox, blink: BlinkApi) -> None:
    """With all that is told of them; and the events in the YAML of one."""
    sandbox.runs.declare("night", Declared("Night shift", "Night", "Wake somebody", "Night alert"))
    sandbox.runs.faults = BlinkFaults(unpublished=True, changed=True)
    [found] = blink.automations(blink.workspace("Night shift"))
    assert (found.name, found.pack, found.kind) == ("Wake somebody", "Night", "event")
    assert (found.active, found.published, found.unpublished_changes, found.idle) == (False, False, True, True)
    assert ("Night shift", blink.workspace("Night shift")) in [(name, each) for each, name in blink.workspaces()]
    assert blink.events(blink.workspace("Night shift"), found.id) == (WebhookEvent("custom_webhook", "Night alert"),)


def test_a_workspace_that_there_is_not_and_one_that_there_is_twice() -> None:
    """Names are compared exactly; of two with one name, none is taken."""
    twice = {"a": {"id": "1", "display_name": "SOC"}, "b": {"id": "2", "name": "SOC"}, "c": None}
    with receiver(answers(200, body=json.dumps(twice).encode())) as server, BlinkApi(server.url, Secret(USER)) as blink:
        with pytest.raises(Failure, match='2 workspaces with the name "SOC"') as caught:
            blink.workspace("SOC")
        assert caught.value.code == "ambiguous-name"
        with pytest.raises(Failure, match='no workspace "Soc"') as caught:
            blink.workspace("Soc")
        assert ("help", 'did you mean "SOC"?') in caught.value.diagnostics[0].notes


@pytest.mark.parametrize(
    ("faults", "state"),
    [
        (BlinkFaults(), "Completed"),
        (BlinkFaults(states="state"), "completed"),
        (BlinkFaults(states="state_ui", no_total=True), "Completed"),
        (BlinkFaults(states="unknown", page=3), "Landed"),
        (BlinkFaults(page=1, no_total=True), "Completed"),
    ],
    ids=["usual", "state alone", "state_ui and no total", "unknown words in short pages", "pages of one"],
)
def test_runs_since_others_in_every_shape(sandbox: Sandbox, blink: BlinkApi, faults: BlinkFaults, state: str) -> None:
    """All of them, each once, with times; what is older only shows that the list reaches back."""
    sandbox.runs.faults = faults
    before = known(blink)
    send(sandbox, *(f"tag-{each}" for each in range(7)))
    history = blink.history(TRIAGE.workspace_id, TRIAGE.id)
    runs = history.after(before)
    assert history.reaches(before)
    assert [each.state for each in runs] == [state] * 7
    assert all(each.started_at is not None and each.finished_at is not None for each in runs)
    tags = [f"tag-{each}" for each in range(7)]
    events = [blink.run(TRIAGE.workspace_id, each.id, frozenset(tags))[1] for each in runs]
    assert sorted(tag for each in events if each for tag in each.marks) == tags


def page(*ids: str, total: int | None = None, limit: int = 2) -> bytes:
    """Return a page of runs, as Blink answers it."""
    rows = [{"id": each, "playbook_id": "A", "state": "completed"} for each in ids]
    return json.dumps({"results": rows, "limit": limit, **({} if total is None else {"total": total})}).encode()


@pytest.mark.parametrize(
    ("pages", "found", "ended", "asked"),
    [
        ((page("c", "b"), page("a"), page("d", "c"), page("b", "a")), "abcd", True, 4),
        ((page("b", "a"), page()), "ab", True, 3),
        ((page("a"),), "a", True, 1),
        ((page(limit=100),), "", True, 1),
        ((page("b", "a", limit=100, total=2),), "ab", True, 1),
        ((page("b", "a", total=3), page("0", total=3)), "0ab", True, 3),
        ((page("b", "a", total=-1), page("0", total=-1)), "0ab", True, 3),
        ((page("b", "a"),), "ab", False, 3),
    ],
    ids=["moved to the head", "full", "short", "empty", "short by its limit", "total", "no total", "offset ignored"],
)
def test_a_list_is_read_to_its_end(*, pages: tuple[bytes, ...], found: str, ended: bool, asked: int) -> None:
    """Also where rows move meanwhile, with no more questions than that needs; where Blink repeats itself, it is not."""
    left = list(pages)

    def behave(peer: socket.socket) -> None:
        answers(200, body=left.pop(0) if len(left) > 1 else left[0])(peer)

    with receiver(behave) as server, BlinkApi(server.url.removesuffix("/webhooks/soc"), Secret(USER)) as blink:
        history = blink.history("W", "A")
        assert ("".join(sorted(each.id for each in history.runs)), history.ended) == (found, ended)
        assert len(server.requests) == asked


def test_a_history_that_was_cut_reaches_back_as_far_as_it_shows(sandbox: Sandbox, blink: BlinkApi) -> None:
    """Nothing is concluded from what Blink no longer keeps, nor from a list without any older run."""
    sandbox.runs.faults = BlinkFaults(history=5)
    before = known(blink)
    send(sandbox, *("one", "two", "three"))
    assert blink.history(TRIAGE.workspace_id, TRIAGE.id).reaches(before)
    send(sandbox, *("four", "five", "six"))
    history = blink.history(TRIAGE.workspace_id, TRIAGE.id)
    assert (len(history.after(before)), history.reaches(before)) == (5, False)
    assert not history.reaches(frozenset())


def test_what_runs_tell_and_do_not_tell(sandbox: Sandbox, blink: BlinkApi) -> None:
    """A failure with Blink's reason; a run in the queue, which has not begun; one that does not say what started it."""
    before = known(blink)
    sandbox.runs.faults = BlinkFaults(fails=True)
    send(sandbox, "failed")
    [failed] = blink.history(TRIAGE.workspace_id, TRIAGE.id).after(before)
    assert (failed.state, failed.error) == ("Failed", "STEP_FAILED: the step create_ticket failed")
    sandbox.runs.faults = BlinkFaults(stuck=True, no_event=True)
    send(sandbox, "waits")
    [waiting] = blink.history(TRIAGE.workspace_id, TRIAGE.id).after(before | {failed.id})
    assert (waiting.state, waiting.started_at, waiting.finished_at) == ("Pending", None, None)
    assert blink.run(TRIAGE.workspace_id, waiting.id, frozenset(("waits",))) == (waiting, None)


@pytest.mark.parametrize(
    ("payload", "event"),
    [
        ({"tags": ["one", "three", 4, None]}, Event(frozenset(("one",)))),
        ({"tags": None}, Event(frozenset())),
        ({"body": {"tags": ["one"]}}, None),
        ({"tags": "one"}, None),
        ("one", None),
    ],
)
def test_what_started_a_run(payload: object, event: Event | None) -> None:
    """A payload without tags, which every alert has, does not tell: they may be where nobody looks."""
    assert event_of({"id": "run", "event": {"payload": payload}}, frozenset(("one", "two"))) == event


def test_nothing_is_kept_that_may_be_a_key(sandbox: Sandbox, blink: BlinkApi) -> None:
    """An event holds the headers of the webhook, and so its key: of it, only the tags that were looked for are kept."""
    before = known(blink)
    send(sandbox, "marked")
    [run] = blink.history(TRIAGE.workspace_id, TRIAGE.id).after(before)
    found = blink.run(TRIAGE.workspace_id, run.id, frozenset(("marked", "another")))
    assert found[1] == Event(frozenset(("marked",)))
    assert KEY not in repr((run, found))


def test_only_allowed_questions_are_asked(sandbox: Sandbox, blink: BlinkApi) -> None:
    """Each a GET; an id that would lead elsewhere is not asked for."""
    send(sandbox, "marked")
    workspace = blink.workspace("SOC")
    [automation] = blink.automations(workspace)
    blink.events(workspace, automation.id)
    run = blink.history(workspace, automation.id).runs[0]
    blink.run(workspace, run.id, frozenset())
    asked = sandbox.asked()
    assert {method for method, _ in asked} == {"GET"}
    for path in PATHS:
        assert any(path.fullmatch(each.removeprefix("/api/v1")) for _, each in asked), path.pattern
    for odd in ("../webhooks", f"{run.id}/steps", f"{run.id}/cancel", "a?b", ""):
        with pytest.raises(Failure) as caught:
            blink.run(workspace, odd, frozenset())
        assert caught.value.code == "invalid-answer"
    assert sandbox.asked() == asked


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "unauthorised"), (403, "unauthorised"), (404, "not-found"), (400, "rejected"), (429, "unreachable"),
        (500, "unreachable"), (503, "unreachable"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do(sandbox: Sandbox, status: int, code: str) -> None:
    """By its status, in Blink's form of an error."""
    sandbox.runs.faults = BlinkFaults(refuse=status)
    caught = failure(sandbox.url)
    assert caught.code == code
    assert f"HTTP {status}" in caught.diagnostics[0].summary
    assert len(sandbox.asked()) == (2 if code == "unreachable" else 1)


@pytest.mark.parametrize(
    ("behave", "code", "told"),
    [
        (answers(200, "Content-Type: text/html", body=b"<html>Log in</html>"), "invalid-answer", "HTML, not JSON"),
        (answers(200, body=b'{"packs": ['), "invalid-answer", "not complete JSON"),
        (answers(200, body=b"[]"), "invalid-answer", "cannot be used"),
        (answers(200, body=b""), "invalid-answer", "empty"),
        (answers(302, "Location: https://evil.example"), "invalid-answer", "redirects"),
        (cut, "unreachable", "cannot reach Blink"),
        (
            answers(400, body=json.dumps({"message": f"key {USER}\x1b[2J"}).encode()),
            "rejected",
            "HTTP 400: key ***",
        ),
        (hangs, "unreachable", "no answer within"),
        (answers(200, body=b'{"packs": null}'), "invalid-answer", "it is no list of automations"),
    ],
    ids=["web page", "cut JSON", "a list", "empty", "redirect", "cut", "quotes the key", "slow", "no packs"],
)
def test_what_is_no_answer(behave: Behaviour, code: str, told: str) -> None:
    """It is told as what it is, without the key."""
    with receiver(behave) as server:
        caught = failure(server.url)
    assert caught.code == code
    assert told in caught.diagnostics[0].summary


def test_fields_that_are_missing_or_odd_are_not_told() -> None:
    """Nothing is made up, and nothing breaks."""
    answer = b'{"packs": [1, {"automations": [{"id": 7}, null]}]}'
    with receiver(answers(200, body=answer)) as server, BlinkApi(server.url, Secret(USER)) as blink:
        assert blink.automations("SOC") == ()


def test_blink_says_how_long_to_wait() -> None:
    """Where that is longer than a run may take, a person waits."""
    with receiver(answers(429, "Retry-After: 3600")) as server:
        [told] = failure(f"http://127.0.0.1:{server.port}").diagnostics
    assert "wait 3600s, as it asks" in dict(told.notes)["help"]
