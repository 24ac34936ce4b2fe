"""What a parser says, in our words and with its place. Its own texts are never used: they may quote a secret. Pure."""

import re
import unicodedata
from typing import Any

from blinkdecl.config.document.excerpt import BREAK, Excerpts
from blinkdecl.config.document.file import too_large
from blinkdecl.config.document.finding import remedy_note
from blinkdecl.diagnostics import Diagnostic, Position

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Spaces, and a colon, of other scripts, of word processors and of web pages.
_NOT_WHAT_IT_SEEMS = re.compile("[\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff\uff1a]")

_BRACES = 'put quotes around a text with braces in it, such as "${var.NAME}"'

# Part of what the parsers say (both say it, each in its way), our sentence, what to do, and whether the trouble begins
# where the construct does (the context) rather than where the parser stopped.
_SENTENCES = (
    ("single document", "the file holds more than one document", "make each document a file of its own", False),
    ("undefined alias", "the alias names an anchor that does not exist", "", False),
    ("duplicate anchor", "the anchor is defined twice", "", False),
    ("expected node content", "a value is missing here, or a bracket is not closed", "", False),
    ("flow sequence", "the list in [ ] is not closed, or lacks a comma", "", True),
    ("flow mapping", "the mapping in { } is not closed, or lacks a comma", _BRACES, True),
    ("mapping values", "a ':' is not allowed here", "quote the text, or check the indentation of the line", False),
    ("cannot start any token", "no text can begin with this character", "put quotes around the text", False),
    ("expected ':'", "there is no ':' after this key", "", True),
    ("escape character", "there is no such escape sequence", "in double quotes a backslash is written \\\\", False),
    ("escape sequence", "the escape sequence is not complete", "", False),
    ("undefined tag handle", "custom tags are refused", "remove the tag", False),
    ("tag", "custom tags are refused", "remove the tag", False),
    ("block collection", "the line does not fit what is above it", "check the indentation", False),
    ("block mapping", "the line does not fit what is above it", "check the indentation and the quotes", False),
    ("block sequence entries", "a list cannot begin here", "check the indentation", False),
)


def diagnostic(file: str, text: str, problem: Exception) -> Diagnostic:
    """Return the diagnostic for what a parser raised."""
    mark = getattr(problem, "problem_mark", None)
    context_mark = getattr(problem, "context_mark", None)
    said = f"{getattr(problem, 'context', None) or ''}; {getattr(problem, 'problem', None) or ''}"
    if mark is None:
        return _unmarked(file, text)
    if "nesting depth" in said:  # libyaml's own bound, since 0.2.6
        return too_large("nested too deeply", Position(file, *_place(mark)))
    lines = BREAK.split(text)
    line, column = _place(mark)
    before = lines[line - 1][: column - 1] if line <= len(lines) else ""
    rest = lines[line - 1][column - 1 :] if line <= len(lines) else ""
    code, remedy, width = "invalid-yaml", "", 1
    if before.strip("- ?:") == "" and (tab := (before + rest[:1]).find("\t")) >= 0:
        summary, remedy, column = "a tab is used for indentation", "YAML indents with spaces: replace the tab", tab + 1
    elif "quoted scalar" in said and context_mark is not None and "escape" not in said:
        summary, remedy = "the quote is not closed", "close it on the same line"
        line, column = _place(context_mark)
    else:
        summary = "the file is not YAML from here on"
        for part, sentence, advice, at_context in _SENTENCES:
            if part in said:
                summary, remedy = sentence, advice
                if at_context and context_mark is not None:
                    line, column = _place(context_mark)
                break
        code = "forbidden-yaml" if summary == "custom tags are refused" else code
    if line > len(lines) or (line == len(lines) and not lines[-1] and line > 1):
        line, column = line - 1, len(lines[line - 2]) + 1  # the end of the file: show the last line
    if (odd := _NOT_WHAT_IT_SEEMS.search(lines[line - 1] if line <= len(lines) else "")) is not None:
        meant = "a colon" if odd[0] == "\uff1a" else "a space"
        called = f"U+{ord(odd[0]):04X} {unicodedata.name(odd[0])}"
        column, remedy = odd.start() + 1, f"this is {called}, which YAML does not take for {meant}: retype it"
    excerpt = Excerpts(text, None).at(line, column, width)
    notes = remedy_note(remedy) if remedy else ()
    return Diagnostic(code, summary, position=Position(file, line, column), excerpt=excerpt, notes=notes)


def _unmarked(file: str, text: str) -> Diagnostic:
    """Return what is wrong where the parser did not even begin: a character that YAML does not allow."""
    found = _UNPRINTABLE.search(text)
    if found is None:
        return Diagnostic("invalid-yaml", "the file is not YAML", position=Position(file, 1, 1))
    before = BREAK.split(text[: found.start()])
    summary = f"the file holds the control character U+{ord(found[0]):04X}"
    place = Position(file, len(before), len(before[-1]) + 1)
    return Diagnostic("invalid-encoding", summary, position=place, notes=remedy_note("remove it"))


def _place(mark: Any) -> tuple[int, int]:  # noqa: ANN401 - PyYAML's mark
    return mark.line + 1, mark.column + 1
