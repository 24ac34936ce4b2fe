"""The view as Markdown for a pull request or a job summary: the worst first, every name escaped."""

import re

from blinkdecl.render.safe import one_line

# What Markdown, HTML, or GitHub's mentions and references would interpret; a backslash before it prevents that.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&-])")


def escaped(text: str) -> str:
    """Return `text` on one line, as Markdown that reads as it is."""
    return _MARKUP.sub(r"\\\1", one_line(text))


def code(text: str) -> str:
    """Return a code span whose fence is longer than any run of backticks in it."""
    line = one_line(text)
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    gap = " " if longest else ""
    return f"{fence}{gap}{line}{gap}{fence}"


def code_cell(text: str) -> str:
    """Return a code span for a table, whose cells end at a bar wherever it stands."""
    return code(text).replace("|", "\\|")
