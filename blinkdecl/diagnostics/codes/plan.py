"""What prevents a plan: secrets and policy."""

from collections.abc import Mapping

from blinkdecl.diagnostics.codes.code import CHANGES, POLICY, STALE, Code

CODES: Mapping[str, Code] = {
    # Secrets.
    "secret-missing": Code(
        "A secret reference has no value.",
        "For `{env: NAME}`: `export NAME=...`, in CI too. For `{file: PATH}`, relative to the project's "
        "folder: check path and permissions. For a command: run it by hand.",
    ),
    "invalid-secret": Code(
        "A secret reference has a value that no HTTP header can carry, or that cannot be read as one.",
        "The value is one line of plain ASCII, in a regular file where it is in one: copy it again, alone. It is not "
        "shown, since it may be most of the secret.",
    ),
    "command-forbidden": Code(
        "A `command` secret reference runs only if both the project and the caller allow it.",
        "Write `allow_commands: true` in blinkdecl.yaml, and call `blinkdecl apply --allow-commands`, or "
        "`blinkdecl test --allow-commands`.",
    ),
    # Plan and policy.
    "exists": Code(
        "A destination with this display name exists and is not managed here.",
        "If it is the same, `blinkdecl import ADDRESS ID` takes it over; where a state was lost, `blinkdecl import "
        "--all` takes over everything that is declared under the name that it has (look first with --dry-run). "
        "Otherwise give this one another `display_name`, or remove the one that exists. What another environment of "
        "the project manages cannot be imported: with one provider, let a variable tell the names apart.",
    ),
    "renamed": Code(
        "A resource seems to have a new address: without a move, the old one is destroyed and a new one created.",
        "To keep the object, write in blinkdecl.yaml: `moved: [{from: destination.old, to: "
        "destination.new}]`. Of a trigger a move keeps the record; nothing changes in Blink either way. The warning "
        "does not change the exit code.",
        warning=True,
    ),
    "prevent-destroy": Code(
        "The plan would destroy a resource that is protected by prevent_destroy, or was when last applied.",
        "To keep it, leave its block in the YAML. To remove it, set `lifecycle: {prevent_destroy: false}`, "
        "run `blinkdecl apply`, then remove the block. `blinkdecl destroy --exclude ADDRESS` leaves it out. "
        "`removed: [{from: ADDRESS}]` in blinkdecl.yaml lets go of what is no longer declared, and destroys nothing.",
        POLICY,
    ),
    "many-missing": Code(
        "So many recorded destinations are not in Panther's list that the list may be wrong; nothing was changed.",
        "Look in Panther's console. If the destinations are there, wait and run again: the answer was incomplete. If "
        "somebody deleted them, `blinkdecl plan --accept-missing N` creates them again, with N from the message.",
    ),
    "limits": Code(
        "The plan destroys or changes more destinations than its limits allow.",
        "First ask why: a wrong folder or `include` looks like this. If it is intended, pass the number: "
        "`blinkdecl plan --allow-deletes N --out plan.json`, or `--allow-changes N`. `limits` in "
        "blinkdecl.yaml sets other bounds. What `removed` lets go is not destroyed, and does not count.",
        POLICY,
    ),
    "coverage": Code(
        "Alerts that a `coverage` rule in blinkdecl.yaml names reach fewer destinations than it requires.",
        "`blinkdecl coverage` shows who receives what. Keep or declare a destination that takes them, or change the "
        "rule in the same pull request. With `drift`: `blinkdecl plan` shows what restores it. Destinations that are "
        "not managed here do not count, and two that share a webhook (or what `independent` names) count as one.",
        POLICY,
    ),
    "routing-test": Code(
        "An alert of a routing test does not reach exactly the destinations that the test expects.",
        "The message gives the reason for each destination. `blinkdecl route --explain` does the same for one alert. "
        "Fix the destinations, or change `expect` in the same pull request.",
        POLICY,
    ),
    "no-order": Code(
        "Destinations take over each other's webhooks, so that a coverage rule is broken while the plan is applied.",
        "Declare one more destination until it is applied, or accept it: alerts that somebody receives before and "
        "after are received in between all the same. "
        "The warning does not change the exit code.",
        warning=True,
    ),
    "leftover": Code(
        "A destination that a killed run was about to create, and that is not declared any more, is destroyed.",
        "It bears the name that the run wrote down before the call, and was not there then. If somebody else made it "
        "since, give it another name first. The warning does not change the exit code.",
        warning=True,
    ),
    "unconfirmed": Code(
        "Somebody was asked to create a destination in Panther's console, never confirmed it, and it is not to exist "
        "any more.",
        "Nothing records it, so blinkdecl does not know whether it exists. Look in the console for the display name in "
        "the message, and delete it there. The warning does not change the exit code.",
        warning=True,
    ),
    "unread-state": Code(
        "A state was not read: this one's with --offline, if it is kept elsewhere, or another environment's.",
        "With --offline everything is shown as new: where credentials for the state are at hand, plan without it. "
        "Another environment may manage what exists here: import it only if you know that none does. The warning does "
        "not change the exit code.",
        warning=True,
    ),
    # What plan and drift show in a table, told as single findings (`--format sarif`).
    "changed-outside": Code(
        "Somebody changed a destination outside blinkdecl, in Panther's console or by its API; or the automation of a "
        "trigger in Blink is not as the trigger needs it.",
        "`blinkdecl drift` shows each attribute, and who changed it when. `blinkdecl apply` puts back what is "
        "declared of a destination; an automation is put right in Blink. To keep the change, write it into the YAML. "
        "`drift: {waive: [...]}` accepts it until a date.",
        CHANGES,
    ),
    "deleted-outside": Code(
        "Somebody deleted a destination outside blinkdecl: no alert arrives there any more.",
        "`blinkdecl apply` creates it again. If it is to be gone, remove its block from the YAML.",
        CHANGES,
    ),
    "automation-differs": Code(
        "The automation of a trigger that the plan's changes lead to is missing in Blink, not published, inactive, "
        "with unpublished changes, or triggered by another event.",
        "Put it right in Blink, or change what the trigger declares; blinkdecl changes nothing in Blink. `blinkdecl "
        "drift` shows it of every trigger. The warning does not change the exit code.",
        warning=True,
    ),
    "automation-unknown": Code(
        "Blink was to be asked for the automation of a trigger, and something of the answer is missing: neither drift "
        "nor its absence is known there.",
        "The note has the reason, such as a key that is not set or may not look, an unknown workspace, or two "
        "automations of one name. docs/proof.md says which rights the key needs. The warning does not change the "
        "exit code.",
        warning=True,
    ),
    "lost-alerts": Code(
        "Alerts that somebody received reach nobody any more: after the plan, or by what changed outside blinkdecl.",
        "`blinkdecl plan` has the table of who receives what. Declare a destination that takes them, or declare the "
        "silence in blinkdecl.yaml: `coverage: [{severities: [INFO], nobody: true, reason: ...}]`. The warning "
        "does not change the exit code; a `coverage` rule makes it an error.",
        warning=True,
    ),
    "stale-plan": Code(
        "What was reviewed (a saved plan, or a digest) is no longer what would be done now; nothing was changed.",
        "Plan again with `blinkdecl plan --out plan.json`, review it, then `blinkdecl apply plan.json`. Without a "
        "file: `blinkdecl plan`, then `blinkdecl apply --expect DIGEST` with the digest that it prints. Use the same "
        "`--env` and options as the first time.",
        STALE,
    ),
    "invalid-plan": Code(
        "The file is not a plan, was altered, or was written by a version with another format.",
        "Make a new one: `blinkdecl plan --out plan.json`. A plan is never edited by hand.",
    ),
}
