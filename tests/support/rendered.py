"""What renderers make, as whoever sees no colours reads it: the same functions, their marks taken out."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from blinkdecl.render import checklist
from blinkdecl.render.text import diagnostics, drift, impact, plan, results
from blinkdecl.render.text.marks import plain

P = ParamSpec("P")


def _unmarked(render: Callable[P, str]) -> Callable[P, str]:
    @wraps(render)
    def rendered(*args: P.args, **kwargs: P.kwargs) -> str:
        return plain(render(*args, **kwargs))

    return rendered


apply_text = _unmarked(results.apply_text)
diagnostics_text = _unmarked(diagnostics.diagnostics_text)
drift_text = _unmarked(drift.drift_text)
plan_text = _unmarked(plan.plan_text)
routing_text = _unmarked(impact.routing_text)
steps_text = _unmarked(checklist.steps_text)
tests_text = _unmarked(results.tests_text)
valid_text = _unmarked(results.valid_text)
