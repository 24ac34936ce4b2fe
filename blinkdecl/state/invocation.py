"""How blinkdecl was called, so that every command it prints can be pasted as it is."""

import os
import shlex
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Invocation:
    """What chose the project: `root` is ``--chdir`` as typed, `environment` is ``--env``."""

    root: Path = Path()
    environment: str | None = None

    def command(self, *words: str) -> str:
        """Return the command `words` for the same project, quoted for a shell."""
        folder = ("-C", str(self.root)) if self.root != Path() else ()
        chosen = ("--env", self.environment) if self.environment else ()
        return shlex.join(("blinkdecl", *folder, *chosen, *words))

    def push(self, path: Path, *, force: bool = False) -> str:
        """Return the command that stores the state in the file at `path`, which it reads relative to `root`."""
        given = path
        with suppress(OSError, ValueError):  # no current folder, or not below the root: as it is, which is absolute
            given = path.relative_to(os.path.realpath(self.root))
        return self.command("state", "push", *(["--force"] if force else []), str(given))


# Called in the project's folder, without an environment.
HERE = Invocation()
