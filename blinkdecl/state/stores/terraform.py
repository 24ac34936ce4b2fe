"""What Terraform's own variables (``TF_HTTP_...``) say of a state on an HTTP server, beyond its options in YAML.

ADDRESS, LOCK_ADDRESS, UNLOCK_ADDRESS         where YAML gives no `address`
UPDATE_METHOD, LOCK_METHOD, UNLOCK_METHOD     where YAML does not give it
USERNAME, PASSWORD                            the same
RETRY_MAX, RETRY_WAIT_MIN, RETRY_WAIT_MAX     how often, and after how many seconds, a request is repeated
CLIENT_CERTIFICATE_PEM, CLIENT_PRIVATE_KEY_PEM, CLIENT_CA_CERTIFICATE_PEM
                                              a certificate to show, and the authorities to trust, no others
SKIP_CERT_VERIFICATION                        refused: the state says which destinations exist
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from blinkdecl.diagnostics import Failure, error
from blinkdecl.model.configuration import StateSettings
from blinkdecl.model.urls import endpoint_problem
from blinkdecl.system.retry import RetryLimits
from blinkdecl.system.tls import Identity, identity_problem

PREFIX = "TF_HTTP_"
# The methods that the schema of the configuration allows as well.
METHODS: Mapping[str, tuple[str, ...]] = {
    "lock_method": ("LOCK", "POST", "PUT"),
    "unlock_method": ("UNLOCK", "DELETE", "POST", "PUT"),
    "update_method": ("POST", "PUT", "PATCH"),
}
_SKIP, _MAX, _WAIT_MIN, _WAIT_MAX = "SKIP_CERT_VERIFICATION", "RETRY_MAX", "RETRY_WAIT_MIN", "RETRY_WAIT_MAX"
_CERTIFICATE, _KEY, _AUTHORITY = "CLIENT_CERTIFICATE_PEM", "CLIENT_PRIVATE_KEY_PEM", "CLIENT_CA_CERTIFICATE_PEM"
# As Go's strconv.ParseBool, which Terraform reads it with.
_FALSE = frozenset(("", "0", "f", "false"))
# Terraform's own, and the most that is believed.
_USUAL = {_MAX: 2, _WAIT_MIN: 1, _WAIT_MAX: 30}
_MOST = {_MAX: 100, _WAIT_MIN: 600, _WAIT_MAX: 600}
_LONGEST = 3600.0
# A line of a key that is long enough to tell.
_LINE = 16


def check_options(settings: StateSettings, environ: Mapping[str, str]) -> None:
    """Raise a `Failure` (``invalid-value``) for what is not done as the environment says it."""
    if environ.get(f"{PREFIX}{_SKIP}", "").strip().lower() not in _FALSE:
        remedy = (
            f"unset it: certificates are always checked; for an authority of your own set SSL_CERT_FILE or "
            f"{PREFIX}{_AUTHORITY}"
        )
        raise error(
            "invalid-value", f"{PREFIX}{_SKIP} would let anybody pose as the server of the state", remedy=remedy
        )
    for name in ("address", "lock_address", "unlock_address"):
        url = environ.get(f"{PREFIX}{name.upper()}")
        if url and settings.options[name].startswith(url) and endpoint_problem(url) is not None:
            summary = f"{PREFIX}{name.upper()} is not a plain URL of https, or of http to this machine"
            raise error("invalid-value", summary, remedy=f"the login belongs in {PREFIX}USERNAME and {PREFIX}PASSWORD")
    for name, methods in METHODS.items():  # those in YAML are checked already
        if settings.options[name] not in methods:
            summary = f"{PREFIX}{name.upper()} is not an HTTP method that is used here"
            raise error("invalid-value", summary, remedy=f"one of {', '.join(methods)}")


def limits_of(environ: Mapping[str, str], usual: RetryLimits) -> RetryLimits:
    """Return how often a request is repeated; raises a `Failure` (``invalid-value``)."""
    given = {name: value for name in _USUAL if (value := environ.get(f"{PREFIX}{name}"))}
    if not given:
        return usual
    numbers = {**_USUAL, **{name: _number(name, value) for name, value in given.items()}}
    attempts, first = numbers[_MAX] + 1, float(numbers[_WAIT_MIN])
    most = max(first, float(numbers[_WAIT_MAX]))
    budget = min(_LONGEST, attempts * usual.timeout + numbers[_MAX] * most)
    return replace(usual, attempts=attempts, first=first, most=most, budget=budget)


def identity_of(environ: Mapping[str, str]) -> Identity | None:
    """Return the certificate to show and the authorities to trust, None where none is given; raises a `Failure`."""
    certificate, key, authority = (environ.get(f"{PREFIX}{name}", "") for name in (_CERTIFICATE, _KEY, _AUTHORITY))
    if bool(certificate) != bool(key):
        missing, there = (_KEY, _CERTIFICATE) if certificate else (_CERTIFICATE, _KEY)
        raise error("invalid-value", f"{PREFIX}{there} is set, and {PREFIX}{missing} is not", remedy="set both")
    if not (certificate or authority):
        return None
    identity = Identity(certificate, key, authority)
    if (problem := identity_problem(identity)) is not None:
        part, why = problem
        raise error("invalid-value", f"{PREFIX}{_AUTHORITY if part == 'authority' else _CERTIFICATE}: {why}")
    return identity


def secrets_in(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values of these variables that must not be shown, the key's lines by themselves as well."""
    key = environ.get(f"{PREFIX}{_KEY}", "")
    lines = [each for each in key.splitlines() if len(each) >= _LINE and not each.startswith("-----")]
    return tuple(filter(None, (environ.get(f"{PREFIX}PASSWORD", ""), key, *lines)))


def _number(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text.strip()) or int(text) > _MOST[name]:
        raise _no_number(name)
    return int(text)


def _no_number(name: str) -> Failure:
    return error("invalid-value", f"{PREFIX}{name} is not a number that is used here", remedy=f"0 to {_MOST[name]}")
