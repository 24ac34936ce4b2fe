"""What is said of an alert that nobody is known to have taken: no more than is known."""

import pytest

from blinkdecl.model.results import Delivery
from blinkdecl.project.targets import delivery_problems, sent_for
from tests.support.builders import configuration, destination, trigger


@pytest.mark.parametrize(
    ("sent", "summary", "note"),
    [
        (True, "it is not known whether the test alert reached Blink: no answer within 5s", "sent once to "),
        (False, "the test alert did not reach Blink: no answer within 5s", "nothing was sent to "),
    ],
)
def test_an_alert_without_an_answer(*, sent: bool, summary: str, note: str) -> None:
    """Once it has left this machine, nobody knows; before that, it surely did not arrive."""
    blink = destination()
    delivery = Delivery(
        blink.address, "direct", delivered=False, status=None, latency=5.0, at="2026-11-29T10:00:00Z",
        failure="timeout", detail="no answer within 5s", remedy="look at the automation's runs in Blink", sent=sent,
    )  # fmt: skip
    [problem] = delivery_problems([delivery], configuration(blink, trigger()), sent_for)
    assert (problem.code, problem.summary) == ("not-delivered", summary)
    assert ("note", f"{note}{blink.address}") in problem.notes
