"""Which resources the files declare, and where; in which environments; an address that is declared twice. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from blinkdecl.config.document.finding import Finding, listed, remedy_note
from blinkdecl.config.document.parse import Document
from blinkdecl.config.document.walk import RESOURCES
from blinkdecl.diagnostics import Position, Suggestions, did_you_mean

_Key = tuple[str, str]


class Declared:
    """The resources of some documents by section (``triggers``, ``destinations``) and name, sound or not."""

    def __init__(self, documents: Iterable[Document], environment: str | None, environments: Collection[str]) -> None:
        """`environments` are those that there are; None is to be used without one."""
        self._owners: dict[_Key, Document] = {}
        self._twice: list[tuple[Document, str, str]] = []
        self._environments = sorted(environments)
        self._elsewhere: dict[_Key, tuple[str, ...]] = {}
        self._unclear: set[_Key] = set()
        for document in documents:
            for section, name in document.places:
                if isinstance(name, int) or section not in RESOURCES:
                    continue
                if self._owners.setdefault((section, name), document) is not document:
                    self._twice.append((document, section, name))
                else:
                    self._place((section, name), environment)

    @cached_property
    def addresses(self) -> frozenset[str]:
        """Every address that is declared in this environment, or may be."""
        return frozenset(f"{section[:-1]}.{name}" for section, name in self._owners.keys() - self._elsewhere.keys())

    @cached_property
    def elsewhere(self) -> Mapping[str, tuple[str, ...]]:
        """The addresses that are only declared in other environments, and in which."""
        return {f"{section[:-1]}.{name}": names for (section, name), names in self._elsewhere.items()}

    @cached_property
    def names_elsewhere(self) -> Mapping[str, tuple[str, ...]]:
        """The display names of destinations that are only declared in other environments, and in which.

        As far as they are known here: variables may have other values there.
        """
        found: dict[str, set[str]] = {}
        for (section, name), environments in self._elsewhere.items():
            shown = self._owners[section, name].data.get(section, {}).get(name, {}).get("display_name")
            if isinstance(shown, str):
                found.setdefault(shown, set()).update(environments)
        return {name: tuple(sorted(each)) for name, each in found.items()}

    def is_here(self, section: str, name: str) -> bool:
        """Whether a declared resource exists in this environment; not where that was refused, so that nobody knows."""
        return (section, name) not in self._elsewhere and (section, name) not in self._unclear

    def has(self, section: str, name: str) -> bool:
        """Whether a resource is declared, in whatever environment."""
        return (section, name) in self._owners

    def is_everywhere(self, address: str) -> bool:
        """Whether a resource is declared for every environment."""
        kind, _, name = address.partition(".")
        document = self._owners.get(key := (f"{kind}s", name))
        if document is None:
            return False
        return _environments_of(document.data if document.given is None else document.given, key) is None

    def names(self, section: str) -> list[str]:
        """Return the names in a section that are not only declared elsewhere, in the order of the files."""
        return self._names[section]

    def owner(self, section: str, name: str) -> Document:
        """Return the document that declares a resource, of two the first."""
        return self._owners[section, name]

    def position(self, section: str, name: str) -> Position:
        """Return where a resource is declared."""
        return self.owner(section, name).position(section, name)

    def findings(self, suggestions: Suggestions) -> Iterator[tuple[Document, Finding]]:
        """Yield what is wrong: resources that are declared twice, environments that there are not."""
        for document, section, name in self._twice:
            notes = (("note", f"first defined at {self.position(section, name)}"),)
            summary, label = f'"{name}" is defined twice', "defined again here"
            path = (section, name)
            yield document, Finding("duplicate-key", summary, path, on_key=True, label=label, notes=notes, at=False)
        for key, document in self._owners.items():
            for index, each in enumerate(_environments_of(document.data, key) or ()):
                if each not in self._environments:
                    yield document, self._no_environment(each, (*key, "environments", index), suggestions)

    def _no_environment(self, name: str, path: tuple[str | int, ...], suggestions: Suggestions) -> Finding:
        label = did_you_mean(suggestions.meant("environment", name, self._environments))
        known = f"environments: {listed(self._environments)}" if self._environments else ""
        notes = remedy_note(known or f"write environments/{name}.yaml; `version: 1` is enough")
        return Finding("unknown-reference", f'there is no environment "{name}"', path, label=label, notes=notes)

    def _place(self, key: _Key, environment: str | None) -> None:
        """Note whether a resource exists in the environment; one that names an unknown one may have meant it."""
        document = self._owners[key]
        named = _environments_of(document.data, key)
        if named is not None and environment in named:
            return
        refused = document.given is not None and named != _environments_of(document.given, key)
        if refused or any(each not in self._environments for each in named or ()):
            self._unclear.add(key)
        elif named is not None:
            self._elsewhere[key] = tuple(sorted(set(named)))

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        here = [key for key in self._owners if key not in self._elsewhere]
        return {section: [name for of, name in here if of == section] for section in RESOURCES}


def _environments_of(data: Mapping[str, Any], key: _Key) -> Any:  # noqa: ANN401 - YAML
    """Return what a resource says of its environments, None where it says nothing."""
    section, name = key
    resources = data.get(section)
    body = resources.get(name) if isinstance(resources, dict) else None
    return body.get("environments") if isinstance(body, dict) else None
