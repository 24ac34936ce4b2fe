"""What a peer can answer in place of what was asked: each a clear error, none with a secret in it."""

import json
import ssl
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import quote

import pytest
import trustme
from graphql import build_schema, parse, validate

from blinkdecl.diagnostics import Diagnostic, Failure, OutcomeUnknown
from blinkdecl.model.live import Capabilities
from blinkdecl.model.resource import ALERT_TYPES
from blinkdecl.provider.panther import PantherProvider, operations
from blinkdecl.provider.panther.introspection import found_offer
from blinkdecl.sandbox import Sandbox
from blinkdecl.secret.value import Secret, forms_of, masked
from blinkdecl.system.retry import RetryLimits
from tests.support.builders import destination
from tests.support.receiver import Behaviour, Receiver, answers, drips, hangs, receiver, resets

TOKEN, KEY = "canary-token-1", "canary-key-2"
QUICK = RetryLimits(attempts=3, first=0.001, most=0.002, budget=1.0, timeout=0.5)
OFFERED = Capabilities("custom_webhook", ("RULE",), log_types=False, manual_dispatch=False)
ROW = {
    "outputId": "id-1",
    "outputType": "customwebhook",
    "displayName": "A",
    "outputConfig": {"customWebhook": {"webhookURL": ""}},
    "defaultForSeverity": ["HIGH"],
    "alertTypes": ["RULE"],
}


@contextmanager
def connected(behave: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[tuple[PantherProvider, Receiver]]:
    """Yield a provider whose peer behaves so."""
    with receiver(behave, tls) as peer:
        url = f"http{'s' if tls else ''}://127.0.0.1:{peer.port}/public/graphql"
        with PantherProvider(url, {"X-API-Key": Secret(TOKEN)}, OFFERED, limits=QUICK) as provider:
            yield provider, peer


def problem_of(provider: PantherProvider) -> Diagnostic:
    """List, which must fail, and return the problem; no secret is in it."""
    with pytest.raises(Failure) as caught:
        provider.list()
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.diagnostics)
    assert not any(each in told for each in (TOKEN, KEY))
    return caught.value.diagnostics[0]


def data(document: object) -> bytes:
    """Return the body of an answer."""
    return json.dumps(document).encode()


def rows(*found: object) -> bytes:
    """Return the answer to a list."""
    return data({"data": {"destinations": list(found)}})


def create(provider: PantherProvider) -> None:
    """Create a destination."""
    provider.create(destination().attributes, {"api_key": Secret(KEY)})


@pytest.mark.parametrize(
    ("behave", "code", "told"),
    [
        (answers(401), "unauthorised", "refused the API token: HTTP 401"),
        (answers(403), "unauthorised", "HTTP 403"),
        (answers(404), "invalid-answer", "no GraphQL endpoint: HTTP 404"),
        (answers(302, "Location: http://127.0.0.1:1/x"), "invalid-answer", "redirects: HTTP 302"),
        (answers(400, body=data({"errors": [{"message": f"bad {TOKEN}\x1b"}]})), "rejected", "HTTP 400: bad *** "),
        (answers(200, body=b"<html><body>Sign in</body></html>"), "invalid-answer", "HTML"),
        (answers(200, body=b'{"data": {"destin'), "invalid-answer", "not complete JSON"),
        (answers(200, body=b"[" * 100_000), "invalid-answer", "JSON"),
        (answers(200, body=b""), "invalid-answer", "empty"),
        (answers(200, body=data({"data": None})), "invalid-answer", "JSON"),
        (answers(200, body=data({"data": {}, "errors": [{"message": "boom"}]})), "invalid-answer", "boom"),
        (answers(200, body=data({"data": {"destinations": None}})), "invalid-answer", "no list"),
        (answers(200, body=rows(ROW, None)), "invalid-answer", "entry 1 of 2"),
        (answers(200, body=rows({**ROW, "outputId": None})), "invalid-answer", "entry 0 of 1"),
        (answers(200, body=rows(ROW, ROW)), "invalid-answer", "same id"),
        (answers(200, "Content-Encoding: gzip", body=b"\x1f\x8b"), "invalid-answer", "compressed"),
        (answers(200, body=b" " * 50_000_000), "invalid-answer", "larger than 32 MiB"),
        (answers(503), "unreachable", "HTTP 503"),
        (answers(429, "Retry-After: 0"), "unreachable", "HTTP 429"),
        (answers(429, "Retry-After: 99999"), "unreachable", "HTTP 429"),
        (answers(429, "Retry-After: -1"), "unreachable", "HTTP 429"),
        (answers(429, "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"), "unreachable", "HTTP 429"),
        (resets, "unreachable", "cannot reach Panther"),
        (hangs, "unreachable", "no answer within 0.5s"),
        (drips(b"HTTP/1.1 200 X\r\nContent-Length: 100000\r\n\r\n"), "unreachable", "no answer within 0.5s"),
    ],
)
def test_a_list_that_cannot_be_used(behave: Behaviour, code: str, told: str) -> None:
    """A code, and a sentence that says what came."""
    with connected(behave) as (provider, _):
        problem = problem_of(provider)
    assert (problem.code, told in problem.summary) == (code, True), problem


def test_nobody_listens() -> None:
    """The attempts and the time are said."""
    with PantherProvider("http://127.0.0.1:9/graphql", {}, OFFERED, limits=QUICK) as provider:
        problem = problem_of(provider)
    assert problem.summary == "cannot reach Panther: connection refused by 127.0.0.1:9"
    assert dict(problem.notes)["note"].startswith("3 attempts in ")


def test_an_unknown_authority() -> None:
    """Not tried again, and nothing was sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with connected(answers(200), context) as (provider, peer):
        problem = problem_of(provider)
    assert (problem.code, "certificate is not trusted" in problem.summary) == ("unreachable", True)
    assert (peer.requests, peer.accepted) == ([], 1)


def test_a_redirect_is_not_followed() -> None:
    """The second host never hears of the token."""
    with receiver(answers(200)) as second, connected(answers(307, f"Location: {second.url}")) as (provider, _):
        problem_of(provider)
    assert second.accepted == 0


def test_reads_are_tried_again() -> None:
    """Until there is an answer."""
    left = [answers(503), answers(429, "Retry-After: 0"), answers(200, body=rows(ROW))]
    with connected(lambda peer: left.pop(0)(peer)) as (provider, peer):
        (found,) = provider.list()
    assert (found.id, found.display_name, len(peer.requests)) == ("id-1", "A", 3)


def test_ten_thousand_destinations_in_one_answer() -> None:
    """One call, every one of them, what this version does not know kept as it is."""
    strange = {"alertTypes": ["RULE", "NEW_TYPE"], "defaultForSeverity": ["HIGH", "DIRE"]}
    every = [{**ROW, **strange, "outputId": f"id-{number}", "displayName": f"D{number}"} for number in range(10_000)]
    with connected(answers(200, body=rows(*every))) as (provider, peer):
        found = provider.list()
    assert (len(found), len(peer.requests)) == (10_000, 1)
    assert found[0].attributes["alert_types"] == ("RULE", "NEW_TYPE")
    assert found[0].attributes["severities"] == ("HIGH", "DIRE")
    assert found[0].hidden == ("api_key", "webhook_url")


@pytest.mark.parametrize(
    "behave",
    [
        resets,
        hangs,
        answers(500),
        answers(200, body=b"<html>"),
        answers(200, body=data({"data": {"addDestination": None}})),
        answers(200, body=data({"data": None, "errors": [{"message": f"odd {KEY} at https://x/?apikey={KEY}"}]})),
    ],
)
def test_a_create_whose_answer_is_lost_is_sent_once(behave: Behaviour) -> None:
    """Nobody knows whether it was made, so it is not repeated; the text holds no secret."""
    with connected(behave) as (provider, peer), pytest.raises(OutcomeUnknown) as caught:
        create(provider)
    assert len(peer.requests) == 1
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"message": "x", "extensions": {"errorType": "AlreadyExistsError"}}, "exists"),
        ({"message": "AlreadyExistsException: A is taken"}, "exists"),
        ({"message": "x", "extensions": {"code": "BAD_USER_INPUT"}}, "rejected"),
        ({"message": "x", "errorType": "Unauthorized"}, "unauthorised"),
    ],
)
def test_a_typed_error_proves_that_nothing_was_made(error: object, code: str) -> None:
    """A failure, which needs no settling."""
    said = answers(200, body=data({"data": None, "errors": [error]}))
    with connected(said) as (provider, _), pytest.raises(Failure) as caught:
        create(provider)
    assert caught.value.diagnostics[0].code == code


def test_a_throttled_create_is_sent_again() -> None:
    """HTTP 429 says that it was not made."""
    left = [answers(429, "Retry-After: 0"), answers(200, body=data({"data": {"addDestination": ROW}}))]
    with connected(lambda peer: left.pop(0)(peer)) as (provider, peer):
        create(provider)
    assert len(peer.requests) == 2


@pytest.mark.parametrize("profile", ["native", "self-hosted"])
def test_introspection_finds_what_is_offered(profile: str) -> None:
    """The kind, the alert types, log types, manual dispatch, the test alert; asked once."""
    with (
        Sandbox(profile="native" if profile == "native" else "self-hosted") as sandbox,
        PantherProvider(f"{sandbox.url}/public/graphql", {"Authorization": Secret("Bearer sandbox-token")}) as provider,
    ):
        found = provider.capabilities
    native = profile == "native"
    assert (found.kind, found.log_types, found.manual_dispatch) == (
        "blink_ops" if native else "custom_webhook",
        native,
        native,
    )
    assert (found.test_alert, set(found.alert_types)) == (
        True,
        set(ALERT_TYPES) if native else {"RULE", "RULE_ERROR", "POLICY"},
    )


def test_introspection_switched_off() -> None:
    """The way out is to say it in YAML; then nothing is asked."""
    with Sandbox(introspection=False) as sandbox:
        url, headers = f"{sandbox.url}/public/graphql", {"X-API-Key": Secret("sandbox-token")}
        with PantherProvider(url, headers) as blind, pytest.raises(Failure) as caught:
            blind.list()
        with PantherProvider(url, headers, Capabilities(test_alert=True)) as told:
            assert told.list() == ()
    assert caught.value.diagnostics[0].code == "not-offered"
    assert "provider.capabilities" in str(caught.value.diagnostics[0].notes)


@pytest.mark.parametrize(
    ("message", "code"),
    [("GraphQL introspection has been disabled", "not-offered"), ("resolver broke", "invalid-answer")],
)
def test_only_a_refused_introspection_means_that_it_is_off(message: str, code: str) -> None:
    """Any other error to that question is an answer that cannot be used."""
    with (
        receiver(answers(200, body=data({"errors": [{"message": message}]}))) as peer,
        PantherProvider(f"http://127.0.0.1:{peer.port}/public/graphql", {"X-API-Key": Secret(TOKEN)}) as blind,
        pytest.raises(Failure) as caught,
    ):
        blind.list()
    assert caught.value.code == code


@pytest.mark.parametrize("native", [True, False])
def test_every_document_fits_the_sdl(native: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Static text, valid against what Panther's API is."""
    from importlib.resources import files

    name = "native" if native else "self_hosted"
    schema = build_schema(files("blinkdecl.sandbox.panther").joinpath(f"{name}.graphql").read_text())
    sent = operations.documents(log_types=native, manual_dispatch=native, native_url=native)
    plain = operations.documents(log_types=False, manual_dispatch=False, native_url=False)
    texts = (operations.INTROSPECTION, operations.DELETE, operations.SEND_TEST_ALERT)
    for text in (*texts, sent.list, sent.add, sent.update, plain.list, plain.add, plain.update):
        assert validate(schema, parse(text)) == []


@pytest.mark.parametrize("said", [KEY, quote(KEY + "/x", safe=""), "Y2FuYXJ5LWtleS0y"])
@pytest.mark.parametrize("status", [200, 400])
def test_a_key_in_the_error_of_a_list(said: str, status: int) -> None:
    """A list sends no key, and Panther knows each: one that it repeats is masked, bare or encoded."""
    body = data({"errors": [{"message": f"custom webhook {said} is odd"}]})
    mask = partial(masked, forms=forms_of([Secret(KEY), Secret(KEY + "/x")]))
    with receiver(answers(status, body=body)) as peer:
        url = f"http://127.0.0.1:{peer.port}/public/graphql"
        with PantherProvider(url, {"X-API-Key": Secret(TOKEN)}, OFFERED, limits=QUICK, mask=mask) as provider:
            problem = problem_of(provider)
    assert "custom webhook *** is odd" in problem.summary


@pytest.mark.parametrize("said", [f"id {KEY}", quote(KEY, safe=""), "Y2FuYXJ5LWtleS0y"])
def test_an_id_that_holds_a_key(said: str) -> None:
    """It would be printed and recorded: a list with it is of no use, and of what was made nothing is known."""
    mask = partial(masked, forms=forms_of([Secret(KEY)]))
    row = {**ROW, "outputId": said}

    for body, raised in ((rows(row), Failure), (data({"data": {"addDestination": row}}), OutcomeUnknown)):
        with receiver(answers(200, body=body)) as peer:
            url = f"http://127.0.0.1:{peer.port}/public/graphql"
            with PantherProvider(url, {"X-API-Key": Secret(TOKEN)}, OFFERED, limits=QUICK, mask=mask) as provider:
                with pytest.raises(raised) as caught:
                    provider.list() if raised is Failure else create(provider)
                assert said not in str(caught.value) + repr(getattr(caught.value, "diagnostics", ""))


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ("2026-11-01T02:00:00.5+02:00", "2026-11-01T00:00:00.500000Z"),
        ("2026-11-01T00:00:00", ""),
        (f"at {KEY}", ""),
        ("0001-01-01T00:00:00+14:00", ""),
        (7, ""),
        (None, ""),
    ],
)
def test_only_a_time_is_taken_for_one(told: object, at: str) -> None:
    """What else Panther says when a test alert was sent goes nowhere: the state that held it could not be read."""
    row = {"outputId": "id-1", "success": True, "statusCode": 200, "dispatchedAt": told}
    with connected(answers(200, body=data({"data": {"sendTestAlert": [row]}}))) as (provider, _):
        assert provider.send_test_alert("id-1").at == at


_SOUND = {
    "queryType": {"fields": [{"name": "destinations"}]},
    "mutationType": {"fields": [{"name": f"{each}Destination"} for each in ("add", "update", "delete")]},
}


@pytest.mark.parametrize(
    "offered",
    [
        {"__schema": [1]},
        {"__schema": {"queryType": [1]}},
        {"__schema": {"queryType": {"fields": [{}]}}},
        {"__schema": {"queryType": {"fields": [1]}}},
        {"__schema": {"queryType": {"fields": 7}}},
        {"__schema": _SOUND, "config": {"inputFields": [None]}},
        {"__schema": _SOUND, "config": {"inputFields": [{"name": 1, "type": {}}]}},
        {"__schema": _SOUND, "config": {"inputFields": [{"type": "x"}]}},
        {"__schema": _SOUND, "answered": {"fields": True}},
        {"__schema": _SOUND, "answered": {"fields": ["x"]}},
        {"__schema": _SOUND, "input": {"inputFields": {"name": "x"}}},
        {"__schema": _SOUND, "alertTypes": {"enumValues": [{"name": None}]}},
    ],
)
def test_an_introspection_that_is_none(offered: dict[str, object]) -> None:
    """Whatever shape it has, it is an answer that cannot be used, and no bug."""
    with pytest.raises(Failure) as caught:
        found_offer(offered)
    assert caught.value.code == "invalid-answer"
