"""Which backend keeps the state, and the way to it: its addresses and its credentials."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from blinkdecl.diagnostics import Diagnostic, Failure
from blinkdecl.model.configuration import StateSettings
from blinkdecl.model.invocation import Invocation
from blinkdecl.project.references import resolved
from blinkdecl.secret.store import SecretStore
from blinkdecl.secret.value import Secret
from blinkdecl.state.interface import StateBackend, Warn, unheard

if TYPE_CHECKING:
    from blinkdecl.state.stores.http import HttpStore

# Where engines look for credentials by themselves; a server may repeat those, too.
_CREDENTIALS = ("TF_HTTP_PASSWORD", "PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")

# What each engine's library is called, and what to install: as the extra of the same name in pyproject.toml has it.
_LIBRARIES = {"s3": ("obstore", "obstore>=0.6"), "postgres": ("psycopg", "psycopg[binary]>=3.2")}


def open_backend(
    invocation: Invocation,
    settings: StateSettings,
    store: SecretStore,
    say: Callable[[str], None],
    warn: Warn = unheard,
) -> StateBackend:
    """Return the backend; nothing is read yet.

    Raises a `Failure` (``missing-extra``, ``secret-missing``, ``untrusted-host``, ...).
    """
    if settings.backend == "local":
        from blinkdecl.state.local import LocalBackend

        path = settings.options["path"]
        return LocalBackend(Path(invocation.root) / path, path, invocation, warn)
    if (library := _LIBRARIES.get(settings.backend)) is not None:
        _check_installed(settings, *library)
    from blinkdecl.project.reach import check_state_hosts

    if settings.backend == "http":
        store.know(*_terraforms(invocation, settings))
    where = settings.secrets.get("dsn")  # it says where the rest goes, so it is read first
    told = None if where is None else resolved(store, where, "state.dsn,", settings.position).reveal()
    check_state_hosts(invocation, settings, say, told)
    secrets = {
        name: resolved(store, reference, f"state.{name},", settings.position)
        for name, reference in settings.secrets.items()
    }
    store.know(*(invocation.environ.get(each) for each in _CREDENTIALS))
    from blinkdecl.state.remote import RemoteBackend

    match settings.backend:
        case "http":
            return RemoteBackend(_http(invocation, settings, secrets), invocation, mask=store.mask, warn=warn)
        case "s3":
            from blinkdecl.state.stores.s3 import S3Store

            config = {name: value for name, value in settings.options.items() if name != "url"}
            s3 = S3Store(settings.options["url"], config, secrets)
            return RemoteBackend(s3, invocation, mask=store.mask, warn=warn)
    from blinkdecl.state.stores.conninfo import secured
    from blinkdecl.state.stores.postgres import PostgresStore

    written = settings.options.get("dsn")
    dsn = secrets["dsn"].reveal() if written is None else written
    dsn = secured(dsn, invocation.environ, written=written is not None)
    postgres = PostgresStore(dsn, secrets.get("password"), settings.options["name"], store.mask)
    return RemoteBackend(postgres, invocation, mask=store.mask, warn=warn)


def _terraforms(invocation: Invocation, settings: StateSettings) -> Sequence[str]:
    """Return the secrets of Terraform's own variables; raises a `Failure` for what is not done as they say."""
    from blinkdecl.state.stores.terraform import check_options, secrets_in

    check_options(settings, invocation.environ)
    return secrets_in(invocation.environ)


def _http(invocation: Invocation, settings: StateSettings, secrets: Mapping[str, Secret]) -> "HttpStore":
    """Return the store with the login that is configured, or that Terraform's own variables give."""
    from blinkdecl.state.stores.http import Endpoints, HttpStore, Login

    options = dict(settings.options)
    username = secrets["username"].reveal() if "username" in secrets else options.pop("username", "")
    username = username or invocation.environ.get("TF_HTTP_USERNAME", "")
    password = secrets.get("password") or Secret(invocation.environ.get("TF_HTTP_PASSWORD", ""))
    login = Login(username, password) if username else None
    return HttpStore(Endpoints(**options), login, environ=invocation.environ)


def _check_installed(settings: StateSettings, library: str, requirement: str) -> None:
    from importlib.util import find_spec

    if find_spec(library) is None:
        remedy = f"`pip install '{requirement}'`; where pipx installed it, `pipx inject blinkdecl '{requirement}'`"
        summary = f"`backend: {settings.backend}` needs {library}, which is not installed"
        raise Failure(Diagnostic("missing-extra", summary, position=settings.position, notes=(("help", remedy),)))
