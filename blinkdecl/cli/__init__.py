"""The command line: one file per command in `commands`, found by its name and imported only when it is called.

Here belongs what speaks to a person or a pipeline: options, prompts, progress, exit codes. What another front would
need as well belongs below, to `project` first of all. Nothing but click is imported for `--help`, `--version` and
completion.
"""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from blinkdecl.cli.app import cli
from blinkdecl.cli.errors import guarded


def main() -> None:
    """The entry point of the ``blinkdecl`` command."""
    # A command lives for a moment, and what it reads stays until its end: searching all of it for garbage again and
    # again took a third of the time on large repositories, and with a quarter of this threshold 0.8 s of 9.5 s for
    # 100,000 destinations. Few are left in reference cycles: six of an update, 70 of a call that is tried again.
    gc.set_threshold(2_000_000)
    code = run(sys.argv[1:])
    # All that is opened is closed by now, but for these two. What is left is to take apart 280 modules and all that was
    # read, which took a seventh of the time.
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # each write was flushed, and whoever failed has said so
            stream.flush()
    os._exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command in this process and return its exit code; nothing that goes wrong is raised."""
    return guarded(cli, list(arguments))
