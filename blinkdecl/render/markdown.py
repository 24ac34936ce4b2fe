"""Text in Markdown: nothing that a name holds is read as markup."""

import re

from blinkdecl.render.safe import one_line

# What Markdown, HTML, or GitHub's mentions and references would read; a backslash before it takes that away.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&-])")


def escaped(text: str) -> str:
    """Return `text` on one line, as it is read."""
    return _MARKUP.sub(r"\\\1", one_line(text))


def code(text: str) -> str:
    """Return a code span whose fence is longer than any run of backticks in it."""
    line = one_line(text)
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    gap = " " if longest else ""
    return f"{fence}{gap}{line}{gap}{fence}"
