"""A model of how GitHub's runner reads the log of a step: which lines it obeys, and what it makes of them."""

from dataclasses import dataclass

from tests.support.ci_logs import _DOTNET_SPACE

# Whatever the runner knows, and what it knew.
_KNOWN = {"error", "warning", "notice", "debug", "group", "endgroup", "add-mask", "set-output", "set-env", "add-path"}
_KNOWN |= {"save-state", "stop-commands", "echo", "add-matcher", "remove-matcher", "internal-set-repo-path"}
_DATA = (("\r", "%0D"), ("\n", "%0A"), ("%", "%25"))
_PROPERTY = (("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C"), ("%", "%25"))


@dataclass(frozen=True)
class Command:
    """One command that the runner obeys."""

    name: str
    properties: dict[str, str]
    data: str


def obeyed(log: str) -> list[Command]:
    """Return the commands in a log, wherever a line of it may end."""
    return [found for line in log.replace("\r\n", "\n").replace("\r", "\n").split("\n") if (found := _command(line))]


def _command(line: str) -> Command | None:
    return _current(line) or _former(line)


def _current(line: str) -> Command | None:
    line = line.lstrip(_DOTNET_SPACE)
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    return _made(line[2:end], line[end + 2 :], ",", _PROPERTY)


def _former(line: str) -> Command | None:
    start = line.find("##[")
    end = line.find("]", start)
    if start < 0 or end < 0:
        return None
    return _made(line[start + 3 : end], line[end + 1 :], ";", _PROPERTY)


def _made(head: str, data: str, comma: str, escapes: tuple[tuple[str, str], ...]) -> Command | None:
    name, _, rest = head.partition(" ")
    if name.lower() not in _KNOWN:
        return None
    pairs = (each.split("=", 1) for each in rest.strip().split(comma) if each)
    properties = {pair[0]: _unescaped(pair[1], escapes) for pair in pairs if len(pair) == 2 and pair[1]}
    return Command(name, properties, _unescaped(data, _DATA))


def _unescaped(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    for each, written in escapes:
        text = text.replace(written, each)
    return text
