"""A small runner of GitHub's workflows: what our files use of them, and nothing else, which it refuses.

Every ``run`` is given to bash as GitHub's runner does it. Our own action is run, step by step; what others wrote is
checked to be pinned, and left out. The action's first step, which installs blinkdecl, is left out as well: the one that
is tested is on PATH.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.github_api import REPOSITORY
from tests.support.paths import ROOT

OURS = "your-org/blinkdecl@"
_PINNED = re.compile(r"[\w-]+/[\w./-]+@[0-9a-f]{40}")
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
_TERM = r"([\w.-]+|'[^']*')"
# What a job has to say to run although another one failed, and a step although one before it did.
_REGARDLESS = "!cancelled()"
_COMPARED = re.compile(rf"{_TERM} (==|!=) {_TERM}")
# Where a name that is not there is empty, as at GitHub; anywhere else it is a mistake of ours.
_MATRIX = re.compile(r"\$\{\{ fromJSON\(([\w.-]+)\) \}\}")
_MAY_LACK = re.compile(r"(secrets|vars)\.\w+|(steps|needs)\.[\w-]+\.outputs\.\w+")
Contexts = dict[str, Any]


@dataclass
class Job:
    """How a job ended, what it printed, and what it left."""

    result: str = "success"
    exit_code: int = 0  # of its last step
    log: str = ""
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    steps: dict[str, Any] = field(default_factory=dict)


@dataclass
class Runner:
    """A machine with a checkout: where it is, and what GitHub hands to the jobs."""

    workspace: Path
    temporary: Path
    api: str
    event: Path
    github: Contexts
    secrets: dict[str, str]
    variables: dict[str, str]
    read_only: bool = False
    between: Callable[[], object] = lambda: None  # what happens before each job that waits for an approval

    def run(self, workflow: Path) -> dict[str, Job]:
        """Run the jobs of a workflow, each after those that it needs; return them by name."""
        document = loaded(workflow)
        done: dict[str, Job] = {}
        for name, job in document["jobs"].items():  # our files hold them in order
            done[name] = self._job(document, job, done)
        return done

    def _job(self, document: Contexts, job: Contexts, done: Mapping[str, Job]) -> Job:
        wanted = job["permissions"] if "permissions" in job else document["permissions"]
        may = [] if self.read_only else [scope for scope, how in wanted.items() if how == "write"]
        needs = {each: {"outputs": done[each].outputs, "result": done[each].result} for each in _needs(job)}
        github = {**self.github, "token": ",".join(may), "repository": REPOSITORY}
        contexts = {"github": github, "secrets": self.secrets, "vars": self.variables, "needs": needs}
        contexts["runner"] = {"temp": str(self.temporary)}
        condition = job.get("if", "'true'")
        met = condition.startswith(_REGARDLESS) or all(each["result"] == "success" for each in needs.values())
        if not met or not truth(condition, contexts):
            return Job("skipped")
        if "environment" in job:
            self.between()
        if "strategy" not in job:
            return self._once(job, contexts)
        name = _MATRIX.fullmatch(job["strategy"]["matrix"])
        assert name is not None
        jobs = json.loads(_value(name[1], contexts))["include"]
        made = [contexts | {"matrix": each, "strategy": {"job-index": number}} for number, each in enumerate(jobs)]
        return _joined([self._once(job, each) for each in made])

    def _once(self, job: Contexts, contexts: Contexts) -> Job:
        made = Job()
        self._steps(job["steps"], contexts, made, {}, self.workspace)
        made.outputs = {name: filled(text, contexts | {"steps": made.steps}) for name, text in _outputs(job)}
        return made

    def _steps(self, steps: list[Contexts], contexts: Contexts, job: Job, env: dict[str, str], action: Path) -> None:
        """Run steps one after the other; none after one that failed. Those of an action see their own ids only."""
        seen: dict[str, Any] = {}
        for step in steps:
            _refuse(step, {"name", "id", "if", "uses", "with", "env", "shell", "run"})
            known = contexts | {"steps": seen}
            condition = step.get("if", "'true'")
            failed = job.result == "failure" and not condition.startswith(_REGARDLESS)
            if failed or not truth(condition, known):
                continue
            own = env | {name: filled(text, known) for name, text in step.get("env", {}).items()}
            outputs: dict[str, str] = {}
            if step.get("name") == "Install blinkdecl":
                continue
            if "run" in step:
                outputs = self._bash(step["run"], own, job, action)
            elif _PINNED.fullmatch(step["uses"]) is None:
                raise ValueError(f"not pinned: {step['uses']}")
            elif step["uses"].startswith(OURS):
                outputs = self._ours(step.get("with", {}), known, job, own)
            elif "-artifact@" in step["uses"]:
                given = {name: filled(text, known) for name, text in step["with"].items()}
                (self._upload if "/upload-" in step["uses"] else self._download)(**_names(given))
            seen[step.get("id", "")] = {"outputs": outputs}
        job.steps = seen

    def _ours(self, given: Mapping[str, str], contexts: Contexts, job: Job, env: dict[str, str]) -> dict[str, str]:
        """Run our action with these inputs, and return its outputs."""
        action = loaded(ROOT / "action.yml")
        _refuse(given, action["inputs"])
        inputs = {name: filled(given.get(name, each["default"]), contexts) for name, each in action["inputs"].items()}
        inner = {"inputs": inputs, "github": contexts["github"]}
        self._steps(action["runs"]["steps"], inner, job, env, ROOT)
        known = inner | {"steps": job.steps}
        return {name: filled(each["value"], known) for name, each in action["outputs"].items()}

    def _upload(self, name: str, path: str, if_no_files_found: str, retention_days: str) -> None:
        """Keep a folder; the next job has a machine of its own, on which it is not."""
        assert (if_no_files_found, retention_days) == ("error", "1")
        kept = self.temporary / "artifacts" / name
        kept.parent.mkdir(exist_ok=True)
        assert not kept.exists(), "an artifact cannot be written twice"
        shutil.move(self.workspace / path, kept)

    def _download(self, pattern: str, path: str, merge_multiple: str) -> None:
        """Put what is in the folders that were kept into one."""
        assert merge_multiple == "true"
        for each in (self.temporary / "artifacts").glob(pattern):
            shutil.copytree(each, self.workspace / path, dirs_exist_ok=True)

    def _bash(self, script: str, env: Mapping[str, str], job: Job, action: Path) -> dict[str, str]:
        """Run a script as the runner does; return its outputs."""
        if _EXPRESSION.search(script):
            raise ValueError(f"an expression becomes a part of a script: {script}")
        files = {name: self.temporary / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV")}
        for each in files.values():
            each.write_text("")
        (self.temporary / "step.sh").write_text(script)
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(self.temporary / "step.sh")],
            cwd=self.workspace,
            env={**self._environment(), "GITHUB_ACTION_PATH": str(action), **_texts(files), **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        job.log += ran.stdout
        job.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        job.exit_code = ran.returncode
        if ran.returncode != 0:
            job.result = "failure"
        return dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())

    def _environment(self) -> dict[str, str]:
        """Return what the runner sets, and programs on PATH that are those of this test."""
        binaries = self.temporary / "bin"
        binaries.mkdir(exist_ok=True)
        for name, words in (("blinkdecl", "-m blinkdecl"), ("python3", "")):
            made = binaries / name
            made.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" {words} "$@"\n')
            made.chmod(0o755)
        return {
            "PATH": f"{binaries}:{os.environ['PATH']}", "HOME": str(self.temporary), "CI": "true",
            "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(self.workspace), "GITHUB_API_URL": self.api,
            "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_RUN_ID": "4711",
            "GITHUB_EVENT_PATH": str(self.event), "RUNNER_TEMP": str(self.temporary),
        }  # fmt: skip


def loaded(path: Path) -> Any:  # noqa: ANN401 - YAML
    """Return a file's YAML, every scalar as text: `on` is no boolean."""
    return yaml.load(path.read_text(), Loader=yaml.BaseLoader)


def filled(text: str, contexts: Contexts) -> str:
    """Return a text with its expressions evaluated; each is one name."""
    return _EXPRESSION.sub(lambda each: _value(each[1].strip(), contexts), text)


def truth(condition: str, contexts: Contexts) -> bool:
    """Evaluate an `if`: names, texts and comparisons of two, joined by || and &&; raise ValueError for any other."""
    condition = condition.removeprefix(_REGARDLESS).removeprefix(" && ") or "'true'"
    return any(all(_holds(part, contexts) for part in each.split(" && ")) for each in condition.split(" || "))


def _holds(condition: str, contexts: Contexts) -> bool:
    compared = _COMPARED.fullmatch(condition)
    if compared is None:
        return _value(condition, contexts) not in ("", "false")
    return (_value(compared[1], contexts) == _value(compared[3], contexts)) == (compared[2] == "==")


def _value(term: str, contexts: Contexts) -> str:
    if re.fullmatch(_TERM, term) is None:
        raise ValueError(f"not an expression that our files use: {term}")
    if term.startswith("'"):
        return term[1:-1]
    found: Any = contexts
    for part in term.split("."):
        if part not in found and _MAY_LACK.fullmatch(term):
            return ""
        found = found[part]
    return str(found)


def _needs(job: Contexts) -> list[str]:
    named = job.get("needs", [])
    return [named] if isinstance(named, str) else list(named)


def _joined(jobs: list[Job]) -> Job:
    """Return the jobs of a matrix as the job that others need: it fails if any of them does."""
    return Job(
        "failure" if any(each.result == "failure" for each in jobs) else "success",
        max(each.exit_code for each in jobs),
        "".join(each.log for each in jobs),
        "".join(each.summary for each in jobs),
    )


def _names(given: Mapping[str, str]) -> dict[str, str]:
    """Return inputs as names of parameters."""
    return {name.replace("-", "_"): text for name, text in given.items()}


def _outputs(job: Contexts) -> list[tuple[str, str]]:
    return list(job.get("outputs", {}).items())


def _refuse(given: Mapping[str, Any], known: Any) -> None:  # noqa: ANN401 - names, or what has them as keys
    unknown = set(given) - set(known)
    if unknown:
        raise ValueError(f"not known here: {sorted(unknown)}")


def _texts(files: Mapping[str, Path]) -> dict[str, str]:
    return {name: str(path) for name, path in files.items()}
