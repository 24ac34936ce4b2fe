"""A repository of detections: what is wrong with a file is a warning, and what is not known is said."""

from pathlib import Path

from blinkdecl.detections.repository import read_detections


def test_a_file_name_that_is_none(tmp_path: Path) -> None:
    """A NUL in `Filename` is a warning like any other wrong name; its destinations are not known."""
    (tmp_path / "a.yml").write_text('AnalysisType: rule\nRuleID: A\nSeverity: High\nFilename: "\\0.py"\n')
    found = read_detections(tmp_path, Path())
    [detection], [problem] = found.detections, found.problems
    assert problem.summary == "its Filename leads out of the folder"
    assert detection.not_known
