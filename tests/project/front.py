"""What a front other than the command line would write: ``python -m tests.project.front FOLDER``.

It writes a project to FOLDER, plans and applies it against the sandbox's Panther, and plans again: all of it without
`blinkdecl.cli`. What happened is printed as JSON.
"""

import json
import sys
from pathlib import Path

from blinkdecl.applier.change import Tools
from blinkdecl.applier.run import Baseline, apply
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.plan import Options, Plan
from blinkdecl.model.results import Event, Results
from blinkdecl.project.project import Project, open_project
from blinkdecl.project.snapshot import take_snapshot
from blinkdecl.project.targets import open_probe
from blinkdecl.sandbox import Sandbox

KEY, TOKEN = "canary-front-key", "canary-front-token"
CONFIGURATION = """\
version: 1
webhook_hosts: ["127.0.0.1"]
provider: {{type: panther, url: "{url}/public/graphql", token: {{env: PANTHER_API_TOKEN}}}}
triggers:
  soc:
    webhook: {{url: "{url}/webhooks/soc", api_key: {{env: BLINK_SOC_API_KEY}}}}
destinations:
  blink-soc: {{display_name: Blink SOC, trigger: soc, severities: [HIGH]}}
"""


def plan_and_apply(project: Project, report: list[Event]) -> tuple[Plan, Results]:
    """Plan under the lock, and carry the plan out."""
    with project.lock(0.0), take_snapshot(project) as snapshot:
        plan = snapshot.plan(Options(), snapshot.fingerprints)
        assert not plan.refused
        fingerprints = snapshot.fingerprints_for(plan)
        with open_probe(project, fingerprints, parallelism=4, enabled=True, again="blinkdecl test {}".format) as probe:
            tools = Tools(
                snapshot.provider, project.backend, fingerprints, probe, report.append, lambda: None, parallelism=4
            )
            baseline = Baseline(snapshot.state, snapshot.base, snapshot.live)
            return plan, apply(plan, project.configuration, baseline, tools)[1]


def plan_again(project: Project) -> tuple[Plan, Plan]:
    """Return what is left to be done, and the drift."""
    with take_snapshot(project) as snapshot:
        return snapshot.plan(Options(), snapshot.fingerprints), snapshot.drift(None)


def main(folder: Path) -> None:
    """Print what happened as JSON."""
    said: list[str] = []  # what a person should know while something is waited for
    events: list[Event] = []
    with Sandbox(api_key=KEY, token=TOKEN) as sandbox:
        (folder / "blinkdecl.yaml").write_text(CONFIGURATION.format(url=sandbox.url))
        environ = {"BLINK_SOC_API_KEY": KEY, "PANTHER_API_TOKEN": TOKEN}
        project = open_project(Invocation("apply", str(folder), environ=environ), said.append)
        planned, results = plan_and_apply(project, events)
        left, drift = plan_again(project)
        alerts = len(sandbox.received())
        live = [each.display_name for each in sandbox.destinations()]
    found = {
        "planned": [f"{each.action.value} {each.address}" for each in planned.changes],
        "outcomes": [each.outcome for each in results.results],
        "moments": [each.moment for each in events],
        "live": live,
        "alerts": alerts,
        "pending": left.pending,
        "drifted": drift.drifted,
        "said": said,
        "cli": [each for each, held in sys.modules.items() if held and each.startswith(("blinkdecl.cli", "click"))],
    }
    print(json.dumps(found))  # noqa: T201 - read by the test that started this process


if __name__ == "__main__":
    main(Path(sys.argv[1]))
