"""What the tests of the local backend share."""

import os
import stat
from pathlib import Path

import pytest

from blinkdecl.diagnostics import Failure
from blinkdecl.state.lock_info import lock_info
from tests.support.paths import PACKAGE

INFO = lock_info("blinkdecl apply", {"USER": "ci"})
# A child finds the package where this process found it, installed or not.
ENVIRON = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}


def notes(caught: pytest.ExceptionInfo[Failure]) -> dict[str, str]:
    """Return the notes of the only diagnostic."""
    [diagnostic] = caught.value.diagnostics
    return dict(diagnostic.notes)


def mode(path: Path) -> int:
    """Return the permission bits."""
    return stat.S_IMODE(path.stat().st_mode)
