"""The Containerfile: read as a builder reads it, since no image can be built here."""

import json
import re
import shlex
import tomllib
from itertools import pairwise

from tests.support.paths import ROOT
from tests.support.recipes import EXAMPLES

_TEXT = (EXAMPLES / "docker/Containerfile").read_text()
PINNED = re.compile(r"[a-z./-]+:[0-9][0-9a-z.-]*@sha256:[0-9a-f]{64}( AS [a-z]+)?")


def stages() -> list[list[tuple[str, str]]]:
    """Return the instructions of each stage, with what follows their names."""
    lines = [line for line in _TEXT.splitlines() if not line.startswith("#")]
    found: list[list[tuple[str, str]]] = []
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        name, _, rest = line.partition(" ")
        if name == "FROM":
            found.append([])
        if name:
            found[-1].append((name, rest.strip()))
    return found


def last(name: str) -> str:
    """Return what the last instruction of a name in the final stage says."""
    return [rest for each, rest in stages()[-1] if each == name][-1]


def test_the_base_is_pinned() -> None:
    """By a digest, beside the name that a person reads; both stages have the same."""
    bases = [stage[0][1] for stage in stages()]
    assert all(PINNED.fullmatch(each) for each in bases)
    assert len({each.partition(" AS ")[0] for each in bases}) == 1


def test_it_runs_as_nobody_in_particular_and_without_a_shell() -> None:
    """By number, which Kubernetes can check; every command is a list of words, and the secrets come at run time."""
    assert last("USER") == "10001:10001"
    assert json.loads(last("ENTRYPOINT")) == ["/opt/blinkdecl/bin/blinkdecl"]
    assert json.loads(last("CMD")) == ["--help"]
    for name, rest in (each for stage in stages() for each in stage):
        assert name not in ("ADD", "SHELL")
        if name == "RUN":
            assert json.loads(rest)
    order = [name for name, _ in stages()[-1]]
    assert order.index("COPY") < order.index("USER") < order.index("ENTRYPOINT")


def test_the_labels_say_what_it_is() -> None:
    """As the project does."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    labels = dict(each.split("=", 1) for each in shlex.split(last("LABEL")))
    prefix = "org.opencontainers.image."
    assert labels.keys() == {prefix + each for each in ("title", "description", "source", "licenses", "revision")}
    assert labels[prefix + "title"] == project["name"]
    assert labels[prefix + "description"] == project["description"]
    assert labels[prefix + "licenses"] == project["license"]


def test_what_is_copied_is_what_a_build_needs() -> None:
    """Each is in the repository, and the extras are the project's."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    copied = [shlex.split(rest) for name, rest in stages()[0] if name == "COPY"]
    sources = {each for words in copied for each, _ in pairwise(words)}
    assert all((ROOT / each).exists() for each in sources)
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {*wheel["packages"], *wheel["force-include"], project["project"]["readme"]} <= sources
    extras = re.search(r"/src\[([a-z0-9,]*)]", _TEXT)
    assert extras is not None
    assert set(extras[1].split(",")) <= project["project"]["optional-dependencies"].keys()
