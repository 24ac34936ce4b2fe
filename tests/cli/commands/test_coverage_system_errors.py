"""`coverage` of system errors, which are CRITICAL and nothing else: no format says of them what does not occur."""

from tests.support.repository import Repository

ERRORS = """\
  blink-errors:
    display_name: Errors
    trigger: soc
    severities: []
    alert_types: [SYSTEM_ERROR]
"""


def test_their_row_has_one_severity(repository: Repository) -> None:
    """The other cells of a row of their own are empty, and no name is told for them."""
    repository.edit("severities: [HIGH, CRITICAL]\n", f"severities: [HIGH, CRITICAL]\n{ERRORS}")
    text = repository("coverage").out
    assert "  SYSTEM_ERROR                                     2\n    CRITICAL: blink-errors, blink-soc\n" in text
    markdown = repository("coverage", "--format", "markdown").out
    assert r"| SYSTEM_ERROR | 2 |  |  |  |  |" in markdown
    assert "- SYSTEM_ERROR: CRITICAL: blink-errors, blink-soc\n" in markdown
    row = repository("coverage", "--format", "html").out.partition("SYSTEM_ERROR</")[2].partition("</tr>")[0]
    assert row.count("blink-errors") == 1
    assert row.count("–") == 4
