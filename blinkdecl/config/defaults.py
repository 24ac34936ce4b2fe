"""The `defaults` of the project file: what a resource takes from them, and where a value was written. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from blinkdecl.config.document.finding import MERGE, Finding, Path
from blinkdecl.config.document.parse import Document

_MERGED = ("webhook", "lifecycle", "test_alert")


class Defaults:
    """The defaults of one project."""

    def __init__(self, project: Document) -> None:
        self._project = project
        self._given: Mapping[str, Mapping[str, Any]] = project.data.get("defaults", {})

    def merged(self, kind: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return `given`, completed from the defaults; mappings are merged, secret references are not."""
        defaults = self._given.get(kind)
        if not defaults:
            return given
        result = {**defaults, **given}
        for key in _MERGED:
            if isinstance(defaults.get(key), dict) and isinstance(given.get(key), dict):
                result[key] = {**defaults[key], **given[key]}
        return result

    def traced(self, document: Document, finding: Finding) -> tuple[Document, Finding]:
        """Return the finding where its value is: in the resource, or in the defaults that it came from."""
        section, name, *rest = finding.path
        if str(rest[0]) in document.data[str(section)][name]:
            return document, finding
        return self._project, replace(finding, path=("defaults", str(section)[:-1], *rest))

    def lack(self, document: Document, path: Path, key: str) -> bool:
        """Whether a property was never written, as opposed to written, refused and taken out."""
        section, _, *rest = path
        defaults: Path = ("defaults", str(section)[:-1], *rest)
        ways = ((document.written, path), (self._project.written, defaults))
        return not any(_has(data, (*above, each)) for data, above in ways for each in (key, MERGE))


def _has(data: Any, path: Path) -> bool:  # noqa: ANN401 - YAML
    for part in path:
        if not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return True
