"""The example for hosted Panther: its page, every command of it run as it stands, and its workflow."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from blinkdecl.sandbox import Sandbox
from docs.generator.sessions import steady
from tests.examples.test_github import schema_problems
from tests.support.github_workflow import Runner, loaded
from tests.support.markdown import read
from tests.support.panther import TOKEN
from tests.support.paths import ROOT
from tests.support.recipes import EXAMPLES, shell_in
from tests.test_readme import free_port

EXAMPLE = EXAMPLES / "hosted-console"
PAGE = EXAMPLE / "README.md"
_ID = "924b5f1d-8a53-4d0e-9f0c-2f5f1c0e6a11"  # which the page shows in place of every id
_LEFT_OUT = "..."
_SPLIT = "-- the next command"
_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True)
class Shown:
    """A command of the page, and what the page shows of its output, by the parts between which it leaves some out."""

    line: str
    parts: tuple[str, ...]


def shown() -> list[Shown]:
    """Return the commands of the page, in order."""
    found = []
    for fence in read(PAGE).fences:
        for each in fence.text.removeprefix("$ ").split("\n$ "):
            line, _, output = each.partition("\n")
            parts = re.split(rf"^\s*{re.escape(_LEFT_OUT)}(?:\n|\Z)", output, flags=re.MULTILINE)
            found.append(Shown(line, tuple(each.strip("\n") for each in parts if each.strip())))
    return found


def script(commands: list[Shown], port: str) -> str:
    """Return a shell's script that runs them; the exit code of one is there for the next, as ``$?``.

    Output goes by way of a file: a pipe would be held open by the sandbox, and put commands into shells of their own.
    """
    waits = f"until (: > /dev/tcp/127.0.0.1/{port}) 2> /dev/null; do sleep 0.05; done"
    lines = ["set -m", 'trap "kill %1 2> /dev/null" EXIT', 'trap "exit 1" TERM', "left=0"]
    for each in commands:
        line = each.line.replace("8787", port).replace(_ID, '"$id"')
        if line.endswith("&"):
            lines += [f"{line.removesuffix('&')} > /dev/null 2>&1 &", waits, f'echo "{_SPLIT}"']
            continue
        lines += [f'(exit "$left"); {line} > "$OUT" 2>&1', 'left=$?; cat "$OUT"', f'echo "{_SPLIT}"']
        lines += [f'found=$(grep -oE "{_UUID}" "$OUT" | head -n 1); id=${{found:-$id}}']
    return "\n".join(lines)


def played(folder: Path, commands: list[Shown]) -> list[str]:
    """Return what each command printed, in a copy of the repository, beside a sandbox that the page starts."""
    port = str(free_port())
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns(".blinkdecl"))
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    sandbox = folder / "examples/hosted-console/environments/sandbox.yaml"
    sandbox.write_text(sandbox.read_text().replace("8787", port))
    shell = shell_in(folder, folder / "bin")
    environment = {
        **{name: value for name, value in os.environ.items() if name != "CI"},  # where no next step is printed
        "PATH": f"{shell.binaries}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "OUT": str(folder / "out"),
        "PANTHER_API_URL": f"http://127.0.0.1:{port}/public/graphql",  # where the sandbox's own commands look
    }
    # A shell that is killed would leave the sandbox; one that is ended ends it.
    called = ["timeout", "60", "bash", "-c", script(commands, port)]
    done = subprocess.run(called, cwd=folder, env=environment, capture_output=True, text=True, timeout=90, check=False)
    return steady(done.stdout.replace(port, "8787")).split(f"{_SPLIT}\n")[:-1]


def test_the_session_of_the_page(tmp_path: Path) -> None:
    """Each command prints what the page shows of it, in this order."""
    commands = shown()
    outputs = played(tmp_path, commands)
    assert len(outputs) == len(commands)
    for each, output in zip(commands, outputs, strict=True):
        at = 0
        for part in each.parts:
            assert part in output[at:], f"$ {each.line}\n{output}"
            at = output.index(part, at) + len(part)


def test_the_workflow(tmp_path: Path) -> None:
    """It fails where a destination is not as declared, its summary says why, and the token can read alone."""
    folder = tmp_path / "checkout"
    shutil.copytree(EXAMPLE, folder)
    with Sandbox(profile="hosted", token=TOKEN) as sandbox:
        at = "127.0.0.1", "https://api.acme.runpanther.net", "https://acme.app.blinkops.com"
        text = (folder / "blinkdecl.yaml").read_text()
        (folder / "blinkdecl.yaml").write_text(text.replace(at[1], sandbox.url).replace(at[2], sandbox.url))
        shutil.rmtree(folder / "environments")
        output = sandbox.edit("Blink SOC", create=True, severities="HIGH,CRITICAL")
        shell = shell_in(folder, tmp_path / "bin")
        words = f"confirm destination.blink-soc --id {output}"
        made = shell(f"blinkdecl apply --auto-approve && blinkdecl {words}", {"BLINK_SOC_API_KEY": "sandbox"})
        assert made.returncode == 0, made.stdout + made.stderr
        event = tmp_path / "event.json"
        event.write_text("{}")
        names = {"BLINKDECL_TRUSTED_HOSTS": at[0]}
        runner = Runner(folder, tmp_path, "", event, {"event": {}, "actor": "jo"}, {"PANTHER_API_TOKEN": TOKEN}, names)
        sandbox.traffic(alerts=200, days=7)
        good = runner.run(EXAMPLE / "observe.yml")["observe"]
        assert (good.result, "as declared" in good.summary) == ("success", True), good.log
        sandbox.edit("Blink SOC", severities="CRITICAL")
        sandbox.traffic(alerts=200, days=7)
        bad = runner.run(EXAMPLE / "observe.yml")["observe"]
        assert (bad.result, bad.exit_code) == ("failure", 2)
        assert "severities" in bad.summary
        assert TOKEN not in good.log + good.summary + bad.log + bad.summary


def test_the_workflow_is_what_github_reads() -> None:
    """By the schema that editors use, with pinned actions, and no rights but to read."""
    path = EXAMPLE / "observe.yml"
    assert schema_problems("github-workflows", path) == ""
    assert loaded(path)["permissions"] == {}
    assert loaded(path)["jobs"]["observe"]["permissions"] == {"contents": "read"}
