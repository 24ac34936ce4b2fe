"""The system has no file descriptor left, at any moment of an apply: nothing is a bug, and nothing is lost."""

import subprocess
import sys

import pytest

from tests.support.repository import Repository

MORE = "version: 1\ndestinations:\n" + "".join(
    f"  d{number}: {{display_name: D {number}, trigger: soc, severities: [LOW]}}\n" for number in range(6)
)


@pytest.mark.parametrize("most", [5, 6, 8, 11])
def test_out_of_file_descriptors(repository: Repository, most: int) -> None:
    """The run ends with an error that says so, and the next one goes on from what was recorded."""
    repository.write("destinations/more.yaml", MORE)
    command = f"ulimit -n {most}; exec {sys.executable} -m blinkdecl -C {repository.folder} apply --auto-approve"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60)
    told = done.stdout + done.stderr
    assert done.returncode in (0, 1, 4), told
    assert "Traceback" not in told
    assert repository("apply", "--auto-approve").code == 0
    assert repository("plan", "--detailed-exitcode").code == 0
