"""What happens on the way: test alerts, the provider, the command line."""

from collections.abc import Mapping

from blinkdecl.diagnostics.codes.code import BUG, CHANGES, PARTIAL, USAGE, Code

CODES: Mapping[str, Code] = {
    # Apply and test alerts.
    "not-approved": Code(
        "The change was not approved, and nothing was changed.",
        'Answer "yes", in full. Without a terminal, apply a reviewed plan (`blinkdecl plan --out '
        "plan.json`, then `blinkdecl apply plan.json`), or pass `--auto-approve`.",
    ),
    "waits": Code(
        "A change waits for another, which was not made: what it takes away would reach nobody, or a display "
        "name is not free. It was skipped, and everything reaches whom it reached before.",
        "The notes name the change that it waits for, and why that was not made. Fix that, then run `blinkdecl "
        "apply` again.",
        PARTIAL,
    ),
    "not-kept": Code(
        "Panther took a change and stored something else than it was asked to, such as fewer severities. The record "
        "holds what was kept; nothing that relied on the rest was done.",
        "The notes name each attribute, what was asked and what was kept. `blinkdecl plan` shows the difference, and "
        "`blinkdecl apply` asks again. If it stays, declare what this Panther keeps, or ask whoever runs it.",
        PARTIAL,
    ),
    "not-delivered": Code(
        "Blink did not take the test alert, or a web page answered it; apply left what leads there as it was.",
        "HTTP 401 or 403: copy the API key again from Trigger Setup. 404 or 410: compare the URL, and check "
        "that the automation is published and active. A web page, even with HTTP 200, is no webhook: copy the "
        "Webhook URL again. Then `blinkdecl apply`, or `blinkdecl test destination.NAME`.",
        PARTIAL,
    ),
    "run-failed": Code(
        "Blink took the test alert and ran its automation, which did not end well.",
        "The note has Blink's reason, and `tests[].run` in the JSON the id of the run: its steps in Blink show where "
        "it ended. A step that needs what only a real alert has should look at the tag `test` first.",
        PARTIAL,
    ),
    "run-not-seen": Code(
        "Blink took the test alert, and ran nothing for it, or had not begun to when the time was up.",
        "Open the automation in Blink: it has to be published and active, the trigger's event name and condition have "
        "to let the alert through, and the queue must not be held by others. `--prove-timeout` waits longer.",
        PARTIAL,
    ),
    "run-unknown": Code(
        "Blink took the test alert, and what it made of it is not proved: the run goes on, or nobody can tell whether "
        "there was one. A warning, unless `--strict` is given.",
        "The note has the reason, such as a key that may not look, a list of runs that does not reach back, or an "
        "automation that the trigger names otherwise than Blink. docs/proof.md says what can be known.",
        PARTIAL,
    ),
    "not-tested": Code(
        "Panther was not asked for a test alert to this destination.",
        "It sends them to destinations that exist and accept the alert type RULE. Run `blinkdecl apply` for one "
        "that is not recorded; `blinkdecl test` without `--via panther` sends straight to Blink.",
    ),
    "not-recorded": Code(
        "A destination that is declared and not recorded was tested: its webhook and key work, and nothing says that "
        "the destination exists in Panther.",
        "Run `blinkdecl apply`, with the console provider `blinkdecl confirm ADDRESS` after it. Where Panther has an "
        "API, `blinkdecl test --via panther` then has Panther itself send. The warning does not change the exit code.",
        warning=True,
    ),
    "not-dispatchable": Code(
        "This destination does not take the alert by hand; nothing was sent to any destination.",
        "Set `allow_manual_dispatch: true`, add the alert's type to `alert_types`, and run `blinkdecl apply`; or "
        "dispatch to another destination.",
    ),
    "invalid-alert": Code(
        "The file to dispatch is not an alert: not JSON, something that an alert is inside of (a queue's message, an "
        "event, the answer of an API, a list), or nothing in it says what happened.",
        "`blinkdecl schema alert` describes one: a JSON object as Panther delivers it. Keys may be left out, but one "
        "of id, alertId, title and severity has a value. Where an alert is inside, the error has the command.",
    ),
    # What really happened.
    "alerts-file": Code(
        "A line of the file with observed alerts is not as the format says. Nothing was concluded from the others.",
        "The message has the line's number and what is wrong with it. `blinkdecl schema alerts` describes a line, and "
        "`blinkdecl observe --save FILE` writes such a file. A "
        "file that was cut off while it was written or copied ends in half a line: write or copy it again.",
    ),
    "delivery-failed": Code(
        "Panther gave up on alerts for this destination: they are lost, unless somebody sends them again.",
        "The notes name the last failure. HTTP 401 or 403: copy the API key again from Blink. 404 or 410: compare the "
        "URL, and check that the automation is published and active. `blinkdecl test destination.NAME` says whether "
        "it works now; then send the alerts again from Panther's console.",
        PARTIAL,
    ),
    "not-as-declared": Code(
        "Alerts went another way than what is declared says: some should have come and did not, or came and should "
        "not. Somebody has changed the destination in Panther, or it was declared anew after these alerts.",
        "The notes name the kinds of alerts, and what would explain them. Compare the destination in Panther's console "
        "with the YAML, and change one of the two. After a change, `--since` leaves out what was before it. Where "
        "nothing at all was sent to the recorded id, it may be that of another destination: the console shows the "
        "right one in the address bar, and `--id` of `blinkdecl confirm destination.NAME` records it.",
        CHANGES,
    ),
    "alert-too-large": Code(
        "The alert is larger than Blink takes (5 MB), even without its context.",
        "Shorten its description or runbook. Only the context is shortened automatically.",
    ),
    "provider": Code(
        "The answer to a change was lost: nobody knows yet whether it was made.",
        "Run `blinkdecl plan` to see where things stand, then `blinkdecl apply`, which settles it.",
        PARTIAL,
    ),
    "interrupted": Code(
        "The run ended early; what was done is recorded. The exit code is 130 after SIGINT, 143 after SIGTERM.",
        "`blinkdecl plan` shows what is left, and `blinkdecl apply` does it. If the record could not be "
        "stored for a while, look at the disk first.",
        PARTIAL,
    ),
    # The provider.
    "unauthorised": Code(
        "Panther refused the API token, or Blink its API key, or neither may do this.",
        "Panther's token needs the permissions DestinationRead and DestinationModify, and a new one can take a minute "
        "to work. `provider.token` in blinkdecl.yaml says where it is read, `provider.token_header` is the header that "
        "carries it: hosted Panther takes X-API-Key, others Authorization. Blink's key (`blink.api_key`) is that of a "
        "user with a role in the trigger's workspace.",
    ),
    "unreachable": Code(
        "Panther, Blink, or the place where the state is kept could not be reached or did not serve the request, "
        "which changed nothing. As the `failure` of a test alert: no connection to the receiver could be made.",
        "Compare `provider.url` with Panther's API URL, `blink.url` with where you sign in, or `state` with "
        "where it is kept, whichever the message names, "
        "and check that this machine may connect to it: name, firewall, port, TLS authority (SSL_CERT_FILE), "
        "credentials. Then run the same command again.",
    ),
    "invalid-answer": Code(
        "The answer is not one that Panther's GraphQL endpoint, or Blink's API, gives: HTML, cut-off JSON, part of a "
        "list.",
        "Compare `provider.url` with Panther's API URL: a login page or a proxy looks like this. A partial answer "
        "is never used. If it persists, show the message to whoever runs Panther.",
    ),
    "rejected": Code(
        "Panther refused a change, and did not make it; or Blink refused a question.",
        "The message gives Panther's reason. `blinkdecl plan` shows what is left, `blinkdecl apply` tries again.",
    ),
    "ambiguous-name": Code(
        "Blink has several workspaces, or automations, with the name that a trigger declares.",
        "Rename one of them in Blink, and in the trigger; of two automations in different packs, name the `pack`.",
    ),
    "not-offered": Code(
        "The endpoint does not offer operations on destinations; hosted Panther does not so far.",
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
        "The state records the destinations of a different Panther from the one that is configured.",
        "Check `provider` in blinkdecl.yaml, and `--env`: each environment keeps its own state. After a move to "
        "another Panther, remove the addresses with `blinkdecl state rm ADDRESS` and adopt them with "
        "`blinkdecl import ADDRESS ID`.",
    ),
    "not-readable": Code(
        "This provider cannot read the live destinations: what is recorded is what was confirmed.",
        "`blinkdecl observe` compares what became of alerts with what is declared, if `provider` has `url` and "
        "`token`; otherwise look at the console from time to time. `blinkdecl test` proves that Blink takes alerts. "
        "The warning does not change the exit code.",
        warning=True,
    ),
    "not-importable": Code(
        "A live destination cannot be declared as it is, or is managed already.",
        "The message says why. Change it in Panther's console, or leave it unmanaged. What another environment of the "
        "project manages stays there: two that record one destination would change and destroy it for each other.",
    ),
    # The stacks of a repository.
    "not-a-repository": Code(
        "`--changed-since` asks Git what changed, and the folder is in no Git repository.",
        "Name a folder of a clone, or leave `--changed-since` out: then every stack is listed. In a container, the "
        "folder .git must be there as well.",
    ),
    "unknown-revision": Code(
        "Git knows no commit, branch or tag of the name that `--changed-since` has.",
        "Look for a typo. A pipeline fetches its own branch alone unless it is told otherwise: `git fetch origin "
        "main`; in GitHub Actions `fetch-depth: 0` of actions/checkout, in GitLab CI `GIT_DEPTH: 0`.",
    ),
    "shallow-clone": Code(
        "The clone is shallow: the commit at which HEAD left the revision was not fetched, so that nobody knows what "
        "changed since.",
        "`git fetch --unshallow` fetches the history; in GitHub Actions `fetch-depth: 0` of actions/checkout, in "
        "GitLab CI `GIT_DEPTH: 0`.",
    ),
    "git-failed": Code(
        "Git did not say what changed: it is not installed, refused the repository, or found no common commit.",
        "The message has the reason. `git diff --name-only REV` in the same folder shows the same; of a folder that "
        "belongs to another user, `git config --global --add safe.directory FOLDER` says that it is trusted.",
    ),
    "stack-gone": Code(
        "A change removed a project file, or the file of an environment: no plan shows its destinations any more, and "
        "they stay in Panther.",
        "Go back to where it is still there and run `blinkdecl destroy`, or let go of its destinations (`removed`). If "
        "it only has another folder now, all is well as long as its state is found there. The warning does not change "
        "the exit code.",
        warning=True,
    ),
    "too-many-jobs": Code(
        "A matrix of GitHub Actions has at most 256 jobs, and there are more stacks than that: the workflow would "
        "fail.",
        "Have two jobs with a matrix each: one of `blinkdecl stacks --format github-matrix --part 1/2`, the other of "
        "`--part 2/2`. The warning does not change the exit code.",
        warning=True,
    ),
    "deliveries-lost": Code(
        "When each destination last got an alert is kept with the state, and could not be read or written there.",
        "Nothing depends on it but what `show`, `coverage`, `report` and the metrics say of that. Give the run that "
        "observes the right to write beside the state, or delete what cannot be read: the next `blinkdecl observe` "
        "writes it anew. The warning does not change the exit code.",
        warning=True,
    ),
    # The command line.
    "usage": Code(
        "The command line does not match what `--help` says.",
        "`blinkdecl --help` lists the commands; `--help` after a command lists its options. A saved plan "
        "carries its own `--target`, `--exclude` and `--allow-...`: give them to `blinkdecl plan`.",
        USAGE,
    ),
    "unwritable": Code(
        "A file, a lock or standard output cannot be written.",
        "The folder must exist, be writable and have space. `--out` and `--output` never replace YAML or "
        "anything in .blinkdecl: name another file, such as plan.json. A link in the repository that leads out of it, "
        "or into .git, is not followed: remove it.",
    ),
    "port-in-use": Code(
        "The sandbox cannot listen on its port, most likely because something else does.",
        "`blinkdecl sandbox --port 0` takes any free port and prints it.",
    ),
    "demo": Code(
        "A step of the demo did not end as it should.",
        "The step is shown just above the error. Nothing of yours was touched: the demo works in a temporary "
        "folder and on 127.0.0.1. Please report it with the output and `blinkdecl --version`.",
    ),
    "internal": Code(
        "A bug in blinkdecl.",
        "Please report it with the blinkdecl-crash file that the message names; secrets are masked in it. "
        "After an apply, `blinkdecl plan` shows where things stand.",
        BUG,
    ),
}
