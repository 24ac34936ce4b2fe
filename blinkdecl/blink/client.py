"""Blink's read side by its API: which path each question goes to, and how a list is read to its end.

A list comes in pages of as many rows as Blink likes, whatever was asked for, and the total may be absent: so the next
page begins after what came. It is sorted by a time that never changes: rows that arrive at the head meanwhile push
others down, and these come twice, and count once; none is missed. Should Blink sort by another time, a row can move
from a page that is still to come to the head: so the head of a list that had several pages is read once more.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType, TracebackType
from typing import Self

from blinkdecl.blink.answers import (
    Page,
    automations_of,
    event_of,
    page_of,
    playbook_of,
    run_of,
    workspaces_of,
)
from blinkdecl.blink.endpoint import LIMITS, Endpoint
from blinkdecl.blink.playbook import events_of
from blinkdecl.diagnostics import closest, did_you_mean, error
from blinkdecl.model.runs import Automation, Event, History, Run, WebhookEvent
from blinkdecl.secret.value import Mask, Secret
from blinkdecl.system.retry import RetryLimits

_PAGE = 100
# Blink keeps 100 runs of an automation, unless its support has raised that.
_MOST_RUNS = 2000
_NOTHING: Mapping[str, str] = MappingProxyType({})


class BlinkApi:
    """`blinkdecl.blink.interface.Blink` over HTTP, as a context manager."""

    def __init__(
        self,
        url: str,
        key: Secret,
        *,
        connections: int = 10,
        limits: RetryLimits = LIMITS,
        environ: Mapping[str, str] = _NOTHING,
        mask: Mask = str,
    ) -> None:
        """`url` = the address at which people sign in; `mask` takes the secrets of the run out of what Blink says."""
        self._endpoint = Endpoint(url, key, connections=connections, limits=limits, environ=environ, mask=mask)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._endpoint.close()

    def clean(self, text: str) -> str:
        """Return a name that Blink gave, fit to be shown."""
        return self._endpoint.clean(text)

    def workspaces(self) -> tuple[tuple[str, str], ...]:
        """Return the id and the shown name of each workspace that the key may see."""
        found = workspaces_of(self._endpoint.get("/user-workspaces"))
        return tuple((identifier, names[0]) for identifier, names in found if names)

    def workspace(self, name: str) -> str:
        """Return the id of the one workspace of this name, in its exact spelling."""
        known = dict(workspaces_of(self._endpoint.get("/user-workspaces")))
        found = [identifier for identifier, names in known.items() if name in names]
        if len(found) > 1:
            summary = f'Blink has {len(found)} workspaces with the name "{name}"'
            raise error("ambiguous-name", summary, remedy="rename one of them in Blink, and in the trigger")
        if not found:
            meant = closest(name, {each for names in known.values() for each in names})
            remedy = did_you_mean(meant) or "the user of `blink.api_key` must be a member of the workspace"
            raise error("not-found", f'Blink shows this API key no workspace "{name}"', remedy=remedy)
        return found[0]

    def automations(self, workspace: str) -> tuple[Automation, ...]:
        """Return every automation of a workspace, drafts included."""
        found = automations_of(self._endpoint.get(f"/workspace/{workspace}/automations"))
        if found is None:
            raise error("invalid-answer", "Blink's answer cannot be used: it is no list of automations")
        return found

    def events(self, workspace: str, automation: str) -> tuple[WebhookEvent, ...] | None:
        """Return the events that trigger an automation; None where its YAML does not say."""
        text = playbook_of(self._endpoint.get(f"/workspace/{workspace}/playbooks/{automation}"))
        return None if text is None else events_of(text)

    def history(self, workspace: str, automation: str) -> History:
        """Return the runs of an automation that Blink keeps.

        Blink is asked for no time: a run that waits in its queue may have none, and only an older one shows how far
        the list reaches back.
        """
        found: dict[str, Run] = {}
        ended, pages = self._read(workspace, automation, found)
        if pages > 1:
            self._read(workspace, automation, found)
        return History(tuple(found.values()), ended)

    def run(self, workspace: str, run: str, marks: frozenset[str]) -> tuple[Run, Event | None]:
        """Return one run, and which of these tags has what started it; None where Blink does not tell."""
        answer = self._endpoint.get(f"/workspace/{workspace}/executions/{run}")
        found = run_of(answer, self._endpoint.clean)
        if found is None or found.id != run:
            raise error("invalid-answer", "Blink answered with another run than it was asked for")
        return found, event_of(answer, marks)

    def _read(self, workspace: str, automation: str, found: dict[str, Run]) -> tuple[bool, int]:
        """Add the runs of a list to `found`, up to a page without a new one; return whether it ended, and its pages."""
        ended, rows, pages = False, 0, 0
        while not ended and rows < _MOST_RUNS:
            page = self._page(workspace, automation, rows)
            ended, rows, pages = page.ends(rows, _PAGE), rows + len(page.rows), pages + 1
            # Whatever became of the filter, the runs of other automations are none of this one's.
            own = [each for each in page.rows if each.get("playbook_id") in (automation, None)]
            runs = {run.id: run for each in own if (run := run_of(each, self._endpoint.clean)) is not None}
            if not ended and runs.keys() <= found.keys():
                break  # it has come before: Blink does not go on from where it was asked to
            found |= runs
        return ended, pages

    def _page(self, workspace: str, automation: str, offset: int) -> Page:
        """Return a part of the runs of an automation, the newest first; raises a `Failure` where it is no page."""
        wanted = {"filter": {"playbook_id": automation}, "sort": ["-created_at"], "limit": _PAGE, "offset": offset}
        page = page_of(self._endpoint.get(f"/workspace/{workspace}/executions", {"q": json.dumps(wanted)}))
        if page is None:
            raise error("invalid-answer", "Blink's answer cannot be used: it is no list of runs")
        return page
