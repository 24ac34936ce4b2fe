"""Commands as people are told them: found in messages, in the catalogue, in the documents; and parsed, never run.

A message is a string in the source: its literal parts as they are, what is put in as a word that its name suggests.
"""

import ast
import contextlib
import io
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click

from blinkdecl.cli.app import cli
from blinkdecl.config import load
from blinkdecl.diagnostics import Failure
from blinkdecl.diagnostics.codes import CODES
from blinkdecl.model.configuration import Configuration, Settings
from blinkdecl.model.plan import Plan
from blinkdecl.planner.review import review_digest
from tests.support.markdown import DOCUMENTS
from tests.support.paths import CASES, PACKAGE, ROOT, SCHEMAS

# Stands around the name of what is put into a message.
_MARK = "\0"
_PUT_IN = re.compile(rf"{_MARK}(\w*){_MARK}")
# A usage line's choice, such as `{bash|zsh}`: the first stands for all.
_CHOICE = re.compile(r"[\[{]([\w-]+)\|[^\]}]*[\]}]")
_QUOTED = re.compile(r"(?<!`)(`{1,2})(?!`)([^`]+?)\1(?!`)", re.DOTALL)
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_COMMAND = r"(blinkdecl[ \t][^;&|<>)`#\n]*)"
# A command in a block or on a line of its own: at its beginning, after a prompt, another command or a key of YAML.
_IN_BLOCK = re.compile(rf"(?:^|[;&|(]|run:)[ \t]*(?:\$ )?(?:[A-Z_]+=\S*[ \t]+)*{_COMMAND}", re.MULTILINE)
_ALONE = re.compile(rf"^(?:[ \t]+|\$ ){_COMMAND}", re.MULTILINE)
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*+(?![\w.])")  # none of a family, such as ``--allow-...``
_STYLE = re.compile(r"--[\w-]+: [^;]*;|var\([^)]*\)")
# What follows a pipe is another program's, and so is a line that begins with one.
_OTHERS = re.compile(r"\|[^`\n]*|^ *(?:conftest|docker|git|install|kubectl|opa|systemctl|useradd) [^\n]*", re.MULTILINE)
DIGEST = review_digest(Plan("", 0, ""), Configuration(Settings(), {}), None, None)
# What documents and the catalogue write where a value belongs, and what messages put in, by name.
_VALUES = {
    "N": "3", "NUMBER": "3", "PORT": "0", "DURATION": "5m", "ID": "ab12cd34", "ADDRESS": "destination.soc",
    "DIR": "folder", "FILE": "plan.json", "NAME": "prod", "URL": "http://127.0.0.1:8787", "COMMAND": "plan",
    "SHELL": "bash", "DIGEST": DIGEST, "digest": DIGEST,
    "address": "destination.soc", "target": "destination.soc", "origin": "destination.old",
    "count": "3", "number": "3", "topic": "plan", "command": "plan", "severity": "HIGH", "alert_type": "RULE",
    "deletes": "3", "changes": "3", "port": "0", "seconds": "30", "words": "plan", "provider": "panther",
}  # fmt: skip
# Options of other programs that are named in our texts.
_GIT_OPTIONS = (
    *(
        "--diff-filter",
        "--end-of-options",
        "--exclude-standard",
        "--get-regexp",
        "--ignore-submodules",
        "--is-shallow-repository",
    ),
    *("--name-only", "--no-ext-diff", "--no-pager", "--no-renames", "--no-textconv", "--others", "--relative"),
    *("--ours", "--theirs", "--verify"),
)
FOREIGN_OPTIONS = frozenset(("--available-destination", *_GIT_OPTIONS))


@dataclass(frozen=True, slots=True)
class Told:
    """A text that people read, and the place that it comes from."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A command as it is printed; `named` = without ``blinkdecl``, so that only its option is meant (`plan --out`)."""

    place: str
    line: str
    named: bool = False


def sources(package: Path = PACKAGE) -> Iterator[Told]:
    """Yield every string of the package, with its place."""
    for path in sorted(package.rglob("*.py")):
        tree = ast.parse(path.read_text())
        inner = {id(part) for each in ast.walk(tree) if isinstance(each, ast.JoinedStr) for part in ast.walk(each)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) or id(node) not in inner:
                text = _text(node)
                if text is not None:
                    yield Told(f"{path.relative_to(package.parent)}:{getattr(node, 'lineno', 0)}", text)


def catalogue() -> Iterator[Told]:
    """Yield what the catalogue says of each code."""
    for code, entry in CODES.items():
        yield Told(f"help {code}", f"{entry.explanation}\n\n{entry.remedy}")


def documents() -> Iterator[Told]:
    """Yield every document, but the log of changes, which names what was."""
    for path in DOCUMENTS:
        if path.name == "CHANGELOG.md":
            continue
        yield Told(str(path.relative_to(ROOT)), path.read_text())


def schemas() -> Iterator[Told]:
    """Yield every title and description of the schemas."""
    for path in sorted(SCHEMAS.glob("*.json")):
        for text in _strings(json.loads(path.read_text())):
            yield Told(str(path.relative_to(ROOT)), text)


def outputs() -> Iterator[Told]:
    """Yield what the invalid cases of the configuration print, and the outputs that tests expect."""
    for case in sorted((CASES / "invalid").iterdir()):
        try:
            load(case, environ={})
        except Failure as failure:
            yield from (Told(case.name, text) for each in failure.diagnostics for _, text in each.notes)
    for path in sorted((ROOT / "tests").rglob("expected*")):
        if path.is_file():
            yield Told(str(path.relative_to(ROOT)), path.read_text())


def printed(told: Told) -> Iterator[Printed]:
    """Yield the commands in a text: those in backquotes, those on lines of their own, those that a call composes."""
    found: set[tuple[str, bool]] = set()
    blocks = [_typed(*each.groups()) for each in _FENCE.finditer(told.text)]
    prose = _FENCE.sub("", told.text)
    for each in _QUOTED.finditer(prose):
        words = re.split("[|<>;&]", _CHOICE.sub(r"\1", each[2]))[0].split()
        if words[:1] == ["blinkdecl"]:
            found.add((" ".join(words), False))
        elif len(words) > 1 and words[0] in _names():
            found.add((" ".join(["blinkdecl", *words]), True))
    found |= {(each[1].strip(), False) for block in blocks for each in _IN_BLOCK.finditer(block.replace("\\\n", " "))}
    if not told.place.endswith(".md"):  # there, prose is indented as well
        found |= {(each[1].strip(), False) for each in _ALONE.finditer(prose)}
    yield from (Printed(told.place, line, named) for line, named in sorted(found))


def options(told: Told) -> set[str]:
    """Return the options that a text names, other than those in commands of other programs."""
    prose = _OTHERS.sub("", _QUOTED.sub(lambda each: each[0] if _ours(each[2]) else "", told.text))
    return set(_OPTION.findall(_STYLE.sub("", prose))) - FOREIGN_OPTIONS


def known_options(command: click.Command = cli) -> frozenset[str]:
    """Return every option of a command, and of what is below it."""
    own = {
        name for each in command.params if isinstance(each, click.Option) for name in (*each.opts, *each.secondary_opts)
    }
    return frozenset(own | {"--help"}).union(*(known_options(each) for each in _commands(command)))


def problem_of(command: Printed) -> str | None:
    """Return why the command line does not take a printed command; None where it does.

    A command that is only named (`blinkdecl confirm`) need not be complete.
    """
    words = [_filled(each) for each in _words(command.line)[1:] if each.strip(".,…") != ""]
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            _parse(cli, words)
    except click.exceptions.Exit:  # --help and --version end there
        return None
    except click.UsageError as problem:
        incomplete = isinstance(problem, click.MissingParameter | click.BadOptionUsage)
        return None if command.named and incomplete else problem.format_message()
    return None


def _parse(group: click.Group, words: list[str], above: click.Context | None = None, *, named: bool = True) -> None:
    context = click.Context(group, parent=above, info_name=group.name)
    given, rest, _ = group.make_parser(context).parse_args(list(words))
    named = named and not given
    if not rest:
        return
    name, command, rest = group.resolve_command(context, rest)
    assert command is not None
    if isinstance(command, click.Group):
        _parse(command, rest, context, named=named)
    elif rest or not named:
        command.make_context(name, rest, parent=context)


def _commands(command: click.Command) -> Iterator[click.Command]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield found


def _typed(language: str, block: str) -> str:
    """Return what is typed in a block: of a session, which shows what is printed as well, the lines with a prompt."""
    return "\n".join(re.findall(r"^\$ .*", block, re.MULTILINE)) if language == "text" else block


def _text(node: ast.AST) -> str | None:
    """Return the text that an expression stands for: a string, or the command that `command_line(...)` composes."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_part(each) for each in parts)
        case ast.Call(func=ast.Attribute(attr="command_line"), args=args):
            words = [word for each in args for word in _argument(each)]
            return f"`{shlex.join(['blinkdecl', *words])}`" if words else None
    return None


def _argument(node: ast.expr) -> Iterator[str]:
    """Yield the words of one argument of `command_line`; of a choice, those of the longer side."""
    match node:
        case ast.Starred(value=ast.Name() | ast.Attribute() | ast.Subscript() | ast.Call()):
            return  # how many words these are is known when it runs
        case ast.Starred(value=inner):
            yield from _argument(inner)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            for each in items:
                yield from _argument(each)
        case ast.IfExp(body=body, orelse=other):
            yield from max([*_argument(body)], [*_argument(other)], key=len)
        case ast.Constant(value=str(text)):
            yield text
        case ast.Name() | ast.Attribute() | ast.Subscript() | ast.Call():
            yield f"{_MARK}{_name(node)}{_MARK}"


def _part(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=value):
            inner = _text(value)
            return inner.strip("`") if inner is not None else f"{_MARK}{_name(value)}{_MARK}"
    return ""


def _name(node: ast.expr) -> str:
    """Return the name that says best what an expression is: the last of ``change.address``, of ``len(gone)``, ..."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=ast.Name(id="len")):
            return "count"
        case ast.Call(func=function):
            return _name(function)
        case ast.Subscript(value=value):
            return _name(value)
    return ""


def _ours(quoted: str) -> bool:
    """Whether what is in backquotes is an option, one of our commands, or a part of one."""
    first = quoted.split()[0] if quoted.split() else ""
    return first.startswith("-") or first == "blinkdecl" or first in _names()


@cache
def _names() -> frozenset[str]:
    return frozenset(cli.list_commands(click.Context(cli)))


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:  # a quote that the end of the line cuts
        return line.split()


def _filled(word: str) -> str:
    """Return a word as a person would type it."""
    word = _PUT_IN.sub(lambda each: _VALUES.get(each[1], "word"), word)
    if word.startswith(("<", "[", "{")) and word.endswith((">", "]", "}")):
        word = word[1:-1]
    return _VALUES.get(word, word)


def _strings(found: object) -> Iterator[str]:
    if isinstance(found, dict):
        yield from (text for name in ("title", "description") if isinstance(text := found.get(name), str))
        for each in found.values():
            yield from _strings(each)
    elif isinstance(found, list):
        for each in found:
            yield from _strings(each)
