"""Where tokens and credentials may go: the operator decides, by environment variables (`blinkdecl.model.trust`).

What the YAML says of hosts is believed only as far as the operator does. Where no hosts were named, a state is on this
machine, at a cloud's own endpoint, or where one was used from here before, with the operator's consent: a pull request
that names another place gets no credential, and no request. What was used before is remembered outside of the
repository, in ``$XDG_STATE_HOME/blinkdecl/known-states.json``. An address that the environment gives, as Terraform
reads it (``TF_HTTP_ADDRESS``), is the operator's own.
"""

from collections.abc import Callable

from blinkdecl.diagnostics import Position, error
from blinkdecl.model.configuration import StateSettings
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.trust import HOSTS, named, untrusted_url
from blinkdecl.model.urls import endpoint_problem, host_of, is_loopback
from blinkdecl.state.used import remember, was_used

_ADDRESSES = ("address", "lock_address", "unlock_address")
# The operator's own variables that name a host, as Terraform has them: these need no other consent.
_TERRAFORMS = tuple(f"TF_HTTP_{name.upper()}" for name in _ADDRESSES)


def check_provider_host(invocation: Invocation, url: str, place: str) -> None:
    """Raise a `Failure` (``untrusted-host``) where the token must not go; `place` says where the URL is written."""
    _check_host(invocation, url, place, "Panther's token")


def check_blink_host(invocation: Invocation, url: str, place: str) -> None:
    """Raise a `Failure` (``untrusted-host``) where the key of Blink's API must not go."""
    _check_host(invocation, url, place, "the API key of Blink")


def _check_host(invocation: Invocation, url: str, place: str, what: str) -> None:
    host = untrusted_url(invocation.trust, url)
    if host is not None:
        summary = f"{what} would go to {host}, which is not among those of {named(HOSTS, invocation.trust.hosts)}"
        raise error("untrusted-host", summary, at=place, remedy=f"if it is yours, add it to {HOSTS}")


def check_state_hosts(
    invocation: Invocation, settings: StateSettings, say: Callable[[str], None], dsn: str | None = None
) -> None:
    """Raise a `Failure` (``untrusted-host``) where the credentials of the state must not go.

    `dsn` is that of a database, wherever it comes from. Whether there are credentials is not asked: a library finds
    some that nobody has named (an instance's role, ~/.pgpass). The first use of a host that the operator has named is
    told to `say`.
    """
    trust = invocation.trust
    ours = {
        host_of(url) for each in _TERRAFORMS if settings.backend == "http" and (url := invocation.environ.get(each))
    }
    for host in sorted(state_hosts(settings, dsn)):
        if trust.hosts is not None and not trust.trusts(host):
            raise _refused(
                f"the state at {host} is not among the hosts of {named(HOSTS, trust.hosts)}", settings.position
            )
        if is_loopback(host) or host in ours or was_used(invocation.environ, host):
            continue
        if not trust.names(host):
            raise _refused(f"a state at {host} was never used from here", settings.position)
        say(f"First use of a state at {host} from here: {HOSTS} names it, so credentials go there.")
        remember(invocation.environ, host)


def state_hosts(settings: StateSettings, dsn: str | None = None) -> set[str]:
    """Return the hosts that the state is kept at, in lower case; a cloud's own endpoint is none.

    Raises a `Failure` (``invalid-value``) for a URL that two parsers could read differently.
    """
    if settings.backend == "postgres":
        from blinkdecl.state.stores.conninfo import hosts_of

        return hosts_of(dsn if dsn is not None else settings.options.get("dsn", ""))
    found = set()
    for name in _ADDRESSES if settings.backend == "http" else ("endpoint",):
        if (url := settings.options.get(name)) is None:
            continue
        host = host_of(url)
        if host is None or endpoint_problem(url) is not None:
            raise error(
                "invalid-value",
                "it is not a plain URL of https, or of http to this machine",
                at=f"state.{name}",
            )
        found.add(host)
    return found


def _refused(summary: str, position: Position | None) -> Exception:
    at = f"state ({position.file}:{position.line})" if position is not None else "state"
    remedy = f"if it is yours, add it to {HOSTS}, with every other host that this project needs"
    return error("untrusted-host", summary, at=at, remedy=remedy)
