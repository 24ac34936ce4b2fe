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
    """What a code means: `explanation` says why it is refused and what to do."""

    explanation: str
    exit_code: int = ERROR


CODES: Mapping[str, Code] = MappingProxyType(
    {
        # The text of the files.
        "not-found": Code("A file, folder, address or code that was named does not exist."),
        "unreadable": Code("A file or folder cannot be read: look at its permissions and at what it is."),
        "invalid-encoding": Code("YAML files are UTF-8 without a byte order mark and without NUL bytes."),
        "invalid-yaml": Code("The file is not YAML: the parser says where it lost the thread."),
        "too-large": Code("Files have limits on size, nesting and expanded size, so that no input hangs or crashes."),
        "forbidden-yaml": Code("Custom tags and merge keys (<<) are refused: say it plainly, or with `defaults`."),
        "duplicate-key": Code("A key, or an address, stands twice. YAML would silently let the last one win."),
        # The shape of the configuration.
        "unknown-property": Code("No such property exists at this place."),
        "missing-property": Code("A property that is required is not there."),
        "invalid-value": Code("The value is none of those that this property takes."),
        "invalid-name": Code(
            "Names match ^[a-z][a-z0-9_-]{0,62}$. Variables also differ where `-` reads as `_` (BLINKDECL_VAR_NAME)."
        ),
        "wrong-type": Code("The value has another type than this property takes."),
        "misplaced-property": Code("Project settings stand in blinkdecl.yaml only."),
        "include": Code("An include pattern matches nothing, or leaves the repository."),
        # What the files say together.
        "unknown-reference": Code("A name is used that is not declared."),
        "unknown-variable": Code("${var.NAME} names a variable that is not declared, or one without a value."),
        "duplicate-name": Code("Panther's display names are unique: two destinations cannot bear the same one."),
        "literal-secret": Code("Secrets are never written into files: name where they are, e.g. {env: NAME}."),
        "forbidden-host": Code("Test alerts go only to the hosts that `webhook_hosts` lists, and only by https."),
        "signature-unsupported": Code("Panther's Blink Ops destination authenticates by API key, not by signature."),
        "invalid-move": Code("A `moved` entry names an origin that is still declared, or a target that is not."),
        "unknown-log-type": Code("A warning: the log type is not among those known; Panther compares them exactly."),
        "no-severities": Code("A warning: left out, `severities` means none, unlike alert and log types."),
        "not-enforced": Code("A warning: this version reads the setting and does not act on it yet."),
        "empty-configuration": Code("Nothing is declared although the state records resources: use `destroy` instead."),
        # Secrets.
        "secret-missing": Code("A secret reference leads to no usable value."),
        "command-forbidden": Code("`command` references run only with allow_commands: true and --allow-commands."),
        # Plan and policy.
        "exists": Code("A destination with this display name exists and is not managed here."),
        "renamed": Code("A warning: a resource seems to have got another address; a `moved` entry keeps the object."),
        "prevent-destroy": Code("The resource is protected by lifecycle.prevent_destroy.", POLICY),
        "limits": Code("The plan deletes or changes more than its limits allow.", POLICY),
        "stale-plan": Code("What a saved plan would do is no longer what would be done now.", STALE),
        "invalid-plan": Code("The file is not a plan of this version of blinkdecl."),
        # State.
        "invalid-state": Code("The state file is empty, truncated or altered; it is never read as 'nothing there'."),
        "newer-state": Code("The state was written by a newer version of blinkdecl."),
        "other-lineage": Code("The states are not versions of one another, or one is older."),
        "other-environment": Code("The state belongs to another environment: it records other destinations."),
        "state-conflict": Code("The stored state changed since it was read; nothing was overwritten."),
        "state-unwritable": Code("The state could not be stored; a rescue file holds it."),
        "rescue-pending": Code("An earlier run could not store its state and left a rescue file."),
        "locked": Code("Another run holds the state's lock.", LOCKED),
        "not-locked": Code("There is no lock of that id."),
        # Apply and test alerts.
        "not-approved": Code("The change was not approved."),
        "not-delivered": Code("Blink did not take the test alert.", PARTIAL),
        "provider": Code("The provider refused or failed a change.", PARTIAL),
        "interrupted": Code("The run was ended early; what was done is recorded.", PARTIAL),
        # The command line.
        "usage": Code("The command line is not as `--help` says.", USAGE),
        "unwritable": Code("A file cannot be written."),
        "unreachable": Code("A server did not answer."),
        "port-in-use": Code("The sandbox's port is taken."),
        "demo": Code("A step of the demo did not end as it should."),
        "internal": Code("A bug in blinkdecl.", BUG),
    }
)
