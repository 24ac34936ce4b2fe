"""What was done, as text: lines of progress and closing lines."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.observed import LastDelivery
from blinkdecl.model.plan import Action, Change
from blinkdecl.model.results import AlertRun, Delivery, Event, Outcome, Result, Results
from blinkdecl.model.state import LastTest, Recorded
from blinkdecl.render.text import progress
from blinkdecl.render.text.layout import PLAIN, Layout, elapsed
from blinkdecl.render.text.results import state_list_text, state_show_text
from blinkdecl.render.view.results import results_view
from tests.support import rendered
from tests.support.made import DESTINATION, recorded

SOC = "destination.blink-soc"
ID = "6f1c2d3e-0000-4000-8000-000000000000"
AT = "2026-11-23T10:04:11Z"
DELIVERED = Delivery(SOC, "direct", delivered=True, status=200, latency=0.038, at=AT)
REFUSED = Delivery(
    SOC, "direct", delivered=False, status=401, latency=0.04, at=AT, failure="refused",
    detail="Blink does not know the key", remedy="copy the key again from Trigger Setup",
)  # fmt: skip
SILENT = Delivery(SOC, "direct", delivered=False, status=None, latency=10.0, at=AT, failure="timeout")


def apply_text(*results: Result, command: str = "apply", code: int = 0, signal: int | None = None) -> str:
    """Return the closing lines of a run with these results."""
    return rendered.apply_text(results_view(command, code, results=Results(results, signal)))


def result(action: Action, outcome: Outcome = "done", diagnostic: Diagnostic | None = None) -> Result:
    """Return a result of a change of the one destination."""
    return Result(SOC, action, outcome, ID, 0.1, diagnostic=diagnostic)


def line(action: Action, moment: str, address: str = SOC, **given: Any) -> str | None:  # noqa: ANN401 - of an Event
    """Return what is told of an event of a change."""
    known = None if action is Action.CREATE else ID
    return progress.event_line(Event(moment, Change(address, action, known), **given))  # type: ignore[arg-type]  # one of the literals


def test_the_lines_of_the_first_apply() -> None:
    """What passes by while a destination is created, word for word."""
    lines = [
        line(Action.CREATE, "testing"),
        line(Action.CREATE, "tested", delivery=DELIVERED),
        line(Action.CREATE, "started"),
        line(Action.CREATE, "finished", id=ID, duration=0.1),
    ]
    assert lines == [
        None,
        f"{SOC}: Preflight test alert... accepted by Blink, HTTP 200 in 38ms",
        f"{SOC}: Creating...",
        f"{SOC}: Creation complete after 100ms [id=6f1c…]",
    ]


@pytest.mark.parametrize(
    ("action", "started", "finished"),
    [
        (Action.UPDATE, "Modifying... [id=6f1c…]", "Modifications complete after 100ms [id=6f1c…]"),
        (Action.DELETE, "Destroying... [id=6f1c…]", "Destruction complete after 100ms"),
        (Action.ADOPT, "Adopting... [id=6f1c…]", "Adoption complete after 100ms [id=6f1c…]"),
    ],
)
def test_the_lines_of_other_changes(action: Action, started: str, finished: str) -> None:
    """Terraform's words for each action; a trigger, which has no object, is not told of."""
    assert line(action, "started") == f"{SOC}: {started}"
    assert line(action, "finished", duration=0.1) == f"{SOC}: {finished}"
    assert line(action, "finished", "trigger.soc") is None


def test_the_lines_of_what_was_not_done() -> None:
    """A change and a test alert that failed."""
    assert line(Action.UPDATE, "failed", duration=0.1) == f"{SOC}: Modifications failed after 100ms [id=6f1c…]"
    assert progress.preflight_line(REFUSED).endswith("... refused by Blink, HTTP 401 in 40ms")
    failing = replace(REFUSED, status=500)
    assert progress.preflight_line(failing).endswith("... not accepted by Blink, HTTP 500 in 40ms")
    assert progress.preflight_line(SILENT).endswith("... not delivered, no HTTP answer in 10s (timeout)")


@pytest.mark.parametrize(
    ("results", "command", "closing"),
    [
        ([], "apply", "Apply complete! Resources: 0 added, 0 changed, 0 destroyed."),
        ([result(Action.CREATE)] * 2, "apply", "Apply complete! Resources: 2 added, 0 changed, 0 destroyed."),
        ([result(Action.DELETE)] * 2, "destroy", "Destroy complete! Resources: 2 destroyed."),
        (
            [result(Action.ADOPT), result(Action.FORGET)],
            "apply",
            "Apply complete! Resources: 1 adopted, 0 added, 0 changed, 0 destroyed, 1 forgotten.",
        ),
        (
            [result(Action.CREATE), result(Action.UPDATE, "failed"), *[result(Action.CREATE, "skipped")] * 2],
            "apply",
            "Apply incomplete: 1 added, 0 changed, 0 destroyed; 1 failed, 2 skipped.",
        ),
        (
            [result(Action.DELETE), result(Action.DELETE, "failed")],
            "destroy",
            "Destroy incomplete: 1 destroyed; 1 failed, 0 skipped.",
        ),
    ],
)
def test_the_closing_line(results: list[Result], command: str, closing: str) -> None:
    """Terraform's sentence where all went well, an honest one where not."""
    assert apply_text(*results, command=command) == closing


def test_an_interrupted_run_says_by_what() -> None:
    """Who pressed Ctrl-C, or cancelled the job, reads what was done until then."""
    closing = apply_text(result(Action.CREATE), result(Action.CREATE, "skipped"), code=130, signal=2)
    assert closing == "Apply interrupted by SIGINT: 1 added, 0 changed, 0 destroyed; 0 failed, 1 skipped."


def test_a_failed_test_alert_is_no_success() -> None:
    """All changes made, and yet an alert did not arrive."""
    done = Result(SOC, Action.CREATE, "done", ID, delivery=REFUSED)
    closing = "Apply complete, but 1 test alert failed. Resources: 1 added, 0 changed, 0 destroyed."
    assert apply_text(done, code=4) == closing


def test_failures_are_explained_below() -> None:
    """The closing line is followed by each problem, once."""
    problem = Diagnostic("provider", "Panther refused the change")
    text = apply_text(*[result(Action.UPDATE, "failed", problem)] * 2, code=4)
    assert text.split("\n\n")[1:] == ["Error: Panther refused the change [provider]"]


def test_a_signal_may_come_too_late() -> None:
    """When everything was done already, the end says so, though the exit code tells of the signal."""
    results = Results((result(Action.CREATE),), interrupted=2)
    closing = rendered.apply_text(results_view("apply", 130, results=results)).partition("\n")[0]
    assert closing == "Apply interrupted by SIGINT, but everything was done before: 1 added, 0 changed, 0 destroyed."


def test_test_alerts_are_listed_and_summed() -> None:
    """Each delivery on its line; a trigger is not called a destination."""
    view = results_view("test", 4, deliveries=[DELIVERED, REFUSED])
    assert rendered.tests_text(view, PLAIN, lines=True, beyond=None) == (
        f"{SOC}: delivered, HTTP 200 in 38ms\n"
        f"{SOC}: failed, HTTP 401 in 40ms\n"
        "\n"
        "Tested 1 destination: 1 delivered, 1 failed."
    )
    assert rendered.tests_text(view, PLAIN, lines=False, beyond=None) == "Tested 1 destination: 1 delivered, 1 failed."
    view = results_view("test", 0, deliveries=[DELIVERED, replace(DELIVERED, address="trigger.soc")])
    assert (
        rendered.tests_text(view, PLAIN, lines=False, beyond=None)
        == "Tested 1 trigger and 1 destination: 2 delivered, 0 failed."
    )


def test_a_recorded_resource() -> None:
    """Everything recorded, one attribute a line, the secrets by their references."""
    last = LastTest(AT, delivered=True, status=200, latency=0.038)
    record = Recorded(SOC, ID, DESTINATION, {"api_key": recorded()}, prevent_destroy=True, last_test=last)
    view = results_view("state show", 0, resources=[record])
    lines = state_show_text(view).splitlines()
    assert lines[:2] == [f"# {SOC}", f'    id                    = "{ID}"']
    assert "    api_key               = (sensitive, from env BLINK_SOC_API_KEY)" in lines
    assert lines[-1] == "    last_test             = delivered, HTTP 200 in 38ms, 2026-11-23 10:04:11 UTC"
    assert state_list_text(view) == SOC


@pytest.mark.parametrize("width", [60, 80])
def test_a_recorded_resource_fits_the_terminal(width: int) -> None:
    """Lists and sentences go on below their start; of an alert that was taken in vain it says so."""
    last = LastTest(AT, delivered=False, status=200, latency=0.038)
    record = Recorded(SOC, None, {**DESTINATION, "log_types": ("AWS.CloudTrail", "Okta.SystemLog") * 2}, last_test=last)
    when = datetime(2026, 11, 23, 10, 4, 11, tzinfo=UTC)
    seen = {SOC: LastDelivery(ID, when, when, when, 504)}
    text = state_show_text(results_view("show", 0, resources=[record], seen=seen), Layout(width))
    free = [line for line in text.splitlines() if "http://" not in line and "https://" not in line]
    assert max(map(len, free)) <= width
    told = " ".join(text.split())
    assert "last_test = failed, though HTTP 200 in 38ms: no run in Blink completed for it, or it was no webhook" in told
    assert told.endswith("failed 2026-11-23 10:04:11 UTC with HTTP 504")


def test_what_was_tested_fits_the_terminal() -> None:
    """The sum as well, and the tag to find its runs by."""
    delivered = replace(DELIVERED, tag="blinkdecl-0123abcd", run=AlertRun("ran", state="Completed"))
    text = rendered.tests_text(
        results_view("test", 0, deliveries=[delivered]), Layout(60), lines=False, beyond="console"
    )
    assert "In Blink: 1 ran." in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 60


def test_a_test_alert_that_was_refused() -> None:
    """Its answer is why."""
    last = LastTest(AT, delivered=False, status=401, latency=0.038)
    record = Recorded(SOC, None, DESTINATION, last_test=last)
    assert "= failed, HTTP 401 in 38ms, 2026" in state_show_text(results_view("show", 0, resources=[record]))


def test_a_valid_configuration() -> None:
    """Terraform's sentence, and what was found."""
    text = rendered.valid_text(["trigger.soc", "destination.a", "destination.b"])
    assert text == "Success! The configuration is valid: 1 trigger, 2 destinations."


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-1, "1ms"),
        (0, "1ms"),
        (0.038, "38ms"),
        (0.1, "100ms"),
        (0.9996, "1.0s"),
        (9.94, "9.9s"),
        (9.96, "10s"),
        (12.3, "12s"),
        (59.7, "1m 0s"),
        (123, "2m 3s"),
        (3725, "1h 2m"),
    ],
)
def test_durations(seconds: float, told: str) -> None:
    """One spelling, also of what took less than can be seen, and no more digits than a person reads."""
    assert elapsed(seconds) == told
