"""Comparing secrets without showing them: resolved values against recorded fingerprints. Pure.

A weak secret has two fingerprints: the slow one, and the quick one that states of version 1 hold. Each value is
compared in the kind that is recorded, so that nothing looks rotated, and `upgraded` puts the slow one in its place.
"""

from collections.abc import Mapping
from dataclasses import replace

from blinkdecl.model.plan import SecretChange
from blinkdecl.model.resource import SecretReference
from blinkdecl.model.state import Recorded, RecordedSecret, State
from blinkdecl.secret.value import SLOW, Secret


class Fingerprints:
    """The fingerprints, under one state's salt, of the secrets that could be resolved; each is computed once."""

    def __init__(self, salt: str, secrets: Mapping[SecretReference, Secret]) -> None:
        self._salt = salt
        self._secrets = secrets
        self._known: dict[SecretReference, str] = {}
        self._new: dict[tuple[str, SecretReference], SecretChange] = {}

    def secret(self, reference: SecretReference) -> Secret | None:
        """Return the value behind `reference`, or None where it could not be resolved."""
        return self._secrets.get(reference)

    def knows_more_than(self, other: "Fingerprints") -> bool:
        """Whether a value behind one of these references is another one there, or not known."""
        return any(secret != other.secret(reference) for reference, secret in self._secrets.items())

    def of(self, reference: SecretReference, recorded: str = "") -> str | None:
        """Return the fingerprint of the value behind `reference`, or None where it could not be resolved.

        It is of the kind that `recorded` is, where the value has one of that kind.
        """
        if recorded and not recorded.startswith(SLOW):
            secret = self._secrets.get(reference)
            if secret is not None and secret.is_weak:
                return secret.quick_fingerprint(self._salt)
        found = self._known.get(reference)
        if found is None and (secret := self._secrets.get(reference)) is not None:
            found = self._known[reference] = secret.fingerprint(self._salt)
        return found

    def compare(self, name: str, reference: SecretReference, recorded: RecordedSecret | None) -> SecretChange:
        """Return what is known about one secret; `recorded` = what the record holds of it, None = nothing."""
        if recorded is None:  # that is the same for each destination of a trigger
            if (change := self._new.get((name, reference))) is None:
                change = SecretChange(name, reference, "new", current=self.of(reference) or "")
                self._new[name, reference] = change
            return change
        current = self.of(reference, recorded.fingerprint)
        if current is None or not recorded.fingerprint:
            return SecretChange(name, reference, "unverified", recorded, current or "")
        if current == recorded.fingerprint:
            return SecretChange(name, reference, "same", recorded, current)
        return SecretChange(name, reference, "rotated", recorded, self.of(reference) or "")

    def upgraded(self, state: State) -> State:
        """Return the state with the slow fingerprint of each known weak value in place of the quick one.

        So one value has one fingerprint wherever a plan looks, and the next write leaves no quick one of it.
        """
        held = {secret.fingerprint for each in state.resources.values() for secret in each.secrets.values()}
        weak = {secret for secret in self._secrets.values() if secret.is_weak}
        quick = {secret.quick_fingerprint(self._salt): secret for secret in weak}
        slow = {each: quick[each].fingerprint(self._salt) for each in held & quick.keys()}
        if not slow:
            return state
        return replace(state, resources={address: with_other(each, slow) for address, each in state.resources.items()})


def with_other(record: Recorded, fingerprints: Mapping[str, str]) -> Recorded:
    """Return a record with other fingerprints in place of those that are named."""
    secrets = {
        name: replace(held, fingerprint=fingerprints.get(held.fingerprint, held.fingerprint))
        for name, held in record.secrets.items()
    }
    return replace(record, secrets=secrets)
