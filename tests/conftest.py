"""What a run tells at its end beside what passed: what tests note down with `record_property("told", ...)`.

Processes that tests start must hear Ctrl-C, also where the run itself was started in the background of a script, which
makes a shell ignore it for all that follows.
"""

import os
import signal

import pytest

pytest_plugins = ["tests.support.repository", "tests.support.panther"]

signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Run two tests at a time for each processor: what takes long waits (322 s for 405, on two)."""
    del config
    return 2 * (os.cpu_count() or 1)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the counts, also those that workers noted."""
    reports = terminalreporter.stats.get("passed", ())
    for report in reports:
        for name, text in getattr(report, "user_properties", ()):
            if name == "told":
                terminalreporter.write_line(str(text))
