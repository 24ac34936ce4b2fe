"""What is fuzzed: modules with `run`, and `seeds` where sound inputs can be made; others are in corpus/."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tests.fuzz.engine import Target
from tests.fuzz.targets import (
    alerts,
    blink,
    configuration,
    detections,
    dsn,
    http_state,
    introspection,
    layout,
    lock,
    panther,
    plans,
    proxy,
    python_files,
    results,
    retry,
    routes,
    states,
    urls,
    variables,
)

_CORPUS = Path(__file__).parents[1] / "corpus"


def _none() -> Iterable[bytes]:
    return ()


TARGETS: Mapping[str, tuple[Callable[[bytes], None], Callable[[], Iterable[bytes]]]] = {
    "alerts": (alerts.run, _none),
    "blink": (blink.run, _none),
    "configuration": (configuration.run, configuration.seeds),
    "detections": (detections.run, detections.seeds),
    "dsn": (dsn.run, _none),
    "http_state": (http_state.run, http_state.seeds),
    "introspection": (introspection.run, introspection.seeds),
    "layout": (layout.run, layout.seeds),
    "lock": (lock.run, lock.seeds),
    "panther": (panther.run, _none),
    "plans": (plans.run, plans.seeds),
    "proxy": (proxy.run, _none),
    "python_files": (python_files.run, python_files.seeds),
    "results": (results.run, results.seeds),
    "retry": (retry.run, _none),
    "routes": (routes.run, routes.seeds),
    "states": (states.run, states.seeds),
    "urls": (urls.run, _none),
    "variables": (variables.run, _none),
}


def target(name: str) -> Target:
    """Return a target with its corpus, in order."""
    run, seeds = TARGETS[name]
    kept = [path.read_bytes() for path in sorted((_CORPUS / name).glob("*"))]
    return Target(name, run, (*kept, *seeds()))
