"""A Git repository on disk, as whoever works in it has it; nothing of this machine's configuration counts."""

import subprocess
from pathlib import Path

_CONFIGURED = ("-c", "user.name=Test", "-c", "user.email=test@localhost", "-c", "init.defaultBranch=main")


def git(folder: Path, *words: str) -> str:
    """Run Git in a folder, and return what it prints."""
    environ = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    argv = ["git", *_CONFIGURED, *words]
    return subprocess.run(argv, cwd=folder, env=environ, check=True, capture_output=True, text=True).stdout


def write(folder: Path, *names: str, text: str = "version: 1\n") -> None:
    """Write the same text into files below a folder."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def commit(folder: Path, message: str = "all") -> None:
    """Commit everything that is in a folder, a repository or not yet; one message within a second is one commit."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
