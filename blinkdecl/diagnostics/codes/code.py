"""What an entry of the catalogue is, and the exit codes."""

from dataclasses import dataclass

ERROR = 1
CHANGES = 2
POLICY = 3
PARTIAL = 4
LOCKED = 5
STALE = 6
USAGE = 64
BUG = 70


@dataclass(frozen=True, slots=True)
class Code:
    """What a code means: `explanation` says what is wrong, `remedy` what to check and how to fix it.

    `warning` = it is only ever a warning, and leads to no exit code.
    """

    explanation: str
    remedy: str
    exit_code: int = ERROR
    warning: bool = False
