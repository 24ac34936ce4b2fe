"""What the tests of `examples/` share: a shell as other systems start one, with `blinkdecl` on its PATH."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from tests.support.paths import ROOT

EXAMPLES = ROOT / "examples"


@dataclass(frozen=True)
class Shell:
    """A shell that starts in a folder; `binaries` is the first folder of its PATH."""

    folder: Path
    binaries: Path

    def __call__(
        self, script: str, environment: Mapping[str, str] | None = None, *, options: str = "-e"
    ) -> subprocess.CompletedProcess[str]:
        """Run a script, as `sh` with these options would; its exit code is the caller's to look at."""
        path = f"{self.binaries}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        return subprocess.run(
            ["sh", options, "-c", script],
            cwd=self.folder,
            env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **(environment or {})},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def command(self, name: str, *words: str) -> None:
        """Put a command on the PATH that stands for these words."""
        self.binaries.mkdir(exist_ok=True)
        made = self.binaries / name
        made.write_text(f'#!/bin/sh\nexec {" ".join(words)} "$@"\n')
        made.chmod(0o755)


def shell_in(folder: Path, binaries: Path) -> Shell:
    """Return a shell that knows `blinkdecl`: this checkout's."""
    made = Shell(folder, binaries)
    made.command("blinkdecl", sys.executable, "-m", "blinkdecl")
    return made


@cache
def documents(path: Path) -> list[Any]:
    """Return the YAML documents of an example."""
    return list(yaml.safe_load_all(path.read_text()))


def vendored(package: str, *parts: str) -> str:
    """Return a schema that a package for developers ships: nothing is fetched."""
    return files(package).joinpath(*parts).read_text()
