"""Comparing secrets without showing them: resolved values against recorded fingerprints. Pure."""

from collections.abc import Mapping
from typing import Literal

from blinkdecl.model.plan import SecretChange
from blinkdecl.model.resource import SecretReference
from blinkdecl.model.state import RecordedSecret
from blinkdecl.secret.value import Secret


class Fingerprints:
    """The fingerprints, under one state's salt, of the secrets that could be resolved; each is computed once."""

    def __init__(self, salt: str, secrets: Mapping[SecretReference, Secret]) -> None:
        self._salt = salt
        self._secrets = secrets
        self._known: dict[SecretReference, str] = {}

    def secret(self, reference: SecretReference) -> Secret | None:
        """Return the value behind `reference`, or None where it could not be resolved."""
        return self._secrets.get(reference)

    def of(self, reference: SecretReference) -> str | None:
        """Return the fingerprint of the value behind `reference`, or None where it could not be resolved."""
        found = self._known.get(reference)
        if found is None and (secret := self._secrets.get(reference)) is not None:
            found = self._known[reference] = secret.fingerprint(self._salt)
        return found

    def compare(self, name: str, reference: SecretReference, recorded: RecordedSecret | None) -> SecretChange:
        """Return what is known about one secret; `recorded` = what the record holds of it, None = nothing."""
        current = self.of(reference)
        if recorded is None:
            return SecretChange(name, reference, "new", current=current or "")
        if current is None or not recorded.fingerprint:
            return SecretChange(name, reference, "unverified", recorded, current or "")
        status: Literal["same", "rotated"] = "same" if current == recorded.fingerprint else "rotated"
        return SecretChange(name, reference, status, recorded, current)
