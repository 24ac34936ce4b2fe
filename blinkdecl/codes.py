"""The catalogue of diagnostics: each code is stable, has one meaning, and leads to one exit code.

`blinkdecl help CODE` prints an entry. A test holds that every code in use is listed, and every listed one in use.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ERROR = 1
CHANGES = 2
POLICY = 3
PARTIAL = 4
LOCKED = 5
STALE = 6
USAGE = 64
BUG = 70


@dataclass(frozen=True, slots=True)
class Code:
    """What a code means: `explanation` says what is wrong, `remedy` what to check and what mends it.

    `warning` = it is only ever a warning, so that it leads to no exit code.
    """

    explanation: str
    remedy: str
    exit_code: int = ERROR
    warning: bool = False


CODES: Mapping[str, Code] = MappingProxyType(
    {
        # The text of the files.
        "not-found": Code(
            "A file, environment, address or code that was named does not exist, or nothing is recorded yet.",
            "Look for a typo, and at the folder: `--chdir DIR` names another one. `blinkdecl state list` names "
            "the recorded addresses, `blinkdecl help` the codes; `blinkdecl init` writes a first blinkdecl.yaml.",
        ),
        "unreadable": Code(
            "A file that is there cannot be read, or is no regular file.",
            "Look at it with `ls -l`: it must be a file, not a folder or a device, and this user must be able "
            "to read it.",
        ),
        "invalid-encoding": Code(
            "YAML files are UTF-8, without a byte order mark and without control characters.",
            "Save the file as UTF-8 without a byte order mark. If the message names a character, remove it: it "
            "stands at the place shown.",
        ),
        "invalid-yaml": Code(
            "The file is empty or not YAML: the place shown is where it stops to make sense.",
            "Look there, and on the line above, for a tab, an open quote or bracket, a missing colon or wrong "
            "indentation. An empty file needs at least `version: 1`.",
        ),
        "too-large": Code(
            "A file holds at most 1 MiB, 50 levels and 50000 values with aliases expanded, and 4 MiB with "
            "variables put in.",
            "Split it: every `*.yaml` below triggers/ and destinations/ is read, unless `include` says otherwise.",
        ),
        "forbidden-yaml": Code(
            "Custom tags (!tag) and merge keys (<<) are refused: they make a file mean what it does not say.",
            "Remove the tag, and write out what was merged. What resources share can stand once, in `defaults` "
            "of blinkdecl.yaml.",
        ),
        "duplicate-key": Code(
            "A key, or an address, stands twice; YAML would silently let the last one win.",
            "The message says where the first one stands. Remove one of the two, or rename it.",
        ),
        # The shape of the configuration.
        "unknown-property": Code(
            "No such property exists at this place.",
            "It is a typo, or stands one level too deep or too high: look at the indentation. `blinkdecl "
            "schema` prints every property; `blinkdecl init` puts the schema where editors complete from it.",
        ),
        "missing-property": Code(
            "A property that is required is not there.",
            "Add it at the place shown. `blinkdecl schema` describes it, with an example.",
        ),
        "invalid-value": Code(
            "The value is none of those that this property takes.",
            "The message says what it takes. Upper case counts, as in `severities: [HIGH, CRITICAL]`. "
            "`blinkdecl schema` lists the values.",
        ),
        "invalid-name": Code(
            "A name does not match ^[a-z][a-z0-9_-]{0,62}$, or two variables would be read from one "
            "BLINKDECL_VAR_NAME.",
            "Begin with a lower-case letter; then lower-case letters, digits, `-` and `_`. Variables must also "
            "differ where `-` is read as `_`.",
        ),
        "wrong-type": Code(
            "The value has another type than this property takes.",
            "Put quotes around a number or a `true` that is meant as text. A list is `[A, B]`, even with one "
            "value: `[A]`.",
        ),
        "misplaced-property": Code(
            "A project setting stands in another file than blinkdecl.yaml.",
            "Move it to blinkdecl.yaml. Included files hold `version`, `triggers` and `destinations`.",
        ),
        "include": Code(
            "An include pattern matches no file, or leads out of the project's folder.",
            "Paths start at the folder of blinkdecl.yaml, without `..` or a leading `/`: `include: "
            "[destinations/**/*.yaml]`. Copy files that are linked from elsewhere into the repository.",
        ),
        # What the files say together.
        "unknown-reference": Code(
            "A destination names a trigger that is not declared.",
            "Compare `trigger` with the keys below `triggers`. If the trigger stands in a file of its own, "
            "`include` must match that file.",
        ),
        "unknown-variable": Code(
            "A variable is named that is not declared in blinkdecl.yaml, or that has no value.",
            "Declare it there: `variables: {name: {default: text}}`. Give it a value with `--var name=text`, "
            "BLINKDECL_VAR_NAME or environments/ENV.yaml. A literal `${` is written `$${`.",
        ),
        "duplicate-name": Code(
            "Two destinations have one display name; Panther's are unique, and case does not tell them apart here.",
            "Give one of them another `display_name`.",
        ),
        "literal-secret": Code(
            "A secret, or a URL that may hold one, stands in a file.",
            "Write where it is instead: `api_key: {env: NAME}`, `{file: PATH}` or `{command: [argv...]}`. Then "
            "rotate it in Blink: it was written down, and Git may keep it.",
        ),
        "forbidden-host": Code(
            "A webhook URL is not https, or its host is not in `webhook_hosts`; keys are sent nowhere else.",
            "First make sure that the host is yours. Then list it in blinkdecl.yaml, with those to keep, since "
            "the list replaces the default: `webhook_hosts: ['*.blinkops.com', blink.example.com]`.",
        ),
        "signature-unsupported": Code(
            "The trigger authenticates by signature, and Panther's Blink Ops destination only by API key.",
            "In Blink, set the Authentication Method to API Key in Trigger Setup. In the trigger's `webhook`, "
            "write `authentication: api_key` and an `api_key`.",
        ),
        "invalid-move": Code(
            "A move's two addresses do not fit what is declared or recorded, or each other.",
            "In `moved`, `from` is the old address and declared no more, `to` the new one, declared and of the "
            "same kind. Remove entries that are done. A recorded target is freed by `blinkdecl state rm "
            "ADDRESS`.",
        ),
        "unknown-log-type": Code(
            "The log type is not in blinkdecl's list, which is not complete; Panther compares names exactly.",
            "Compare it with Panther's console, letter by letter; if it is right, go on. The warning does not change "
            "the exit code. Names that begin with `Custom.` are never asked about.",
            warning=True,
        ),
        "no-severities": Code(
            "The destination leaves out `severities`, which means none: only overrides and manual dispatch reach it.",
            "Add `severities: [HIGH, CRITICAL]`, or `severities: []` if none is what you want. The warning does not "
            "change the exit code.",
            warning=True,
        ),
        "not-enforced": Code(
            "This version checks the form of `coverage` rules and does nothing with them yet.",
            "Do not rely on them: nothing is refused because of them. The warning does not change the exit code.",
            warning=True,
        ),
        "empty-configuration": Code(
            "Nothing is declared although the state records resources; a mistake looks just like this.",
            "Check the folder (`--chdir DIR`) and `include`. To remove everything on purpose: `blinkdecl destroy`.",
        ),
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
        "limits": Code(
            "The plan destroys or changes more destinations than its limits allow.",
            "First ask why: a wrong folder or `include` looks like this. If it is meant, name the number: "
            "`blinkdecl plan --allow-deletes N --out plan.json`, or `--allow-changes N`. `limits` in "
            "blinkdecl.yaml sets other bounds.",
            POLICY,
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
        # State.
        "invalid-state": Code(
            "The state file is missing, empty, truncated or altered; that is never read as if nothing were recorded.",
            "Run the command in the message: it brings back a rescue file or the backup. Else restore the file "
            "from Git. Do not delete the state or its backup: they know what is managed.",
        ),
        "newer-state": Code(
            "The state was written by a newer version of blinkdecl.",
            "`blinkdecl --version` says which one runs here. Install the one that wrote the state, or a newer "
            "one. The state was left as it is.",
        ),
        "other-lineage": Code(
            "The state to push is of another lineage or environment than the stored one, or not newer; nothing "
            "was stored.",
            "Check `--chdir` and `--env`. `blinkdecl state pull` prints what is stored. Only if your file is "
            "the right one: `blinkdecl state push FILE --force`; what was stored becomes the backup.",
        ),
        "other-environment": Code(
            "The state file belongs to another environment, whose destinations it records.",
            "Pass the `--env NAME` that it belongs to. If the file was copied here, put it back: each "
            "environment keeps its own, as in .blinkdecl/staging/state.json.",
        ),
        "state-conflict": Code(
            "The stored state changed since it was read; it was not overwritten.",
            "Run the command again: it starts from what is stored now. If the message names a rescue file, that "
            "holds what this run did: do as the message says first.",
        ),
        "state-unwritable": Code(
            "The state could not be stored; what was stored before is whole.",
            "Mend the disk or the folder's permissions. Then store the rescue file that the message names: "
            "`blinkdecl state push FILE`. Keep it until then; without one, run the command again.",
        ),
        "rescue-pending": Code(
            "An earlier run could not store its state, and its rescue file waits.",
            "Store it with the command in the message: `blinkdecl state push FILE`, with `--force` only if the "
            "message says so. Delete the file only to give up what that run did.",
        ),
        "locked": Code(
            "Another run holds the state's lock; nothing was changed.",
            "Wait for it: `blinkdecl apply --lock-timeout 5m`. If that run is dead, `blinkdecl state unlock ID` "
            "frees the lock; a live one is never broken. `blinkdecl plan` needs no lock.",
            LOCKED,
        ),
        "not-locked": Code(
            "There is no lock of that id, or none at all.",
            "If the message names a lock, use its id. If not, nothing is in the way: run your command again.",
        ),
        # Apply and test alerts.
        "not-approved": Code(
            "The change was not approved, and nothing was changed.",
            'Answer "yes", in full. Without a terminal, apply a reviewed plan (`blinkdecl plan --out '
            "plan.json`, then `blinkdecl apply plan.json`), or pass `--auto-approve`.",
        ),
        "not-delivered": Code(
            "Blink did not take the test alert; apply left that destination as it was.",
            "HTTP 401 or 403: copy the API key again from Trigger Setup. 404 or 410: compare the URL, and see "
            "that the automation is published and active. Then `blinkdecl apply`, or `blinkdecl test "
            "destination.NAME`.",
            PARTIAL,
        ),
        "provider": Code(
            "The answer to a change was lost: nobody knows yet whether it was made.",
            "Run `blinkdecl plan` to see where things stand, then `blinkdecl apply`, which settles it.",
            PARTIAL,
        ),
        "interrupted": Code(
            "The run was ended early; what was done is recorded. By SIGINT the exit code is 130, by SIGTERM 143.",
            "`blinkdecl plan` shows what is left, and `blinkdecl apply` does it. If the record could not be "
            "stored for a while, look at the disk first.",
            PARTIAL,
        ),
        # The provider.
        "unauthorised": Code(
            "Panther refused the API token, or the token may not do this.",
            "The token needs the permissions DestinationRead and DestinationModify, and a new one can take a minute to "
            "work. `provider.token` in blinkdecl.yaml names where it is read, `provider.token_header` the header that "
            "carries it: hosted Panther takes X-API-Key, others Authorization.",
        ),
        "unreachable": Code(
            "Panther could not be reached, or did not serve the request; nothing was changed by it. As the `failure` "
            "of a test alert: the receiver could not be connected to.",
            "Compare `provider.url` with Panther's API URL, and check that this machine may connect to it: name, "
            "firewall, port, TLS authority (SSL_CERT_FILE). Then run `blinkdecl plan` again.",
        ),
        "invalid-answer": Code(
            "What answered is not what a Panther GraphQL endpoint answers: HTML, cut-off JSON, part of a list.",
            "Compare `provider.url` with Panther's API URL: a login page or a proxy looks like this. A partial answer "
            "is never used. If it goes on, show the message to who runs Panther.",
        ),
        "rejected": Code(
            "Panther refused a change, and did not make it.",
            "The message holds what Panther says. `blinkdecl plan` shows what is left, `blinkdecl apply` tries again.",
        ),
        "not-offered": Code(
            "The endpoint does not offer the operations on destinations; hosted Panther does not, so far.",
            "Write `provider: {type: console}`: apply then writes the steps for Panther's console, and `blinkdecl "
            "confirm ADDRESS` proves and records each. If introspection is switched off, say what the endpoint offers "
            "in `provider.capabilities`.",
        ),
        "unsupported": Code(
            "The YAML says something that this Panther cannot express, such as an alert type or log types.",
            "Remove it at the place shown. Or write `provider: {on_unsupported: ignore}` in blinkdecl.yaml: then it is "
            "left out, and every plan says so.",
        ),
        "ignored": Code(
            "Something that this Panther cannot express was left out, as `provider.on_unsupported: ignore` says.",
            "The destination receives what the message says, not what the YAML says. Remove it from the YAML, or "
            "filter in the automation. The warning does not change the exit code.",
            warning=True,
        ),
        "other-tenant": Code(
            "The state records the destinations of another Panther than the one that is configured.",
            "Check `provider` in blinkdecl.yaml, and `--env`: each environment keeps its own state. After a move to "
            "another Panther, take the addresses out with `blinkdecl state rm ADDRESS` and adopt them with "
            "`blinkdecl import ADDRESS ID`.",
        ),
        "not-readable": Code(
            "The live destinations cannot be read with this provider: what is recorded is what was confirmed.",
            "Look at the console from time to time. `blinkdecl test` proves that Blink takes alerts. The warning does "
            "not change the exit code.",
            warning=True,
        ),
        "not-importable": Code(
            "A live destination cannot be declared as it is.",
            "The message says why. Change it in Panther's console, or leave it unmanaged.",
        ),
        # The command line.
        "usage": Code(
            "The command line is not as `--help` says.",
            "`blinkdecl --help` lists the commands; `--help` behind a command lists its options. A saved plan "
            "carries its own `--target`, `--exclude` and `--allow-...`: give them to `blinkdecl plan`.",
            USAGE,
        ),
        "unwritable": Code(
            "A file, a lock or standard output cannot be written.",
            "The folder must exist, be writable and have space. `--out` and `--output` replace neither YAML nor "
            "what is in .blinkdecl: name another file, such as plan.json.",
        ),
        "port-in-use": Code(
            "The sandbox cannot listen on its port, most likely because something else does.",
            "`blinkdecl sandbox --port 0` takes any free port and prints it.",
        ),
        "demo": Code(
            "A step of the demo did not end as it should.",
            "The step stands just above the error. Nothing of yours was touched: the demo works in a temporary "
            "folder and on 127.0.0.1. Please report it with the output and `blinkdecl --version`.",
        ),
        "internal": Code(
            "A bug in blinkdecl.",
            "Please report it with the blinkdecl-crash file that the message names; secrets are masked in it. "
            "After an apply, `blinkdecl plan` shows where things stand.",
            BUG,
        ),
    }
)
