"""The review digest: one word for what a plan was made of and does, to approve now and to apply later. Pure.

    prod-3f2a-91c0de-77ab12-04fe9d-8c1f5e...
    |    |    |      |      |      all of it and the effects (28 digits), and a check of the text before (4)
    |    |    |      |      what Panther answered
    |    |    |      what is recorded
    |    |    the configuration
    |    the options of the plan
    the environment, if there is one

The short parts only tell which side differs; the long one is what nobody can find another configuration for. It is the
same on every machine: no time, place, order, locale or value of a secret is in it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import chain, islice

from blinkdecl.diagnostics import Diagnostic, Failure
from blinkdecl.model.configuration import Configuration
from blinkdecl.model.live import Capabilities, LiveObject
from blinkdecl.model.plan import Action, Change, Options, Plan
from blinkdecl.model.resource import NAME_PATTERN, SecretReference
from blinkdecl.model.state import Recorded, State

_WHOLE, _CHECK = 28, 4
_MOST_ERRORS = 3
_AT_ONCE = 500
_SIDES = (4, 6, 6, 6)
_DIGEST = re.compile(
    rf"(?:(?P<environment>{NAME_PATTERN.strip('^$')})-)?"
    + "".join(f"([0-9a-f]{{{length}}})-" for length in _SIDES)
    + rf"([0-9a-f]{{{_WHOLE}}})([0-9a-f]{{{_CHECK}}})"
)
_JSON = json.JSONEncoder(sort_keys=True, check_circular=False)
_AS_DECLARED = "as declared"
_OF_A_FILE = re.compile(r"[0-9a-f]{64}")
_ABBREVIATED = re.compile(r"(?:…|\.{2,})$")
_BEGUN = re.compile(rf"(?:{NAME_PATTERN.strip('^$')}-)?[0-9a-f]{{{_SIDES[0]}}}-")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered: the host it is at, what it can do, and every live destination."""

    host: str | None
    capabilities: Capabilities
    live: tuple[LiveObject, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review digest in its parts; `digest` is all of it."""

    digest: str
    environment: str | None
    options: str
    configuration: str
    recorded: str
    live: str


def review_digest(plan: Plan, desired: Configuration, state: State | None, answer: Answer | None) -> str:
    """Return the digest of a plan, which has that of its configuration, and of what it was made of.

    `state` is what the backend holds, None = nothing yet. `answer` is None where no provider is somewhere to be asked:
    then the record is all there is.
    """
    hashes = (
        _hash_options(plan.options),
        _hash(_configuration(desired, plan.config_digest)),
        _hash(_recorded(state)),
        _hash(_live(answer)),
    )
    changes = sorted(plan.changes, key=lambda each: (each.address, each.action))
    effects = (_effect(each, desired) for each in changes if not _only_recorded(each))
    whole = _hash(chain([[plan.environment, *hashes]], effects))[:_WHOLE]
    parts = [each[:length] for each, length in zip(hashes, _SIDES, strict=True)]
    text = "-".join([*([plan.environment] if plan.environment else []), *parts, whole])
    return text + _check(text)


def read_digest(text: str) -> Reviewed:
    """Return the digest that somebody has copied; raises a `ValueError` with what is wrong with it, and a remedy."""
    given = text.strip().lower()
    found = _DIGEST.fullmatch(given)
    if found is None:
        raise ValueError(*_misread(given))
    if _check(given[:-_CHECK]) != given[-_CHECK:]:
        raise ValueError(
            "mistyped: its parts do not fit together", "copy it again, from its first character to the last"
        )
    environment, options, configuration, recorded, live, *_ = found.groups()
    return Reviewed(given, environment, options, configuration, recorded, live)


def check_reviewed(expected: Reviewed, plan: Plan, again: str) -> None:
    """Raise a `Failure` (``stale-plan``) unless `plan` is the one that was reviewed: it names each side that differs.

    `again` is the command that makes a plan like this one.
    """
    if expected.digest == plan.review_digest:
        return
    current = read_digest(plan.review_digest)
    facts = []
    if expected.options != current.options:
        facts.append(f"options: {_other_options(expected, plan.options)}")
    if expected.configuration != current.configuration:
        facts.append("YAML: the configuration is not the one that was reviewed")
    if expected.recorded != current.recorded:
        facts.append("recorded: the state does not hold what it held then")
        facts += [] if plan.pending else ["nothing is left to do, so perhaps it was applied already"]
    if expected.live != current.live:
        facts.append("live: Panther does not answer what it answered then")
    if not facts:
        facts.append(
            "YAML, recorded and live are the same: another version of blinkdecl, or what another environment of the "
            "project has recorded by now, makes another plan of them"
        )
    errors = [each for each in plan.diagnostics if each.severity == "error"]
    facts += [f"the plan of now is refused: {each.summary} [{each.code}]" for each in errors[:_MOST_ERRORS]]
    notes = (*(("note", each) for each in facts), ("help", f"run `{again}` again and review it"))
    raise Failure(Diagnostic("stale-plan", "this is not what was reviewed, nothing was changed", notes=notes))


def _other_options(expected: Reviewed, options: Options) -> str:
    """Return which options were others, as far as that can be guessed."""
    if expected.options == _hash_options(Options())[: _SIDES[0]]:
        return (
            "it was reviewed without any that choose or allow something; `blinkdecl apply --expect DIGEST` applies it"
        )
    if expected.options == _hash_options(Options(destroy=True))[: _SIDES[0]]:
        return "a plan to destroy everything was reviewed: `blinkdecl destroy --expect DIGEST` carries that out"
    return "--target, --exclude, --allow-... or --destroy were others when it was reviewed"


def _misread(given: str) -> tuple[str, str]:
    """Return what a text is that is not a review digest, and what to do."""
    again = "copy all of it from the plan, up to the last character"
    if not given:
        return "empty", "is the variable set that should hold it?"
    if given in ("null", "none"):  # as programs print what is not there in JSON
        return "missing", "look at the plan: it was refused, or --offline did not read all of it"
    if _OF_A_FILE.fullmatch(given):
        return "the digest of a saved plan's file, which `apply FILE` checks by itself", "name its `review_digest`"
    if _BEGUN.match(given) and len(_ABBREVIATED.sub("", given).rpartition("-")[2]) < _WHOLE + _CHECK:
        return "cut: its end is missing", again
    if re.search(r"-[0-9a-f]{32}$", given) and len(given) < sum(_SIDES) + len(_SIDES) + _WHOLE + _CHECK:
        return "cut: its beginning is missing", again
    return "none that a plan prints", again


def _hash(lines: Iterable[object]) -> str:
    """Return the hash of values one after the other, as JSON: many at a time, since each call has a cost."""
    found, left = hashlib.sha256(), iter(lines)
    while some := list(islice(left, _AT_ONCE)):
        found.update(_JSON.encode(some).encode())
    return found.hexdigest()


def _check(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_CHECK]


def _hash_options(options: Options) -> str:
    counts = [options.allow_deletes, options.allow_changes, options.accept_missing]
    return _hash(["options", sorted(set(options.targets)), sorted(set(options.excludes)), counts, options.destroy])


def _configuration(desired: Configuration, digest: str) -> Iterator[object]:
    """Yield what is declared; the order of the files and of what is in them does not count.

    Nor does where a state is, which variables of the process may say: what is in it decides.
    """
    state, waivers = desired.settings.state, desired.settings.waivers
    yield from ("configuration", digest, [state.backend, _references(state.secrets)])
    yield sorted([each.address, each.until, sorted(each.attributes), each.reason] for each in waivers)


def _recorded(state: State | None) -> Iterator[object]:
    """Yield what a plan looks at in a state: not how often it was written, nor when alerts arrived."""
    yield "recorded"
    if state is None:
        return
    begun, project = bool(state.resources or state.pending), state.project
    yield [state.lineage, state.provider_host] if begun else None
    yield project and [project.provider, project.hosts, project.webhook_hosts, _references(project.references)]
    yield sorted(
        [address, each.operation, each.display_name, each.before_ids] for address, each in state.pending.items()
    )
    yield from (_record(each) for _, each in sorted(state.resources.items()))


def _record(record: Recorded) -> list[object]:
    secrets = [[name, *_reference(each.reference), each.fingerprint] for name, each in sorted(record.secrets.items())]
    return [record.address, record.id, dict(record.attributes), secrets, record.prevent_destroy]


def _references(references: Mapping[str, SecretReference]) -> list[list[object]]:
    return [[name, *_reference(each)] for name, each in sorted(references.items())]


def _reference(reference: SecretReference) -> tuple[object, object]:
    return reference.source, reference.argument


def _live(answer: Answer | None) -> Iterator[object]:
    """Yield what a plan looks at in an answer: not who changed something when, nor what it cannot manage."""
    yield "live"
    if answer is None:
        return
    ours = sorted((each for each in answer.live if not each.foreign), key=lambda each: each.id)
    yield from (answer.host, asdict(answer.capabilities))
    yield from map(_object, ours)


def _object(live: LiveObject) -> list[object]:
    return [live.id, dict(live.attributes), sorted(live.hidden), live.kind, live.webhook_host]


def _effect(change: Change, desired: Configuration) -> list[object]:
    """Return what happens at one address, whether or not the values of its secrets are known here.

    What is to be as declared is not told again: the hash of the configuration, which is that of `desired`, says it. For
    10,000 creations that takes half the time.
    """
    declared = desired.resources.get(change.address)
    as_declared = declared is not None and change.after == declared.attributes
    return [
        change.address,
        change.action,
        change.id,
        change.before and dict(change.before),
        _AS_DECLARED if as_declared else change.after and dict(change.after),
        change.previous_address,
        sorted([each.name, *_reference(each.reference)] for each in change.secrets),
    ]


def _only_recorded(change: Change) -> bool:
    """Whether a change may be there, or be called by another name, because of a secret's value alone."""
    named = change.action in (Action.UPDATE, Action.NO_OP)
    return named and not change.differences and not any(each.re_referenced for each in change.secrets)
