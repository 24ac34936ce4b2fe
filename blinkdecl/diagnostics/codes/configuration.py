"""What `validate` finds in the files."""

from collections.abc import Mapping

from blinkdecl.diagnostics.codes.code import Code

CODES: Mapping[str, Code] = {
    # The text of the files.
    "not-found": Code(
        "A file, environment, address or code that was named does not exist, or nothing is recorded yet.",
        "Look for a typo, and at the folder: `--chdir DIR` names another one. `blinkdecl state list` names "
        "the recorded addresses, `blinkdecl help` the codes; `blinkdecl init` writes a first blinkdecl.yaml.",
    ),
    "unreadable": Code(
        "A file exists but cannot be read, is not a regular file, or a link leads out of the repository to it.",
        "Look at it with `ls -l`: it must be a file, not a folder or a device, and this user must be able to read it. "
        "A link in the repository must stay inside it, and out of .git. A state's folder must be its owner's alone to "
        "write in.",
    ),
    "invalid-encoding": Code(
        "YAML files are UTF-8, without a byte order mark and without control characters.",
        "Save the file as UTF-8 without a byte order mark. If the message names a character, remove it at the "
        "place shown.",
    ),
    "not-yaml": Code(
        "The file is something else than YAML: in conflict, a pointer of Git LFS, encrypted, compressed, a web page.",
        "The message says what it is, and what makes the file of it that was meant.",
    ),
    "invalid-yaml": Code(
        "The file is empty or not YAML: the place shown is where it stops making sense.",
        "Look there, and on the line above, for a tab, an open quote or bracket, a missing colon or wrong "
        "indentation. An empty file needs at least `version: 1`.",
    ),
    "not-formatted": Code(
        "`blinkdecl fmt --check` found files that are not in the one layout; nothing was written.",
        "`blinkdecl fmt` writes them anew, `blinkdecl fmt --check --diff` shows the difference. Only the layout "
        "changes: what the files say, and every comment, stays.",
    ),
    "not-formattable": Code(
        "`blinkdecl fmt` cannot lay the file out anew and leave what it says as it is, or the file is not one of a "
        "configuration; it was left alone.",
        "The message says what stands in the way: no `version: 1`, which every file of a configuration has; or an "
        "alias as a key, `? key`, an anchor on a line of its own, a comment between a key and its value. Write such a "
        "part in a plainer way. Everything else works with the file.",
    ),
    "too-large": Code(
        "A file holds at most 1 MiB, 50 levels and 50000 values with aliases expanded, and 4 MiB after "
        "variables are replaced.",
        "Split it: every `*.yaml` below triggers/ and destinations/ is read, unless `include` says otherwise.",
    ),
    "forbidden-yaml": Code(
        "Custom tags (!tag) and merge keys (<<) are refused: they make a file mean what it does not say.",
        "Remove the tag, and write out what was merged. What resources share can be written once, in `defaults` "
        "in blinkdecl.yaml.",
    ),
    "duplicate-key": Code(
        "A key, or an address, is defined twice; YAML would silently let the last one win.",
        "The message says where the first one is. Remove one of the two, or rename it.",
    ),
    # The shape of the configuration.
    "unknown-property": Code(
        "No such property exists at this place.",
        "It is a typo, or is one level too deep or too high: look at the indentation. `blinkdecl "
        "schema` prints every property; `blinkdecl init` puts the schema where editors complete from it.",
    ),
    "missing-property": Code(
        "A required property is missing.",
        "Add it at the place shown. `blinkdecl schema` describes it, with an example.",
    ),
    "invalid-value": Code(
        "The value is not one that this property takes.",
        "The message says what it takes. Case matters, as in `severities: [HIGH, CRITICAL]`. "
        "`blinkdecl schema` lists the values.",
    ),
    "invalid-name": Code(
        "A name does not match ^[a-z][a-z0-9_-]{0,62}$, or two variables would be read from one BLINKDECL_VAR_NAME.",
        "Begin with a lower-case letter; then lower-case letters, digits, `-` and `_`. Variables must also "
        "differ where `-` is read as `_`.",
    ),
    "wrong-type": Code(
        "The value does not have the type that this property takes.",
        "Put quotes around a number or a `true` that is meant as text. A list is `[A, B]`, even with one value: `[A]`.",
    ),
    "misplaced-property": Code(
        "Something is in a file that cannot hold it.",
        "Move it to where the message says. Included files hold `version`, `triggers` and `destinations`; an "
        "environment's file holds `version`, `variables`, and in place of the project's `provider`, `state`, "
        "`webhook_hosts` and `limits`. A resource for one environment says so where it is declared: "
        "`environments: [NAME]`.",
    ),
    "include": Code(
        "An include pattern matches no file, or leads out of the project's folder.",
        "Paths start at the folder of blinkdecl.yaml, without `..` or a leading `/`: `include: "
        "[destinations/**/*.yaml]`. Copy files that are linked from elsewhere into the repository.",
    ),
    # What the files say together.
    "unknown-reference": Code(
        "A destination names a trigger that is not declared, or not in this environment; or a resource names an "
        "environment without a file.",
        "Compare `trigger` with the keys below `triggers`. If the trigger is in a file of its own, "
        "`include` must match that file. If it has `environments`, its destinations exist in those at most: give them "
        "the same. The names of environments are those of environments/NAME.yaml.",
    ),
    "unknown-variable": Code(
        "A variable is used that is not declared in blinkdecl.yaml, or that has no value.",
        "Declare it there: `variables: {name: {default: text}}`. Give it a value with `--var name=text`, "
        "BLINKDECL_VAR_NAME or environments/ENV.yaml. A literal `${` is written `$${`.",
    ),
    "shared-state": Code(
        "Two environments, or one and the project without --env, would keep their state in one place: each would take "
        "the other's destinations for its own.",
        "Give each a `state` of its own, or leave `state` out of the environment's file: then the environment has a "
        "place of its own beside the project's.",
    ),
    "duplicate-name": Code(
        "Two destinations have the same display name, or one that looks the same; Panther's are unique, and case does "
        "not count here.",
        "Give one of them another `display_name`.",
    ),
    "look-alike": Code(
        "A name has a letter that is not the one it looks like, such as a Cyrillic one among Latin ones, or looks like "
        "the name of something else.",
        "The message names the character: type the name again, on an ordinary keyboard. Panther compares exactly, so a "
        "log type with such a letter matches no alert.",
    ),
    "literal-secret": Code(
        "A secret, or a URL that may hold one, is written in a file.",
        "Write where it is instead: `api_key: {env: NAME}`, `{file: PATH}` or `{command: [argv...]}`. Then "
        "rotate it in Blink: it was written down, and Git may keep it.",
    ),
    "forbidden-host": Code(
        "A webhook URL is not https, or its host is not in `webhook_hosts`; keys are sent nowhere else.",
        "First make sure that the host is yours. Then list it in blinkdecl.yaml beside those to keep, since "
        "the list replaces the default: `webhook_hosts: ['*.blinkops.com', blink.example.com]`.",
    ),
    "untrusted-host": Code(
        "A secret or an alert would go to a host that the operator has not named in BLINKDECL_TRUSTED_HOSTS.",
        "First make sure that the host is yours, and that nobody has slipped it in. Then add it to that variable, a "
        "list of patterns, where blinkdecl runs (the settings of the pipeline): no file in the repository can.",
    ),
    "forbidden-secret": Code(
        "A secret reference names what the repository's files may not have sent: a variable that belongs to another "
        "tool, a file outside the folders for secrets, or the secret of the provider or the state for a webhook.",
        "Give the secret a variable of its own, such as BLINK_SOC_API_KEY. What the operator allows beyond that is "
        "said where blinkdecl runs: BLINKDECL_SECRET_ENV (patterns of variables), BLINKDECL_SECRET_ROOT (folders). "
        "Each replaces the built-in rule: list all that the project needs, not only what is to be added.",
    ),
    "left-out": Code(
        "A YAML file has destinations or triggers, and no pattern of `include` matches it, or it is in environments/ "
        "under a name that no environment can have: it is no part of the configuration.",
        "Rename it, move it below destinations/ or triggers/, or add it to `include`. What was declared in it before, "
        "and is recorded, would be deleted. The warning does not change the exit code.",
        warning=True,
    ),
    "nothing-declared": Code(
        "Neither the project file nor a file that `include` matches declares a destination or trigger for this "
        "environment.",
        "Check the folder (`--chdir DIR`), `--env` and `include`. The warning does not change the exit code.",
        warning=True,
    ),
    "webhook-path": Code(
        "A webhook URL is on a host of Blink's, and its path is neither /webhooks/PATH nor /api/v1/webhooks/ID.",
        "Copy the Webhook URL again from Trigger Setup in Blink: other addresses there may answer an alert with a web "
        "page, and start nothing. The warning does not change the exit code.",
        warning=True,
    ),
    "api-path": Code(
        "The URL of Panther's API does not end with /graphql.",
        "Give the URL of the API, not that of the console: for https://acme.runpanther.net it is "
        "https://api.acme.runpanther.net/public/graphql. The warning does not change the exit code.",
        warning=True,
    ),
    "signature-unsupported": Code(
        "The trigger authenticates by signature, and Panther's Blink Ops destination only by API key.",
        "In Blink, set the Authentication Method to API Key in Trigger Setup. In the trigger's `webhook`, "
        "write `authentication: api_key` and an `api_key`.",
    ),
    "invalid-move": Code(
        "A move's two addresses do not fit what is declared or recorded, or each other.",
        "In `moved`, `from` is the old address, no longer declared; `to` is the new one, declared and of the "
        "same kind. Remove entries that are done. A recorded target is freed by `blinkdecl state rm "
        "ADDRESS`.",
    ),
    "invalid-removal": Code(
        "An entry of `removed` does not fit what is declared, or another entry.",
        "In `removed`, `from` is an address that is no longer declared, nor in `moved`: it is let go, and what is in "
        "Panther stays. Remove its declaration, or the entry. Entries that are done may be removed.",
    ),
    "unknown-log-type": Code(
        "The log type is not in blinkdecl's list, which is not complete; Panther compares names exactly.",
        "Compare it with Panther's console, letter by letter; if it is right, go on. The warning does not change "
        "the exit code. Names that begin with `Custom.` are never questioned.",
        warning=True,
    ),
    "no-severities": Code(
        "The destination leaves out `severities`, which means none: only overrides, manual dispatch and "
        "system errors reach it.",
        "Add `severities: [HIGH, CRITICAL]`, or `severities: []` if none is what you want. The warning does not "
        "change the exit code.",
        warning=True,
    ),
    "no-alerts": Code(
        "The destination has no severities and no manual dispatch: no detection's alert reaches it unless the "
        "detection names it. System errors do, whatever the severities.",
        "Add severities, or `allow_manual_dispatch: true`. `blinkdecl plan --detections DIR` does not warn of those "
        "that a detection in DIR names. The warning does not change the exit code.",
        warning=True,
    ),
    "unused-trigger": Code(
        "No destination that is declared names the trigger: nothing here starts its automation.",
        "Let a destination name it in `trigger`, or remove it. The warning does not change the exit code.",
        warning=True,
    ),
    "same-webhook": Code(
        "Two triggers have the same URL: they are one webhook, and its failure takes down both.",
        "Copy each URL from its own Trigger Setup in Blink, or let the destinations share one trigger. The warning "
        "does not change the exit code.",
        warning=True,
    ),
    "missed-removal": Code(
        "An entry of `removed` names nothing that is recorded, while something of a similar name is destroyed.",
        "If that was meant, correct the entry: it is then let go, and stays. If the entry is done, remove it. "
        "The warning does not change the exit code.",
        warning=True,
    ),
    "duplicate-item": Code(
        "A list has the same item twice, which means the same as once.",
        "Remove one of the two, or write what was meant in its place. The warning does not change the exit code.",
        warning=True,
    ),
    "no-effect": Code(
        "A property has no effect beside what else is written there, or an option beside what is there already.",
        "Remove it, or add what it needs: the message names that. The warning does not change the exit code.",
        warning=True,
    ),
    "contradiction": Code(
        "An entry of `coverage` declares that alerts reach nobody (`nobody: true`), and another that they must reach "
        "somebody.",
        "Narrow one of the two, so that no alert is named by both. The warning does not change the exit code.",
        warning=True,
    ),
    "empty-configuration": Code(
        "Nothing is declared although the state records resources; a mistake looks just like this.",
        "Check the folder (`--chdir DIR`) and `include`. To remove everything on purpose: `blinkdecl destroy`.",
    ),
}
