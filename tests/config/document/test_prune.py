"""What was taken out of a list does not shift what stands behind it."""

from pathlib import Path

import pytest

from blinkdecl.config import load
from blinkdecl.diagnostics import Failure

SOC = "version: 1\ntriggers:\n  soc: {webhook: {url: 'https://acme.blinkops.com/webhooks/soc', api_key: {env: KEY}}}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "destinations: {a: {display_name: A, trigger: soc, log_types: ['a b', AWS.CloudTrial, ' ', X.Y]}}",
            [(63, "invalid-value"), (70, "unknown-log-type"), (86, "invalid-value"), (91, "unknown-log-type")],
        ),
        ("include: [1, 'nope/*.yaml']", [(11, "wrong-type"), (14, "include")]),
        (
            "moved: [1, {from: trigger.a, to: trigger.b}]",
            [(9, "wrong-type"), (34, "invalid-move")],
        ),
        ("coverage: [1, {severities: [LOW]}]", [(12, "wrong-type")]),
        (
            "defaults: {destination: {log_types: [1, X.Y]}}\ndestinations: {a: {display_name: A, trigger: soc}}",
            [(38, "wrong-type"), (41, "unknown-log-type")],
        ),
    ],
    ids=["log-types", "include", "moved", "coverage", "defaults"],
)
def test_places_stay_true_behind_what_is_wrong(tmp_path: Path, text: str, expected: list[tuple[int, str]]) -> None:
    """Each caret is under the item that is meant."""
    (tmp_path / "blinkdecl.yaml").write_text(f"{SOC}{text}\n")
    with pytest.raises(Failure) as caught:
        load(tmp_path, environ={})
    assert [(each.position and each.position.column, each.code) for each in caught.value.diagnostics] == expected
