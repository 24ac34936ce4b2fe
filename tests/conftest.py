"""What a run tells at its end beside what passed: what tests note down with `record_property("told", ...)`."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the counts, also those that workers noted."""
    reports = terminalreporter.stats.get("passed", ())
    for report in reports:
        for name, text in getattr(report, "user_properties", ()):
            if name == "told":
                terminalreporter.write_line(str(text))
