"""``blinkdecl import``: take live destinations over, one into the state, or all as YAML."""

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.options import address_argument, lock_timeout
from blinkdecl.cli.types import OutputFile


@session_command(
    "import",
    address_argument(),
    click.Argument(["object_id"], required=False, metavar="[ID]"),
    click.Option(["--all", "every"], is_flag=True, help="Write YAML for every unmanaged Blink destination."),
    click.Option(
        ["--blink"], is_flag=True, help="Write YAML for every automation in Blink that Panther's webhooks trigger."
    ),
    click.Option(
        ["--name-glob", "globs"],
        multiple=True,
        metavar="GLOB",
        help="With --all: treat custom webhooks with this name as Blink's; repeatable.",
    ),
    click.Option(
        ["--to"],
        type=OutputFile(needs_name=True),
        metavar="FILE",
        help="With --all or --blink: the new file, by default destinations/imported.yaml or triggers/imported.yaml, or "
        "the next one that is free.",
    ),
    click.Option(
        ["--dry-run"], is_flag=True, help="Show what would be recorded, and the YAML; record and write nothing."
    ),
    lock_timeout(),
    formats=["json"],
    examples=(
        "blinkdecl import --all --dry-run",
        "blinkdecl import --all --name-glob 'Blink *' --to destinations/soc.yaml",
        "blinkdecl import --blink --dry-run",
        "blinkdecl import destination.soc 4f1d7b1e-8a53-4d0e-9f0c-2f5f1c0e6a11",
    ),
)
def command() -> Work:
    """Take live destinations over. Nothing in Panther is changed.

    With ADDRESS and ID, the destination with this id is recorded at an address that is already declared. With --all,
    YAML is written for every live Blink destination that is not managed: native ones, custom webhooks that deliver to
    `webhook_hosts`, and, since Panther redacts URLs, those that --name-glob matches. Destinations whose URL is the same
    share a trigger. What other environments of the project manage is left alone. What is declared under the same
    display name already, as after an import that was cut off, is recorded there, and so is what an apply that was cut
    off created.

    With --blink, YAML is written for the automations in Blink that Panther's webhooks trigger, and no trigger declares:
    it names URLs and keys by environment variables, since Blink shows neither. Nothing is recorded.

    --dry-run is the review before it: there are no `import` blocks to be written first.
    """
    from blinkdecl.cli.work.import_ import run

    return run
