"""Results -> the one dict of ``schemas/results.schema.json``. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.observed import LastDelivery
from blinkdecl.model.plan import Action, RoutingRow
from blinkdecl.model.resource import Resource
from blinkdecl.model.results import Delivery, Result, Results
from blinkdecl.model.state import Recorded
from blinkdecl.render.view.parts import View, delivery_view, diagnostics_view, named, resource_view, versions
from blinkdecl.render.view.routing import row_view


def results_view(
    command: str,
    exit_code: int,
    *,
    results: Results | None = None,
    deliveries: Iterable[Delivery] = (),
    diagnostics: Iterable[Diagnostic] = (),
    resources: Iterable[Recorded | Resource] = (),
    seen: Mapping[str, LastDelivery] = MappingProxyType({}),
    routing: Iterable[RoutingRow] = (),
    routing_recorded: bool = False,
    provider: str | None = None,
) -> View:
    """Return the document of every other command, whether it succeeded or not.

    `seen` = what was observed of the `resources`. `deliveries` are test alerts and `diagnostics` problems beyond those
    that `results` hold: each is listed once. `routing` = who receives what after a run that was not complete, and as
    declared; `routing_recorded` = as recorded, because the provider was not asked. `provider` = who made the changes
    that `results` are of.
    """
    done = results or Results()
    sent = (test for each in done.results for test in (each.delivery, each.proof) if test)
    tests = [*sent, *deliveries]
    problems = dict.fromkeys([*diagnostics, *(each.diagnostic for each in done.results if each.diagnostic)])
    return {
        **versions(),
        "command": command,
        "ok": exit_code == 0,
        "exit_code": exit_code,
        "interrupted": done.interrupted,
        "provider": provider,
        "summary": _summary(done, tests, problems),
        "results": [_result_view(each) for each in done.results],
        "tests": [delivery_view(each) for each in tests],
        "resources": [resource_view(each, seen.get(each.address)) for each in resources],
        "routes": [],
        "routing": [row_view(each) for each in routing],
        "routing_recorded": routing_recorded,
        "diagnostics": diagnostics_view(problems),
    }


def import_view(
    *, dry_run: bool, file: str, text: str | None, addresses: Iterable[str], variables: Mapping[str, Sequence[str]]
) -> View:
    """Return what ``import`` adds to its document; `dry_run` = nothing was done.

    `text` is what `file` holds, None where none is written, and `addresses` are what it declares. `variables` are those
    that are to be set, each with the display names that it is for.
    """
    return {
        "dry_run": dry_run,
        "written": None if text is None else {"file": file, "addresses": list(addresses), "text": text},
        "variables": [{"name": name, "display_names": list(shown)} for name, shown in variables.items()],
    }


def _summary(done: Results, tests: Sequence[Delivery], problems: Collection[Diagnostic]) -> View:
    return {
        "added": done.count("done", Action.CREATE, kind="destination"),
        "changed": done.count("done", Action.UPDATE, kind="destination"),
        "destroyed": done.count("done", Action.DELETE, kind="destination"),
        "adopted": done.count("done", Action.ADOPT, kind="destination"),
        "forgotten": done.count("done", Action.FORGET, kind="destination"),
        "moved": sum(each.previous_address is not None for each in done.results),
        "triggers_recorded": done.count("done", Action.CREATE, Action.UPDATE, kind="trigger"),
        "triggers_forgotten": done.count("done", Action.DELETE, Action.FORGET, kind="trigger"),
        "failed": done.count("failed"),
        "skipped": done.count("skipped"),
        "awaiting": done.count("awaiting"),
        "tests_delivered": sum(each.delivered for each in tests),
        "tests_failed": sum(not each.delivered for each in tests),
        "errors": sum(each.severity == "error" for each in problems),
        "warnings": sum(each.severity == "warning" for each in problems),
    }


def _result_view(result: Result) -> View:
    moved = {} if result.previous_address is None else {"previous_address": result.previous_address}
    return {
        **named(result.address),
        **moved,
        "action": result.action.value,
        "outcome": result.outcome,
        "id": result.id,
        "duration": round(result.duration, 6),
        "code": result.diagnostic and result.diagnostic.code,
    }
