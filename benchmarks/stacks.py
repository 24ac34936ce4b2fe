"""Many stacks as a repository that is a clone of Git's, and the documents that their plans left."""

import json
import shutil
import subprocess
from pathlib import Path

from benchmarks.process import Command, blinkdecl, run
from benchmarks.repository import write_one_file

STACKS = 1_000
PER_STACK = 20
# Of a thousand: what one branch touches.
TOUCHED = 10
_GIT = ("git", "-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "init.defaultBranch=main")


def write_stacks(folder: Path) -> None:
    """Write the stacks, commit them, and then touch some of them, which is not committed."""
    shutil.rmtree(folder, ignore_errors=True)
    one = write_one_file(folder / "one", PER_STACK).folder / "blinkdecl.yaml"
    for number in range(STACKS):
        stack = folder / f"teams/team-{number:04d}"
        stack.mkdir(parents=True)
        shutil.copy(one, stack / one.name)
    shutil.rmtree(one.parent)
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "all"]):
        subprocess.run([*_GIT, *words], cwd=folder, check=True)
    for number in range(0, STACKS, STACKS // TOUCHED):
        with (folder / f"teams/team-{number:04d}" / one.name).open("a") as file:
            file.write("# touched\n")


def write_documents(folder: Path) -> None:
    """Write as many plans: of every tenth stack one of creates, of the others one without a change."""
    repository = write_one_file(folder / "one", PER_STACK)
    documents = {}
    for name, applied in (("creates", False), ("nothing", True)):
        if applied:
            run(Command([*blinkdecl(), "apply", "--auto-approve", "--no-test"], repository.folder, repository.keys))
        words = [*blinkdecl(), "plan", "--format", "json", "--output", f"{name}.json"]
        run(Command(words, repository.folder, repository.keys))
        documents[name] = json.loads((repository.folder / f"{name}.json").read_text())
    results = folder / "results"
    results.mkdir()
    for number in range(STACKS):
        kind = "nothing" if number % 10 else "creates"
        (results / f"team-{number:04d}.json").write_text(json.dumps(documents[kind]))
