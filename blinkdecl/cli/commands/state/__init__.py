"""``blinkdecl state``: one file per subcommand."""

from blinkdecl.cli.app import LazyGroup

command = LazyGroup(
    "blinkdecl.cli.commands.state",
    {
        "list": "List the recorded addresses",
        "show": "Show what is recorded about a resource",
        "mv": "Give a recorded resource another address",
        "rm": "Forget resources; the live destinations stay",
        "pull": "Print the stored state",
        "push": "Store a state from a file",
        "unlock": "Free a lock that a dead run left behind",
    },
    name="state",
    examples=(
        "blinkdecl state list",
        "blinkdecl state show destination.blink-soc",
        "blinkdecl state pull > state.json",
    ),
    help="Inspect or repair the recorded state. Every change is made under the lock, and keeps a backup.",
)
