"""The lines of blinkdecl's side, in the order of the table: each a function that measures it at every size."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from benchmarks.bench import Bench, Measured
from benchmarks.lines import applying, past, planning, sending, several, starting

LINES: Mapping[str, Callable[[Bench], Iterator[Measured]]] = MappingProxyType(
    {
        "version": starting.version,
        "help": starting.help_,
        "completion": starting.completion,
        "command-help": starting.command_help,
        "completion-options": starting.completion_options,
        "plan-one": starting.plan_one,
        "validate": planning.validate,
        "plan": planning.plan,
        "plan-changed": planning.plan_changed,
        "plan-new": planning.plan_new,
        "plan-out": planning.plan_out,
        "plan-json": planning.plan_json,
        "handover": planning.handover,
        "report": planning.report,
        "apply": applying.local,
        "apply-panther": applying.panther,
        "test": sending.test,
        "test-one": sending.test_one,
        "dispatch": sending.dispatch,
        "detections": past.detections,
        "replay": past.replay,
        "observe": past.observe,
        "stacks": several.stacks,
        "merge": several.merge,
    }
)
