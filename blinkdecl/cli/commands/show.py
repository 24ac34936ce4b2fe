"""``blinkdecl show``: a saved plan, or the recorded state."""

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.options import file_argument


@session_command(
    "show",
    file_argument("file", required=False),
    formats=["json", "markdown", "html", "junit", "github", "gitlab", "gitlab-terraform", "sarif"],
    examples=("blinkdecl show", "blinkdecl show plan.json", "blinkdecl show plan.json --format markdown"),
)
def command() -> Work:
    """Print the saved plan in FILE (`-` = standard input), stale or not; without FILE, the recorded state."""
    from blinkdecl.cli.work.show import run

    return run
