"""Whatever a Panther repeats of a secret in an error, no command prints it."""

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from blinkdecl.sandbox import Sandbox
from tests.support.receiver import answers, receiver
from tests.support.repository import Repository

TOKEN, KEY = "canary-7a2c-token", "canary/5f1e+key-of-twenty"
FORMS = [KEY, quote(KEY, safe=""), quote(KEY, safe="").lower(), base64.b64encode(KEY.encode()).decode(), TOKEN]
TEXT = """\
version: 1
webhook_hosts: ["127.0.0.1"]
provider: {{type: panther, url: "{url}/public/graphql", token: {{env: PANTHER_API_TOKEN}}}}
triggers:
  soc: {{webhook: {{url: "{url}/webhooks/soc", api_key: {{env: BLINK_SOC_API_KEY}}}}}}
destinations:
  soc: {{display_name: Blink SOC, trigger: soc, severities: [HIGH]}}
"""


@pytest.mark.parametrize("words", [["plan"], ["drift"], ["apply", "--auto-approve"], ["import", "--all"]])
@pytest.mark.parametrize("form", range(len(FORMS)))
def test_no_command_prints_it(
    words: list[str], form: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first thing that is asked fails with the secret in its text, before anything was sent that holds one."""
    monkeypatch.setenv("PANTHER_API_TOKEN", TOKEN)
    monkeypatch.setenv("BLINK_SOC_API_KEY", KEY)
    body = json.dumps({"errors": [{"message": f"webhook with {FORMS[form]} is odd"}]}).encode()
    with Sandbox() as sandbox, receiver(answers(200, body=body)) as peer:
        made = Repository(tmp_path, sandbox, capsys, [TOKEN, KEY, *FORMS])
        made.write("blinkdecl.yaml", TEXT.format(url=f"http://127.0.0.1:{peer.port}"))
        ran = made(*words)
    assert ran.code == 1
    assert "webhook with *** is odd" in ran.err
