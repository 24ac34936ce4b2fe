"""One alert for each webhook, its outcome shared by all that lead there, from any number of threads."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from blinkdecl.alert.delivery import Target
from blinkdecl.alert.probe import Proofs
from blinkdecl.model.results import Delivery
from blinkdecl.secret.value import Secret

URL = "https://acme.app.blinkops.com/webhooks/soc"


def outcome(target: Target) -> Delivery:
    """Return a delivery to a target."""
    return Delivery(target.address, "direct", delivered=True, status=200, latency=0.1, at="now")


def test_one_alert_from_many_threads() -> None:
    """Whoever comes while it is under way waits for it; the longest timeout holds."""
    sent: list[Target] = []

    def send(target: Target) -> Delivery:
        sent.append(target)
        time.sleep(0.05)
        return outcome(target)

    targets = [Target(f"destination.d{n}", URL, Secret("canary"), float(n)) for n in range(1, 21)]
    proofs = Proofs(send, targets)
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(proofs.of, targets))
    assert [(each.url, each.timeout) for each in sent] == [(URL, 20.0)]
    assert [each.address for each in found] == [each.address for each in targets]
    assert {each.shared_with for each in found} == {None, sent[0].address}
    assert sum(each.shared_with is None for each in found) == 1


def test_what_is_one_webhook() -> None:
    """The same URL, key and authentication, wherever they come from; nothing of it shows a secret."""
    one = Target("destination.a", URL, Secret("canary"))
    assert one.webhook == Target("destination.b", Secret(URL), Secret("canary"), 3).webhook
    assert "canary" not in repr(one.webhook)
    others = [
        Target("destination.a", URL + "2", Secret("canary")),
        Target("destination.a", URL, Secret("canary2")),
        Target("destination.a", URL, Secret("canary"), authentication="signature"),
    ]
    assert len({one.webhook, *(each.webhook for each in others)}) == 4


def test_an_exception_is_everybodys() -> None:
    """It is not sent again after a failure either."""
    calls = []

    def send(target: Target) -> Delivery:
        calls.append(target)
        raise KeyError

    proofs = Proofs(send)
    for address in ("a", "b"):
        with pytest.raises(KeyError):
            proofs.of(Target(address, URL, Secret("k")))
    assert len(calls) == 1
