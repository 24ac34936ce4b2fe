"""Which destinations are independent of each other: they lead to different webhooks, workspaces or hosts. Pure.

    webhook    the URL; behind a secret reference, the value's fingerprint stands for it, or, where no value is known,
               the reference, so that two references are two webhooks; a URL and a fingerprint cannot be compared
    workspace  that of the triggers with this webhook; not known where they name none, or different ones
    host       the host of the URL; not known where the URL is behind a secret reference

Of what is recorded, the webhook is the recorded one; of what is live, the one that Panther shows, or the recorded one
where it hides it. Of a destination that is not managed here and whose URL is hidden, nothing is known. What is not
known may be what another destination has: such destinations are not independent of each other, nor of others, and
count as one only where there is no other.
"""

from collections.abc import Iterable, Sequence

from blinkdecl.model.configuration import Independence
from blinkdecl.model.urls import host_of, webhook_of
from blinkdecl.routing.cells import label_of, mask_of
from blinkdecl.routing.receiver import FINGERPRINT, Receiver, folded


def group_of(receiver: Receiver, independent: Independence) -> str | None:
    """Return what a destination shares with those that it is not independent of; None = not known."""
    if independent == "workspace":
        return folded(receiver.workspace) or None
    if not receiver.webhook:
        return None
    return host_of(receiver.webhook) if independent == "host" else webhook_of(receiver.webhook)


def are_comparable(one: str, other: str) -> bool:
    """Whether two webhooks that differ surely are two: both are URLs, or of both the value's fingerprint is known."""
    kinds = {_kind(one), _kind(other)}
    return len(kinds) == 1 and "reference" not in kinds


def _kind(webhook: str) -> str:
    if webhook.startswith(FINGERPRINT):
        return "fingerprint"
    return "reference" if " " in webhook else "url"


class Groups:
    """Destinations by what they share; bit n is the n-th destination. `of` = the group of each, None = not known."""

    def __init__(self, of: Sequence[str | None]) -> None:
        self.of = of
        self._bits: dict[str | None, list[int]] = {}
        for bit, group in enumerate(of):
            self._bits.setdefault(group, []).append(bit)
        self._masks: dict[str | None, int] = {}
        self.unknown = self._mask(None)

    def among(self, mask: int, most: int) -> list[str]:
        """Return the known groups of these destinations, but not more than `most`."""
        found: list[str] = []
        rest = mask & ~self.unknown
        while rest and len(found) < most:
            group = self.of[(rest & -rest).bit_length() - 1]
            found.append(group or "")
            rest &= ~self._mask(group)
        return found

    def count(self, mask: int, most: int) -> int:
        """Return how many of these destinations are independent of each other, but not more than `most`."""
        return len(self.among(mask, most)) or int(bool(mask))

    def other_than(self, before: "Groups") -> int:
        """Return which destinations do not surely share what they shared before."""
        moved = (bit for bit, (is_, was) in enumerate(zip(self.of, before.of, strict=True)) if is_ != was)
        return mask_of(moved, len(self.of))

    def _mask(self, group: str | None) -> int:
        if group not in self._masks:
            self._masks[group] = mask_of(self._bits.get(group, ()), len(self.of))
        return self._masks[group]


def groups_of(receivers: Iterable[Receiver], names: Sequence[str], independent: Independence) -> Groups:
    """Return the groups of these destinations: bit n is the n-th of `names`."""
    found = {label_of(each): group_of(each, independent) for each in receivers}
    return Groups([found.get(name) for name in names])
