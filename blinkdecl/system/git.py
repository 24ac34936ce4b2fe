"""Git, asked as a process: the only module that runs it.

Nothing that a configuration of Git names is run: no pager, no external diff or text conversion, no hook, no file system
monitor, no filter; and nothing is fetched. Names come as bytes ended by NUL, so that none can be taken for two.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["missing", "outside", "revision", "shallow", "unrelated", "failed"]

_SECONDS = 120
# Between a setting's name, which may hold anything else, and its value.
_SET = "\0"
_HARMLESS = (
    f"core.fsmonitor{_SET}false", f"core.hooksPath{_SET}{os.devnull}", f"core.attributesFile{_SET}",
    f"core.quotePath{_SET}false",
)  # fmt: skip
_ENVIRON = {
    "GIT_OPTIONAL_LOCKS": "0",  # the index is not written anew, which would run a hook
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",  # its messages are compared
}
_LEFT_OUT = frozenset(("GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "LANGUAGE"))


class GitProblem(Exception):
    """Git does not know; `kind` says why, the text is Git's own where it gave one.

    missing    there is no Git          revision   it is no commit             unrelated  no commit in common
    outside    not in a repository      shallow    history was not fetched     failed     anything else
    """

    def __init__(self, kind: Kind, text: str = "") -> None:
        super().__init__(text)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Changed:
    """Names that differ, in order; and those of them that are deleted."""

    names: tuple[str, ...]
    deleted: frozenset[str]


def changed_since(folder: Path, revision: str, environ: Mapping[str, str]) -> Changed:
    """Return what differs in the working tree from where it left `revision`, below `folder` and relative to it.

    Untracked files belong to it unless they are ignored; a renamed file counts with both names, a submodule as one
    file. What a sparse checkout leaves out is not deleted. Raises a `GitProblem`.
    """
    git = _Git(folder, environ)
    base, filters = git.merge_base(git.commit(revision)), git.filters()
    options = ("--name-only", "-z", "--relative", "--no-renames", "--no-ext-diff", "--no-textconv")
    tracked, deleted = (
        git.output("diff", *options, *kinds, "--ignore-submodules=dirty", base, "--", filters=filters)
        for kinds in ((), ("--diff-filter=D",))
    )
    untracked = git.output("ls-files", "-z", "--others", "--exclude-standard")
    return Changed(tuple(sorted({*_names(tracked), *_names(untracked)})), frozenset(_names(deleted)))


def _names(output: bytes) -> Iterator[str]:
    return (os.fsdecode(each).rstrip("/") for each in output.split(b"\0") if each)


class _Git:
    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self._folder = folder
        self._environ = {name: value for name, value in environ.items() if name not in _LEFT_OUT} | _ENVIRON

    def commit(self, revision: str) -> str:
        """Return the hash of the commit that a revision names; raises a `GitProblem`."""
        if "\0" in revision:
            raise GitProblem("revision")
        done = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if done.returncode == 0:
            return done.stdout.decode("ascii").strip()
        text = _first_line(done.stderr)
        raise GitProblem("outside" if "not a git repository" in text else "failed" if text else "revision", text)

    def merge_base(self, commit: str) -> str:
        """Return the last commit that HEAD has in common with another; raises a `GitProblem`."""
        done = self._run("merge-base", commit, "HEAD")
        if done.returncode == 0:
            return done.stdout.decode("ascii").strip()
        if text := _first_line(done.stderr):
            raise GitProblem("failed", text)
        shallow = self.output("rev-parse", "--is-shallow-repository").strip() == b"true"
        raise GitProblem("shallow" if shallow else "unrelated")

    def filters(self) -> list[str]:
        """Return the settings by which no filter is run: files count as they are stored."""
        found = self._run("config", "-z", "--name-only", "--get-regexp", r"^filter\.").stdout.split(b"\0")
        names = {os.fsdecode(each).rpartition(".")[0] for each in found if each}
        parts = (f"clean{_SET}", f"process{_SET}", f"required{_SET}false")
        return [f"{name}.{part}" for name in sorted(names) for part in parts]

    def output(self, *words: str, filters: Sequence[str] = ()) -> bytes:
        """Return what a command prints; raises a `GitProblem`."""
        done = self._run(*words, settings=filters)
        if done.returncode != 0:
            raise GitProblem("failed", _first_line(done.stderr))
        return done.stdout

    def _run(self, *words: str, settings: Sequence[str] = ()) -> "subprocess.CompletedProcess[bytes]":
        # By variables, since on the command line no name can have a "=" in it.
        chosen = [each.partition(_SET) for each in (*_HARMLESS, *settings)]
        given = {f"GIT_CONFIG_KEY_{number}": name for number, (name, _, _) in enumerate(chosen)}
        given |= {f"GIT_CONFIG_VALUE_{number}": value for number, (_, _, value) in enumerate(chosen)}
        environ = self._environ | given | {"GIT_CONFIG_COUNT": str(len(chosen))}
        argv = ["git", "--no-pager", *words]
        try:
            return subprocess.run(  # noqa: S603 - an argv of ours, never through a shell
                argv, cwd=self._folder, env=environ, stdin=subprocess.DEVNULL, capture_output=True,
                check=False, timeout=_SECONDS,
            )  # fmt: skip
        except FileNotFoundError:
            raise GitProblem("missing") from None
        except subprocess.TimeoutExpired:
            raise GitProblem("failed", f"it ran for more than {_SECONDS} seconds") from None
        except OSError as problem:
            raise GitProblem("failed", problem.strerror or "") from None


def _first_line(text: bytes) -> str:
    lines = text.decode(errors="replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ").removeprefix("error: ") if lines else ""
