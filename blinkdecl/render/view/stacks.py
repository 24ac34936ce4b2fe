"""Stacks -> the document of ``blinkdecl stacks``. Pure."""

from collections.abc import Iterable

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.stack import Stack
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.results import results_view


def stacks_view(stacks: Iterable[Stack], exit_code: int, diagnostics: Iterable[Diagnostic]) -> View:
    """Return the stacks in the given order, and what is to be said beside them."""
    listed = [{"path": each.path, "environment": each.environment} for each in stacks]
    return {**results_view("stacks", exit_code, diagnostics=diagnostics), "stacks": listed}
