"""A program that runs one command, and reports what it cost: exit code, seconds, seconds of processor, `ru_maxrss`.

usage: launcher.py OUTPUT COMMAND [ARGUMENT]...

A process of its own because a child begins as a copy of its parent, and on Linux the parent's peak memory up to then
counts as the child's. This program is smaller than anything it measures; the harness is not.
"""

import os
import sys
import time


def main(output: str, command: list[str]) -> None:
    """Run `command`, both its streams into the file `output`, and print the four figures."""
    into = [
        (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    started = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=into)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - started
    print(os.waitstatus_to_exitcode(status), wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
