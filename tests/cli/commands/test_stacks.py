"""``blinkdecl stacks``: what is listed, what a change touches, and the jobs that are made of it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from blinkdecl.cli import run
from blinkdecl.config import validate_document
from blinkdecl.config.document.parse import Source
from tests.support.clone import commit, git, write
from tests.support.repository import Ran


@dataclass
class Stacks:
    """A folder with projects, and the command that lists them."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: str) -> Ran:
        """Run it."""
        code = run(["-C", str(self.folder), "stacks", *words])
        return Ran(code, *self.capsys.readouterr())

    def lines(self, *words: str) -> list[str]:
        """Return its lines, which must be without a problem."""
        ran = self(*words)
        assert (ran.code, ran.err) == (0, "")
        return [" ".join(line.split()) for line in ran.out.splitlines()]


@pytest.fixture
def stacks(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Stacks:
    """Two projects, one with two environments, and one within the other; all is committed."""
    monkeypatch.setenv("HOME", str(tmp_path))
    write(tmp_path, "b/blinkdecl.yaml", "b/destinations/soc.yaml", "b/in/blinkdecl.yaml", "README.md")
    write(tmp_path, "a/blinkdecl.yaml", "a/environments/prod.yaml", "a/environments/dev.yml")
    commit(tmp_path)
    return Stacks(tmp_path, capsys)


def test_all_in_order(stacks: Stacks) -> None:
    """What is hidden, fetched or only linked is no stack."""
    write(stacks.folder, ".venv/blinkdecl.yaml", "b/node_modules/x/blinkdecl.yaml", "c/not-blinkdecl.yaml")
    (stacks.folder / "link").symlink_to("a")
    (stacks.folder / "out").symlink_to(stacks.folder.parent)
    assert stacks.lines() == ["a dev", "a prod", "b", "b/in"]
    assert stacks.lines("b") == ["b", "b/in"]
    assert stacks.lines(str(stacks.folder / "b/in")) == [str(stacks.folder / "b/in")]


def test_a_folder_that_is_a_project(stacks: Stacks) -> None:
    """It is `.`, as `-C` takes it."""
    write(stacks.folder, "blinkdecl.yaml")
    assert stacks.lines()[0] == "."


def test_no_stack(stacks: Stacks) -> None:
    """Nothing is printed, and nothing is wrong."""
    (stacks.folder / "empty").mkdir()
    assert stacks("empty") == Ran(0, "", "")


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("README.md", []),
        ("a/blinkdecl.yaml", ["a dev", "a prod"]),
        ("a/environments/dev.yml", ["a dev"]),
        ("a/destinations/new.yaml", ["a dev", "a prod"]),
        ("b/in/destinations/new.yaml", ["b/in"]),
        ("b/tests/all.routes.test.yaml", ["b"]),
        ("new/blinkdecl.yaml", ["new"]),
    ],
)
def test_changed(stacks: Stacks, name: str, listed: list[str]) -> None:
    """By a file that is changed, or new; committed or not."""
    write(stacks.folder, name, text="version: 1 # changed\n")
    assert stacks.lines("--changed-since", "HEAD") == listed
    commit(stacks.folder)
    assert stacks.lines("--changed-since", "HEAD~1") == listed
    assert stacks.lines("--changed-since", "HEAD") == []


def test_below_a_folder(stacks: Stacks) -> None:
    """Only what changed there counts."""
    write(stacks.folder, "a/blinkdecl.yaml", "b/blinkdecl.yaml", text="version: 1 # changed\n")
    assert stacks.lines("b", "--changed-since", "HEAD") == ["b"]


def test_deleted(stacks: Stacks) -> None:
    """A file that a pattern matched."""
    (stacks.folder / "b/destinations/soc.yaml").unlink()
    assert stacks.lines("--changed-since", "HEAD") == ["b"]


def test_linked(stacks: Stacks) -> None:
    """A file that a project includes by a link of its own."""
    write(stacks.folder, "b/shared/all.yaml")
    (stacks.folder / "b/destinations/linked").symlink_to("../shared")
    commit(stacks.folder)
    write(stacks.folder, "b/shared/all.yaml", text="version: 1 # changed\n")
    assert stacks.lines("--changed-since", "HEAD") == ["b"]


@pytest.mark.parametrize("text", ["a: [\n", "include: nothing\n", ""])
def test_a_project_file_that_is_broken(stacks: Stacks, text: str) -> None:
    """It is listed whatever changed, and said, at its place."""
    write(stacks.folder, "b/in/blinkdecl.yaml", text=text)
    commit(stacks.folder)
    ran = stacks("--changed-since", "HEAD")
    assert (ran.code, ran.out) == (0, "b/in\n")
    assert ran.err.startswith("Warning: ")
    assert "b/in/blinkdecl.yaml" in ran.err


def test_a_project_file_that_leads_out(stacks: Stacks) -> None:
    """A link to it is not read, and the project is listed."""
    (stacks.folder / "c").mkdir()
    (stacks.folder / "c/blinkdecl.yaml").symlink_to("../README.md")
    ran = stacks("c")
    assert (ran.code, ran.out) == (0, "c\n")
    assert "leads out of the repository" in ran.err


def test_what_was_removed(stacks: Stacks) -> None:
    """Its destinations stay: a project's, and an environment's."""
    (stacks.folder / "b/in/blinkdecl.yaml").unlink()
    (stacks.folder / "a/environments/dev.yml").unlink()
    ran = stacks("--changed-since", "HEAD")
    assert (ran.code, ran.out) == (0, "")
    assert 'the environment "dev" of a was removed [stack-gone]' in ran.err
    assert "the project b/in was removed [stack-gone]" in ran.err


def test_errors_of_git(stacks: Stacks, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each has its code, and a way out that CI can take."""
    ran = stacks("--changed-since", "origin/none")
    assert (ran.code, ran.out) == (1, "")
    assert "[unknown-revision]" in ran.err
    git(stacks.folder, "switch", "--quiet", "--create", "topic")
    commit(stacks.folder, "theirs")
    git(stacks.folder, "switch", "--quiet", "main")
    commit(stacks.folder, "ours")
    outside = tmp_path_factory.mktemp("outside")
    git(outside, "clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{stacks.folder}", "in")
    assert "[shallow-clone]" in (told := Stacks(outside / "in", stacks.capsys)("--changed-since", "origin/topic").err)
    assert "fetch-depth: 0" in told
    assert "[not-a-repository]" in Stacks(outside, stacks.capsys)("--changed-since", "HEAD").err
    assert "[not-found]" in stacks("nowhere").err


def test_json(stacks: Stacks) -> None:
    """One document, as its schema says; also where it fails."""
    document = stacks("a", "--format", "json").document
    assert document["stacks"] == [{"path": "a", "environment": "dev"}, {"path": "a", "environment": "prod"}]
    failed = stacks("--changed-since", "none", "--format", "json").document
    for each in (document, failed):
        assert validate_document("results", each) == []
    assert (failed["exit_code"], "stacks" in failed) == (1, False)


def test_matrix(stacks: Stacks) -> None:
    """One line; and nothing at all where it fails, since an empty matrix would pass for no change."""
    ran = stacks("--format", "github-matrix")
    assert ran.out.count("\n") == 1
    entries = [("a", "dev"), ("a", "prod"), ("b", ""), ("b/in", "")]
    assert json.loads(ran.out) == {"include": [{"path": path, "environment": name} for path, name in entries]}
    assert stacks("--format", "github-matrix", "--changed-since", "HEAD").out == '{"include":[]}\n'
    assert stacks("--format", "github-matrix", "--changed-since", "none").out.strip() == ""


def test_a_matrix_that_is_too_large(stacks: Stacks) -> None:
    """It is said, with the parts that fit; together they are all."""
    write(stacks.folder, *(f"many/{number}/blinkdecl.yaml" for number in range(300)))
    ran = stacks("--format", "github-matrix")
    assert ran.code == 0
    assert "these are 304 stacks [too-many-jobs]" in ran.err
    assert "`--part 1/2`" in ran.err
    parts = [stacks.lines("--part", f"{number}/2") for number in (1, 2)]
    assert [len(each) for each in parts] == [152, 152]
    assert [each for part in parts for each in part] == stacks.lines()
    assert stacks("--format", "github-matrix", "--part", "2/2").err == ""


@pytest.mark.parametrize("part", ["0/2", "3/2", "1", "a/b", "1/0"])
def test_a_part_that_is_none(stacks: Stacks, part: str) -> None:
    """Usage."""
    assert stacks("--part", part).code == 64


def test_a_pipeline_in_a_file(stacks: Stacks) -> None:
    """As GitLab takes it, by a name that ends in .yml; but it replaces no YAML that is there."""
    assert stacks("--format", "gitlab", "--output", "stacks.yml") == Ran(0, "", "")
    made = (stacks.folder / "stacks.yml").read_text()
    assert made == stacks("--format", "gitlab").out
    for name in ("stacks.yml", "b/blinkdecl.yaml", "b/.blinkdecl/new.yml"):
        ran = stacks("--format", "gitlab", "--output", name)
        assert (ran.code, "is part of the project" in ran.err) == (1, True)
    assert (stacks.folder / "stacks.yml").read_text() == made


def pipeline(stacks: Stacks, *words: str) -> dict[str, Any]:
    """Return the jobs of a child pipeline."""
    document = Source(stacks.folder).parse("stacks.yml", stacks("--format", "gitlab", *words).out)
    assert document.problems == ()
    return document.data


def test_child_pipeline(stacks: Stacks) -> None:
    """A job for each stack; a name that GitLab takes, and values that it leaves as they are."""
    write(stacks.folder, "c $HOME: [x]/blinkdecl.yaml", "c _HOME_ _x_/blinkdecl.yaml")
    jobs = pipeline(stacks)
    assert jobs["blinkdecl: a dev"] == {
        "extends": ".blinkdecl",
        "variables": {"STACK_DIR": "a", "STACK_ENV": "dev"},
    }
    odd = [each["variables"]["STACK_DIR"] for name, each in jobs.items() if name.startswith("blinkdecl: c _HOME_")]
    assert odd == [{"value": "c $HOME: [x]", "expand": False}, "c _HOME_ _x_"]
    assert len(jobs) == 6


def test_child_pipeline_without_stacks(stacks: Stacks) -> None:
    """GitLab refuses a pipeline without a job; one that failed must be refused."""
    assert list(pipeline(stacks, "--changed-since", "HEAD")) == ["blinkdecl: no stack"]
    assert stacks("--format", "gitlab", "--changed-since", "none").out.strip() == ""
