"""What is wrong with detections, and with the ways that they name."""

from collections.abc import Mapping

from blinkdecl.diagnostics.codes.code import POLICY, Code

CODES: Mapping[str, Code] = {
    "unknown-destination": Code(
        "A detection names a destination, in OutputIds or destinations(), that does not exist, or only in another "
        "environment, or is being removed or renamed.",
        "Its alerts would not arrive: fix the name, or keep the destination until no detection names it. For "
        "destinations that are not managed here, use `blinkdecl route --against live`, or name them with "
        "`--unmanaged NAME`.",
        POLICY,
    ),
    "unreached": Code(
        "The alerts of a detection reach nobody, and nothing says that this is intended.",
        "Declare a destination that takes them. If it is intended, let destinations() return `[]`, write `SKIP` in "
        "OutputIds, or declare it in `coverage` with `nobody: true`. The warning does not change the exit code.",
        warning=True,
    ),
    "discarded-list": Code(
        "What destinations() of a detection returns is discarded by Panther: a name twice, a tuple, a text, a number.",
        "Return a list of the names or ids of different destinations, `[]` for nobody, or None to leave it to "
        "OutputIds and the destinations' own settings.",
        POLICY,
    ),
    "not-known": Code(
        "With --strict: where the alerts of a detection go cannot be said from its files, or a file cannot be read.",
        "Let severity() and destinations() return literals, show with `--pat-results` what their tests return, or "
        "leave --strict out. The notes say what is not known.",
        POLICY,
    ),
    "no-detections": Code(
        "The folder holds no detection, so that there is nothing to check.",
        "Name the folder that holds the YAML files of detections. At the root of a repository only the folders count "
        "that panther_analysis_tool reads there: rules, policies, queries and the like.",
    ),
    "returned-skip": Code(
        "destinations() of a detection returns a list with SKIP, which is meant for nobody.",
        "Return `[]`, which is certain: panther_core discards a list with SKIP as one with an unknown name. The "
        "warning does not change the exit code.",
        warning=True,
    ),
    "override-name": Code(
        "OutputIds of a detection has a display name. That only ids work there is all that is proved.",
        "Write the destination's id, or name it in destinations(). The warning does not change the exit code.",
        warning=True,
    ),
    "signal-override": Code(
        "A detection that raises no alert (`CreateAlert: false`) has OutputIds, which have no effect.",
        "Remove them, or let it create alerts. The warning does not change the exit code.",
        warning=True,
    ),
    "illegal-severity": Code(
        "severity() of a detection returns what is no severity.",
        "Return INFO, LOW, MEDIUM, HIGH, CRITICAL or DEFAULT; otherwise the static severity holds. The warning does "
        "not change the exit code.",
        warning=True,
    ),
    "unused-log-type": Code(
        "A destination takes a log type that no detection has.",
        "It may be misspelt, or its detections are elsewhere. The warning does not change the exit code.",
        warning=True,
    ),
    "invalid-detection": Code(
        "A file in the detections repository cannot be read as a detection; the others were read.",
        "Fix the file: until then nobody can say where its alerts go. The warning does not change the exit code.",
        warning=True,
    ),
}
