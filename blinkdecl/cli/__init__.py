"""The command line: one file per command, found by its name and imported only when it is called.

Nothing but click is imported for `--help`, `--version` and completion.
"""

import sys
from collections.abc import Sequence

from blinkdecl.cli.group import cli
from blinkdecl.cli.problems import guarded


def main() -> None:
    """The entry point of the ``blinkdecl`` command."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command in this process and return its exit code; nothing that goes wrong is raised."""
    return guarded(cli, list(arguments))
