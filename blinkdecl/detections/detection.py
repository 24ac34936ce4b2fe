"""One detection: what its YAML and its Python file say of the ways that its alerts go."""

from dataclasses import replace
from typing import Any

from blinkdecl.detections.library import Library
from blinkdecl.detections.properties import EXPECTED, Properties
from blinkdecl.detections.returns import returns_of, severities_of
from blinkdecl.model.detection import DEFAULT, Detection, Returns, Word
from blinkdecl.model.resource import SEVERITIES

# With these, panther_analysis_tool uploads nothing.
_WITHHELD = ("experimental", "deprecated")
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
    if detection.severity is None:
        detection = replace(detection, unknown=(*detection.unknown, "its Severity"))
        if not found.problems:
            found.report("it has no Severity", detection.position)
    name = found.word("Filename") if alert_type != "CORRELATION_RULE" else None
    if name is None:
        return detection
    try:
        module = library.beside(found.file, name[0])
    except ValueError as problem:
        found.report(str(problem), name[1])
        unknown = Returns(unknown="its Python file cannot be read")
        return replace(detection, returned=unknown, generated=unknown)
    returned, generated = returns_of(module, "destinations", "lists"), returns_of(module, "severity", "words")
    return replace(detection, returned=returned, generated=generated and severities_of(generated))


def derived(found: Properties, base_id: str, base: Detection | None, *, nested: bool) -> Detection:
    """Return a detection that is derived from another: that one's code and log types, and what it replaces.

    `base` = None where it is not in the repository; `nested` = it is derived itself, which no tool reads.
    """
    own = _own(found, "RULE")
    if base is None or nested:
        why = "is derived itself" if nested else "is not in this repository"
        return replace(own, unknown=(*own.unknown, f"its base {base_id}, which {why}"))
    # A value that is there and wrong replaces nothing; it is among the problems, and what is not known.
    given = {field for key, field in _REPLACED.items() if found.has(key)}
    replaced: dict[str, Any] = {each: getattr(own, each) for each in given}
    if own.severity is None:
        replaced.pop("severity", None)
    return replace(base, id=own.id, position=own.position, unknown=(*base.unknown, *own.unknown), **replaced)


def _own(found: Properties, alert_type: str) -> Detection:
    """Return what the YAML says."""
    identifier = found.word("RuleID") or found.word("PolicyID")
    if identifier is None:
        found.report("it has no RuleID or PolicyID", found.at("AnalysisType"))
    unknown = []
    enabled, creates = found.flag("Enabled"), found.flag("CreateAlert") if alert_type != "POLICY" else None
    unknown += ["whether it is enabled"] if enabled is None and found.has("Enabled") else []
    log_types = found.words("LogTypes")
    unknown += ["its LogTypes"] if log_types is None and found.has("LogTypes") else []
    override = found.words("OutputIds")
    unknown += ["its OutputIds"] if override is None and found.has("OutputIds") else []
    if override is not None and len(dict(override)) < len(override):
        found.report("OutputIds repeats an entry, which panther_analysis_tool refuses", override[0][1])
    changed_to = tuple(each for of in found.each("DynamicSeverities") if (each := of.word("ChangeTo")) is not None)
    for word, place in changed_to:
        if not _is_severity(word):
            unknown.append(f"what becomes of ChangeTo: {word}")
            if word.upper() != DEFAULT:  # whether that may be said here is documented nowhere
                found.report(f"ChangeTo is not one of {', '.join(SEVERITIES)}", place)
    status = found.word("Status")
    return Detection(
        identifier[0] if identifier is not None else "",
        identifier[1] if identifier is not None else found.at("AnalysisType"),
        alert_type,
        _severity(found),
        tuple(word for word, _ in log_types or ()),
        enabled=enabled is not False,
        signal=creates is False,
        withheld=status[0] if status is not None and status[0].lower() in _WITHHELD else "",
        override=override or (),
        changed_to=tuple((word.upper(), place) for word, place in changed_to if _is_severity(word)),
        expected=tuple(_expected(found)),
        unknown=tuple(unknown),
    )


def _severity(found: Properties) -> str | None:
    word = found.word("Severity")
    if word is None:
        return None
    if not _is_severity(word[0]):
        found.report(f"its Severity is not one of {', '.join(SEVERITIES)}", word[1])
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
