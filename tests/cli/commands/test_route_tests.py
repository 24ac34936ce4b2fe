"""`route --tests`: a repository's routing, under test."""

import json
from xml.etree import ElementTree as ET

import pytest

from tests.support.repository import Repository

TESTS = """\
version: 1
routes:
  - name: high alerts wake the SOC
    alert: {severity: HIGH, log_types: [AWS.CloudTrail]}
    expect: [destination.blink-soc]
  - name: low ones wake nobody
    alert: {severity: LOW, type: POLICY}
    expect: []
  - name: unless the detection says so
    alert: {severity: LOW, override: [Blink SOC]}
    expect: [Blink SOC]
  - name: and not where it skips
    alert: {severity: HIGH, returned: [SKIP], override: [Blink SOC]}
    expect: []
"""


def test_all_hold(repository: Repository) -> None:
    """Files are found below the folder, hidden folders are not looked into; nothing is sent."""
    repository.write("tests/soc.routes.test.yaml", TESTS)
    repository.write("tests/.git/routes.test.yaml", "broken")
    repository.write("tests/deep/routes.test.yaml", TESTS)
    ran = repository("route", "--tests", "tests")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "tests/soc.routes.test.yaml: 4 passed",
        "tests/deep/routes.test.yaml: 4 passed",
        "8 routing tests, none failed.",
    ]
    assert repository("route", "--tests", "tests/soc.routes.test.yaml").code == 0
    assert repository.sandbox.received() == ()


def test_failures(repository: Repository) -> None:
    """Each with its place and the reason of each destination; a policy is broken: 3."""
    repository.write("tests/routes.test.yaml", TESTS.replace("expect: []", "expect: [blink-soc]", 1))
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [CRITICAL, LOW]")
    ran = repository("route", "--tests", "tests", "-v")
    assert ran.code == 3
    assert "  FAILED high alerts wake the SOC\n" in ran.out
    assert "4 routing tests, 2 failed." in ran.out
    assert '"high alerts wake the SOC" does not hold [routing-test]\n  --> tests/routes.test.yaml:3:5' in ran.err
    assert "destination.blink-soc does not get it: severity HIGH is not among" in ran.err
    assert 'there is no destination "blink-soc"; did you mean' in ran.err
    assert "destination.blink-soc gets it but was not expected" in ran.err


def test_documents(repository: Repository) -> None:
    """JSON has every test with its route, JUnit a case each, and their codes are the same as without."""
    repository.write("tests/routes.test.yaml", TESTS)
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [CRITICAL]")
    ran = repository("route", "--tests", "tests", "--format", "json")
    found = ran.document["route_tests"]
    assert (ran.code, [each["passed"] for each in found]) == (3, [False, True, True, True])
    assert found[0]["route"]["reached"] == []
    assert found[0]["position"] == {"file": "tests/routes.test.yaml", "line": 3, "column": 5}
    ran = repository("route", "--tests", "tests", "--format", "junit")
    [suite] = ET.fromstring(ran.out)
    assert (ran.code, suite.get("tests"), suite.get("failures"), suite.get("errors")) == (3, "4", "1", "0")
    assert suite[0].get("name") == "high alerts wake the SOC"
    assert "at: tests/routes.test.yaml:3:5" in str(suite[0][0].text)


def test_a_file_that_is_wrong(repository: Repository) -> None:
    """It is reported with its places; the other files are run, and the code is that of an error."""
    repository.write("tests/a.routes.test.yaml", TESTS)
    repository.write(
        "tests/b.routes.test.yaml", "version: 1\nroutes:\n  - {name: x, alert: {severty: LOW}, expect: []}\n"
    )
    repository.write("tests/c.routes.test.yaml", "a: [")
    repository.write("secret.yaml", "canary: [")
    (repository.folder / "tests/d.routes.test.yaml").symlink_to(repository.folder / "secret.yaml")
    ran = repository("route", "--tests", "tests")
    assert ran.code == 1
    assert "tests/a.routes.test.yaml: 4 passed" in ran.out
    assert 'did you mean "severity"?' in ran.err
    assert "--> tests/c.routes.test.yaml" in ran.err
    assert "tests/d.routes.test.yaml is a link that leads out of tests [unreadable]" in ran.err
    assert "canary" not in ran.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--tests", "triggers"), 1, "there is no file that ends with routes.test.yaml in triggers"),
        (("--tests", "tests", "--severity", "LOW"), 64, "--tests cannot be combined with other options"),
    ],
)
def test_what_cannot_be(repository: Repository, words: tuple[str, ...], code: int, said: str) -> None:
    """A folder without tests, and an alert beside them."""
    ran = repository("route", *words)
    assert ran.code == code
    assert said in ran.err


def test_the_schema_has_the_words_of_the_others(repository: Repository) -> None:
    """Severities and alert types are those of the configuration."""
    routes, config = (json.loads(repository("schema", name).out)["$defs"] for name in ("routes", "config"))
    asked = routes["alert"]["properties"]
    assert asked["severity"]["enum"] == config["severity"]["enum"]
    assert asked["type"]["enum"] == config["alert_type"]["enum"]
