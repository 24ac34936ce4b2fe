"""What stands in the way of a plan: secrets and policy."""

from collections.abc import Mapping

from blinkdecl.diagnostics.codes.code import POLICY, STALE, Code

CODES: Mapping[str, Code] = {
    # Secrets.
    "secret-missing": Code(
        "A secret reference leads to no value, or to one that no HTTP header can carry.",
        "For `{env: NAME}`: `export NAME=...`, in CI too. For `{file: PATH}`, which starts at the project's "
        "folder: check path and permissions. For a command, run it by hand. The value is one line of plain "
        "ASCII.",
    ),
    "command-forbidden": Code(
        "A `command` secret reference runs only if both the project and the caller allow it.",
        "Write `allow_commands: true` in blinkdecl.yaml, and call `blinkdecl apply --allow-commands`, or "
        "`blinkdecl test --allow-commands`.",
    ),
    # Plan and policy.
    "exists": Code(
        "A destination with this display name exists and is not managed here.",
        "If it is the same, `blinkdecl import ADDRESS ID` takes it over. Else give this one another "
        "`display_name`, or remove the one that exists.",
    ),
    "renamed": Code(
        "A resource seems to have got another address: as it stands, the old is destroyed and a new one created.",
        "To keep the object, write in blinkdecl.yaml: `moved: [{from: destination.old, to: "
        "destination.new}]`. The warning does not change the exit code.",
        warning=True,
    ),
    "prevent-destroy": Code(
        "The plan would destroy a resource that is, or was when last applied, protected by prevent_destroy.",
        "To keep it, leave its block in the YAML. To remove it, set `lifecycle: {prevent_destroy: false}`, "
        "run `blinkdecl apply`, then remove the block. `blinkdecl destroy --exclude ADDRESS` leaves it out.",
        POLICY,
    ),
    "many-missing": Code(
        "So many recorded destinations are not in Panther's list that the list may be wrong; nothing was changed.",
        "Look into Panther's console. If the destinations are there, wait and run again: the answer was not whole. If "
        "somebody deleted them, `blinkdecl plan --accept-missing N` makes them again, with the number in the message.",
    ),
    "limits": Code(
        "The plan destroys or changes more destinations than its limits allow.",
        "First ask why: a wrong folder or `include` looks like this. If it is meant, name the number: "
        "`blinkdecl plan --allow-deletes N --out plan.json`, or `--allow-changes N`. `limits` in "
        "blinkdecl.yaml sets other bounds.",
        POLICY,
    ),
    "coverage": Code(
        "Alerts that a `coverage` rule of blinkdecl.yaml names reach fewer destinations than it asks for.",
        "`blinkdecl coverage` shows who receives what. Keep or declare a destination that takes them, or change the "
        "rule in the same pull request. With `drift`: `blinkdecl plan` shows what brings it back. Destinations that "
        "nothing here manages do not count.",
        POLICY,
    ),
    "routing-test": Code(
        "An alert of a routing test does not reach exactly the destinations that the test expects.",
        "The message says of each destination why. `blinkdecl route --explain` asks the same for one alert. Mend the "
        "destinations, or change `expect` in the same pull request.",
        POLICY,
    ),
    "unknown-destination": Code(
        "A detection names a destination, in OutputIds or by destinations(), that is not there, or is removed or "
        "renamed.",
        "Its alerts would not arrive: mend the name, or keep the destination until no detection names it. What nothing "
        "here manages is known with `blinkdecl route --against live`, or told with `--unmanaged NAME`.",
        POLICY,
    ),
    "unreached": Code(
        "The alerts of a detection reach nobody, and nothing says that this is meant.",
        "Declare a destination that takes them. Where it is meant, let destinations() return `[]`, or write `SKIP` in "
        "OutputIds. The warning does not change the exit code.",
        warning=True,
    ),
    "unused-log-type": Code(
        "A destination takes a log type that no detection has.",
        "It may be misspelt, or its detections are elsewhere. The warning does not change the exit code.",
        warning=True,
    ),
    "invalid-detection": Code(
        "A file of the detections repository cannot be read as a detection; the others were.",
        "Mend the file: until then nobody can say where its alerts go. The warning does not change the exit code.",
        warning=True,
    ),
    "stale-plan": Code(
        "What the saved plan says is no longer what would be done now; nothing was changed.",
        "Plan again with `blinkdecl plan --out plan.json`, review it, then `blinkdecl apply plan.json`. Use "
        "the `--env` and options of the first time.",
        STALE,
    ),
    "invalid-plan": Code(
        "The file is not a plan, was altered, or was written by a version with another format.",
        "Make a new one: `blinkdecl plan --out plan.json`. A plan is never edited by hand.",
    ),
}
