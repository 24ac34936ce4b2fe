"""What was done, as values: one `Result` per change, one `Delivery` per test alert. Frozen data, no I/O."""

from dataclasses import dataclass
from typing import Literal

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.plan import Action, Change
from blinkdecl.model.state import LastTest

RunOutcome = Literal["ran", "failed", "queued", "running", "not_seen", "unknown"]


@dataclass(frozen=True, slots=True)
class AlertRun:
    """What Blink made of a test alert that it took, as far as it can be known.

    ran       its automation was run to the end, within `duration` seconds
    failed    it was run, and ended otherwise
    queued    a run of it waited all the time
    running   a run of it had begun, and not ended
    not_seen  Blink lists every run since the alert was sent, or says that the automation starts none, and this is none
    unknown   none of these is proved

    `state` is Blink's word. `reason` and `remedy` are for a person; neither holds a secret. `severity` = what it is for
    the command, None where nothing is wrong.
    """

    outcome: RunOutcome
    execution_id: str | None = None
    state: str | None = None
    started_at: str | None = None
    duration: float | None = None
    reason: str = ""
    remedy: str = ""
    severity: Literal["error", "warning"] | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of one alert that was sent. `latency` in seconds; `status` None where no HTTP answer came.

    `tag` is among a test alert's tags, so that it can be found in Blink. `retry_after` is how many seconds the
    receiver asks to wait. `sent` is False where nothing left this machine: a forbidden host, a name that does not
    resolve, no connection.

    `failure` is a stable word for what went wrong (``refused``, ``timeout``, ``dns``, ``tls``, ``unreachable``,
    ``reset``, ``protocol``, ``redirect``, ``web-page``, ``url``, ``forbidden-host``, ``forbidden-address``, ``proxy``),
    `detail` a fact for a person and `remedy` what to do; none of them holds a URL or a secret.

    `run` is what Blink made of it, where that was asked.
    `shared_with` = this is the outcome of the alert that was sent for that address, whose webhook is the same.
    """

    address: str
    via: Literal["direct", "panther"]
    delivered: bool
    status: int | None
    latency: float
    at: str
    attempt: int = 1
    failure: str | None = None
    detail: str = ""
    remedy: str = ""
    sent: bool = True
    tag: str = ""
    retry_after: float | None = None
    shared_with: str | None = None
    run: AlertRun | None = None

    @property
    def refused(self) -> bool:
        """Whether the receiver decided so, rather than failed itself (HTTP 500 and above)."""
        return self.status is not None and self.status < 500

    @property
    def in_vain(self) -> bool:
        """Whether it was delivered, and surely led to nothing: its automation failed, or was not run."""
        return self.delivered and self.run is not None and self.run.outcome in ("failed", "not_seen")

    @property
    def last_test(self) -> LastTest:
        """What the state keeps of it: what led to nothing is not delivered."""
        return LastTest(self.at, self.delivered and not self.in_vain, self.status, self.latency)


Outcome = Literal["done", "failed", "skipped", "awaiting"]


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one change.

    done      it is made
    awaiting  a person has to make it: the steps were written, ``blinkdecl confirm`` records it
    failed    it was not made, or nobody knows, or what was stored is not what was asked (``not-kept``)
    skipped   what it depends on failed, or the run was interrupted first

    `delivery` is the preflight test alert, `proof` the one that the provider sent afterwards. `previous_address` = its
    record has moved from there, whatever the outcome.
    """

    address: str
    action: Action
    outcome: Outcome
    id: str | None = None
    duration: float = 0.0
    delivery: Delivery | None = None
    proof: Delivery | None = None
    diagnostic: Diagnostic | None = None
    previous_address: str | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """The outcome of a run. `interrupted` = the number of the signal that ended it early."""

    results: tuple[Result, ...] = ()
    interrupted: int | None = None

    def count(self, outcome: Outcome, *actions: Action, kind: str = "") -> int:
        """Return how many results have this outcome (and, if any are named, one of these actions, and this kind)."""
        return sum(
            each.outcome == outcome and (not actions or each.action in actions) and each.address.startswith(kind)
            for each in self.results
        )


@dataclass(frozen=True, slots=True)
class Event:
    """Something that just happened to one change, for whoever watches the run.

    moment    what it means
    testing   its preflight test alert is about to be sent
    tested    the preflight was answered (`delivery`)
    preparing the first step of a change that is split is about to be made
    prepared  that step is done
    started   the provider is about to be called
    finished  it is done, after `duration` seconds (`id` of the object)
    failed    it was not done
    unlike    it is done, after `duration` seconds, but something else was stored than was asked
    proving   the provider is about to be asked for a test alert of its own
    proved    that test alert was answered (`delivery`)
    """

    moment: Literal[
        "testing", "tested", "preparing", "prepared", "started", "finished", "failed", "unlike", "proving", "proved"
    ]
    change: Change
    id: str | None = None
    duration: float = 0.0
    delivery: Delivery | None = None
