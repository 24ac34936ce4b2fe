"""What other tools write, in YAML: found as ever, told in words that lead to ours, without what may be secret."""

from pathlib import Path

import pytest

from blinkdecl.config import load
from blinkdecl.config.habits import BACKENDS, STATE_PROPERTIES
from blinkdecl.config.state_settings import PROPERTIES
from blinkdecl.diagnostics import Diagnostic, Failure

TEXT = """\
version: 1
state: {state}
moved: {moved}
triggers:
  soc:
    workspace: {workspace}
    automation: Triage alerts
    webhook:
      event_name: x
      url: https://acme.app.blinkops.com/webhooks/soc
      api_key: {key}
destinations:
  blink-soc:
    display_name: Blink SOC
    severities: [HIGH]
    trigger: {trigger}
"""
SOUND = {"state": "{backend: local}", "moved": "[]", "workspace": "SOC", "key": "{env: A}", "trigger": "soc"}


def found(folder: Path, **written: str) -> tuple[Diagnostic, ...]:
    """Return what is wrong where these are written."""
    (folder / "blinkdecl.yaml").write_text(TEXT.format(**{**SOUND, **written}))
    with pytest.raises(Failure) as caught:
        load(folder, environ={})
    return caught.value.diagnostics


def told(problem: Diagnostic) -> str:
    """Return the sentence and the advice."""
    return " | ".join([problem.summary, *(text for label, text in problem.notes if label == "help")])


@pytest.mark.parametrize(
    ("key", "advice"),
    [
        ("${{ secrets.CANARY }}", "write {env: NAME}, and set it in the job: `NAME: ${{ secrets.NAME }}`"),
        ('{env: "${{ secrets.CANARY }}"}', "name the variable alone, {env: NAME}"),
        ('{env: "${CANARY}"}', "without $, % and braces"),
        ("{env: $CANARY}", "without $, % and braces"),
        ('{env: "$CANARY"}', "without $, % and braces"),
        ('{env: "%CANARY%"}', "without $, % and braces"),
        ('{env: "CANARY=x"}', "its value is set where blinkdecl runs"),
        ("${CANARY}", "a value from a variable of the environment is written {env: NAME}"),
        ("${env.CANARY}", "a value from a variable of the environment is written {env: NAME}"),
        ('"$CANARY"', "write {env: NAME}; if it is the secret itself, rotate it"),
        ('"$(CANARY)"', "write {env: NAME}; if it is the secret itself, rotate it"),
        ('"op://vault/CANARY/key"', "write {command: [...]} with the vault's own program"),
        ('"vault:secret/CANARY"', "write {command: [...]} with the vault's own program"),
        ("!env CANARY", "a secret is {env: NAME}"),
    ],
)
def test_references_to_secrets(tmp_path: Path, key: str, advice: str) -> None:
    """None is evaluated; each leads to a reference of ours, and is not repeated."""
    problems = found(tmp_path, key=key)
    assert advice in told(problems[0])
    assert "CANARY" not in repr(problems)


@pytest.mark.parametrize(
    ("workspace", "advice"),
    [
        ("${{ vars.WORKSPACE }}", "in the job, `BLINKDECL_VAR_NAME: ${{ vars.NAME }}`"),
        ("${WORKSPACE}", "declare it below `variables:`, write ${var.NAME} here"),
        ("a ${WORKSPACE:-b}", "in the environment, BLINKDECL_VAR_NAME"),
        ("${env:WORKSPACE}", "in the environment, BLINKDECL_VAR_NAME"),
        ("${local.workspace}", "references of Terraform are not evaluated here"),
        ("${data.x.y}", "references of Terraform are not evaluated here"),
        ("${ 1 }", "a variable is ${var.NAME}; for a literal ${ write $${"),
    ],
)
def test_expressions(tmp_path: Path, workspace: str, advice: str) -> None:
    """Elsewhere a value comes from a variable that is declared."""
    assert advice in told(found(tmp_path, workspace=workspace)[0])


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ({"trigger": "trigger.soc"}, "write the name alone: `trigger: soc`"),
        ({"trigger": "${trigger.soc}"}, "a destination names its trigger, as in `trigger: soc`"),
        (
            {"moved": '[{from: "destination.a[0]", to: destination.blink-soc}]'},
            "and index: destination.a",
        ),
        ({"moved": "[{from: module.x.destination.a, to: destination.blink-soc}]"}, "index: destination.a"),
        ({"moved": "[{from: panther_destination.A, to: destination.blink-soc}]"}, "index: destination.a"),
        ({"moved": "[{from: destinations.a, to: destination.blink-soc}]"}, "index: destination.a"),
    ],
)
def test_addresses(tmp_path: Path, written: dict[str, str], advice: str) -> None:
    """Terraform's forms lead to a kind and a name."""
    assert advice in told(found(tmp_path, **written)[0])


@pytest.mark.parametrize("name", BACKENDS)
def test_backends_by_other_names(tmp_path: Path, name: str) -> None:
    """Each is told what does the same here, or that nothing does, beside those that there are."""
    assert name not in PROPERTIES
    problem = found(tmp_path, state=f"{{backend: {name}}}")[0]
    assert f'"{name}" is not a state backend | {BACKENDS[name]}' in told(problem)
    assert "one of local, http, s3, postgres" in told(problem)


@pytest.mark.parametrize("name", STATE_PROPERTIES)
def test_settings_of_a_backend_by_other_names(tmp_path: Path, name: str) -> None:
    """Each is told where it belongs here, or to be left out."""
    assert name not in {each for names in PROPERTIES.values() for each in names}
    problems = found(tmp_path, state=f'{{backend: s3, url: "s3://a/b", {name}: x}}')
    assert [told(each) for each in problems] == [f'unknown property "{name}" | {STATE_PROPERTIES[name]}']


def test_braces_within_braces(tmp_path: Path) -> None:
    """In a mapping in braces an expression needs quotes."""
    assert 'such as "${var.NAME}"' in told(found(tmp_path, moved="[{from: ${X}, to: destination.a}]")[0])


def test_a_typo_stays_a_typo(tmp_path: Path) -> None:
    """What is no other tool's is told as ever."""
    assert "did you mean" in str(found(tmp_path, state="{backend: postgers}")[0].excerpt)
    assert told(found(tmp_path, trigger="SOC!")[0]).startswith('"SOC!" is not a trigger | the name of the declared')


_REFERENCE = "write {env: NAME}, and set it in the job: `NAME: ${{ secrets.NAME }}`"


@pytest.mark.parametrize(
    ("block", "advice"),
    [
        ("provider: {type: panther, url: 'https://x/graphql', token: '<>'}", _REFERENCE),
        ("provider: {type: panther, url: '<>', token: {env: A}}", _REFERENCE),
        ("provider: {type: panther, url: 'https://x/graphql', token: {env: A}, headers: {X-Key: '<>'}}", _REFERENCE),
        ("state: {backend: http, address: 'https://x/y', username: u, password: '<>'}", _REFERENCE),
        ("state: {backend: s3, url: 's3://a/b', access_key_id: {env: A}, secret_access_key: '<>'}", _REFERENCE),
        ("state: {backend: postgres, dsn: '<>'}", _REFERENCE),
        ("triggers: {a: {webhook: {url: '<>', api_key: {env: A}}}}", _REFERENCE),
        ("triggers: {a: {webhook: {url: 'https://a.app.blinkops.com/webhooks/a', api_key: '<>'}}}", _REFERENCE),
        ("triggers: {a: {webhook: {url: 'https://a.app.blinkops.com/webhooks/a', api_key: {file: '<>'}}}}", "no shell"),
        (
            "triggers: {a: {webhook: {url: 'https://a.app.blinkops.com/webhooks/a', api_key: {command: [a, '<>']}}}}",
            "no value belongs in its arguments",
        ),
        ("variables: {a: {default: '<>'}}", "write a plain value here, and set the variable's own: in the job"),
    ],
)
@pytest.mark.parametrize("expression", ["${{ secrets.CANARY }}", "${CANARY}"])
def test_wherever_a_reference_may_stand(tmp_path: Path, block: str, advice: str, expression: str) -> None:
    """A secret is never led into a plain variable, which no pipeline masks."""
    (tmp_path / "blinkdecl.yaml").write_text(f"version: 1\n{block.replace('<>', expression)}\n")
    with pytest.raises(Failure) as caught:
        load(tmp_path, environ={})
    said = [told(each) for each in caught.value.diagnostics]
    if expression == "${CANARY}":
        advice = advice.replace(_REFERENCE, "written {env: NAME}").replace("in the job", "in the environment")
    assert any(advice in each for each in said), said
    assert not any("below `variables:`" in each for each in said)
