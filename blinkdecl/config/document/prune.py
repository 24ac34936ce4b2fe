"""Takes out of a document what is wrong, so that the rest can be checked, and remembers where the rest was. Pure."""

from collections.abc import Iterable
from typing import Any

from blinkdecl.config.document.finding import REFUSED, Finding, Path


def marked(data: Any, findings: Iterable[Finding]) -> Any:  # noqa: ANN401 - YAML
    """Return the document with `REFUSED` in place of what is wrong."""
    result = _copied(data, keep=True)
    for finding in findings:
        if not finding.path or finding.code == "missing-property":
            continue
        *above, last = finding.path
        holder = result
        try:
            for part in above:
                holder = holder[part]
            holder[last]  # only what is there can be wrong
            holder[last] = REFUSED
        except (KeyError, IndexError, TypeError):
            continue  # what holds it is marked already
    return result


def pruned(data: Any) -> Any:  # noqa: ANN401 - YAML
    """Return a marked document without its marks, so that nothing is said twice."""
    return _copied(data, keep=False)


class Origins:
    """The way back from a path of a pruned document to that of the marked one, where list items keep their places."""

    def __init__(self, marked_data: Any) -> None:  # noqa: ANN401 - YAML
        self._data = marked_data
        self._kept: dict[int, list[int]] = {}

    def of(self, path: Path) -> Path:
        """Return where the value is in the marked document; a part that is not there stays as it is."""
        result: list[str | int] = []
        holder = self._data
        for part in path:
            place: str | int = part
            if isinstance(part, int) and isinstance(holder, list):
                kept = self._of_list(holder)
                place = kept[part] if part < len(kept) else part
            result.append(place)
            try:
                holder = holder[place]
            except (KeyError, IndexError, TypeError):
                holder = None
        return tuple(result)

    def _of_list(self, items: list[Any]) -> list[int]:
        if id(items) not in self._kept:
            self._kept[id(items)] = [index for index, each in enumerate(items) if each is not REFUSED]
        return self._kept[id(items)]


def _copied(value: Any, *, keep: bool) -> Any:  # noqa: ANN401 - YAML
    """Return a copy of containers, with `REFUSED` or without."""
    if isinstance(value, dict):
        return {key: _copied(each, keep=keep) for key, each in value.items() if keep or each is not REFUSED}
    if isinstance(value, list):
        return [_copied(each, keep=keep) for each in value if keep or each is not REFUSED]
    return value
