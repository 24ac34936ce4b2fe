"""The commands against the sandbox's Panther, over HTTP."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from blinkdecl.model.state import Intent
from blinkdecl.sandbox import Faults
from blinkdecl.state import new_state
from blinkdecl.state.local import LocalBackend
from tests.support.panther import declare, names, recorded
from tests.support.repository import Repository


def test_the_whole_job(panther: Repository) -> None:
    """Create, nothing left to do, drift with who and when, heal, destroy."""
    declare(panther, a="A")
    assert panther("apply", "--auto-approve").code == 0
    assert "No changes." in panther("plan", "--detailed-exitcode").out
    panther.sandbox.edit("A", severities="CRITICAL", by="jo@example.com")
    drift = panther("drift")
    assert (drift.code, "by jo@example.com, 20" in drift.out) == (2, True)
    assert panther("drift", "--format", "json").document["resource_drift"][0]["by"] == "jo@example.com"
    assert panther("apply", "--auto-approve").code == 0
    assert panther("drift").code == 0
    assert panther("destroy", "--auto-approve").code == 0
    assert names(panther) == []


def test_a_new_key_has_nobodys_name(panther: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has last changed a destination has not changed the value behind our reference: not in any format."""
    declare(panther, a="A")
    panther.sandbox.edit("A", create=True, severities="HIGH", webhook_url=f"{panther.sandbox.url}/webhooks/soc")
    assert panther("import", "destination.a", panther.sandbox.destinations()[0].id).code == 0
    panther.edit("[HIGH]", "[LOW]")
    assert panther("apply", "--auto-approve").code == 0
    panther.sandbox.edit("A", severities="LOW", by="jo@example.com")
    monkeypatch.setenv("BLINK_SOC_API_KEY", "canary-rotated")
    panther.secrets.append("canary-rotated")
    for words in (("plan",), ("plan", "--format", "markdown"), ("drift",), ("plan", "--format", "json")):
        ran = panther(*words)
        assert (ran.code, "jo@example.com" in ran.out, "outside" in ran.out) == (0, False, False)
    assert "the value behind env BLINK_SOC_API_KEY is new" in panther("plan", "--format", "markdown").out
    panther.sandbox.edit("A", severities="CRITICAL", by="jo@example.com")
    ran = panther("drift")
    assert (ran.code, ran.out.count("jo@example.com"), ran.out.count("api_key")) == (2, 1, 0)


def test_lost_answers_converge(
    panther: Repository, profile: str, record_property: Callable[[str, object], None]
) -> None:
    """30 % of the answers to changes are lost after they were made: no duplicate, no orphan, state equals live."""
    panther.sandbox.set_faults(Faults(lose=0.3))
    declare(panther, **{f"d{number}": f"D{number}" for number in range(200)})
    runs = 0
    while panther("plan", "--detailed-exitcode").code == 2 and runs < 9:
        panther("apply", "--auto-approve")
        runs += 1
    live = {each.display_name: each.id for each in panther.sandbox.destinations()}
    counts = f"{runs} runs, {len(live)} live, {len(recorded(panther))} recorded"
    told = f"{profile}: 200 destinations, 30 % of the answers lost: {counts}"
    record_property("told", told)
    assert len(live) == 200
    assert recorded(panther) == live
    assert panther("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": "X", "b": "Y"}, {"a": "Y", "b": "X"}),
        ({"a": "X", "b": "Y", "c": "Z"}, {"a": "Y", "b": "Z", "c": "X"}),
        ({"a": "X", "b": "Y"}, {"b": "Y", "c": "X"}),
    ],
    ids=["swap", "three-cycle", "hand-over"],
)
def test_names_change_hands_in_one_apply(panther: Repository, before: dict[str, str], after: dict[str, str]) -> None:
    """The sandbox enforces unique names at every step."""
    declare(panther, **before)
    assert panther("apply", "--auto-approve").code == 0
    declare(panther, **after)
    assert panther("apply", "--auto-approve").code == 0
    assert panther("plan", "--detailed-exitcode").code == 0
    assert names(panther) == sorted(after.values())


def test_import_one_and_all(panther: Repository) -> None:
    """A destination that exists is told with the command that adopts it; --all writes what is left as YAML."""
    url = f"{panther.sandbox.url}/webhooks/old"
    ours = url.replace("old", "soc")
    first = panther.sandbox.edit("A", create=True, severities="HIGH", webhook_url=ours)
    panther.sandbox.edit("Old one", create=True, severities="LOW", webhook_url=url)
    declare(panther, a="A")
    refused = panther("plan")
    assert (refused.code, f" import destination.a {first}`" in refused.out + refused.err) == (1, True)
    assert panther("import", "destination.a", first).code == 0
    assert panther("import", "--all", "--name-glob", "Old*", "--format", "json").code == 0
    assert "destinations/imported.yaml" not in panther("plan", "--detailed-exitcode").err
    assert panther("plan", "--detailed-exitcode").code == 0
    assert panther("import", "--all").code == 0


def test_an_import_that_was_cut_off(panther: Repository) -> None:
    """After a kill between its file and the state, the same command records what the file declares."""
    for name in ("true", "Old one", "null"):
        url = f"{panther.sandbox.url}/webhooks/{name[:3].lower()}"
        panther.sandbox.edit(name, create=True, severities="LOW", webhook_url=url)
    assert panther("import", "--all", "--name-glob", "*").code == 0
    assert panther("plan").code == 0
    panther.state.unlink()  # as it was before
    assert panther("plan").code == 1
    ran = panther("import", "--all", "--name-glob", "*")
    assert (ran.code, ran.out.count(": imported [id=")) == (0, 3)
    assert panther("plan").code == 0


def test_wrong_token(panther: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said with the place of the reference; exit 1, and no state."""
    monkeypatch.setenv("PANTHER_API_TOKEN", "canary-wrong")
    panther.secrets.append("canary-wrong")
    ran = panther("plan")
    assert ran.code == 1
    assert "Error: Panther refused the API token: HTTP 401 [unauthorised]" in ran.err
    assert "provider.token, from env PANTHER_API_TOKEN (blinkdecl.yaml:3)" in ran.err
    assert not panther.state.exists()


def test_the_state_of_another_panther_is_refused(panther: Repository) -> None:
    """Nothing is sent to the other host."""
    declare(panther, a="A")
    assert panther("apply", "--auto-approve").code == 0
    panther.edit('panther, url: "http://127.0.0.1:', 'panther, url: "http://localhost:')
    ran = panther("plan")
    assert (ran.code, "[other-tenant]" in ran.err) == (1, True)


def test_waived_drift_is_no_exit_code(panther: Repository) -> None:
    """It is shown apart while the waiver holds; from the day after on it is drift again."""
    declare(panther, a="A")
    assert panther("apply", "--auto-approve").code == 0
    panther.sandbox.edit("A", severities="CRITICAL")
    waiver = "drift: {waive: [{address: destination.a, attributes: [severities], until: 2999-12-31, reason: INC-1}]}\n"
    panther.edit("triggers:\n", f"{waiver}triggers:\n")
    ran = panther("drift")
    assert (ran.code, "(waived until 2999-12-31: INC-1)" in ran.out, ", 1 waived." in " ".join(ran.out.split())) == (
        0,
        True,
        True,
    )
    page = panther("plan", "--format", "markdown").out
    assert "this plan undoes drift although it is waived" in page
    assert panther("plan", "--format", "json").document["resource_drift"][0]["undone"] is True
    panther.edit("2999-12-31", "2026-01-31")
    expired = panther("drift")
    assert (expired.code, "(the waiver until 2026-01-31 has expired)" in expired.out) == (2, True)
    assert panther("drift", "--format", "json").document["resource_drift"][0]["waived"] is False


def test_drift_that_breaks_a_coverage_rule(panther: Repository) -> None:
    """What somebody narrowed or deleted outside is against a policy: 3, with the rule and what was done."""
    declare(panther, a="A")
    panther.edit("triggers:\n", "coverage: [{severities: [HIGH], alert_types: [RULE]}]\ntriggers:\n")
    assert panther("apply", "--auto-approve").code == 0
    assert panther("drift").code == 0
    panther.sandbox.edit("A", severities="LOW")
    ran = panther("drift")
    assert ran.code == 3
    assert "Error: HIGH RULE alerts reach nobody [coverage]\n  --> blinkdecl.yaml:4:12" in ran.out
    assert "= note: destination.a was the last one, and its severities changed outside" in ran.out
    assert panther("drift", "--format", "json").code == 3
    assert panther("coverage", "--against", "live").code == 3
    assert panther("apply", "--auto-approve").code == 0
    assert panther("drift").code == 0


def test_what_an_old_panther_cannot_express(panther: Repository, profile: str) -> None:
    """An error with its address, or, if the YAML says so, a warning each time."""
    declare(panther, a="A")
    panther.edit("    trigger: soc\n", "    trigger: soc\n    log_types: [AWS.ALB]\n")
    ran = panther("plan")
    if profile == "native":
        assert ran.code == 0
        return
    assert (ran.code, "this Panther cannot express log types [unsupported]" in ran.out) == (1, True)
    assert "log_types: [AWS.ALB]" in ran.out[ran.out.index("-->") :]
    panther.edit("PANTHER_API_TOKEN}}", "PANTHER_API_TOKEN}, on_unsupported: ignore}")
    for _ in range(2):
        assert "log types left out" in panther("plan").out
    assert panther("apply", "--auto-approve").code == 0
    assert "[ignored]" in panther("plan", "--detailed-exitcode").out
    panther.edit("triggers:\n", "coverage: [{severities: [LOW]}]\ntriggers:\n")
    assert "[coverage]" in panther("plan").out


def test_a_sick_list_is_not_believed(panther: Repository) -> None:
    """Three of three are gone at once: plan, drift and apply stop, and say which flag accepts it."""
    declare(panther, a="A", b="B", c="C")
    assert panther("apply", "--auto-approve").code == 0
    before = panther.state.read_bytes()
    for name in "ABC":
        panther.sandbox.edit(name, delete=True)
    for words in (("plan",), ("drift",), ("apply", "--auto-approve"), ("destroy", "--auto-approve")):
        ran = panther(*words)
        assert (ran.code, "--accept-missing 3" in ran.err) == (1, True)
    assert (names(panther), panther.state.read_bytes()) == ([], before)
    assert panther("drift", "--accept-missing", "3").code == 2
    assert panther("apply", "--auto-approve", "--accept-missing", "3").code == 0
    assert names(panther) == ["A", "B", "C"]


def test_an_intent_that_does_not_show_is_waited_for(panther: Repository) -> None:
    """The state names a create of a killed run: the plan waits the quiet time, says so, and then makes it anew."""
    declare(panther, ", quiet_time: 300ms", a="A", b="B")
    assert panther("apply", "--auto-approve").code == 0
    declare(panther, ", quiet_time: 300ms", a="A", b="B", c="C")
    backend = LocalBackend(panther.state, "state.json")
    state = backend.read()
    assert state is not None
    backend.write(replace(state, pending={"destination.c": Intent("create", "C", "killed")}), state)
    ran = panther("plan")
    assert "An earlier run was cut off in 1 call: waiting up to 0s" in ran.err
    assert "1 to add" in ran.out
    assert panther("apply", "--auto-approve").code == 0
    assert "cut off" not in panther("plan").err


def test_an_import_does_not_leave_behind_what_a_killed_run_made(panther: Repository) -> None:
    """Two names change hands after the kill: each object is recorded where it was created for."""
    url = f"{panther.sandbox.url}/webhooks/soc"
    made = {each: panther.sandbox.edit(each, create=True, severities="HIGH", webhook_url=url) for each in "AB"}
    declare(panther, ", quiet_time: 1ms", a="B", b="A")
    killed = {f"destination.{each.lower()}": Intent("create", each, "killed") for each in made}
    LocalBackend(panther.state, "state.json").write(replace(new_state(None, None), pending=killed), None)
    assert (
        f'created "A" for destination.a, with the id {made["A"]}' in panther("import", "destination.a", made["B"]).err
    )
    assert (panther("import", "--all").code, recorded(panther)) == (0, made)
    assert panther("apply", "--auto-approve").code == 0
    assert {each.display_name: each.id for each in panther.sandbox.destinations()} == {"B": made["A"], "A": made["B"]}
