"""What changes in a file that is laid out anew, for a person; what may be a secret is masked. Pure."""

from difflib import unified_diff

from blinkdecl.config.document.excerpt import Excerpts
from blinkdecl.config.document.parse import compose


def difference(file: str, before: str, after: str) -> str:
    """Return the difference of two texts that can be composed, as a unified diff without a last newline."""
    old, new = (_lines(file, each) for each in (before, after))
    lines = list(unified_diff(old, new, f"old/{file}", f"new/{file}", lineterm=""))
    return "\n".join(lines) or "(line ends, or what is masked)"


def _lines(file: str, text: str) -> list[str]:
    lines = Excerpts(text, compose(file, text)).lines()
    if not lines[-1]:
        return lines[:-1]
    return [*lines, "\\ No newline at end of file"]
