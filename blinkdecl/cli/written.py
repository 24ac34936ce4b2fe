"""Files that a command writes: where a result may go, and a clear error where it cannot."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from blinkdecl.diagnostics import Failure, error


def refuse_project_file(path: Path, *, root: Path, name: Path | str, new_yaml: bool) -> None:
    """Raise a `Failure` (``unwritable``) for a path that a result must not replace: YAML, what blinkdecl keeps, what
    is not a file, or what a link leads to outside of the project. `name` is how the caller knows it; `new_yaml` = a
    YAML file that is not there yet is none of the project's."""
    from blinkdecl.system.paths import check_writable

    try:
        place = check_writable(path, root)
    except OSError as problem:
        raise _unwritable(name, problem) from None
    for each in (path, place):
        yaml = each.suffix in (".yaml", ".yml") and not (new_yaml and not place.exists())
        if yaml or ".blinkdecl" in each.parts:
            remedy = "name another file, e.g. plan.json"
            raise error("unwritable", f"{each.name} is part of the project and is not overwritten", remedy=remedy)


def write_file(
    path: Path, text: str, *, root: Path, name: Path | str, mode: int = 0o644, make_folders: bool = False
) -> None:
    """Write a file that the caller asked for, whole or not at all; raises a `Failure` (``unwritable``).

    `root` is the project's, and no link leads out of it; `name` is how the caller knows the file; `make_folders` =
    create its folder if there is none.
    """
    from blinkdecl.system.files import write_named

    try:
        write_named(path, text.encode(), root=root, mode=mode, make_folders=make_folders)
    except OSError as problem:
        raise _unwritable(name, problem) from None


@contextmanager
def growing_file(path: Path, *, root: Path, name: Path | str, mode: int) -> Iterator[Callable[[str], None]]:
    """Yield what adds to a file that the caller asked for: it is there when the context ends, not where that raises.

    Raises a `Failure` (``unwritable``), also where it is added to; `root` and `name` as `write_file` has them.
    """
    from blinkdecl.system.files import writing_named

    theirs: OSError | None = None
    try:
        with writing_named(path, root=root, mode=mode) as file:

            def add(text: str) -> None:
                try:
                    file.write(text.encode())
                except OSError as problem:
                    raise _unwritable(name, problem) from None

            try:
                yield add
            except OSError as problem:  # of something else, such as a file that is read meanwhile
                theirs = problem
                raise
    except OSError as problem:
        if problem is theirs:
            raise
        raise _unwritable(name, problem) from None


def append_file(path: Path, text: str, *, name: Path | str) -> None:
    """Add to what a file holds, which is there; raises a `Failure` (``unwritable``)."""
    from blinkdecl.system.files import append

    try:
        append(path, text.encode())
    except OSError as problem:
        raise _unwritable(name, problem) from None


def rewrite_file(path: Path, text: str, *, root: Path, name: Path | str) -> None:
    """Replace what a file holds, whole or not at all; its mode stays. Raises a `Failure` (``unwritable``)."""
    from blinkdecl.system.files import rewrite

    try:
        rewrite(path, text.encode(), root=root)
    except OSError as problem:
        raise _unwritable(name, problem) from None


def _unwritable(name: Path | str, problem: OSError) -> Failure:
    remedy = getattr(problem, "remedy", None)  # what leads out of the repository says what to do about it
    return error("unwritable", f"{name} cannot be written: {problem.strerror}", remedy=remedy)
