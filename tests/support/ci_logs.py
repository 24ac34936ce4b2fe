"""Small models of what CI systems take for commands in a log, by their own parsers."""

import re
from collections.abc import Iterator

# Char.IsWhiteSpace of .NET, which GitHub's runner trims with.
_DOTNET_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
_DOTNET_SPACE += "\u2028\u2029\u202f\u205f\u3000"
# The harshest reading of what ends a line: a log may be cut at any of these.
_LINE_ENDS = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_GITLAB = re.compile("section_(start|end):[0-9]*:?[^\r]*\r\x1b\\[0K")
# What a viewer takes out before it looks, on its way to the same line.
_COLOURS = re.compile(r"\x1b\[[\d;]*m")


def commands(text: str) -> list[str]:
    """Return the lines that some CI system would obey, each with the parser that would."""
    found = ["GitLab"] if _GITLAB.search(text) else []
    for shown in (text, _COLOURS.sub("", text)):
        found += [f"{parser}: {line!r}" for line in _LINE_ENDS.split(shown) for parser in _parsers(line)]
    return found


def _parsers(line: str) -> Iterator[str]:
    if line.lstrip(_DOTNET_SPACE).startswith("::"):
        yield "GitHub v2"
    folded = line.casefold()
    if "##[" in line:
        yield "GitHub v1"
    if "##vso[" in folded:
        yield "Azure"
    if "##teamcity[" in folded:
        yield "TeamCity"
