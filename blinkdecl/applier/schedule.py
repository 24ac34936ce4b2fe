"""Which changes may start now: each after all that it waits for."""

from collections.abc import Collection

from blinkdecl.model.plan import Change


class Schedule:
    """Which changes may start now; a change that waits for a failed one never becomes ready."""

    def __init__(self, changes: Collection[Change]) -> None:
        self._changes = {change.address: change for change in changes}
        self._missing: dict[str, int] = {}
        self._followers: dict[str, list[str]] = {}
        for change in changes:
            ahead = [address for address in change.depends_on if address in self._changes]
            self._missing[change.address] = len(ahead)
            for address in ahead:
                self._followers.setdefault(address, []).append(change.address)

    def first(self) -> list[Change]:
        """Return the changes that wait for nothing."""
        return [self._changes[address] for address, count in self._missing.items() if count == 0]

    def released(self, address: str) -> list[Change]:
        """Return the changes that may start because the one at `address` succeeded."""
        ready = []
        for follower in self._followers.get(address, ()):
            self._missing[follower] -= 1
            if self._missing[follower] == 0:
                ready.append(self._changes[follower])
        return ready
