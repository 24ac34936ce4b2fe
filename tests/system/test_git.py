"""What changed since a commit, asked of a real Git, which runs nothing that its configuration names."""

import os
from pathlib import Path

import pytest

from blinkdecl.system.git import GitProblem, changed_since
from tests.support.clone import commit, git, write


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with a commit on `main`."""
    write(tmp_path, "a/one.yaml", "a/two.yaml", "b/three.yaml")
    commit(tmp_path)
    return tmp_path


def changed(folder: Path, revision: str = "main", **environ: str) -> list[str]:
    """Ask for what changed, with an environment of its own."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), **environ}
    return [*changed_since(folder, revision, environ).names]


def test_changed_deleted_renamed_and_new(clone: Path) -> None:
    """All of them count, a renamed file with both of its names; what is ignored does not."""
    git(clone, "switch", "--quiet", "--create", "topic")
    git(clone, "mv", "a/one.yaml", "a/uno.yaml")
    commit(clone)
    (clone / "b/three.yaml").unlink()
    write(clone, "new file.yaml", ".gitignore", "x.log", text="*.log\n")
    assert changed(clone) == [".gitignore", "a/one.yaml", "a/uno.yaml", "b/three.yaml", "new file.yaml"]
    assert changed(clone / "a") == ["one.yaml", "uno.yaml"]


def test_what_others_did_since_is_no_change(clone: Path) -> None:
    """The range begins where the branches parted."""
    git(clone, "switch", "--quiet", "--create", "topic")
    git(clone, "switch", "--quiet", "main")
    write(clone, "theirs.yaml")
    commit(clone)
    git(clone, "switch", "--quiet", "topic")
    write(clone, "ours.yaml")
    assert changed(clone) == ["ours.yaml"]


def test_names_are_bytes(clone: Path) -> None:
    """A newline, a quote, a letter beyond ASCII, and what is no UTF-8 at all."""
    names = [b'"quoted".yaml', b"line\nbreak.yaml", "é.yaml".encode(), b"\xff.yaml"]
    for name in names:
        Path(os.fsdecode(os.fsencode(clone) + b"/" + name)).write_text("")
    assert sorted(map(os.fsencode, changed(clone))) == sorted(names)


def test_nothing_that_is_configured_runs(clone: Path) -> None:
    """Neither a filter, an external diff, a text conversion, a monitor, a pager nor a hook."""
    ran = clone / ".git/ran"
    program = clone / ".git/hooks/post-index-change"
    write(clone, ".git/hooks/post-index-change", text=f"#!/bin/sh\ntouch '{ran}'\ncat\n")
    program.chmod(0o755)
    for name in ("filter.x.clean", "filter.a=b.clean", "filter.x.process", "diff.x.textconv", "diff.x.command",
                 "diff.external", "core.fsmonitor", "core.pager"):  # fmt: skip
        git(clone, "config", name, str(program))
    git(clone, "config", "filter.x.required", "true")
    write(clone, "a/two.yaml", text="version: 2\n")
    write(clone, ".git/info/attributes", text="* filter=x diff=x\na/two.yaml filter=a=b\n")
    write(clone, "a/one.yaml", text="version: 2\n")
    os.utime(clone / "a/two.yaml", (1, 1))  # looks changed, and is not
    assert changed(clone, GIT_EXTERNAL_DIFF=str(program), GIT_PAGER=str(program)) == ["a/one.yaml", "a/two.yaml"]
    assert not ran.exists()


def test_a_folder_in_no_repository(tmp_path: Path) -> None:
    """Told apart from a revision that is not known."""
    with pytest.raises(GitProblem) as caught:
        changed(tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert caught.value.kind == "outside"


@pytest.mark.parametrize("revision", ["no-such-branch", "--output=x", "-h", "", "main:a/one.yaml", "a\0b"])
def test_no_such_revision(clone: Path, revision: str) -> None:
    """Nor is it taken for an option."""
    with pytest.raises(GitProblem) as caught:
        changed(clone, revision)
    assert caught.value.kind == "revision"


def test_a_shallow_clone(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Both tips are there, and what they have in common is not."""
    git(clone, "switch", "--quiet", "--create", "topic")
    commit(clone, "theirs")
    git(clone, "switch", "--quiet", "main")
    commit(clone, "ours")
    shallow = tmp_path_factory.mktemp("shallow")
    git(shallow, "clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{clone}", "in")
    with pytest.raises(GitProblem) as caught:
        changed(shallow / "in", "origin/topic")
    assert caught.value.kind == "shallow"


def test_no_commit_in_common(clone: Path) -> None:
    """A branch that begins anew."""
    git(clone, "switch", "--quiet", "--orphan", "other")
    commit(clone)
    with pytest.raises(GitProblem) as caught:
        changed(clone)
    assert caught.value.kind == "unrelated"


def test_no_git(clone: Path) -> None:
    """It is not installed."""
    with pytest.raises(GitProblem) as caught:
        changed(clone, PATH=str(clone))
    assert caught.value.kind == "missing"
