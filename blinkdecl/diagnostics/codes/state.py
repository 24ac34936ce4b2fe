"""The state and its lock."""

from collections.abc import Mapping

from blinkdecl.diagnostics.codes.code import LOCKED, Code

CODES: Mapping[str, Code] = {
    # State.
    "invalid-state": Code(
        "The state file is missing, empty, truncated, altered, or was written anew by an editor, a formatter or Git; "
        "that is never read as if nothing were recorded.",
        "Do as the message says: where the content is whole, it names the command that stores it again; where it is "
        "not, the rescue file or the backup, and what is lost by that. Otherwise restore the file from Git. Do not "
        "delete the state or its backup: they know what is managed.",
    ),
    "newer-state": Code(
        "The state was written by a newer version of blinkdecl.",
        "`blinkdecl --version` says which one runs here. Install the one that wrote the state, or a newer "
        "one. The state was not changed.",
    ),
    "other-lineage": Code(
        "The state to push is of another lineage or environment than the stored one, or not newer; nothing was stored.",
        "Check `--chdir` and `--env`. `blinkdecl state pull` prints what is stored. Only if your file is "
        "the right one: `blinkdecl state push FILE --force`; what was stored becomes the backup.",
    ),
    "other-environment": Code(
        "The state, or the plan that was reviewed, belongs to another environment.",
        "Pass the `--env NAME` that it belongs to. If a state was copied here, put it back: each "
        "environment keeps its own, as in .blinkdecl/staging/state.json. A plan is made again for this one.",
    ),
    "state-conflict": Code(
        "The stored state has changed since it was read; it was not overwritten.",
        "Run the command again: it starts from what is stored now. If the message names a rescue file, that "
        "file holds what this run did: do as the message says first.",
    ),
    "state-unwritable": Code(
        "The state could not be stored; what was stored before is intact.",
        "Fix the disk or the folder's permissions. Then store the rescue file that the message names: "
        "`blinkdecl state push FILE`. Keep it until then; without one, run the command again.",
    ),
    "rescue-pending": Code(
        "An earlier run could not store its state, and its rescue file is still there.",
        "Store it with the command in the message: `blinkdecl state push FILE`, with `--force` only if the "
        "message says so. Delete the file only to give up what that run did.",
    ),
    "locked": Code(
        "Another run holds the state's lock; nothing was changed.",
        "Wait for it: `blinkdecl apply --lock-timeout 5m`. If that run is dead, `blinkdecl state unlock ID` "
        "frees the lock. `blinkdecl plan` needs no lock.",
        LOCKED,
    ),
    "lock-lost": Code(
        "This run lost the state's lock: it could not renew it in time, or somebody took it over or freed it.",
        "Run the command again: it starts from what is stored then. If the message names a rescue file, do as it says "
        "first. A run that is paused for long, or cut off from the network, loses its lock so that others can proceed.",
    ),
    "not-migrated": Code(
        "There is no state where the YAML says now, but one in the default file, or where the project file has it: "
        "everything would be created again.",
        "`blinkdecl init --migrate-state` copies the state to its new place. If the file is left over from something "
        "else, move it away.",
    ),
    "missing-extra": Code(
        "The library that the state backend needs is not installed: it is an extra of the package.",
        "Run the `pip install` line in the message, and add it to the pipeline's image or requirements.",
    ),
    "lock-kept": Code(
        "A run is over, and the state's lock could not be freed, or nobody knows whether it was. What the run did is "
        "stored, and its exit code is as if the lock were free.",
        "The next run that writes meets the lock and ends with exit code 5, unless it can see that its holder is gone. "
        "`blinkdecl state unlock ID`, with the id from the message, frees it. The warning does not change the exit "
        "code.",
        warning=True,
    ),
    "left-behind": Code(
        "A file that is not needed any more could not be removed: a rescue file whose content is stored, a note of who "
        "held the lock.",
        "Remove it by hand, and look at the folder's permissions. The next run stops at a rescue file, and overwrites "
        "the note. The warning does not change the exit code.",
        warning=True,
    ),
    "not-locked": Code(
        "There is no lock with that id, or none at all.",
        "If the message names a lock, use its id. If not, nothing is in the way: run your command again.",
    ),
}
