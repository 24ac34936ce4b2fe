"""`observe`, on the real command line, from files of alerts and from Panther's API."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from blinkdecl.history.codec import write_alerts
from blinkdecl.sandbox import Faults
from tests.support.confirmed import ID, WEEK, alert, confirmed, keep, observed
from tests.support.repository import TOKEN, Repository


@pytest.fixture
def console(repository: Repository) -> Repository:
    """A repository for hosted Panther, whose destination is confirmed with the id that it has there."""
    return confirmed(repository)


def test_as_declared(console: Repository) -> None:
    """It ends with 0, and says what it has not seen."""
    keep(console, alert("HIGH", ID), alert("LOW"))
    code, out = observed(console)
    assert code == 0
    assert "2 alerts, 2026-11-01 00:00:00 UTC to 2026-11-08 00:00:00 UTC: as declared, as\nfar as they tell." in out
    assert "destination.blink-soc: as declared\n      1 delivered" in out
    assert "not observed, since no such alert tells: CRITICAL" in out


def test_alerts_that_tell_nothing(console: Repository) -> None:
    """Where none was sent by the destination's own settings, it is not known whether that is as declared."""
    for some in ([], [alert("LOW"), alert("HIGH", days=1)], [replace(alert("HIGH", ID), knowledge="dynamic")]):
        keep(console, *some)
        code, out = observed(console)
        assert code == 0
        assert "they tell nothing of the recorded destinations" in " ".join(out.split())
        assert "destination.blink-soc: not known" in out


def test_not_as_declared(console: Repository) -> None:
    """What is missing and what is unexpected ends with 2, and the JSON has the numbers."""
    keep(console, alert("CRITICAL", ID, days=4), alert("HIGH"), alert("LOW", ID), alert("MEDIUM", "other"))
    code, out = observed(console, "--format", "json")
    found = json.loads(out)
    [soc], [other] = found["destinations"], found["unknown"]
    assert (code, found["alerts"], found["from"], found["to"]) == (2, 4, "2026-11-01T00:00:00Z", "2026-11-08T00:00:00Z")
    names = ("output_id", "delivered", "recovered", "failed", "missing", "unexpected", "last_success", "last_failure")
    assert [soc[name] for name in names] == [ID, 2, 0, 0, 1, 1, "2026-11-04T00:00:00Z", None]
    assert soc["suspects"] == ["severities"]
    assert [(each["what"], each["severity"]) for each in soc["deviations"]] == [
        ("missing", "HIGH"),
        ("unexpected", "LOW"),
    ]
    assert (other["output_id"], other["fits"], other["command"]) == ("other", [], None)
    assert [each["code"] for each in found["diagnostics"]] == ["not-as-declared"]


def test_lost_for_good(console: Repository) -> None:
    """It ends with 4, whatever else is not as declared."""
    keep(console, alert("HIGH", ID, success=False), alert("LOW", ID))
    code, out = observed(console)
    assert code == 4
    assert "1 alert could not be delivered; 1 destination not as declared" in " ".join(out.split())
    assert "last failed 2026-11-03 00:00:00 UTC with HTTP 503" in " ".join(out.split())


def test_since(console: Repository) -> None:
    """What is older is left out."""
    keep(console, alert("HIGH", days=6), alert("HIGH", ID, days=4))
    assert observed(console)[0] == 2
    assert observed(console, "--since", "5d")[0] == 0
    assert observed(console, "--since", "0s")[0] == 64


@pytest.mark.parametrize("format_", ["markdown", "html", "junit", "github", "gitlab", "sarif"])
def test_every_format(console: Repository, format_: str) -> None:
    """Each names the destination, and what is wrong with it."""
    keep(console, alert("HIGH"), alert("CRITICAL", ID, success=False))
    code, out = observed(console, "--format", format_)
    assert code == 4
    assert "destination.blink-soc" in out
    assert "missing" in out or "did not come" in out


def test_junit_has_a_case_for_each_destination(console: Repository) -> None:
    """One that is not as declared fails."""
    keep(console, alert("HIGH"))
    [suite] = ET.fromstring(observed(console, "--format", "junit")[1])
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")


def test_an_id_that_nobody_has_named(repository: Repository) -> None:
    """The command that records it is printed where one destination fits alone; it then is as declared."""
    repository.edit("version: 1\n", "version: 1\nprovider: {type: console}\n")
    assert repository("apply", "--auto-approve").code == 0
    assert repository("confirm", "destination.blink-soc").code == 0
    keep(repository, alert("HIGH", ID), alert("CRITICAL", ID, days=6), alert("LOW"))
    code, out = observed(repository)
    text = " ".join(out.split())
    assert code == 0
    assert "no destination has a recorded id, so that nothing is known." in text
    assert "destination.blink-soc: not known its id is not recorded" in text
    command = f"confirm destination.blink-soc --id {ID}"
    assert f"{command}` records it" in text
    assert "address bar" not in text  # a person need not look for what is found
    [told] = (each["command"] for each in json.loads(observed(repository, "--format", "json")[1])["unknown"])
    assert told == f"blinkdecl -C {repository.folder} {command}"  # pasted anywhere, it acts on this project
    assert repository(*command.split()).code == 0  # the very words, which nothing but the folder precedes
    assert "destination.blink-soc: as declared" in observed(repository)[1]


def test_an_id_that_nothing_tells(repository: Repository) -> None:
    """Where to look for it is said once, with the command that records it."""
    repository.edit("version: 1\n", "version: 1\nprovider: {type: console}\n")
    keep(repository, alert("LOW"))
    text = " ".join(observed(repository)[1].split())
    assert "in the address bar, on its page: `blinkdecl" in text
    assert "confirm ADDRESS --id UUID` records it." in text
    assert text.count("address bar") == 1


def test_an_id_of_what_is_not_declared_any_more(console: Repository) -> None:
    """It belongs to its record, and is not offered to the destination that is declared instead."""
    console.edit("  blink-soc:", "  another:")
    keep(console, alert("HIGH", ID))
    code, out = observed(console, "--format", "json")
    found = json.loads(out)
    assert (code, found["unknown"]) == (0, [])
    assert [each["output_id"] for each in found["destinations"]] == [None]


def test_an_id_in_a_spelling_that_no_record_keeps(repository: Repository) -> None:
    """No command is printed for it: what it records, no alert would ever have again."""
    repository.edit("version: 1\n", "version: 1\nprovider: {type: console}\n")
    keep(repository, alert("HIGH", ID.upper()))
    [found] = json.loads(observed(repository, "--format", "json")[1])["unknown"]
    assert (found["certain"], found["command"]) == (True, None)


@pytest.fixture
def hosted(reading: Repository) -> Repository:
    """The same with a Panther whose alerts can be read: no HIGH one came, until five days ago."""
    made = reading.sandbox.edit("Blink SOC", create=True, severities="CRITICAL", webhook_url="http://127.0.0.1:1")
    assert reading("confirm", "destination.blink-soc", "--id", made).code == 0
    reading.sandbox.traffic(alerts=300, days=10)
    reading.sandbox.edit("Blink SOC", severities="HIGH,CRITICAL")
    reading.sandbox.traffic(alerts=300, days=5)
    return reading


def test_from_panther(hosted: Repository) -> None:
    """Without a file, the last week is read from there; what is saved says the same, and has no token."""
    ran = hosted("observe", "--save", "saved.jsonl", "--format", "json")
    [soc] = ran.document["destinations"]
    assert (ran.code, soc["suspects"], soc["missing"] > 0) == (2, [], True)
    assert hosted("observe", "--since", "4d").code == 0
    hosted.sandbox.set_faults(Faults(refuse=500))
    assert hosted("observe", "--alerts", "saved.jsonl", "--format", "json").document == ran.document
    assert TOKEN not in (hosted.folder / "saved.jsonl").read_text()


def test_titles_only_where_they_are_wanted(hosted: Repository) -> None:
    """From Panther and from a file alike; without a file to save, there is nothing that they would be for."""
    titles: dict[str, list[str | None]] = {}
    for name, words in (("with", ("--titles",)), ("without", ())):
        hosted("observe", "--save", f"{name}.jsonl", *words)
        titles[name] = [each.get("title") for each in lines(hosted, f"{name}.jsonl")[1:]]
    assert set(titles["without"]) == {None}
    assert all(titles["with"])
    assert any(" raised " in each for each in titles["with"] if each)
    hosted("observe", "--alerts", "with.jsonl", "--save", "kept.jsonl", "--titles")
    hosted("observe", "--alerts", "with.jsonl", "--save", "dropped.jsonl")
    assert lines(hosted, "kept.jsonl") == lines(hosted, "with.jsonl")
    assert not any("title" in each for each in lines(hosted, "dropped.jsonl"))
    ran = hosted("observe", "--titles")
    assert (ran.code, "add `--save FILE`" in ran.err) == (64, True)


def lines(repository: Repository, name: str) -> list[dict[str, Any]]:
    """Return what a file of alerts holds; it is its owner's alone."""
    path = repository.folder / name
    assert path.stat().st_mode & 0o777 == 0o600
    return [json.loads(each) for each in path.read_text().splitlines()]


def test_what_is_saved_is_whole_or_not_there(console: Repository, tmp_path: Path) -> None:
    """A file that cannot be read to its end leaves what was saved before, and nothing beside it."""
    keep(console, alert("HIGH", ID))
    assert console("observe", "--alerts", "alerts.jsonl", "--save", "saved.jsonl").code == 0
    saved, names = (tmp_path / "saved.jsonl").read_bytes(), sorted(tmp_path.iterdir())
    with (tmp_path / "alerts.jsonl").open("a") as file:
        file.write('{"id": "cut off')
    assert console("observe", "--alerts", "alerts.jsonl", "--save", "saved.jsonl").code == 1
    assert ((tmp_path / "saved.jsonl").read_bytes(), sorted(tmp_path.iterdir())) == (saved, names)
    ran = console("observe", "--alerts", "alerts.jsonl", "--save", "nowhere/saved.jsonl")
    assert (ran.code, "nowhere/saved.jsonl cannot be written" in " ".join(ran.err.split())) == (1, True)


def test_each_alert_is_saved_before_the_next_is_read(console: Repository) -> None:
    """So that memory does not grow with their number: of two, the first is out while the second is not yet in."""
    head, first, second = write_alerts(WEEK, [alert("HIGH", ID), alert("CRITICAL", ID)])
    with command(console, "observe", "--alerts", "-", "--save", "-") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in (head, first, second):
            process.stdin.write(line)
            process.stdin.flush()
            assert process.stdout.readline() == line
        process.stdin.close()
        assert process.wait(10) == 0


def test_ctrl_c_leaves_nothing(hosted: Repository) -> None:
    """The file that was begun is gone, and what was asked for is not there."""
    hosted.sandbox.set_faults(Faults(latency=0.3))
    names = sorted(hosted.folder.iterdir())
    with command(hosted, "observe", "--since", "10d", "--save", "saved.jsonl") as process:
        until = time.monotonic() + 10
        while not list(hosted.folder.glob(".saved.jsonl.*")):
            assert time.monotonic() < until
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
    assert sorted(hosted.folder.iterdir()) == names


def command(repository: Repository, *words: str) -> "subprocess.Popen[str]":
    """Start a command as a process of its own, with pipes."""
    called = [sys.executable, "-m", "blinkdecl", "-C", str(repository.folder), *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(called, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)


def test_the_token_is_needed_by_nothing_else(hosted: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans and drift are made as before, without a question; a token that is refused says which rights it needs."""
    monkeypatch.delenv("PANTHER_API_TOKEN")
    hosted.sandbox.set_faults(Faults(refuse=500))
    assert hosted("plan").code == 0
    assert hosted("drift").code == 0
    hosted.sandbox.set_faults(Faults())
    monkeypatch.setenv("PANTHER_API_TOKEN", "another")
    ran = hosted("observe")
    assert ran.code == 1
    assert "AlertRead, RuleRead and PolicyRead" in " ".join(ran.err.split())


def test_no_api_is_named(console: Repository) -> None:
    """Then a file is needed."""
    ran = console("observe")
    assert (ran.code, "[unsupported]" in ran.err) == (1, True)


def test_a_file_that_is_wrong(console: Repository, tmp_path: Path) -> None:
    """The line is named; nothing is concluded from the others."""
    keep(console, alert("HIGH"))
    with (tmp_path / "alerts.jsonl").open("a") as file:
        file.write('{"id": "cut off')
    ran = console("observe", "--alerts", "alerts.jsonl")
    assert (ran.code, ran.out) == (1, "")
    assert "line 3 of alerts.jsonl cannot be used: it is cut off: the file ends within it [alerts-file]" in " ".join(
        ran.err.split()
    )
    assert console("observe", "--alerts", "nowhere.jsonl").code == 1
