"""Where a path leads, judged by where its links lie; and who may write in the state's folder."""

import os
from pathlib import Path

import pytest

from blinkdecl.system.files import read_bounded, read_named, read_own, write_atomically, write_named
from blinkdecl.system.paths import (
    LeavesRootError,
    NotPrivateError,
    NotRegularError,
    check_private,
    landed,
    within_repository,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a file and a folder, beside a file that is none of its own."""
    (tmp_path / "victim").write_text("canary")
    (tmp_path / "root/folder").mkdir(parents=True)
    (tmp_path / "root/file").write_text("ours")
    return tmp_path / "root"


OUT = {
    "file": ("link", "link", "../victim"),
    "from a folder": ("folder/link", "folder/link", "../../victim"),
    "folder on the way": ("link", "link/victim", ".."),
    "dangling": ("link", "link", "../nothing"),
    "to the root's own parent and back": ("link", "link/root/file", ".."),
    "absolute": ("link", "link", "/etc/passwd"),
    "by /proc": ("link", "link/victim", "/proc/self/cwd/.."),
    "an open file": ("link", "link", "/proc/self/fd/0"),
    "a sibling whose name begins alike": ("link", "link", "../root-2"),
    "back out by ..": ("link", "link/../victim", "../x"),
}


@pytest.mark.parametrize(("link", "path", "target"), OUT.values(), ids=OUT)
def test_a_link_out_of_the_root_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch, link: str, path: str, target: str
) -> None:
    """Whether it is the file or a folder on the way, and for reading as for writing."""
    monkeypatch.chdir(root)
    (root / link).symlink_to(target)
    with pytest.raises(LeavesRootError):
        read_bounded(root / path, root=root)
    with pytest.raises(LeavesRootError):
        read_named(Path(path), 10, root=Path())
    with pytest.raises(LeavesRootError):
        write_named(root / path, b"mine", root=root, make_folders=True)
    assert (root.parent / "victim").read_text() == "canary"


def test_a_chain_of_links_counts_by_its_end(root: Path) -> None:
    """A link to a link that leaves is refused; one that stays is followed, for writing too."""
    (root / "out").symlink_to("../victim")
    (root / "first").symlink_to("out")
    (root / "stays").symlink_to("folder/second")
    (root / "folder/second").symlink_to("../file")
    with pytest.raises(LeavesRootError):
        landed(root / "first", root)
    write_named(root / "stays", b"new", root=root)
    assert read_bounded(root / "file", root=root) == b"new"
    assert (root / "stays").is_symlink()


def test_what_the_caller_names_outside_is_the_callers_wish(root: Path) -> None:
    """Links that lie outside are followed, by whatever way: absolute, ``..``, and into the root as well."""
    (root.parent / "link").symlink_to("victim")
    for path in (root.parent / "link", root / "../link", root / "folder/../../victim"):
        assert read_bounded(path, root=root) == b"canary"
    (root.parent / "alias").symlink_to("root")
    assert read_bounded(root.parent / "alias/file", root=root.parent / "alias") == b"ours"
    write_named(root / "../link", b"new", root=root)
    assert (root.parent / "victim").read_bytes() == b"new"


def test_a_link_through_another_name_of_the_root_is_still_one_of_the_root(root: Path) -> None:
    """What counts is where the link lies, not how the root is spelt."""
    (root.parent / "alias").symlink_to("root")
    (root / "link").symlink_to("../victim")
    for path, given in ((root.parent / "alias/link", root), (root / "link", root.parent / "alias")):
        with pytest.raises(LeavesRootError):
            read_bounded(path, root=given)


@pytest.mark.parametrize("way", [".git/config", "link", "folder/.GIT/config"])
def test_what_git_keeps_is_left_alone(root: Path, way: str) -> None:
    """A CI system leaves its token in ``.git/config``, and what is written into ``.git/hooks`` may be run."""
    (root / ".git").mkdir()
    (root / "link").symlink_to(".git/config")
    with pytest.raises(LeavesRootError, match="Git's"):
        read_bounded(root / way, root=root)
    with pytest.raises(LeavesRootError):
        write_named(root / way, b"", root=root, make_folders=True)


def test_a_loop_of_links_is_an_error(root: Path) -> None:
    """It leads nowhere, and says so."""
    (root / "link").symlink_to("link")
    with pytest.raises(OSError, match="symbolic"):
        read_bounded(root / "link", root=root)


def test_nothing_but_files_is_opened_in_the_root(root: Path) -> None:
    """A FIFO there is refused, also where a reader or writer waits at it, and by way of a link."""
    os.mkfifo(root / "fifo")
    (root / "link").symlink_to("fifo")
    waiting = os.open(root / "fifo", os.O_RDWR)
    for path in (root / "fifo", root / "link"):
        for act in (lambda at: read_named(at, 1, root=root), lambda at: write_named(at, b"", root=root)):
            with pytest.raises(NotRegularError):
                act(path)
    os.close(waiting)


def test_pipes_outside_of_the_root_work_and_never_hang(root: Path) -> None:
    """``<(...)`` is read to its end; a FIFO without a writer is empty, and one without a reader cannot be written."""
    reading, writing = os.pipe()
    os.write(writing, b"alert")
    os.close(writing)
    assert read_named(Path(f"/dev/fd/{reading}"), 100, root=root) == b"alert"
    os.close(reading)
    os.mkfifo(root.parent / "fifo")
    assert read_named(root.parent / "fifo", 100, root=root) == b""
    with pytest.raises(OSError, match="No such device"):
        write_named(root.parent / "fifo", b"", root=root)


def test_a_pipe_on_standard_output_is_written_to(root: Path) -> None:
    """``--output /dev/stdout`` works where that is a pipe, which has no name that could be replaced."""
    reading, writing = os.pipe()
    write_named(Path(f"/dev/fd/{writing}"), b"plan", root=root)
    assert os.read(reading, 10) == b"plan"
    os.close(reading)
    os.close(writing)


def test_own_files_are_never_links(root: Path) -> None:
    """What blinkdecl keeps for itself replaces a link, and is not read through one."""
    (root / "own").symlink_to("file")
    with pytest.raises(OSError, match="symbolic"):
        read_own(root / "own")
    write_atomically(root / "own", b"new", backup=root / "own.backup")
    assert (read_own(root / "own"), (root / "file").read_text()) == (b"new", "ours")
    assert not (root / "own.backup").exists()


@pytest.mark.parametrize(
    ("mode", "refused"), [(0o700, False), (0o775, False), (0o1777, False), (0o777, True), (0o702, True)]
)
def test_a_folder_that_everybody_writes_in_is_not_private(root: Path, mode: int, *, refused: bool) -> None:
    """Others could exchange the state there, unless the sticky bit keeps each to his own; a group is left alone."""
    (root / "folder").chmod(mode)
    try:
        check_private(root / "folder", root)
    except NotPrivateError:
        assert refused
    else:
        assert not refused


def test_a_folder_of_another_user_is_not_private(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless the whole root is his: then it is for him that blinkdecl runs."""
    if os.geteuid() == 0:  # only root can give a folder away; whoever else runs this says that he is another
        os.chown(root / "folder", 4711, -1)
        os.chown(root, 4711, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 4711)
    with pytest.raises(NotPrivateError, match="another user"):
        check_private(root / "folder", Path("/"))
    check_private(root / "folder", root)


def test_a_path_that_is_too_long_is_an_error_of_the_system(root: Path) -> None:
    """What cannot be looked at is not judged."""
    with pytest.raises(OSError, match="too long"):
        landed(root / ("x" * 300), root)


def test_where_in_its_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest Git repository counts, also a worktree's, whose `.git` is a file; links are followed."""
    (tmp_path / "top/infra/blink").mkdir(parents=True)
    assert within_repository(tmp_path / "top/infra") == ""
    (tmp_path / "top/.git").write_text("gitdir: elsewhere")
    (tmp_path / "link").symlink_to("top/infra")
    shown = [within_repository(tmp_path / each) for each in ("top", "top/infra", "top/infra/blink", "link")]
    assert shown == ["", "infra", "infra/blink", "infra"]
    monkeypatch.chdir(tmp_path / "top/infra/blink")
    assert within_repository(Path()) == "infra/blink"
    (tmp_path / "top/infra/blink").rmdir()
    assert within_repository(Path()) == ""
