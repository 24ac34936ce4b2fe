"""What a CI system says in its variables: where the files of this commit are shown, and which file is its summary."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from blinkdecl.system.paths import within_repository

_COMMIT = re.compile("[0-9a-fA-F]{7,64}")
# What becomes part of a link must not end it.
_URL = re.compile(r"https?://[\w.:/@~%+-]+", re.ASCII)


def file_links(environ: Mapping[str, str]) -> str | None:
    """Return what the URL of a file of the repository begins with, as GitHub or GitLab shows it; None = unknown."""
    given = environ.get
    for base, commit in (
        (f"{given('GITHUB_SERVER_URL')}/{given('GITHUB_REPOSITORY')}/blob", given("GITHUB_SHA")),
        (f"{given('CI_PROJECT_URL')}/-/blob", given("CI_COMMIT_SHA")),
    ):
        if commit and _COMMIT.fullmatch(commit) and _URL.fullmatch(base):
            return f"{base}/{commit}/"
    return None


def folder_of(root: Path, environ: Mapping[str, str]) -> str:
    """Return the project's folder within its repository: the nearest with a ``.git``, otherwise the job's."""
    workspace = next((found for each in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR") if (found := environ.get(each))), None)
    return within_repository(root, workspace)


def commit_of(environ: Mapping[str, str]) -> str:
    """Return the commit that CI builds, shortened; "" = unknown."""
    given = next((found for each in ("GITHUB_SHA", "CI_COMMIT_SHA") if (found := environ.get(each))), "")
    return given[:12] if _COMMIT.fullmatch(given) else ""


def is_job_summary(output: Path | None, environ: Mapping[str, str]) -> bool:
    """Whether the result goes to the file that GitHub shows as the job's summary: by `--output`, or by the shell."""
    name = environ.get("GITHUB_STEP_SUMMARY")
    try:
        if not name:
            return False
        if output is not None and str(output) != "-":
            return os.path.realpath(output) == os.path.realpath(name)
        return os.path.samestat(os.fstat(sys.stdout.fileno()), os.stat(name))  # noqa: PTH116 - beside fstat
    except (OSError, ValueError):
        return False
