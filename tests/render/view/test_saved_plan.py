"""Saved plans: what was written is read back, and nothing else is taken for a plan."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blinkdecl.diagnostics import Diagnostic, Failure
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Plan
from blinkdecl.render.view.plan import failed_plan_view, plan_view
from blinkdecl.render.view.saved_plan import plan_from_view
from blinkdecl.render.view.seal import seal_problem, with_seal
from tests.support.made import CREATE_DESTINATION, CREATE_TRIGGER, DRIFTED, diagnostics, plan, plans

WHOLE = plan(
    CREATE_TRIGGER,
    CREATE_DESTINATION,
    drift=(DRIFTED,),
    unmanaged=(LiveObject("1", {"display_name": "Other"}),),
    diagnostics=(Diagnostic("limits", "too many"),),
)


@settings(max_examples=100)
@given(plans)
def test_a_plan_survives_its_file(made: Plan) -> None:
    """Whatever the plan: written, read, equal."""
    assert plan_from_view(json.loads(json.dumps(plan_view(made)))) == made


def _paths(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 - any part of a document
    inner: Any = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(found for key, value in inner for found in _paths(value, (*path, key)))]


@given(
    st.sampled_from(_paths(plan_view(WHOLE))[1:]), st.sampled_from([None, 7, "x", [], {}, [None], {"x": 1}, False, ...])
)
def test_a_damaged_plan_is_refused_or_read(path: tuple[Any, ...], damage: object) -> None:
    """Any part replaced or taken out: an ``invalid-plan`` failure at most, never a traceback."""
    document = json.loads(json.dumps(plan_view(WHOLE)))
    node = document
    for key in path[:-1]:
        node = node[key]
    if damage is ...:
        del node[path[-1]]
    else:
        node[path[-1]] = damage
    assert _refusal(document) in (None, "invalid-plan")


def _refusal(document: object) -> str | None:
    try:
        plan_from_view(document)
    except Failure as failure:
        return failure.diagnostics[0].code
    return None


@pytest.mark.parametrize("document", [None, [], "plan", {}, {"format_version": "2.0"}, {"format_version": 1}, False])
def test_what_is_no_plan_is_refused(document: object) -> None:
    """Another document, another format, nothing at all."""
    with pytest.raises(Failure, match="invalid-plan"):
        plan_from_view(document)


@given(diagnostics)
def test_a_plan_that_could_not_be_made_is_no_plan(problem: Diagnostic) -> None:
    """Its document can be printed, and is never applied."""
    with pytest.raises(Failure, match="invalid-plan"):
        plan_from_view(failed_plan_view([problem]))


@pytest.mark.parametrize("key", ["0123456789abcdef", "\udcff123456789abcdef"])
def test_a_seal_or_a_key_that_is_no_text(key: str) -> None:
    """Half a character in the file, and a byte in the key that is not UTF-8, make a wrong seal, and no bug."""
    document = plan_view(WHOLE)
    assert seal_problem({**document, "seal": "\ud800"}, key) is not None
    assert seal_problem(with_seal(document, key), key) is None
