"""From a YAML file to plain data, strictly: the only module that knows PyYAML.

    plain scalar     true, True, TRUE, false ...  -> bool      null, Null, NULL, ~, nothing -> None
                     -?(0|[1-9][0-9]{0,17})       -> int       everything else              -> str
    quoted or block  str
    refused          tags beside str, seq and map; merge keys; keys that are not strings; duplicate keys

Nodes are not kept: a walk turns them into data and notes only where each resource and the settings of provider and
state are written. Whoever needs another place, because something is wrong there, composes the text again (`compose`).

libyaml recurses on the C stack when it composes, and crashes the process at a depth of some ten thousand. So nothing is
composed before its depth is known to be harmless.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, Event, ScalarEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader as TextReader
from yaml.scanner import Scanner

from blinkdecl.config.document.file import Refusal as Refusal  # callers of `compose` catch it
from blinkdecl.config.document.file import read_text, too_large
from blinkdecl.config.document.finding import remedy_note
from blinkdecl.config.document.node import MAX_DEPTH, MAX_NODES, TooLarge
from blinkdecl.config.document.tally import Tally
from blinkdecl.config.document.walk import IMPLICIT, PLAIN, Places, Scalars, Walk
from blinkdecl.config.document.weight import weigh
from blinkdecl.diagnostics import Diagnostic, Position

_TAG_DIRECTIVE = re.compile(r"(?:^|[\n\r\x85\u2028\u2029])\ufeff?(?P<tag>%TAG\b)")
# What an alias begins with, and some texts.
_ALIAS = re.compile(r"\*[\w-]")

# What each may have at most to be composed without a look at its events first: the depth of flow collections is at
# most the number of their openers, that of block collections at most twice the longest line.
_SAFE_SIZE, _SAFE_OPENERS, _SAFE_LINE = 256 * 1024, 2000, 1000


class _Untyped:
    """A resolver that guesses no types: it only keeps plain scalars apart from quoted ones."""

    def resolve(self, kind: type[Node], value: object, implicit: "tuple[bool, bool] | bool") -> str:
        del value
        return PLAIN if kind is ScalarNode and isinstance(implicit, tuple) and implicit[0] else IMPLICIT

    def descend_resolver(self, parent: object, index: object) -> None:
        """Called for each node; no type depends on its path."""

    def ascend_resolver(self) -> None:
        """Called after each node."""


class PureLoader(TextReader, Scanner, Parser, Composer, _Untyped):
    """The loader in Python alone."""

    def __init__(self, text: str) -> None:
        TextReader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)


try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML was built without libyaml
    DefaultLoader: Any = PureLoader
else:

    class FastLoader(CParser, _Untyped):
        """The loader on libyaml."""

        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)

    DefaultLoader = FastLoader


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its text, its data ({} where it could not be parsed), and the places that are often asked for.

    `places` has the keys ("destinations", NAME), ("triggers", NAME), and (KEY, INDEX) for the items of top-level lists;
    also (SECTION, NAME) of "provider", "blink" and "state", where the value is written.
    """

    file: str
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    places: Places = field(default_factory=dict)
    problems: tuple[Diagnostic, ...] = ()
    broken: bool = False
    # The data before what is wrong was taken out; None where nothing was taken out.
    given: dict[str, Any] | None = None

    @property
    def written(self) -> dict[str, Any]:
        """The data as it was written, wrong or not."""
        return self.data if self.given is None else self.given

    def position(self, section: str, name: str | int) -> Position:
        """Return where something is written that `places` has."""
        return Position(self.file, *self.places[section, name])


class Source:
    """Reads the files below one root. Equal scalars become one object, across files.

    No link leads out of the folder `fence`, which is the root itself unless said otherwise.
    """

    def __init__(
        self,
        root: Path,
        loader: Any = DefaultLoader,  # noqa: ANN401 - either of two unrelated classes
        *,
        fence: Path | None = None,
    ) -> None:
        self._root, self._fence = root, root if fence is None else fence
        self._loader = loader
        self._scalars = Scalars()

    def read(self, file: str) -> Document:
        """Return the document at `file`, relative to the root; what is wrong with it is in its problems."""
        try:
            text = read_text(self._root / file, file, self._fence)
        except Refusal as refusal:
            return Document(file, problems=(refusal.diagnostic,), broken=True)
        return self.parse(file, text)

    def parse(self, file: str, text: str) -> Document:
        """Return `text` as a document."""
        try:
            node = compose(file, text, self._loader)
            if _ALIAS.search(text):
                weigh(node)
            walk = Walk(file, self._scalars)
            data = walk.document(node)
        except Refusal as refusal:
            return Document(file, text, problems=(refusal.diagnostic,), broken=True)
        except TooLarge as limit:
            place = Position(file, limit.node.start_mark.line + 1, limit.node.start_mark.column + 1)
            return Document(file, text, problems=(too_large(limit.args[0], place),), broken=True)
        if not walk.problems:
            return Document(file, text, data, walk.places)
        from blinkdecl.config.document.excerpt import Excerpts  # here and below: where something is wrong alone

        excerpts = Excerpts(text, node)
        tally = Tally()
        problems = [each.diagnostic(file, excerpts) for each in walk.problems if tally.takes(each.code)]
        return Document(file, text, data, walk.places, tuple(tally.noted(problems)))


def compose(file: str, text: str, loader: Any = DefaultLoader) -> MappingNode:  # noqa: ANN401 - see `Source`
    """Return the top mapping of `text` as nodes with marks; raises `Refusal`."""
    _check_directives(file, text)
    try:
        if not _looks_harmless(text):
            _check_events(file, text, loader)
        parser = loader(text)
        try:
            node = parser.get_single_node()
        finally:
            parser.dispose()
    except (yaml.YAMLError, ValueError) as problem:
        from blinkdecl.config.document import yaml_errors

        raise Refusal(yaml_errors.diagnostic(file, text, problem)) from None
    except (RecursionError, MemoryError):
        raise Refusal(too_large("nested too deeply", Position(file, 1, 1))) from None
    except (OverflowError, TypeError, AttributeError, IndexError, KeyError):
        # What a parser raises on input that its authors did not think of.
        raise Refusal(Diagnostic("invalid-yaml", "the file is not YAML", position=Position(file, 1, 1))) from None
    if node is None or (isinstance(node, ScalarNode) and node.value == ""):
        summary = "the file is empty"
        remedy = "it holds at least `version: 1`"
        raise Refusal(Diagnostic("invalid-yaml", summary, position=Position(file, 1, 1), notes=remedy_note(remedy)))
    if not isinstance(node, MappingNode):
        kind = "a list" if isinstance(node, SequenceNode) else "a single value"
        place = Position(file, node.start_mark.line + 1, node.start_mark.column + 1)
        summary, remedy = f"the file is {kind}, not a mapping", "it begins with `version: 1`"
        raise Refusal(Diagnostic("wrong-type", summary, position=place, notes=remedy_note(remedy)))
    return node


def _check_directives(file: str, text: str) -> None:
    """Refuse handles for tags before libyaml sees them: it compares each with all those before it."""
    if "%TAG" in text and (found := _TAG_DIRECTIVE.search(text)):
        from blinkdecl.config.document.excerpt import BREAK, Excerpts

        line = len(BREAK.findall(text, 0, found.start("tag"))) + 1
        place = Position(file, line, 1)
        excerpt = Excerpts(text, None).at(line, 1)
        notes = remedy_note("remove the line")
        raise Refusal(Diagnostic("forbidden-yaml", "custom tags are refused", "error", place, excerpt, notes))


def _looks_harmless(text: str) -> bool:
    return (
        len(text) <= _SAFE_SIZE
        and text.count("[") + text.count("{") <= _SAFE_OPENERS
        and max(map(len, text.split("\n"))) <= _SAFE_LINE
    )


def _check_events(file: str, text: str, loader: Any) -> None:  # noqa: ANN401 - see `Source`
    """Refuse what is too deep or too long, from the stream of events, which needs no stack."""
    depth = count = 0
    for event in _events(loader(text)):
        if isinstance(event, CollectionEndEvent):
            depth -= 1
        elif isinstance(event, ScalarEvent | AliasEvent | CollectionStartEvent):
            count += 1
            depth += isinstance(event, CollectionStartEvent)
            if depth > MAX_DEPTH or count > MAX_NODES:
                mark: Any = event.start_mark
                place = Position(file, mark.line + 1, mark.column + 1)
                raise Refusal(too_large("nested too deeply" if depth > MAX_DEPTH else "too long", place))


def _events(parser: Any) -> Iterator[Event]:  # noqa: ANN401 - see `Source`
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()
