"""`--format sarif` of each command that has it: exit codes are those of text, and every place is one in the source."""

from pathlib import Path
from typing import Any

import pytest

from blinkdecl.cli import run
from blinkdecl.sandbox import Sandbox
from tests.support.repository import KEY, Ran, Repository
from tests.support.sarif import checked


def rules(ran: Ran) -> list[str]:
    """Return the codes of the results."""
    return [each["ruleId"] for each in checked(ran.out)["results"]]


def test_validate_and_failures(repository: Repository) -> None:
    """Nothing wrong is an empty run; what is wrong stands at its line, and the code stays."""
    assert rules(repository("validate", "--format", "sarif")) == []
    repository.edit("severities", "severites")
    for command in ("validate", "plan", "drift", "coverage"):
        ran = repository(command, "--format", "sarif")
        assert (ran.code, rules(ran)) == (1, ["unknown-property"])
        assert checked(ran.out)["automationDetails"]["id"] == f"blinkdecl/{command}/"


def test_a_broken_rule(repository: Repository) -> None:
    """A rule that the configuration breaks; of one alert there is nothing to say."""
    repository.edit("triggers:", "coverage: [{severities: [LOW]}]\ntriggers:")
    for command in ("plan", "coverage"):
        ran = repository(command, "--format", "sarif")
        assert (ran.code, rules(ran)) == (3, ["coverage"])
    ran = repository("route", "--severity", "HIGH", "--format", "sarif")
    assert ran.code == 64


def test_places_are_those_of_the_repository(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the project has a folder of its own in it, wherever the call comes from; without one, the project's."""
    repository.edit("severities", "severites")
    folder = repository.folder
    words = ["validate", "--format", "sarif"]
    for called, given in ((folder.parent, folder.name), (folder, "."), (Path("/usr"), str(folder))):
        monkeypatch.chdir(called)
        run(["-C", given, *words])
        assert place(checked(capsys.readouterr().out)) == {"uri": "blinkdecl.yaml", "uriBaseId": "%SRCROOT%"}
        git = folder.parent / ".git"
        git.mkdir()
        run(["-C", given, *words])
        git.rmdir()  # other tests have their folders beside this one
        assert place(checked(capsys.readouterr().out))["uri"] == f"{folder.name}/blinkdecl.yaml"


def place(run: Any) -> Any:  # noqa: ANN401 - JSON
    """Return where the first result is."""
    return run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]


def test_detections(repository: Repository) -> None:
    """A detection that names what is not there, at the line that names it."""
    repository.write(
        "detections/r.yml", "AnalysisType: rule\nRuleID: R\nFilename: r.py\nSeverity: HIGH\nOutputIds: [gone]\n"
    )
    repository.write("detections/r.py", "def rule(event):\n    return True\n")
    ran = repository("route", "--detections", "detections", "--format", "sarif")
    found = checked(ran.out)["results"]
    assert (ran.code, [each["ruleId"] for each in found]) == (3, ["unknown-destination", "unreached"])
    assert place(checked(ran.out))["uri"] == "detections/r.yml"
    assert found[0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 5


def test_drift(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody deleted in Panther is a warning at its block, and so is what nobody receives since."""
    monkeypatch.setenv("PANTHER_API_TOKEN", "canary-token")
    with Sandbox(api_key=KEY, token="canary-token") as sandbox:
        provider = f'{{type: panther, url: "{sandbox.url}/public/graphql", token: {{env: PANTHER_API_TOKEN}}}}'
        repository.edit("triggers:", f"provider: {provider}\ntriggers:")
        assert repository("apply", "--auto-approve").code == 0
        sandbox.edit("Blink SOC", severities="HIGH", by="jo@example.com")
        ran = repository("drift", "--format", "sarif")
        assert (ran.code, rules(ran)) == (2, ["lost-alerts", "changed-outside"])
        sandbox.edit("Blink SOC", delete=True)
        ran = repository("drift", "--format", "sarif")
        assert (ran.code, rules(ran)) == (2, ["lost-alerts", "deleted-outside"])
        assert checked(ran.out)["results"][1]["locations"][0]["physicalLocation"]["region"]["startLine"] > 1
