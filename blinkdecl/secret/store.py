"""Secrets: a value that cannot be shown by accident, and the one place where references become values.

Values are strings, never coerced. One trailing newline of a file's or command's output is dropped. A value that no
HTTP header can carry (a control character, anything but ASCII) is refused without being echoed.

A file is read only inside the folders for secrets, wherever links lead: those that the operator names
(`blinkdecl.model.trust`), otherwise the project's own, ``$CREDENTIALS_DIRECTORY`` (systemd) and ``/run/secrets``
(containers). What Git and blinkdecl keep in the project, and what Kubernetes puts into every container for its own API,
is nobody's webhook key.
"""

import contextlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from blinkdecl.diagnostics import Failure, error
from blinkdecl.model.resource import SecretReference
from blinkdecl.model.trust import SECRET_ENV, SECRET_ROOT, env_problem, named, trust_of
from blinkdecl.secret.command import CommandProblem, output_of
from blinkdecl.secret.value import Secret, forms_of, masked
from blinkdecl.system.files import read_bounded
from blinkdecl.system.paths import NotRegularError

_MAX_BYTES = 64 * 1024
_CONTAINERS = "/run/secrets"
_NO_SECRETS = frozenset((".git", ".blinkdecl", "kubernetes.io"))
_COMMAND_SECONDS = 30


class SecretStore:
    """Turns references into values, each once."""

    def __init__(
        self, environ: Mapping[str, str], root: Path, *, commands: bool = False, how: str | None = None
    ) -> None:
        """`root` anchors relative file references; `commands` = both opt-ins to run them were given, `how` = what to do
        where they were not.

        `environ` says as well which variables and folders secrets may come from.
        """
        self._environ, self._trust = environ, trust_of(environ)
        self._root = root
        self._commands, self._how = commands, how
        self._known: dict[SecretReference, Secret] = {}
        self._failed: dict[SecretReference, Failure] = {}  # of commands: they take time
        self._beside: set[Secret] = set()
        self._forms: tuple[int, tuple[str, ...]] = (0, ())

    def resolve(self, reference: SecretReference) -> Secret:
        """Return the value behind `reference`.

        Raises a `Failure`: ``secret-missing`` where there is none, ``invalid-secret`` for one that cannot be used,
        ``forbidden-secret``, ``command-forbidden``.
        """
        found = self._known.get(reference)
        if found is None:
            if reference in self._failed:
                raise self._failed[reference]
            try:
                found = self._known[reference] = Secret(_checked(reference, self._read(reference)))
            except Failure as failure:
                if reference.source == "command":
                    self._failed[reference] = failure
                raise
        return found

    def resolve_present(
        self, references: Iterable[SecretReference], *, commands: bool = False
    ) -> dict[SecretReference, Secret]:
        """Return the values that are available; what is missing is left out. `commands` = those are run as well."""
        found = {}
        for reference in references:
            if commands or reference.source != "command":
                try:
                    found[reference] = self.resolve(reference)
                except Failure:
                    continue
        return found

    def absence(self, reference: SecretReference, *, commands: bool) -> str | None:
        """Return why there is no value behind `reference`, as it reads after its name; None where there is one.

        `commands` = one that is run counts; otherwise it is said that it is not run.
        """
        if reference.source == "command" and not (commands and self._commands):
            return "is not run without --allow-commands"
        try:
            self.resolve(reference)
        except Failure as failure:
            reason = dict(failure.diagnostics[0].notes).get("note", failure.diagnostics[0].summary)
            return reason.removeprefix("the variable ").removeprefix("it ")
        return None

    def unread(self, reference: SecretReference) -> str | None:
        """Return why `--offline` has no value, as it reads after the reference; None for a variable that is set."""
        match reference:
            case SecretReference("env", str(name)):
                return None if self._environ.get(name) else "is not set"
            case SecretReference("file"):
                return "is not read with --offline"
        return "is not run with --offline"

    def know(self, *values: str | None) -> None:
        """Let `mask` take these values out too: an engine finds them in places of its own."""
        self._beside |= {Secret(each) for each in values if each}

    def mask(self, text: str) -> str:
        """Return a text of a peer without the secrets that were resolved so far, in whatever form it repeats them."""
        known = (*self._known.values(), *self._beside)
        count, forms = self._forms
        if count != len(known):
            forms = forms_of(known)
            self._forms = len(known), forms
        return masked(text, forms)

    def _read(self, reference: SecretReference) -> str:
        match reference:
            case SecretReference("env", str(name)):
                # What a trigger may name is known when the YAML is read; this holds for what a state names, too.
                if (problem := env_problem(self._trust, name, "state")) is not None:
                    raise _forbidden(problem, f"add it to {SECRET_ENV}, where blinkdecl runs")
                value = self._environ.get(name)
                if value is None:
                    raise _missing(reference, "the variable is not set", self._how_to_set(name))
                return value
            case SecretReference("file", str(path)):
                return _dropped_newline(reference, self._read_file(reference, path))
            case SecretReference("command", tuple(argv)):
                return _dropped_newline(reference, self._run(reference, argv))
        raise TypeError(f"not a secret reference: {reference}")

    def _how_to_set(self, name: str) -> str:
        """Return what sets a variable; many expect that a file of that kind is read."""
        with contextlib.suppress(OSError, ValueError):
            lines = read_bounded(self._root / ".env", _MAX_BYTES, root=self._root).decode(errors="replace").splitlines()
            if any(each.strip().removeprefix("export ").startswith(f"{name}=") for each in lines):
                return f"export {name}=...; .env has a line for it, and is not read"
        return f"export {name}=..."

    def _read_file(self, reference: SecretReference, path: str) -> bytes:
        try:
            return read_bounded(self._inside(path), _MAX_BYTES, root=self._root)
        except NotRegularError as problem:
            raise _invalid(reference, str(problem.strerror), "name a file that holds the value alone") from None
        except (OSError, ValueError) as problem:
            reason = (problem.strerror if isinstance(problem, OSError) else None) or "not a path"
            raise _missing(reference, f"it cannot be read: {reason}", "check the path and its permissions") from None

    def _inside(self, path: str) -> Path:
        """Return where a file is, all links followed; raises a `Failure` outside of the folders for secrets."""
        found, roots = Path(os.path.realpath(self._root / path)), self._trust.secret_root
        usual = (str(self._root), self._environ.get("CREDENTIALS_DIRECTORY", ""), _CONTAINERS)
        for root in (Path(os.path.realpath(each)) for each in (usual if roots is None else roots) if each):
            inside = found.relative_to(root).parts if found.is_relative_to(root) else ()
            if inside and _NO_SECRETS.isdisjoint(inside):
                return found
        known = "the folders for secrets" if roots is None else f"the folders of {named(SECRET_ROOT, roots)}"
        raise _forbidden(
            f"the file {path} is not in {known}", f"name its folder in {SECRET_ROOT}, where blinkdecl runs"
        )

    def _run(self, reference: SecretReference, argv: tuple[str, ...]) -> bytes:
        if not self._commands:
            summary = f"the secret reference {reference} may not be run here"
            raise error("command-forbidden", summary, remedy=self._how)
        try:
            return output_of(argv, self._root, self._environ, _COMMAND_SECONDS, _MAX_BYTES + 1)
        except CommandProblem as problem:
            reason = str(problem)
        raise _missing(reference, reason, "run it by hand; its output is not shown here, since it may be secret")


def _dropped_newline(reference: SecretReference, data: bytes) -> str:
    if len(data) > _MAX_BYTES:
        raise _invalid(reference, f"it is larger than {_MAX_BYTES} bytes", "give the value alone")
    text = None
    with contextlib.suppress(UnicodeDecodeError):
        text = data.decode().removesuffix("\n").removesuffix("\r")
    if text is None:  # raised out here: the decoder's error holds the bytes, and must not become its context
        raise _invalid(reference, "it is not UTF-8 text", "save the value alone, as plain text")
    return text


def _checked(reference: SecretReference, value: str) -> str:
    """Refuse what no HTTP header can carry, without echoing it."""
    if not value:
        raise _missing(reference, "it is empty", "give it a value where blinkdecl runs")
    if not value.isascii() or not value.isprintable() or value != value.strip():
        reason = "it holds a line break, a control or non-ASCII character, or begins or ends with a space"
        raise _invalid(reference, reason, "copy it again, without quotes or line breaks")
    return value


def _invalid(reference: SecretReference, reason: str, remedy: str) -> Failure:
    summary = f"the value of the secret reference {reference} cannot be used"
    return error("invalid-secret", summary, note=reason, remedy=remedy)


def _forbidden(problem: str, remedy: str) -> Failure:
    return error("forbidden-secret", problem, remedy=remedy)


def _missing(reference: SecretReference, reason: str, remedy: str) -> Failure:
    return error("secret-missing", f"no value for the secret reference {reference}", note=reason, remedy=remedy)
