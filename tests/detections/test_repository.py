"""A repository of detections: what is wrong with a file is a warning."""

from pathlib import Path

from blinkdecl.detections.repository import read_detections


def test_a_file_name_that_is_none(tmp_path: Path) -> None:
    """A NUL in `Filename` is a warning like any other wrong name; its destinations are dynamic."""
    (tmp_path / "a.yml").write_text('AnalysisType: rule\nRuleID: A\nSeverity: High\nFilename: "\\0.py"\n')
    [found], [problem] = read_detections(tmp_path, Path())
    assert problem.summary == "its Filename leads out of the folder"
    assert found.returned is not None
    assert found.returned.dynamic
