"""``blinkdecl fmt``: the configuration's files, laid out alike."""

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.types import InputFile


@session_command(
    "fmt",
    click.Argument(["files"], nargs=-1, type=InputFile(), metavar="[FILE]..."),
    click.Option(["--check"], is_flag=True, help="Write nothing; exit with 1 if a file would change."),
    click.Option(
        ["--diff"], is_flag=True, help="Print what changes in each file, too; what may be a secret reads ***."
    ),
    examples=(
        "blinkdecl fmt",
        "blinkdecl fmt --check --diff",
        "blinkdecl fmt destinations/soc.yaml tests",
        "blinkdecl fmt - < blinkdecl.yaml",
    ),
)
def command() -> Work:
    """Lay the YAML of the configuration out alike: keys in the schema's order, blocks indented by two columns.

    Names keep your order, and values, quotes, lists in brackets, comments and blank lines stay as you wrote them;
    line ends become LF. The name of each file that changes is printed. Without FILE: blinkdecl.yaml, what it
    includes, and environments/. A folder of the project stands for the configuration files in it, `-` for standard
    input, which is printed. A file that is not valid YAML, or that has no `version: 1`, is reported and left as it
    is. Exit codes: 0 = done, 1 = error, or a file would change (--check).
    """
    from blinkdecl.cli.work.fmt import run

    return run
