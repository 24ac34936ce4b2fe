"""Variables: ``${var.NAME}`` in string values, ``$${`` for a literal ``${``. Pure.

Values come from, the last one wins: the default, ``environments/<env>.yaml``, the process's ``BLINKDECL_VAR_<NAME>``
(upper case, ``_`` for ``-``), ``--var NAME=VALUE``. What was put in is not expanded again. Keys, secret references and
the `variables` themselves hold no variables.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from blinkdecl.config.document.finding import REFERENCE_KEYS, REFUSED, Finding, Path, listed, remedy_note
from blinkdecl.config.document.tally import MOST_ALIKE
from blinkdecl.diagnostics import Diagnostic, Suggestions, did_you_mean
from blinkdecl.model.resource import NAME_PATTERN

PREFIX = "BLINKDECL_VAR_"
# How long all values in one document may become, in characters: a small file can ask for gigabytes.
MAX_PRODUCED = 4 * 1024 * 1024

_EXPRESSION = re.compile(r"\$\$\{|\$\{(?P<inside>[^{}]*)\}|\$\{")
_REFERENCE = re.compile(r"\s*var\.(?P<name>[A-Za-z0-9_-]+)\s*")
_SYNTAX = remedy_note("a variable is ${var.NAME}; for a literal ${ write $${")
# Below these keys of a resource a mapping is a secret reference; a resource itself may have such a name.
_SECRETS = ("api_key", "url")
# In these blocks a mapping is a secret reference wherever it looks like one.
_BLOCKS = ("provider", "blink", "state")
_REFERENCE_KEYS = frozenset(REFERENCE_KEYS)


def variable_of(name: str) -> str:
    """Return the environment variable that gives the variable `name` its value."""
    return PREFIX + name.upper().replace("-", "_")


def may_stand_in(text: str) -> bool:
    """Whether a file's values may hold a variable; quoted ones can spell it with escapes, so that it is not seen."""
    return "${" in text or "\\" in text


def values_of(
    declared: Mapping[str, Any],
    of_environment: Mapping[str, str],
    environ: Mapping[str, str],
    given: Mapping[str, str],
) -> dict[str, str | None]:
    """Return the value of each declared variable, None where it has none; a plain value is its default."""
    values: dict[str, str | None] = {}
    for name, variable in declared.items():
        default = variable.get("default") if isinstance(variable, dict) else variable
        values[name] = given.get(name, environ.get(variable_of(name), of_environment.get(name, default)))
    return values


def ambiguous(declared: Mapping[str, object]) -> Iterator[Finding]:
    """Yield a finding for each variable that shares its environment variable with one declared before."""
    first: dict[str, str] = {}
    for name in declared:
        if not re.fullmatch(NAME_PATTERN, name):
            continue  # reported as an invalid name
        shared = variable_of(name)
        if (other := first.setdefault(shared, name)) != name:
            summary = f'"{name}" and "{other}" would both be read from {shared}'
            notes = remedy_note("give one of them another name")
            yield Finding("invalid-name", summary, ("variables", name), on_key=True, notes=notes, at=False)


def undeclared(
    given: Mapping[str, str], declared: Mapping[str, object], suggestions: Suggestions
) -> Iterator[Diagnostic]:
    """Yield an error for each ``--var`` that names no declared variable."""
    known = _Known(declared, suggestions)
    for name in given:
        if name not in declared:
            finding = known.without(name, ())
            notes = ((("help", finding.label),) if finding.label else ()) + finding.notes
            yield Diagnostic(finding.code, finding.summary, notes=(("at", f"--var {name}=..."), *notes))


def undeclared_in(
    environment: Mapping[str, object], declared: Mapping[str, object], suggestions: Suggestions
) -> Iterator[Finding]:
    """Yield a finding for each variable of an environment file that is not declared, and otherwise sound."""
    known = _Known(declared, suggestions)
    for name, value in environment.items():
        if name not in declared and isinstance(value, str) and re.fullmatch(NAME_PATTERN, name):
            yield known.without(name, ("variables", name), on_key=True)


class Interpolation:
    """Puts values into documents. What is not allowed is reported, and `REFUSED` takes its place."""

    def __init__(
        self,
        values: Mapping[str, str | None],
        suggestions: Suggestions,
        *,
        complete: bool = True,
        valued: bool = True,
    ) -> None:
        """`complete` = every variable is known; otherwise an unknown one is a consequence, not an error.

        `valued` = each must have its value now; otherwise one without may get it where the values are used.
        """
        self._values, self._valued = values, valued
        self._known = _Known(values, suggestions)
        self._complete = complete
        self._texts: dict[str, str] = {}
        self._produced = 0
        self.findings: list[Finding] = []
        self.refused = False  # whether `REFUSED` stands in the last document, with a finding or without

    def document(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the document with values in place of variables."""
        self._produced, self.refused = 0, False
        result: dict[str, Any] = {}
        for key, value in data.items():
            self._check_key(key, ())
            literal = key == "variables"
            result[key] = self._literal(value, (key,), "variables") if literal else self._value(value, (key,))
        return result

    def _value(self, value: Any, path: Path) -> Any:  # noqa: ANN401 - YAML
        if isinstance(value, str):
            return self._text(value, path) if "${" in value else value
        if isinstance(value, list):
            return [self._value(each, (*path, index)) for index, each in enumerate(value)]
        if isinstance(value, dict):
            for key in value:
                self._check_key(key, path)
            if (path[-1] in _SECRETS and len(path) > 2) or (path[0] in _BLOCKS and value.keys() <= _REFERENCE_KEYS):
                return self._literal(value, path, "a secret reference")
            return {key: self._value(each, (*path, key)) for key, each in value.items()}
        return value

    def _check_key(self, key: str, path: Path) -> None:
        if "${" in key:
            self._refuse("a key cannot hold a variable", (*path, key), on_key=True)

    def _literal(self, value: Any, path: Path, place: str) -> Any:  # noqa: ANN401 - YAML
        """Return the value as it is; a variable in it is refused."""
        if isinstance(value, str) and "${" in value:
            return self._refuse(f"{place} cannot hold a variable", path)
        if isinstance(value, dict):
            return {key: self._literal(each, (*path, key), place) for key, each in value.items()}
        if isinstance(value, list):
            return [self._literal(each, (*path, index), place) for index, each in enumerate(value)]
        return value

    def _text(self, text: str, path: Path) -> Any:  # noqa: ANN401 - str or REFUSED
        """Return the text with values put in; equal texts become one object."""
        value = None if self._produced > MAX_PRODUCED else self._filled(text, path)  # reported already
        self.refused = self.refused or value is None
        return REFUSED if value is None else value

    def _filled(self, text: str, path: Path) -> str | None:
        """Return the text with values put in, None where one has no value or it became too long."""
        known = self._texts.get(text)
        parts = self._parts(text, path) if known is None else [known]
        if parts is None:
            return None
        self._produced += sum(map(len, parts))
        if self._produced > MAX_PRODUCED:
            summary = f"the file is larger than {MAX_PRODUCED >> 20} MiB with the variables put in"
            self.findings.append(Finding("too-large", summary, path, at=False))
            return None
        return self._texts.setdefault(text, "".join(parts))

    def _parts(self, text: str, path: Path) -> list[str] | None:
        parts: list[str] = []
        at, refused = 0, False
        begun = len(self.findings)
        for match in _EXPRESSION.finditer(text):
            if len(self.findings) - begun > MOST_ALIKE:
                return None  # nobody mends more in one text
            value = "${" if match[0] == "$${" else self._named(match, path)
            refused = refused or value is None
            parts += [text[at : match.start()], value or ""]
            at = match.end()
        return None if refused else [*parts, text[at:]]

    def _named(self, match: re.Match[str], path: Path) -> str | None:
        inside = match["inside"]
        reference = _REFERENCE.fullmatch(inside or "")
        if reference is None:
            from blinkdecl.config.habits import foreign_expression  # for what is wrong alone

            label = did_you_mean(f"${{var.{inside}}}" if inside in self._values else None)
            foreign = None if label else foreign_expression(path, match.string[match.start() :])
            summary, notes = "${ does not start a variable here", _SYNTAX
            if foreign is not None:
                summary, notes = foreign[0], remedy_note(foreign[1])
            self.findings.append(Finding("unknown-variable", summary, path, label=label, notes=notes))
            return None
        name = reference["name"]
        if name not in self._values:
            if self._complete:
                self.findings.append(self._known.without(name, path))
            return None
        value = self._values[name]
        if value is None and self._valued:
            remedy = f"give it one: --var {name}=..., {variable_of(name)}, an environment's file, or a default"
            summary = f'the variable "{name}" has no value'
            self.findings.append(Finding("unknown-variable", summary, path, notes=remedy_note(remedy)))
        return value if isinstance(value, str) else None  # of another type, it is reported where it is declared

    def _refuse(self, summary: str, path: Path, *, on_key: bool = False) -> object:
        self.findings.append(Finding("invalid-value", summary, path, on_key=on_key))
        self.refused = True
        return REFUSED


class _Known:
    """What is declared, for messages about names that are not."""

    def __init__(self, declared: Mapping[str, object], suggestions: Suggestions) -> None:
        self._declared, self._suggestions = declared, suggestions

    def without(self, name: str, path: Path, *, on_key: bool = False) -> Finding:
        """Return the finding for a name that is not declared."""
        label = did_you_mean(self._suggestions.meant("variable", name, self._names))
        summary = f'there is no variable "{name}"'
        known = (
            f"declared variables: {listed(self._names)}"
            if self._names
            else f"declare it in blinkdecl.yaml: `variables: {{{name}: VALUE}}`"
        )
        return Finding("unknown-variable", summary, path, on_key=on_key, label=label, notes=remedy_note(known))

    @cached_property
    def _names(self) -> list[str]:
        return sorted(self._declared)
