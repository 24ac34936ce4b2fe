"""Where tokens and credentials may go: the operator decides, by environment variables (`blinkdecl.model.trust`).

What the YAML says of hosts is believed only as far as the operator does. Where no hosts were named, the credentials of
the state go to this machine, to where a variable of the environment leads, and to a state that was used from here
before, with the operator's consent: a pull request that names another one gets none. What was used before is remembered
outside of the repository, in ``$XDG_STATE_HOME/blinkdecl/known-states.json``.
"""

from collections.abc import Callable, Mapping

from blinkdecl.diagnostics import Position, error
from blinkdecl.model.configuration import StateSettings
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.trust import HOSTS, untrusted_url
from blinkdecl.model.urls import host_of, is_loopback
from blinkdecl.state.used import remember, was_used

_ADDRESSES = ("address", "lock_address", "unlock_address")
# Variables with which a library logs in to a state by itself.
_LOGINS: Mapping[str, tuple[str, ...]] = {
    "http": ("TF_HTTP_USERNAME",),
    "s3": ("AWS_", "AZURE_", "GOOGLE_"),
    "postgres": ("PG", "HOME"),  # ~/.pgpass, too
}


def check_provider_host(invocation: Invocation, url: str, place: str) -> None:
    """Raise a `Failure` (``untrusted-host``) where the token must not go; `place` says where the URL is written."""
    host = untrusted_url(invocation.trust, url)
    if host is not None:
        summary = f"Panther's token would go to {host}, which is not among those of {HOSTS}"
        raise error("untrusted-host", summary, at=place, remedy=f"if it is yours, add it to {HOSTS}")


def check_state_hosts(invocation: Invocation, settings: StateSettings, say: Callable[[str], None]) -> None:
    """Raise a `Failure` (``untrusted-host``) where the credentials of the state must not go.

    The first use of one that the operator has named is told to `say`.
    """
    hosts, trust = sorted(_hosts(settings)), invocation.trust
    with_login = settings.secrets or any(
        _is_set(invocation.environ, each) for each in _LOGINS.get(settings.backend, ())
    )
    for host in hosts:
        if trust.hosts is not None and not trust.trusts(host):
            raise _refused(f"the state at {host} is not among the hosts of {HOSTS}", settings.position)
        if not with_login or is_loopback(host) or was_used(invocation.environ, host):
            continue
        if not trust.names(host):
            summary = f"credentials of this environment would go to a state that was never used from here, at {host}"
            raise _refused(summary, settings.position)
        say(f"First use of a state at {host} from here: {HOSTS} names it, so credentials go there.")
        remember(invocation.environ, host)


def _refused(summary: str, position: Position | None) -> Exception:
    at = f"state ({position.file}:{position.line})" if position is not None else "state"
    return error("untrusted-host", summary, at=at, remedy=f"if it is yours: export {HOSTS}=HOST (patterns, by commas)")


def _hosts(settings: StateSettings) -> set[str]:
    """Return the hosts that the YAML names for the state, in lower case; a cloud's own endpoint is none."""
    options = settings.options
    if settings.backend == "postgres":
        from blinkdecl.state.stores.postgres import hosts_of

        return hosts_of(options["dsn"]) if "dsn" in options else set()
    names = _ADDRESSES if settings.backend == "http" else ("endpoint",)
    return {host for name in names if name in options and (host := host_of(options[name])) is not None}


def _is_set(environ: Mapping[str, str], name: str) -> bool:
    if name.endswith("_") or name == "PG":
        return any(each.startswith(name) and value for each, value in environ.items())
    return bool(environ.get(name))
