"""`coverage`, and coverage rules in validate, plan, apply and drift, on the real command line."""

import json
import re
from html.parser import HTMLParser

import pytest

from blinkdecl.model.resource import ALERT_TYPES
from tests.support.repository import Repository

RULE = "coverage: [{severities: [CRITICAL], alert_types: [RULE]}]\n"


def require(repository: Repository, rules: str = RULE) -> None:
    """Add coverage rules to the project file."""
    repository.edit("version: 1\n", f"version: 1\n{rules}")


def test_the_first_plan_is_held_to_it(repository: Repository) -> None:
    """A rule that is kept is not mentioned; one that is not ends with 3 in validate, plan and apply alike."""
    require(repository)
    assert repository("validate").code == 0
    assert "coverage" not in repository("plan").out
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [HIGH]")
    ran = repository("validate")
    assert ran.code == 3
    assert "Error: CRITICAL RULE alerts would reach nobody [coverage]\n  --> blinkdecl.yaml:2:12" in ran.err
    assert repository("plan").code == 3
    assert repository("apply", "--auto-approve").code == 3
    assert not repository.state.exists() or not json.loads(repository.state.read_text())["resources"]


def test_the_last_path_is_removed(repository: Repository) -> None:
    """The plan says in its first lines who loses, and at its end which rule that breaks, and by what."""
    assert repository("apply", "--auto-approve").code == 0
    require(repository)
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [HIGH]")
    ran = repository("plan")
    assert ran.code == 3
    top = " ".join(ran.out.splitlines()[:5])
    assert "After this plan nobody receives: CRITICAL" in top
    assert "= note: destination.blink-soc is the last one, and this plan changes its\n" in ran.out
    top_of_json = "\n".join(repository("plan", "--format", "json").out.splitlines()[:5])
    assert "CRITICAL" in top_of_json
    top_of_markdown = "\n".join(repository("plan", "--format", "markdown").out.splitlines()[:6])
    assert "CRITICAL" in top_of_markdown


def test_destroy_is_asked_about_by_itself(repository: Repository) -> None:
    """A rule does not keep anybody from taking everything down on purpose."""
    require(repository)
    assert repository("apply", "--auto-approve").code == 0
    assert repository("destroy", "--auto-approve").code == 0


def test_the_matrix(repository: Repository) -> None:
    """Every kind of alert, the number of destinations, their names, and the rules."""
    require(repository, "coverage: [{severities: [HIGH]}, {severities: [LOW], min_destinations: 2}]\n")
    ran = repository("coverage")
    assert ran.code == 3
    assert ran.out.splitlines() == [
        "Destinations by kind of alert (desired):    CRITICAL  HIGH  MEDIUM  LOW  INFO",
        "  every alert type, every log                      1     1       0    0     0",
        "    CRITICAL, HIGH: blink-soc",
        "",
        "Rules:",
        "  kept    HIGH; every alert type: at least 1 destination  (blinkdecl.yaml:2)",
        "  broken  LOW; every alert type: at least 2 destinations with different webhooks",
        "          (blinkdecl.yaml:2)",
    ]
    assert "LOW alerts would reach nobody [coverage]" in ran.err


def test_a_line_names_a_few_and_verbose_all(repository: Repository) -> None:
    """However many destinations there are, the matrix stays readable."""
    for name in "abcd":
        block = f"  {name}-1: {{display_name: {name}, trigger: soc, severities: [LOW]}}\n"
        repository.write(f"destinations/{name}.yaml", f"version: 1\ndestinations:\n{block}")
    assert "    LOW: a-1, b-1, c-1, and 1 more" in repository("coverage").out.splitlines()
    assert "    LOW: a-1, b-1, c-1, d-1" in repository("coverage", "-v").out.splitlines()


def test_the_matrix_of_each_side(repository: Repository) -> None:
    """Live and recorded are asked for in the same way; the document says all."""
    require(repository)
    assert repository("apply", "--auto-approve").code == 0
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [LOW]")
    for side, code in (("desired", 3), ("recorded", 0), ("live", 0)):
        ran = repository("coverage", "--against", side, "--format", "json")
        assert ran.code == code
        found = json.loads(ran.out)["coverage"]
        assert found["against"] == side
        assert [each["kept"] for each in found["rules"]] == [code == 0]
        line, *others = found["matrix"]
        taken = ["LOW"] if side == "desired" else ["CRITICAL", "HIGH"]
        assert [severity for severity, names in line["destinations"].items() if names] == taken
        apart = side == "desired"  # it takes no other CRITICAL alerts
        assert line["alert_types"] == list(ALERT_TYPES[:-1] if apart else ALERT_TYPES)
        assert [each["alert_types"] for each in others] == ([["SYSTEM_ERROR"]] if apart else [])
        assert all(names == ["destination.blink-soc"] for each in others for names in each["destinations"].values())


class Tables(HTMLParser):
    """Collects the cells of tables."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Open a cell."""
        if tag in ("td", "th"):
            self.cells.append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        """Close a cell."""
        self._open = self._open and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        """Add to the open cell."""
        if self._open:
            self.cells[-1] += data


def test_the_page(repository: Repository) -> None:
    """Its cells have the names; it loads nothing, and what it links to is in it."""
    require(repository)
    ran = repository("coverage", "--format", "html", "--output", "coverage.html")
    assert (ran.code, ran.out) == (0, "")
    page = (repository.folder / "coverage.html").read_text()
    assert not re.search(r"<script|src=|url\(|@import", page)
    assert set(re.findall(r'href="([^"]*)"', page)) <= {f"#{each}" for each in re.findall(r' id="([^"]*)"', page)}
    tables = Tables()
    tables.feed(page)
    assert tables.cells[:6] == ["Alerts", "CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO"]
    assert tables.cells[6:12] == ["every alert type, every log", "blink-soc", "blink-soc", "nobody", "nobody", "nobody"]


def test_a_page_of_what_is_wrong(repository: Repository) -> None:
    """Whatever a name holds is text."""
    repository.edit("severities: [HIGH, CRITICAL]", 'severities: ["<b>"]')
    ran = repository("coverage", "--format", "html")
    assert ran.code == 1
    assert "<b>" not in ran.out
    assert "&lt;b&gt;" in ran.out


TWO = """\
version: 1
coverage:
  - {severities: [CRITICAL], min_destinations: 2, independent: workspace}
  - {severities: [INFO], nobody: true, reason: dashboards only}
triggers:
  a: {workspace: SOC, webhook: {url: https://a.app.blinkops.com/webhooks/a, api_key: {env: KEY}}}
  b: {workspace: Night, webhook: {url: https://b.app.blinkops.com/webhooks/b, api_key: {env: KEY}}}
  c: {workspace: soc, webhook: {url: {env: URL}, api_key: {env: KEY}}}
destinations:
  a: {display_name: A, trigger: a, severities: [HIGH, CRITICAL]}
  b: {display_name: B, trigger: b, severities: [CRITICAL]}
  c: {display_name: C, trigger: c, severities: [CRITICAL]}
"""


def test_a_drill(repository: Repository) -> None:
    """Who is left without a trigger, a workspace or a host; 3 = a rule would be broken; in every format."""
    repository.write("blinkdecl.yaml", TWO)
    assert repository("coverage").code == 0
    ran = repository("coverage", "--without", "trigger.a")
    assert ran.code == 0
    told = "Without trigger.a, 1 destination would be down: a.\n\nNot known where they lead, and taken to stay: c."
    assert ran.out.startswith(f"{told}\n\nWho receives alerts:")
    assert "After this plan" not in ran.out
    ran = repository("coverage", "--without", "workspace:SOC")
    assert ran.code == 3
    assert "CRITICAL alerts would reach 1 destination, not 2 [coverage]" in ran.err
    assert "destination.a receives them now, and would be down" in ran.err
    document = repository("coverage", "--without", "host:a.app.blinkops.com", "--format", "json").document
    drill = document["coverage"]["drill"]
    assert (drill["down"], drill["assumed"]) == (["destination.a"], ["destination.c"])
    assert (document["exit_code"], document["coverage"]["rules"][0]["kept"]) == (3, False)
    page = repository("coverage", "--without", "trigger.a", "--without", "trigger.b", "--format", "html").out
    assert "<p>Without trigger.a, trigger.b, 2 destinations would be down: a, b.</p>" in page
    wrong = repository("coverage", "--without", "host:a.app.blinkop.com", "--without", "trigger.x")
    assert (wrong.code, wrong.err.count("[not-found]")) == (1, 2)
    assert "did you mean" in wrong.err
    assert repository("coverage", "--without", "soc").code == 64


def test_two_names_of_one_webhook(repository: Repository) -> None:
    """They count as one, and the two triggers are a warning."""
    repository.write("blinkdecl.yaml", TWO.replace("webhooks/b", "webhooks/a").replace("//b.", "//A.").replace(
        "independent: workspace", "independent: host"))  # fmt: skip
    ran = repository("validate")
    assert ran.code == 3
    assert "CRITICAL alerts would reach 3 destinations behind 1 known host, not behind 2 [coverage]" in ran.err
    assert "two triggers have the same webhook [same-webhook]" in ran.err
    assert "the host of destination.c is not known here" in " ".join(ran.err.split())


def test_a_workspace_that_is_not_named(repository: Repository) -> None:
    """Nothing is claimed of it, and the way out is to name it."""
    repository.write("blinkdecl.yaml", TWO.replace("workspace: Night, ", "").replace("workspace: soc, ", ""))
    ran = repository("validate")
    told = " ".join(ran.err.split())
    assert "CRITICAL alerts would reach 3 destinations behind 1 known workspace, not behind 2 [coverage]" in told
    assert "the workspace of destination.b, destination.c is not known here" in told
    assert "a workspace is known where all triggers with that webhook name the same one" in told
    assert "help: name one workspace in each trigger of its webhook" in told


def test_workspaces_of_one_webhook_in_two_spellings(repository: Repository) -> None:
    """Two triggers that name different workspaces for it: then none is known; equal but for case, it is."""
    same = TWO.replace("https://b.app.blinkops.com/webhooks/b", "https://A.app.blinkops.com:443/webhooks/a/")
    repository.write("blinkdecl.yaml", same)
    assert "behind 1 known workspace, not behind 2" in repository("validate").err
    repository.write("blinkdecl.yaml", same.replace("workspace: Night", "workspace: soc"))
    assert "the workspace of" not in repository("validate").err
    assert repository("coverage", "--without", "workspace:Soc").out.count("3 destinations would be down") == 1


def test_webhooks_that_change_hands(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """No order keeps the rule in between: the plan says so, and changes nothing else about it."""
    repository.write("blinkdecl.yaml", TWO.replace("independent: workspace", "independent: webhook").replace(
        "url: {env: URL}", "url: https://c.app.blinkops.com/webhooks/c").replace(
        "  c: {display_name: C, trigger: c, severities: [CRITICAL]}\n", ""))  # fmt: skip
    monkeypatch.setenv("KEY", "key")
    applied = repository("apply", "--auto-approve", "--no-test")
    assert (applied.code, "[no-order]" in applied.out) == (0, False)
    repository.edit("trigger: a,", "trigger: x,")
    repository.edit("trigger: b,", "trigger: a,")
    repository.edit("trigger: x,", "trigger: b,")
    ran = repository("plan")
    assert ran.code == 0
    assert "Warning: no order of these changes keeps every coverage rule in between [no-order]" in ran.out
    assert "[no-order]" not in repository("plan", "--target", "destination.a").out


BEHIND = """\
version: 1
coverage:
  - {severities: [CRITICAL], min_destinations: 2}
triggers:
  a: {webhook: {url: {env: URL_A}, api_key: {env: KEY}}}
  b: {webhook: {url: {env: URL_B}, api_key: {env: KEY}}}
destinations:
  a: {display_name: A, trigger: a, severities: [CRITICAL]}
  b: {display_name: B, trigger: b, severities: [CRITICAL]}
"""


def test_two_references_to_one_webhook(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the values are known they count as one: in a plan, in what is recorded, and in a drill."""
    repository.write("blinkdecl.yaml", BEHIND)
    monkeypatch.setenv("KEY", "key")
    monkeypatch.setenv("URL_A", "https://a.app.blinkops.com/webhooks/a")
    monkeypatch.setenv("URL_B", "https://a.app.blinkops.com/webhooks/a")
    assert repository("validate").code == 0  # no value is looked at
    ran = repository("plan")
    assert ran.code == 3
    assert "CRITICAL alerts would reach 2 destinations behind 1 webhook, not behind 2 [coverage]" in ran.out
    monkeypatch.setenv("URL_B", "https://a.app.blinkops.com/webhooks/b")
    assert repository("apply", "--auto-approve", "--no-test").code == 0
    assert "unverified" not in repository("drift").out
    assert repository("coverage", "--against", "recorded", "--without", "trigger.a").code == 3
    told = repository("coverage", "--against", "recorded", "--without", "trigger.a").out
    assert told.startswith("Without trigger.a, 1 destination would be down: a.\n\nWho")
    told = " ".join(repository("coverage", "--without", "trigger.a").out.split())
    assert "would be down: a. Not known where they lead, and taken to stay: b." in told
    monkeypatch.setenv("URL_A", "https://a.app.blinkops.com/webhooks/b")
    ran = repository("plan")
    assert (ran.code, "destination.a would have another webhook than before" in ran.out) == (3, True)
    monkeypatch.delenv("URL_A")
    assert repository("plan").code == 0  # nobody knows of another value: what is recorded stands


def test_one_reference_of_which_only_one_side_knows_the_value(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one webhook all the same: what is recorded is taken for what is declared."""
    repository.write("blinkdecl.yaml", BEHIND.replace("min_destinations: 2", "min_destinations: 1").replace(
        "  b: {display_name: B, trigger: b, severities: [CRITICAL]}\n", ""))  # fmt: skip
    monkeypatch.setenv("KEY", "key")
    monkeypatch.setenv("URL_A", "https://a.app.blinkops.com/webhooks/a")
    monkeypatch.setenv("URL_B", "https://b.app.blinkops.com/webhooks/b")
    assert repository("apply", "--auto-approve", "--no-test").code == 0
    monkeypatch.delenv("URL_A")
    repository.write("blinkdecl.yaml", BEHIND.replace("trigger: b", "trigger: a"))
    assert "2 destinations behind 1 webhook, not behind 2" in repository("plan").out


def test_several_outages_at_once(repository: Repository) -> None:
    """Their order makes no difference, and more of them never leave more."""
    repository.write("blinkdecl.yaml", TWO.replace("independent: workspace", "independent: webhook").replace(
        "workspace: Night, ", ""))  # fmt: skip
    words = ["--without", "workspace:SOC"], ["--without", "trigger.c"]
    found = [repository("coverage", *one, *other, "--format", "json").document for one, other in (words, words[::-1])]
    drills = [each["coverage"]["drill"] for each in found]
    assert drills[0]["assumed"] == drills[1]["assumed"] == ["destination.b"]
    assert [each["exit_code"] for each in found] == [3, 3]


def test_a_drill_beside_a_rule_that_is_broken(repository: Repository) -> None:
    """It is said as without the drill; only what the drill breaks is blamed on it."""
    repository.write("blinkdecl.yaml", TWO.replace("coverage:\n", "coverage:\n  - {severities: [LOW]}\n"))
    alone, drill = repository("coverage"), repository("coverage", "--without", "workspace:soc")
    assert alone.code == drill.code == 3
    assert alone.err.startswith("Error: LOW alerts would reach nobody")
    assert drill.err.startswith(alone.err)
    assert drill.err.count("declare a destination that leads elsewhere") == 1


def test_a_drill_of_what_nothing_leads_to(repository: Repository) -> None:
    """A workspace or host that only an unused trigger names exists: nothing would be down."""
    repository.write("blinkdecl.yaml", TWO.replace("destinations:\n", """\
  d: {workspace: Spare, webhook: {url: https://d.app.blinkops.com/webhooks/d, api_key: {env: KEY}}}
destinations:
"""))  # fmt: skip
    for word in ("trigger.d", "workspace:spare", "host:D.app.blinkops.com"):
        ran = repository("coverage", "--without", word)
        assert ran.out.startswith(f"Without {word}, nothing would be down.")


def test_names_on_the_page_are_not_broken_at_hyphens(repository: Repository) -> None:
    """A browser breaks lines after them, except where it is told not to: a name goes to the next line as a whole."""
    repository.edit("destinations:", "destinations:\n  soc-2: {display_name: S, trigger: soc, severities: [HIGH]}")
    page = repository("coverage", "--format", "html").out
    assert ".name { display: inline-block; }" in page
    assert '<ul class="names"><li>blink-soc</li><li>soc-2</li></ul>' in page
    drill = repository("coverage", "--format", "html", "--without", "trigger.soc").out
    assert '<span class="name">blink-soc,</span> <span class="name">soc-2</span>' in drill


def test_declared_silence(repository: Repository) -> None:
    """It is no alarm anywhere; what is neither covered nor declared stays one; who hears it is a note."""
    repository.write("blinkdecl.yaml", TWO)
    ran = repository("coverage")
    assert "  every alert type, every log                      3     1       0    0     -" in ran.out
    assert "  silent  INFO; every alert type: dashboards only  (blinkdecl.yaml:4)" in ran.out
    page = repository("coverage", "--format", "html").out
    assert page.count('<td class="silent" data-head="INFO">') == 1
    assert page.count('<span class="state">nobody, as declared</span>') == 1
    assert page.count('class="nobody" data-head') == 2
    rows = repository("plan", "--offline", "--format", "json").document["routing"]
    assert [(each["severities"], each["silent"]) for each in rows if not each["after"]] == [
        (["MEDIUM", "LOW"], False), (["INFO"], True)]  # fmt: skip
    assert "nobody, as declared" in repository("plan", "--offline", "--format", "markdown").out
    repository.edit("severities: [HIGH, CRITICAL]", "severities: [INFO, HIGH, CRITICAL]")
    ran = repository("plan", "--offline")
    assert ran.code == 0
    assert "Note: though declared to reach nobody, INFO (every alert type, every log) reaches a." in " ".join(
        ran.out.split()
    )
    assert "note: such alerts reach a" in " ".join(repository("coverage").out.split())


def test_what_a_detection_names_is_reached(repository: Repository) -> None:
    """A destination without severities is a warning, unless a detection that is given names it."""
    repository.edit("severities: [HIGH, CRITICAL]", "severities: []")
    assert "no detection's alert reaches the destination by its settings [no-alerts]" in repository("validate").err
    assert "[no-alerts]" in repository("plan").out
    repository.write(
        "detections/a.yml",
        "AnalysisType: rule\nRuleID: A\nEnabled: true\nSeverity: High\nLogTypes: [AWS.CloudTrail]\n"
        "OutputIds: [Blink SOC]\n",
    )
    assert "[no-alerts]" not in repository("plan", "--detections", str(repository.folder / "detections")).out


def test_nobody_is_coloured(repository: Repository) -> None:
    """Yellow where nobody receives an alert, bold red where that breaks a rule, plain where it is declared."""
    require(repository, "coverage: [{severities: [LOW]}, {severities: [INFO], nobody: true, reason: r}]\n")
    line = next(each for each in repository("coverage", "--color", "always").out.splitlines() if "every log" in each)
    assert line.endswith("1     1\x1b[33m       0\x1b[0m\x1b[1;31m    0\x1b[0m     -")
    assert "reach \x1b[33mnobody\x1b[0m." in repository("route", "--severity", "LOW", "--color", "always").out
    assert "reach nobody, as declared." in repository("route", "--severity", "INFO", "--color", "always").out
    table = repository("plan", "--color", "always").out
    assert "unchanged: \x1b[33mnobody\x1b[0m receives MEDIUM, LOW (every alert type, every log); nobody," in table
    assert "every log      \x1b[33mnobody\x1b[0m    blink-soc\n" in table


def test_a_detection_that_is_silent_by_declaration(repository: Repository) -> None:
    """Its alerts reach nobody, as declared: no warning."""
    repository.write(
        "detections/a.yml",
        "AnalysisType: rule\nRuleID: A\nEnabled: true\nSeverity: Info\nLogTypes: [AWS.CloudTrail]\n",
    )
    assert "[unreached]" in repository("route", "--detections", str(repository.folder / "detections")).err
    require(repository, "coverage: [{severities: [INFO], nobody: true, reason: dashboards only}]\n")
    ran = repository("route", "--detections", str(repository.folder / "detections"), "--format", "json")
    assert "unreached" not in ran.out
    assert "as declared" in ran.document["detections"][0]["reason"]
