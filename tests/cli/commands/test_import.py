"""`import` against the sandbox's Panther: what it shows first, what it writes, and that nothing is left to plan."""

import re
from pathlib import Path

import pytest

from blinkdecl.state.local import LocalBackend
from blinkdecl.state.lock_info import lock_info
from tests.support.repository import KEY, Repository
from tests.support.servers import http_state

ALL = ("import", "--all", "--name-glob", "*")
HEAD = """\
version: 1
webhook_hosts: ["127.0.0.1"]
provider: {{type: panther, url: "{url}/public/graphql", token: {{env: PANTHER_API_TOKEN}}}}
"""
SOC = 'triggers: {{soc: {{webhook: {{url: "{url}/webhooks/soc", api_key: {{env: BLINK_SOC_API_KEY}}}}}}}}\n'
NIGHT = "destinations: {{night: {{display_name: Night, trigger: soc, severities: [HIGH]}}}}\n"
FILE = Path("destinations/imported.yaml")
HOSTILE = (
    "${var.x} $${y", "a: b", "# c", "x #c", "line\nbreak", "esc\x1b[2J", "🚨 prod", "🚨", " lead", "trail ", "yes",
    "NULL", "012", "1e3", "~", "{a}", "[a]", "%TAG ! x", "*alias", "!tag", "---", "l" * 1200, "l" * 99, "Größe",
    "Grosse", "東京", "SOC", "soc", "S\u041eC", "SOC\u200b", "blink", "Blink SOC", "Blink Blink SOC", "::error::x",
    "a\\", "\u2028x",
)  # fmt: skip


@pytest.fixture
def panther(panther: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository that declares nothing, beside a Panther."""
    monkeypatch.delenv("BLINK_SOC_API_KEY")
    panther.write("blinkdecl.yaml", HEAD.format(url=panther.sandbox.url))
    return panther


def add(panther: Repository, *names: str, webhook: str = "soc", types: tuple[str, ...] = ()) -> list[str]:
    """Make destinations in the console, all with one webhook, and return their ids."""
    url = f"{panther.sandbox.url}/webhooks/{webhook}"
    return [
        panther.sandbox.edit(each, create=True, webhook_url=url, severities="LOW", alert_types=list(types))
        for each in names
    ]


def files(panther: Repository) -> dict[str, bytes]:
    """Return everything that is in the repository."""
    return {str(each): each.read_bytes() for each in panther.folder.rglob("*") if each.is_file()}


def test_whatever_the_names_are(panther: Repository) -> None:
    """The dry run changes nothing and tells the truth; what is written is valid, and nothing is left to plan."""
    for number, name in enumerate(HOSTILE):
        add(panther, name, webhook=f"w{number % 7}", types=("RULE",)[: number % 2])
    before = files(panther)
    shown = panther(*ALL, "--dry-run", "--format", "json")
    assert files(panther) == before
    done = panther(*ALL, "--format", "json")
    assert shown.document == {**done.document, "dry_run": True}
    assert (shown.code, done.code, done.document["dry_run"]) == (0, 0, False)
    assert (panther.folder / FILE).read_text() == done.document["written"]["text"]
    assert len(done.document["diagnostics"]) < len(HOSTILE) / 3
    assert panther("validate").code == 0
    assert panther("plan", "--detailed-exitcode").code == 0
    assert panther("drift").code == 0


def test_a_dry_run_is_the_review(panther: Repository) -> None:
    """Every address, the file, the variables with whose they are, and the command that does it."""
    add(panther, "Größe", "Blink night")
    out = panther(*ALL, "--dry-run", "--to", "destinations/a b.yaml").out
    assert "destination.grosse: would be imported [id=" in out
    assert "trigger.blink-night: would be recorded" in out
    assert "destinations/a b.yaml would hold:\n\n# Written by" in out
    assert "  BLINK_NIGHT_API_KEY " in out
    assert out.count('"Größe"') >= 2
    assert "Dry run: nothing was recorded, and no file was written." in out
    assert "import --all --name-glob '*' --to 'destinations/a b.yaml'`" in out


@pytest.mark.parametrize("profile", ["native"])
def test_one_url_one_trigger_one_key(panther: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Setting one variable is enough for the next apply of both, and their names are told beside it."""
    add(panther, "Blink SOC", "Blink night")
    out = panther("import", "--all").out
    assert "Wrote destinations/imported.yaml: 2 destinations, 1 trigger.\n" in out
    assert '  BLINK_SOC_API_KEY  "Blink SOC" and "Blink night"\n' in out
    monkeypatch.setenv("BLINK_SOC_API_KEY", KEY)
    panther.edit("severities: [LOW]", "severities: [HIGH]", str(FILE))
    assert panther("apply", "--auto-approve").code == 0
    assert panther("validate").err == ""


@pytest.mark.parametrize("profile", ["native"])
@pytest.mark.parametrize("by_reference", [False, True])
def test_a_declared_trigger_with_the_url_is_used(
    panther: Repository, monkeypatch: pytest.MonkeyPatch, *, by_reference: bool
) -> None:
    """Also where its URL is behind a reference: the URL is then not written beside it."""
    add(panther, "Blink SOC")
    url = panther.sandbox.url
    panther.write("blinkdecl.yaml", (HEAD + SOC).format(url=url))
    if by_reference:
        monkeypatch.setenv("BLINK_SOC_URL", f"{url}/webhooks/soc")
        panther.edit(f'url: "{url}/webhooks/soc"', "url: {env: BLINK_SOC_URL}")
    assert panther("import", "--all").code == 0
    text = (panther.folder / FILE).read_text()
    assert ("trigger: soc" in text, "triggers:" in text, f"{url}/webhooks" in text) == (True, False, False)
    assert panther("plan", "--detailed-exitcode").code == 0


def test_a_dry_run_of_one(panther: Repository) -> None:
    """What is recorded is shown as `state show` will show it, and there is no state."""
    [made] = add(panther, "Night")
    panther.write("blinkdecl.yaml", (HEAD + SOC + NIGHT).format(url=panther.sandbox.url))
    ran = panther("import", "destination.night", made, "--dry-run")
    assert (ran.code, panther.state.exists()) == (0, False)
    assert f"import destination.night {made}`" in ran.out
    assert panther("import", "destination.night", made).code == 0
    assert panther("state", "show", "destination.night").out.strip() in ran.out


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("destinations/there.yaml", "[unwritable]"),
        ("elsewhere/x.yaml", "[include]"),
        ("../x.yaml", "[include]"),
        ("link.yaml", "[unwritable]"),
    ],
)
def test_a_dry_run_fails_as_the_real_one_does(panther: Repository, place: str, code: str) -> None:
    """With the same exit code and the same words, and neither leaves a file."""
    add(panther, "Night")
    panther.write("destinations/there.yaml", "version: 1\n")
    (panther.folder / "link.yaml").symlink_to("nowhere.yaml")
    before = files(panther)
    shown = panther(*ALL, "--to", place, "--dry-run")
    assert files(panther) == before
    done = panther(*ALL, "--to", place)
    assert (shown.code, shown.out, shown.err) == (1, "", done.err)
    assert (done.code, done.out, code in done.err) == (1, "", True)
    assert {name for name in files(panther) if ".blinkdecl" not in name} == before.keys()


def test_a_dry_run_takes_no_lock(panther: Repository) -> None:
    """It shows beside a run that holds it, which the real one waits for."""
    add(panther, "Night")
    with LocalBackend(panther.state, "state.json").lock(lock_info("blinkdecl apply", {}), 0.0):
        assert panther(*ALL, "--dry-run").code == 0
        assert panther(*ALL, "--lock-timeout", "0s").code == 5


def test_what_may_be_recorded_stays_declared(panther: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the state cannot be written, its rescue file can be pushed, and nothing is to be destroyed then."""
    add(panther, "Night", "Day")
    monkeypatch.chdir(panther.folder)
    monkeypatch.setenv("TF_HTTP_RETRY_MAX", "0")
    with http_state() as server:
        user, _, password = server.login.partition(":")
        monkeypatch.setenv("TF_HTTP_USERNAME", user)
        monkeypatch.setenv("TF_HTTP_PASSWORD", password)
        panther.write(
            "blinkdecl.yaml",
            f"{HEAD.format(url=panther.sandbox.url)}state: {{backend: http, address: '{server.url}'}}\n",
        )
        server.storing = 503
        ran = panther(*ALL)
        assert (ran.code, f"{FILE} is written and stays" in " ".join(ran.err.split())) == (1, True), ran
        (rescue,) = re.findall(r"state push (\S+\.rescue\.json)`", " ".join(ran.err.split()))
        server.storing = None
        assert panther("state", "push", rescue).code == 0
        assert panther("plan", "--detailed-exitcode").code == 0
        server.states.clear()
        assert panther("import", "--all").code == 0
        assert panther("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("profile", ["native"])
def test_an_import_of_one_environment_is_declared_there(panther: Repository) -> None:
    """What is live in one is not to be made in the others; a trigger that is only there may be shared."""
    for name in ("prod", "dev"):
        panther.write(f"environments/{name}.yaml", "version: 1\n")
    only = SOC.replace("{{webhook:", "{{environments: [prod], webhook:")
    panther.write("blinkdecl.yaml", (HEAD + only).format(url=panther.sandbox.url))
    add(panther, "Night")
    add(panther, "Day", webhook="day")
    assert panther("--env", "prod", *ALL).code == 0
    text = (panther.folder / FILE).read_text()
    assert (text.count("environments: [prod]"), "trigger: soc" in text) == (3, True)
    for environment in ((), ("--env", "dev"), ("--env", "prod")):
        assert panther(*environment, "validate").code == 0
    assert panther("fmt", "--check", str(FILE)).code == 0
    assert panther("--env", "prod", "plan", "--detailed-exitcode").code == 0
    assert panther("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("profile", ["native"])
def test_what_another_repository_looks_after_is_one_line(panther: Repository) -> None:
    """Counted, as in a plan."""
    add(panther, "dev a", "dev b", "Night")
    panther.write("blinkdecl.yaml", HEAD.format(url=panther.sandbox.url) + 'unmanaged: {ignore: ["dev *"]}\n')
    ran = panther("import", "--all")
    assert ran.out.count("not-importable") + ran.err.count("not-importable") == 1
    assert "2 destinations that `unmanaged.ignore` names were left alone" in ran.out + ran.err
    planned = panther("plan").out
    assert "Unmanaged, and ignored: 2 destinations that `unmanaged.ignore` names, or" in planned
    assert "dev a" not in planned


@pytest.mark.parametrize("profile", ["native"])
def test_what_another_repository_looks_after_is_not_taken_by_its_id(panther: Repository) -> None:
    """Nor is that offered: two repositories would change one destination."""
    [made] = add(panther, "Night")
    declared = (HEAD + SOC + NIGHT).format(url=panther.sandbox.url)
    panther.write("blinkdecl.yaml", declared + "unmanaged: {ignore: [Night]}\n")
    planned, ran = panther("plan"), panther("import", "destination.night", made)
    told = " ".join((planned.out + planned.err).split())
    assert (planned.code, "blinkdecl import" in told, "to another repository [exists]" in told) == (1, False, True)
    assert (ran.code, "[not-importable]" in ran.err) == (1, True)


@pytest.mark.parametrize("profile", ["native"])
def test_the_second_import_has_a_file_of_its_own(panther: Repository) -> None:
    """As the plan prints the command; so has its dry run."""
    add(panther, "Night")
    assert panther("import", "--all").code == 0
    add(panther, "Day")
    assert "destinations/imported-2.yaml would hold:" in panther("import", "--all", "--dry-run").out
    assert "Wrote destinations/imported-2.yaml" in panther("import", "--all").out
    assert panther("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("profile", ["native"])
@pytest.mark.parametrize("name", ["true", "null", "e", "on"])
def test_an_environment_of_any_name(panther: Repository, name: str) -> None:
    """It stays a text in what is written."""
    panther.write(f"environments/{name}.yaml", "version: 1\n")
    add(panther, "Night")
    ran = panther("--env", name, "import", "--all")
    assert (ran.code, f"blinkdecl -C {panther.folder} --env {name} test` proves them" in " ".join(ran.out.split())) == (
        0,
        True,
    )
    assert panther("--env", name, "plan", "--detailed-exitcode").code == 0
