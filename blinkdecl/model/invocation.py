"""How blinkdecl was called: what selects the project, and so what every printed command has to repeat."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from blinkdecl.model.trust import Trust, trust_of


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call. `command` is what was called, such as ``apply`` or ``state list``, for whoever waits for its lock.

    `root` is the project's folder (``--chdir``) as it was given, `environment` is ``--env``, `variables` are ``--var``;
    `environ` are the variables of the process, which hold secrets. `options` are those that the command takes, such as
    ``--lock-timeout``: no advice names another.
    """

    command: str = ""
    root: str = "."
    environment: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: frozenset[str] = frozenset()

    @property
    def trust(self) -> Trust:
        """Whom the operator trusts, by the variables of the process."""
        return trust_of(self.environ)

    def command_line(self, *words: str) -> str:
        """Return the command `words` for the same project, environment and variables, quoted for a shell."""
        folder = ("-C", self.root) if self.root != "." else ()
        chosen = ("--env", self.environment) if self.environment else ()
        given = (word for name, value in self.variables.items() for word in ("--var", f"{name}={value}"))
        return shlex.join(("blinkdecl", *folder, *chosen, *given, *words))


# Called in the project's folder, without an environment.
HERE = Invocation()
