"""Options that several commands share."""

from typing import TypedDict

import click

from blinkdecl.cli.complete import complete
from blinkdecl.cli.types import Digest, FileOrSeconds, InputFile, Number, OneOf, OutputFile, Seconds


def scope() -> list[click.Parameter]:
    """Return the options that choose what a plan may touch."""
    return [
        *selection("Only this, and what it needs; repeatable, also a pattern such as 'destination.soc-*'."),
        click.Option(["--allow-deletes"], metavar="N", type=Number(), help="Allow up to N deletions."),
        click.Option(["--allow-changes"], metavar="N", type=Number(), help="Allow up to N changes."),
        accept_missing(),
    ]


def selection(told: str) -> list[click.Parameter]:
    """Return the options that select resources; `told` = what `--target` brings with it."""
    known = complete("addresses")
    return [
        click.Option(["--target", "targets"], metavar="ADDRESS", multiple=True, shell_complete=known, help=told),
        click.Option(
            ["--exclude", "excludes"],
            metavar="ADDRESS",
            multiple=True,
            shell_complete=known,
            help="Leave this out; repeatable, also a pattern.",
        ),
    ]


def address_argument(*, many: bool = False, required: bool = False, recorded: bool = False) -> click.Parameter:
    """Return the argument that names a resource, or `many`; `recorded` = of those in the state."""
    name, metavar = ("addresses", "ADDRESS...") if many else ("address", "ADDRESS")
    return click.Argument(
        [name],
        nargs=-1 if many else 1,
        required=required,
        metavar=metavar if required else f"[{metavar}]",
        shell_complete=complete("recorded" if recorded else "addresses"),
    )


def accept_missing() -> click.Parameter:
    """Return the option that accepts the loss of many recorded destinations at once."""
    return click.Option(
        ["--accept-missing"], metavar="N", type=Number(), help="Accept that up to N destinations are gone."
    )


def applying() -> list[click.Parameter]:
    """Return the options of the commands that change something."""
    return [
        click.Option(["--auto-approve"], is_flag=True, help="Do not ask."),
        parallelism(),
        lock_timeout(),
    ]


def expect() -> click.Parameter:
    """Return the option that names what was reviewed."""
    return click.Option(
        ["--expect"],
        metavar="DIGEST",
        type=Digest(),
        help="Refuse whatever is not the plan with this review digest. New values behind secret references, a "
        "webhook's URL too, are no part of it.",
    )


def against() -> click.Parameter:
    """Return the option that chooses the desired, recorded or live destinations."""
    return click.Option(
        ["--against"],
        type=OneOf(["desired", "recorded", "live"]),
        default="desired",
        show_default=True,
        help="Which destinations to use.",
    )


def detections() -> list[click.Parameter]:
    """Return the options that say how a repository of detections is looked at."""
    return [
        click.Option(
            ["--unmanaged"],
            metavar="NAME",
            multiple=True,
            help="A destination that is not managed here but that detections may name; repeatable.",
        ),
        click.Option(["--strict"], is_flag=True, help="With --detections: what is not known of one is an error."),
    ]


def lock_timeout() -> click.Parameter:
    """Return the option that says how long to wait for the lock."""
    return click.Option(
        ["--lock-timeout"],
        metavar="DURATION",
        type=Seconds(),
        default="0s",
        show_default=True,
        help="Wait for the lock, e.g. 30s or 5m.",
    )


def parallelism() -> click.Parameter:
    """Return the option that limits how many destinations are handled at once."""
    return click.Option(
        ["--parallelism"],
        metavar="N",
        type=Number(1, 256),
        default=10,
        show_default=True,
        help="How many destinations at once, 1 to 256.",
    )


def allow_commands() -> click.Parameter:
    """Return the caller's half of the opt-in to `command` references."""
    return click.Option(["--allow-commands"], is_flag=True, help="Run `command` secret references.")


def metrics_file() -> click.Parameter:
    """Return the option that leaves a run's numbers for a monitoring system."""
    return click.Option(
        ["--metrics-file"],
        metavar="FILE",
        type=OutputFile(),
        help="Write metrics for Prometheus to FILE, also when the run fails.",
    )


def no_test() -> click.Parameter:
    """Return the option that turns test alerts off."""
    return click.Option(["--no-test"], is_flag=True, help="Send no test alert.")


def replay() -> click.Parameter:
    """Return the option that says which past alerts go over the plan."""
    return click.Option(
        ["--replay"],
        metavar="FILE|DURATION",
        type=FileOrSeconds(),
        help="Show what becomes of past alerts: of FILE, or of the last 30d from Panther.",
    )


def sandbox_url() -> click.Parameter:
    """Return the option that says which sandbox is meant."""
    shown = "The sandbox's URL.  [default: the host of PANTHER_API_URL, or port 8787]"
    return click.Option(["--url"], metavar="URL", help=shown)


def file_argument(name: str, *, required: bool) -> click.Parameter:
    """Return an argument that names a file."""
    metavar = name.upper() if required else f"[{name.upper()}]"
    return click.Argument([name], required=required, type=InputFile(), metavar=metavar)


class Scope(TypedDict):
    """The values of the options of `scope`, as click passes them."""

    targets: tuple[str, ...]
    excludes: tuple[str, ...]
    allow_deletes: int | None
    allow_changes: int | None
    accept_missing: int | None
