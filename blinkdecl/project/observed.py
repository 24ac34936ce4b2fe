"""The declared destinations as observation knows them: with the ids that Panther gave them, as far as recorded."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from blinkdecl.diagnostics import Position, error
from blinkdecl.model.observed import ObservedAlert, Period
from blinkdecl.model.state import NOT_AN_ID
from blinkdecl.project.project import Project
from blinkdecl.project.provider import open_reading
from blinkdecl.project.receivers import recorded_ids
from blinkdecl.project.records import read_state
from blinkdecl.project.secrets import know_secrets
from blinkdecl.routing.receiver import Receiver, receivers_of


def observed_receivers(project: Project) -> tuple[list[Receiver], frozenset[str]]:
    """Return the declared destinations, by address, and all ids that are recorded, of what is not declared as well.

    What stands for an id that nobody read is none.
    """
    state = read_state(project)
    recorded = recorded_ids(project, state) if state else {}
    ids = {address: each for address, each in recorded.items() if each and not each.startswith(NOT_AN_ID)}
    return receivers_of(project.configuration.resources.values(), ids), frozenset(ids.values())


@contextmanager
def read_period(
    project: Project, seconds: float, *, titles: bool = False
) -> Iterator[tuple[Period, Iterator[ObservedAlert]]]:
    """Yield the last seconds as a period, and its alerts as Panther's API has them; nothing is changed there.

    `titles` = with their titles.
    """
    from blinkdecl.history.panther import read_history

    settings = project.configuration.settings.provider
    end = datetime.now(UTC).replace(microsecond=0)
    try:
        period = Period(end - timedelta(seconds=seconds), end)
    except OverflowError:
        raise error("usage", "the time goes back further than there are years", remedy="for example 30d") from None
    know_secrets(project)
    with open_reading(settings, project.secrets, project.invocation) as endpoint, project.provider_errors():
        yield period, read_history(endpoint, period, titles=titles)


def positions_of(project: Project) -> Mapping[str, Position]:
    """Return where the destinations are declared, by address."""
    resources = project.configuration.resources.items()
    return {address: each.position for address, each in resources if each.position is not None}


def recording_command(project: Project, address: str, output_id: str, *, instead: bool = False) -> str | None:
    """Return the command that records the id of a declared destination; None where there is none.

    `instead` = in the place of another id: `confirm` does that, and `import` first wants the other forgotten.
    """
    command = project.invocation.command_line
    match project.configuration.settings.provider.type:
        case "console":
            return command("confirm", address, "--id", output_id)
        case "panther":
            adopted = command("import", address, output_id)
            return f"{command('state', 'rm', address)} && {adopted}" if instead else adopted
    return None
