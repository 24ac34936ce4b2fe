"""One detection: what its YAML and its Python file say of the ways that its alerts go."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from blinkdecl.detections.library import Library
from blinkdecl.detections.properties import EXPECTED, Properties
from blinkdecl.model.detection import DEFAULT, Detection, Returns, Word
from blinkdecl.model.resource import SEVERITIES

# With these, panther_analysis_tool uploads nothing.
_WITHHELD = ("experimental", "deprecated")
# What bears on routing; of what is wrong there, something is not known.
_READ = (
    *("AnalysisType", "BaseDetection", "Severity", "Enabled", "CreateAlert", "Status", "LogTypes", "OutputIds"),
    "DynamicSeverities",
)
# What a derived detection may replace, and the fields that it replaces then.
_REPLACED = {
    "Severity": "severity",
    "Enabled": "enabled",
    "CreateAlert": "signal",
    "Status": "withheld",
    "OutputIds": "override",
    "DynamicSeverities": "changed_to",
    "Tests": "expected",
}


def base_of(found: Properties) -> Word | None:
    """Return the id of the detection from which this one is derived, None where it is not."""
    return found.word("BaseDetection")


def described(found: Properties, alert_type: str, library: Library) -> Detection:
    """Return the detection in a file; what is wrong with it is among the problems of `found`."""
    detection = _own(found, alert_type)
    if detection.severity is None and "Severity" not in found.flawed:
        detection = replace(detection, unknown=(*detection.unknown, "its Severity"))
        found.report("it has no Severity", detection.position)
    name = found.word("Filename") if alert_type != "CORRELATION_RULE" else None
    if name is None:
        flawed = ("its Filename",) if "Filename" in found.flawed else ()
        return replace(detection, unknown=(*detection.unknown, *flawed))
    try:
        module = library.beside(found.file, name[0])
    except ValueError as problem:
        found.report(str(problem), name[1])
        unknown = Returns(unknown="its Python file cannot be read")
        return replace(detection, returned=unknown, generated=unknown)
    returned, generated = library.functions(module)
    return replace(detection, returned=returned, generated=generated)


def derived(found: Properties, base_id: str, base: Detection | None, *, nested: bool) -> Detection:
    """Return a detection that is derived from another: that one's code and log types, and what it replaces.

    `base` = None where it is not in the repository; `nested` = it is derived itself, which no tool reads.
    """
    own = _own(found, "RULE")
    why = "is derived itself" if nested else "is not in this repository" if base is None else "is no rule"
    if base is None or nested or base.alert_type != "RULE":
        return replace(own, unknown=(*own.unknown, f"its base {base_id}, which {why}"))
    given = {field for key, field in _REPLACED.items() if found.has(key) and key not in found.flawed}
    replaced: dict[str, Any] = {each: getattr(own, each) for each in given}
    unknown = (*base.unknown, *own.unknown)
    if not base.enabled and not found.has("Enabled"):  # the documentation and panther_analysis_tool disagree
        replaced["enabled"] = True
        unknown = (*unknown, "whether it is enabled, since its base is not")
    return replace(base, id=own.id, position=own.position, unknown=unknown, parts=(), **replaced)


def _own(found: Properties, alert_type: str) -> Detection:
    """Return what the YAML says."""
    identifier = found.word("RuleID") or found.word("PolicyID")
    if identifier is None:
        found.report("it has no RuleID or PolicyID", found.at("AnalysisType"))
    enabled, creates = found.flag("Enabled"), found.flag("CreateAlert") if alert_type != "POLICY" else None
    log_types, override = found.words("LogTypes") or (), found.words("OutputIds") or ()
    if len(dict(override)) < len(override):
        found.report("OutputIds repeats an entry, which panther_analysis_tool refuses", override[0][1])
    changed_to = tuple(each for of in found.each("DynamicSeverities") if (each := of.word("ChangeTo")) is not None)
    status, severity = found.word("Status"), _severity(found)
    unknown = [f"its {key}" for key in _READ if key in found.flawed]
    for word, place in changed_to:
        if not _is_severity(word):
            unknown.append(f"what becomes of ChangeTo: {word}")
            if word.upper() != DEFAULT:  # whether that may be said here is documented nowhere
                found.report(f"ChangeTo is not one of {', '.join(SEVERITIES)}", place)
    return Detection(
        identifier[0] if identifier is not None else "",
        identifier[1] if identifier is not None else found.at("AnalysisType"),
        alert_type,
        severity,
        tuple(word for word, _ in log_types),
        enabled=enabled is not False,
        signal=creates is False,
        withheld=status[0] if status is not None and status[0].lower() in _WITHHELD else "",
        override=override,
        changed_to=tuple((word.upper(), place) for word, place in changed_to if _is_severity(word)),
        expected=tuple(_expected(found)),
        parts=tuple(_parts(found)) if alert_type == "CORRELATION_RULE" else (),
        unknown=tuple(unknown),
    )


def _parts(found: Properties) -> Iterator[str]:
    """Yield the ids of the rules whose signals a correlation rule looks for."""
    for block in found.each("Detection"):
        for entry in (*block.each("Group"), *block.each("Sequence")):
            if (word := entry.word("RuleID")) is not None:
                yield word[0]


def _severity(found: Properties) -> str | None:
    word = found.word("Severity")
    if word is None:
        return None
    if not _is_severity(word[0]):
        found.report(f"its Severity is not one of {', '.join(SEVERITIES)}", word[1])
        found.flawed.add("Severity")
        return None
    return word[0].upper()


def _is_severity(word: str) -> bool:
    return word.upper() in SEVERITIES


def _expected(found: Properties) -> list[tuple[str, tuple[Word, ...]]]:
    """Return the destinations that unit tests expect, by the test's name."""
    if not found.mentions(EXPECTED):
        return []
    tests = ((each.word("Name"), each.words(EXPECTED)) for each in found.each("Tests"))
    return [(name[0], names) for name, names in tests if name is not None and names is not None]
