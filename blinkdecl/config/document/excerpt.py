"""The lines of source around a problem, secrets masked already. Pure.

Beside the line itself, the line before and the line after are shown where they have the same indentation: a line with
another one does not belong to the same object.
"""

import re
from typing import Any

from blinkdecl.config.document.masking import LONGEST, Spans, line_spans, masked
from blinkdecl.config.document.masking_nodes import composed_spans
from blinkdecl.config.document.masking_patterns import guessed_spans
from blinkdecl.diagnostics import Excerpt

# What YAML 1.1, and so libyaml, takes for the end of a line.
BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


class Excerpts:
    """Excerpts of one text. `root` is the text composed, None where that is not possible."""

    def __init__(self, text: str, root: Any) -> None:  # noqa: ANN401 - PyYAML's node
        self._lines = BREAK.split(text)
        self._composed = root is not None
        self._spans: Spans = composed_spans(root, self._lines) if self._composed else guessed_spans(self._lines)

    def lines(self) -> list[str]:
        """Return the whole text, line by line; a line that is too long to be searched for secrets is left out."""
        texts = enumerate(self._lines, 1)
        return [self._shown(number, 0) if len(line) <= LONGEST else "..." for number, line in texts]

    def is_masked(self, line: int, column: int) -> bool:
        """Whether what is at this place (counted from 1) is hidden."""
        return any(start <= column - 1 < end for start, end in self._spans.get(line - 1, ()))

    def at(self, line: int, column: int, width: int = 0, label: str = "") -> Excerpt | None:
        """Return the excerpt with `width` characters underlined; 0 = to the end of the line. None without a line."""
        if not 1 <= line <= len(self._lines) or len(self._lines[line - 1]) > LONGEST:
            return None
        numbers = [line]
        if self._composed:
            numbers = [each for each in (line - 1, line, line + 1) if each == line or self._is_beside(each, line)]
        shown = tuple((each, self._shown(each, column if each == line else 0)) for each in numbers)
        text = dict(shown)[line].rstrip()
        if self.is_masked(line, column):
            width = len("***")
        rest = max(1, len(text) - column + 1)
        return Excerpt(shown, min(width, rest) if width else rest, label)

    def _is_beside(self, number: int, line: int) -> bool:
        if not 1 <= number <= len(self._lines) or len(self._lines[number - 1]) > LONGEST:
            return False
        text = self._lines[number - 1]
        return bool(text.strip()) and _indentation(text) == _indentation(self._lines[line - 1])

    def _shown(self, number: int, column: int) -> str:
        line = self._lines[number - 1]
        spans = [*self._spans.get(number - 1, ()), *line_spans(line)]
        return masked(line, spans, max(column - 1, 0)) if spans else line


def _indentation(text: str) -> int:
    return len(text) - len(text.lstrip(" "))
