"""Which files belong to the configuration, and that none outside the root does."""

import time
from pathlib import Path

import pytest

from blinkdecl.config import load
from blinkdecl.config.include import Expansion, LeavesRoot, distinct, matches
from blinkdecl.diagnostics import Failure

SOC = "version: 1\ntriggers:\n  soc: {webhook: {url: 'https://acme.blinkops.com/webhooks/soc', api_key: {env: KEY}}}\n"


def _files(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("version: 1\n")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.yaml", ["a.yaml"]),
        ("**/*.yaml", ["a.yaml", "x/b.yaml", "x/d.yml", "x/y/c.yaml"]),
        ("x/**/*.yaml", ["x/b.yaml", "x/d.yml", "x/y/c.yaml"]),
        ("x/*", ["x/b.yaml", "x/d.yml"]),
        ("**", ["a.yaml", "x/b.yaml", "x/d.yml", "x/y/c.yaml"]),
        ("./x//?.yaml", ["x/b.yaml", "x/d.yml"]),
        (".h/*.yaml", [".h/e.yaml"]),
        ("nothing/**/*.yaml", []),
        ("a.yaml/*.yaml", []),
        ("x", []),
    ],
)
def test_patterns_match_below_the_root(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    """In order; hidden folders only where they are named; neither the project file nor an environment's."""
    there = ("blinkdecl.yaml", "a.yaml", "x/b.yaml", "x/d.yml", "x/y/c.yaml", ".h/e.yaml", "environments/f.yaml")
    _files(tmp_path, *there)
    assert Expansion(tmp_path).expand(pattern) == expected
    assert sorted(each for each in there if matches(pattern, each)) == expected


def test_links_within_the_root_are_followed_once(tmp_path: Path) -> None:
    """A link to a folder, a link to a file, and a link that leads in a circle."""
    _files(tmp_path, "x/a.yaml")
    (tmp_path / "y").symlink_to("x")
    (tmp_path / "z.yaml").symlink_to("x/a.yaml")
    (tmp_path / "x/again").symlink_to("..")
    (tmp_path / "x/self").symlink_to("../blinkdecl.yaml")
    _files(tmp_path, "blinkdecl.yaml")
    assert distinct(tmp_path, Expansion(tmp_path).expand("**/*.yaml")) == ["x/a.yaml"]


@pytest.mark.parametrize("target", ["folder", "file"])
def test_links_out_of_the_root_are_refused(tmp_path: Path, target: str) -> None:
    """Nobody reads another repository, or /etc, through a pull request."""
    root, other = tmp_path / "root", tmp_path / "root-other"
    _files(other, "a.yaml")
    _files(root, "destinations/b.yaml")
    (root / "destinations/link.yaml").symlink_to(other if target == "folder" else other / "a.yaml")
    with pytest.raises(LeavesRoot) as caught:
        Expansion(root).expand("destinations/**/*.yaml")
    assert str(caught.value) == "destinations/link.yaml"


def test_a_link_out_of_the_root_is_an_error_of_the_default_patterns_too(tmp_path: Path) -> None:
    """There is no line to point at; the link is named."""
    (tmp_path / "root").mkdir()
    (tmp_path / "root/blinkdecl.yaml").write_text("version: 1\n")
    (tmp_path / "root/triggers").symlink_to("/")
    with pytest.raises(Failure) as caught:
        load(tmp_path / "root", environ={})
    assert [(each.code, each.summary) for each in caught.value.diagnostics] == [
        ("include", "triggers is a link that leaves the root")
    ]


def test_a_link_that_leads_nowhere_is_an_unreadable_file(tmp_path: Path) -> None:
    """It is not passed over: a destination could be missing."""
    (tmp_path / "blinkdecl.yaml").write_text("version: 1\n")
    (tmp_path / "destinations").mkdir()
    (tmp_path / "destinations/gone.yaml").symlink_to("nowhere.yaml")
    with pytest.raises(Failure) as caught:
        load(tmp_path, environ={})
    assert [each.code for each in caught.value.diagnostics] == ["unreadable"]


def test_the_root_may_be_a_link_itself(tmp_path: Path) -> None:
    """What counts is where the root really is."""
    _files(tmp_path / "real", "destinations/a.yaml")
    (tmp_path / "real/blinkdecl.yaml").write_text(SOC)
    (tmp_path / "link").symlink_to("real")
    assert list(load(tmp_path / "link", environ={}).configuration.resources) == ["trigger.soc"]


@pytest.mark.parametrize("pattern", [".", "./", ".//."])
def test_a_pattern_of_dots_names_no_files(tmp_path: Path, pattern: str) -> None:
    """The root itself is no file."""
    (tmp_path / "blinkdecl.yaml").write_text(f"version: 1\ninclude: ['{pattern}']\n")
    with pytest.raises(Failure) as caught:
        load(tmp_path, environ={})
    assert [each.summary for each in caught.value.diagnostics] == ["an include names files"]


@pytest.mark.parametrize("pattern", ["**/" * 14 + "x.yaml", "**/*/" * 3 + "x.yaml", "**/*/*/**/k/**/x.yaml"])
def test_many_stars_take_no_longer_than_a_few(tmp_path: Path, pattern: str) -> None:
    """A folder is looked through once for the same rest of a pattern."""
    _files(tmp_path, "a/b/c/d/e/f/g/h/i/j/k/l/x.yaml")
    assert Expansion(tmp_path).expand(pattern) == ["a/b/c/d/e/f/g/h/i/j/k/l/x.yaml"]


def test_folders_that_link_to_each_other_are_looked_through_once(tmp_path: Path) -> None:
    """There are more ways through nine of them than anybody can wait for."""
    names = [f"destinations/{name}" for name in "abcdefghi"]
    _files(tmp_path, *(f"{name}/{name[-1]}.yaml" for name in names))
    for name in names:
        for other in names:
            (tmp_path / name / f"to-{other[-1]}").symlink_to(f"../{other[-1]}")
    assert Expansion(tmp_path).expand("destinations/**/*.yaml") == [f"{name}/{name[-1]}.yaml" for name in names]


def test_patterns_that_look_everywhere(tmp_path: Path) -> None:
    """More stars than anybody needs, and more looks than a second has time for, are refused."""
    (tmp_path / "blinkdecl.yaml").write_text(f"version: 1\ninclude: ['{'**/*/' * 4}x.yaml']\n")
    with pytest.raises(Failure, match="at most 3 segments"):
        load(tmp_path, environ={})
    for number in range(30):
        _files(tmp_path, *(f"f{number}/{'/'.join('d' * depth)}/x.txt" for depth in range(1, 30)))
    patterns = "".join(f"  - '**/*/**/*/**/{number}.yaml'\n" for number in range(100))
    (tmp_path / "blinkdecl.yaml").write_text(f"version: 1\ninclude:\n{patterns}")
    begun = time.monotonic()
    with pytest.raises(Failure, match="the includes look into folders more than 20000 times"):
        load(tmp_path, environ={})
    assert time.monotonic() - begun < 5


DESTINATION = "destinations:\n  a: {display_name: A, trigger: soc, severities: [HIGH]}\n"


def _left_out(root: Path) -> list[str]:
    """Return the files of which it is said that they are left out."""
    return [str(each.position) for each in load(root, environ={}).warnings if each.code == "left-out"]


@pytest.mark.parametrize(
    "file",
    ["Destinations/a.yaml", "destination/a.yaml", "soc.yaml", "soc.yml", "blinkdecl.yml", "teams/soc/destinations.yml"],
)
def test_a_file_that_no_pattern_includes(tmp_path: Path, file: str) -> None:
    """It is named, before a plan deletes what it declared."""
    (tmp_path / "blinkdecl.yaml").write_text(SOC)
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(f"# ours\n{DESTINATION}")
    assert _left_out(tmp_path) == [f"{file}:2:1"]


def test_what_is_not_left_out(tmp_path: Path) -> None:
    """Files that are included, by either ending; what declares nothing; environments, hidden files, other projects."""
    (tmp_path / "blinkdecl.yaml").write_text(SOC)
    texts = {
        "destinations/a.yml": f"version: 1\n{DESTINATION}",
        "triggers/b.yaml": "version: 1\ntriggers: {}\n",
        "docker-compose.yml": "services: {}\n",
        "detections/rule.yml": "AnalysisType: rule\n",
        "environments/prod.yml": "version: 1\n",
        ".github/workflows/ci.yml": DESTINATION,
        "other/blinkdecl.yaml": "version: 1\n",
        "other/destinations/c.yaml": DESTINATION,
        "broken.yaml": "\0",
    }
    for file, text in texts.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    assert _left_out(tmp_path) == []
    assert "destination.a" in load(tmp_path, environ={}).configuration.resources
    assert load(tmp_path, environment="prod", environ={}).configuration.environment == "prod"


def test_nothing_says_where_it_was_looked_for(tmp_path: Path) -> None:
    """An empty configuration names its patterns, or the environment that has what is declared."""
    (tmp_path / "blinkdecl.yaml").write_text("version: 1\ninclude: ['soc/*.yaml']\n")
    _files(tmp_path, "soc/a.yaml", "environments/prod.yaml")
    [told] = load(tmp_path, environ={}).warnings
    assert (told.code, told.summary) == (
        "nothing-declared",
        "nothing is declared: no destinations or triggers in blinkdecl.yaml, soc/*.yaml",
    )
    only = "triggers:\n  soc: {environments: [prod], webhook: {url: 'https://a.blinkops.com/webhooks/x'"
    (tmp_path / "soc/a.yaml").write_text(f"version: 1\n{only}, api_key: {{env: KEY}}}}}}\n")
    [told] = load(tmp_path, environ={}).warnings
    assert told.summary == "nothing is declared for this environment"
    assert told.notes[0] == ("note", "trigger.soc is only declared in environment prod")
    assert "nothing-declared" not in {each.code for each in load(tmp_path, environment="prod", environ={}).warnings}


def test_a_project_that_is_elsewhere(tmp_path: Path) -> None:
    """In a folder above, or under a name that is nearly right."""
    (tmp_path / "blinkdecl.yaml").write_text(SOC)
    _files(tmp_path, "destinations/soc/a.yaml")
    with pytest.raises(Failure) as caught:
        load(tmp_path / "destinations/soc", environ={})
    assert caught.value.diagnostics[0].notes == (("help", f"there is one in ../..: use `-C {tmp_path}`"),)
    (tmp_path / "blinkdecl.yaml").rename(tmp_path / "blinkdecl.yml")
    with pytest.raises(Failure) as caught:
        load(tmp_path, environ={})
    assert "there is a blinkdecl.yml: rename it to blinkdecl.yaml" in caught.value.diagnostics[0].notes[0]
