"""A repository that was opened: its configuration, and the way to its state, its provider and its secrets."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from blinkdecl.config import Loaded, load
from blinkdecl.diagnostics import Failure
from blinkdecl.model.configuration import Configuration
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.urls import HostRules
from blinkdecl.project.backend import open_backend
from blinkdecl.project.provider import token_place
from blinkdecl.project.references import placed
from blinkdecl.secret.store import SecretStore
from blinkdecl.state.interface import StateBackend, Warn, unheard


@dataclass(frozen=True)
class Project:
    """A repository that was read.

    `say` is called with what a person should know during a wait, `warn` with clean-up that failed.
    """

    invocation: Invocation
    say: Callable[[str], None]
    loaded: Loaded
    secrets: SecretStore
    warn: Warn = unheard

    @cached_property
    def backend(self) -> StateBackend:
        """Where the state is kept; opened when it is first needed, which no offline command does for a remote one."""
        return open_backend(self.invocation, self.configuration.settings.state, self.secrets, self.say, self.warn)

    @property
    def is_remote(self) -> bool:
        """Whether the state is kept on another machine."""
        return self.configuration.settings.state.backend != "local"

    @property
    def configuration(self) -> Configuration:
        """The desired side."""
        return self.loaded.configuration

    @property
    def hosts(self) -> HostRules:
        """Where alerts may go."""
        return HostRules(self.configuration.settings.webhook_hosts, self.invocation.trust.hosts)

    @contextmanager
    def provider_errors(self) -> Iterator[None]:
        """Add to a refused token's failure where the token comes from."""
        try:
            yield
        except Failure as failure:
            provider = self.configuration.settings.provider
            if provider.token is None or failure.code != "unauthorised":
                raise
            raise placed(failure, token_place(provider)) from None

    @contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        """Hold the state's lock in the name of the command; wait up to `timeout` seconds, and say who holds it."""
        from blinkdecl.state.lock_info import lock_info

        info = lock_info(f"blinkdecl {self.invocation.command}", self.invocation.environ)
        with ExitStack() as stack:
            try:
                stack.enter_context(self.backend.lock(info, 0.0))
            except Failure as failure:
                if not timeout or failure.code != "locked":
                    raise
                who = dict(failure.diagnostics[0].notes).get("who", "another run")
                self.say(f"Waiting up to {timeout:g}s for the lock: {who}.")
                stack.enter_context(self.backend.lock(info, timeout))
            yield


def open_project(
    invocation: Invocation,
    say: Callable[[str], None],
    *,
    commands: bool = False,
    warn: Warn = unheard,
    added: Mapping[str, str] = MappingProxyType({}),
) -> Project:
    """Read and check the configuration; raises a `Failure` with everything that is wrong in it.

    `commands` = the caller allows `command` references to run. `warn` is called where a lock that was taken
    cannot be freed. `added` are the texts of files that are not there yet, by their paths below the root.
    """
    root = Path(invocation.root)
    loaded = load(
        root,
        environment=invocation.environment,
        variables=invocation.variables,
        environ=invocation.environ,
        added=added,
    )
    settings = loaded.configuration.settings
    how = _allowing(invocation, project=settings.allow_commands, caller=commands)
    store = SecretStore(invocation.environ, root, commands=how is None, how=how)
    return Project(invocation, say, loaded, store, warn)


def _allowing(invocation: Invocation, *, project: bool, caller: bool) -> str | None:
    """Return what is missing for `command` references to run, which the project and the caller allow; None if nothing.

    A command without the option for that never runs them.
    """
    if not caller and "--allow-commands" not in invocation.options:
        return f"`blinkdecl {invocation.command}` runs no commands: give it this secret by env or file"
    needed = [] if project else ["write `allow_commands: true` in blinkdecl.yaml"]
    needed += [] if caller else ["pass --allow-commands"]
    return ", and ".join(needed) or None
