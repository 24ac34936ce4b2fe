"""What is asked of Blink, for whoever judges by the answers."""

from typing import Protocol

from blinkdecl.model.runs import Automation, Event, History, Run, WebhookEvent


class Blink(Protocol):
    """Blink's read side. Every method raises a `Failure` that says why there is no answer, and what to do.

    Its code is ``unauthorised``, ``not-found``, ``ambiguous-name``, ``unreachable``, ``invalid-answer`` or
    ``rejected``. Safe to call from several threads.
    """

    def workspace(self, name: str) -> str:
        """Return the id of the workspace that is shown under this name."""

    def automations(self, workspace: str) -> tuple[Automation, ...]:
        """Return every automation of a workspace, drafts included."""

    def workspaces(self) -> tuple[tuple[str, str], ...]:
        """Return the id and the shown name of each workspace that the key may see."""

    def events(self, workspace: str, automation: str) -> tuple[WebhookEvent, ...] | None:
        """Return the events that trigger an automation; None where its YAML does not say."""

    def history(self, workspace: str, automation: str) -> History:
        """Return the runs of an automation that Blink keeps."""

    def run(self, workspace: str, run: str, marks: frozenset[str]) -> tuple[Run, Event | None]:
        """Return one run, and which of these tags has what started it; None where Blink does not tell."""
