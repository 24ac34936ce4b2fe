"""Words of other tools, and what does the same here: Terraform's and its like's, data alone.

A `Habit` is what to write instead, as it is typed, and a word about it. What stands in capitals is a value: the one
that was typed takes its place. Where nothing here does the same, `ours` is empty and `why` says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Habit:
    """What to write here, an option or a whole command, and why."""

    ours: str
    why: str = ""


_JSON = (Habit("--format json"),)
_YES = (Habit("--auto-approve"), Habit("", "nothing is asked here"))
_ENV = (Habit("--env NAME", "it uses environments/NAME.yaml and a state of its own"), Habit("", "no environment here"))
_COLOR = (Habit("--color never", "NO_COLOR=1 does the same"),)
_PLAN = (Habit("blinkdecl plan", "shows what apply would do, and changes nothing"),)
_FOLDER = (Habit("--chdir DIR", "the configuration is what blinkdecl.yaml in this folder includes"),)
_STATE = (Habit("", "where the state is kept is said by `state` in blinkdecl.yaml"),)
_RELATED = (Habit("--output FILE"), Habit("--out FILE"), Habit("", "redirect the output: > FILE"))
_LOCK = (Habit("", "whatever writes takes the lock; `--lock-timeout 5m` waits for it"),)
_REFRESH = (Habit("blinkdecl plan", "reads the live destinations each time"),)
_TARGET = (Habit("--target ADDRESS"),)
_VERBOSE = (Habit("--verbose"),)
_VERSION = (Habit("blinkdecl --version"),)
_DRIFT = (
    Habit("", "`drift` always exits with 2 where there is drift; `plan --detailed-exitcode` does so for changes too"),
)

# By the option's name without its dashes; the first that the command has counts.
OPTIONS: Mapping[str, tuple[Habit, ...]] = {
    **dict.fromkeys(("json", "j", "output-json", "json-output"), _JSON),
    "output-format": (Habit("--format json"),),
    **dict.fromkeys(("y", "yes", "assume-yes", "approve", "force", "f", "doit", "no-input", "non-interactive"), _YES),
    "input": (Habit("--auto-approve", "without a terminal nothing is asked"),),
    **dict.fromkeys(("environment", "workspace", "e", "w", "stage", "profile", "stack", "s"), _ENV),
    **dict.fromkeys(("no-color", "no-colour", "nocolor", "monochrome"), _COLOR),
    **dict.fromkeys(("colour", "colors"), (Habit("--color always"),)),
    **dict.fromkeys(
        ("dry-run", "dryrun", "check", "n", "noop", "diff", "preview"), (Habit("--dry-run"), Habit("--check"), *_PLAN)
    ),
    **dict.fromkeys(("chdir", "cwd", "dir", "directory", "config", "config-file", "project", "root", "c"), _FOLDER),
    **dict.fromkeys(("state", "state-out", "backup", "backend", "backend-config", "reconfigure"), _STATE),
    **dict.fromkeys(("o", "out-file", "outfile", "save", "output-file", "report"), _RELATED),
    "lock": _LOCK,
    "wait": (Habit("--lock-timeout DURATION"),),
    "refresh": _REFRESH,
    "refresh-only": (
        Habit("blinkdecl drift", "shows what was changed outside; apply undoes it, an edit of the YAML keeps it"),
    ),
    "destroy": (Habit("blinkdecl destroy", "asks, and removes all that is managed here"),),
    "replace": (Habit("", "nothing is made anew on request: `blinkdecl test` proves again what is there"),),
    **dict.fromkeys(("t", "only", "resource", "filter", "include", "select", "limit-to"), _TARGET),
    **dict.fromkeys(("skip", "ignore", "except"), (Habit("--exclude ADDRESS"),)),
    "var-file": (Habit("--env NAME", "environments/NAME.yaml holds values; one alone is --var NAME=VALUE"),),
    "set": (Habit("--var NAME=VALUE"),),
    **dict.fromkeys(("exit-code", "detailed-exit-codes", "exitcode"), (Habit("--detailed-exitcode"), *_DRIFT)),
    "detailed-exitcode": _DRIFT,
    **dict.fromkeys(("generate-config-out", "generate-config"), (Habit("blinkdecl import --all", "writes the YAML"),)),
    "upgrade": (Habit("", "nothing is downloaded here"),),
    **dict.fromkeys(("debug", "vv", "trace", "log-level", "verbosity"), _VERBOSE),
    **dict.fromkeys(("silent", "summary-only", "compact-warnings", "no-progress"), (Habit("--quiet"),)),
    **dict.fromkeys(("V", "version"), _VERSION),
    **dict.fromkeys(("no-tests", "skip-tests", "skip-test", "no-verify"), (Habit("--no-test"),)),
    **dict.fromkeys(("concurrency", "jobs", "threads", "workers", "max-workers"), (Habit("--parallelism N"),)),
    **dict.fromkeys(("timeout", "lock-wait"), (Habit("--lock-timeout DURATION"), Habit("--limit DURATION"))),
    **dict.fromkeys(("max-deletes", "allow-destroy", "allow-delete"), (Habit("--allow-deletes N"),)),
    **dict.fromkeys(
        ("plan", "plan-file", "planfile"), (Habit("blinkdecl apply plan.json", "takes the file as it is"),)
    ),
    **dict.fromkeys(("recursive", "R"), (Habit("", "folders are looked through to the bottom"),)),
    **dict.fromkeys(("write", "write-changes"), (Habit("", "fmt writes the files, unless there is --check"),)),
    **dict.fromkeys(("insecure", "no-verify-ssl", "k"), (Habit("", "certificates are always checked"),)),
}

_NO_MODULES = "there are no modules and no plugins to fetch here"

# By the command that was called, below the group that it was called in.
COMMANDS: Mapping[str, Mapping[str, Habit]] = {
    "": {
        "refresh": Habit("blinkdecl plan", "reads the live destinations each time; `blinkdecl drift` shows what moved"),
        **dict.fromkeys(("output", "outputs"), Habit("blinkdecl show --format json", "prints what is recorded")),
        "version": Habit("blinkdecl --version"),
        **dict.fromkeys(
            ("taint", "untaint", "replace"),
            Habit("", "nothing is made anew on request: `blinkdecl test` proves again what is there"),
        ),
        **dict.fromkeys(("force-unlock", "unlock"), Habit("blinkdecl state unlock ID", "frees the lock of a dead run")),
        **dict.fromkeys(
            ("workspace", "workspaces", "env", "environment", "environments", "select"),
            Habit("blinkdecl plan --env NAME", "works in an environment; every command takes --env"),
        ),
        **dict.fromkeys(("diff", "preview", "dry-run", "what-if"), Habit("blinkdecl plan", "shows what would change")),
        **dict.fromkeys(
            ("sync", "up", "deploy", "create", "update", "reconcile", "converge"),
            Habit("blinkdecl apply", "makes the live destinations match the YAML"),
        ),
        **dict.fromkeys(
            ("dump", "export", "generate", "scan"), Habit("blinkdecl import --all", "writes live destinations as YAML")
        ),
        **dict.fromkeys(("get", "providers", "modules", "upgrade", "update-deps"), Habit("", _NO_MODULES)),
        "describe": Habit("blinkdecl state show ADDRESS", "prints what is recorded of one"),
        "console": Habit("blinkdecl route --severity HIGH", "answers questions; `provider` in YAML may be console"),
        **dict.fromkeys(
            ("login", "logout", "auth"), Habit("", "there is no session: blinkdecl.yaml names where each token is")
        ),
        "graph": Habit("blinkdecl coverage", "prints who receives what"),
        **dict.fromkeys(("delete", "down", "remove"), Habit("blinkdecl destroy", "removes all that is managed here")),
        **dict.fromkeys(
            ("check", "lint", "verify", "doctor", "compile"), Habit("blinkdecl validate", "checks the configuration")
        ),
        **dict.fromkeys(
            ("format", "tidy", "prettify", "indent"), Habit("blinkdecl fmt", "lays the configuration's files out alike")
        ),
        **dict.fromkeys(("ls", "list", "resources"), Habit("blinkdecl state list", "lists the recorded addresses")),
        "rm": Habit("blinkdecl state rm ADDRESS", "forgets a resource; `removed` in YAML does it reviewed"),
        "mv": Habit("blinkdecl state mv OLD NEW", "moves a record; `moved` in YAML does it reviewed"),
        "pull": Habit("blinkdecl state pull", "prints the stored state"),
        "push": Habit("blinkdecl state push FILE", "stores a state"),
        **dict.fromkeys(("status", "detect-drift"), Habit("blinkdecl drift", "shows what was changed outside")),
        **dict.fromkeys(("new", "setup", "bootstrap"), Habit("blinkdecl init", "writes a first configuration")),
        **dict.fromkeys(("send", "alert"), Habit("blinkdecl dispatch FILE --to ADDRESS", "sends an alert by hand")),
        **dict.fromkeys(("serve", "server", "mock"), Habit("blinkdecl sandbox", "serves a Panther and a Blink")),
        **dict.fromkeys(("explain", "man", "docs"), Habit("blinkdecl help", "lists the codes and topics")),
        **dict.fromkeys(("completions", "autocomplete"), Habit("blinkdecl completion bash", "prints the script")),
        **dict.fromkeys(
            ("rollback", "undo", "revert"),
            Habit("blinkdecl apply", "makes what the YAML says: revert the commit, and apply"),
        ),
        **dict.fromkeys(("run", "exec", "metadata", "watch"), Habit("", "nothing here does that")),
    },
    "state": {
        **dict.fromkeys(("ls", "addresses"), Habit("blinkdecl state list", "lists the recorded addresses")),
        **dict.fromkeys(("remove", "delete", "forget"), Habit("blinkdecl state rm ADDRESS", "forgets a resource")),
        **dict.fromkeys(("move", "rename"), Habit("blinkdecl state mv OLD NEW", "moves a record")),
        **dict.fromkeys(("get", "describe", "cat"), Habit("blinkdecl state show ADDRESS", "prints one record")),
        **dict.fromkeys(("force-unlock", "break-lock"), Habit("blinkdecl state unlock ID", "frees the lock")),
        **dict.fromkeys(("backup", "export", "dump"), Habit("blinkdecl state pull", "prints the stored state")),
        **dict.fromkeys(("restore", "import"), Habit("blinkdecl state push FILE", "stores a state")),
        "replace-provider": Habit("", "the provider is said by blinkdecl.yaml, and recorded by the next apply"),
        "migrate": Habit("blinkdecl init --migrate-state", "copies the state to the backend that is configured now"),
    },
}
