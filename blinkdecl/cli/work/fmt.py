"""The work of ``blinkdecl fmt``: the configuration's files, laid out alike."""

import sys
from pathlib import Path

from blinkdecl.cli.files import is_standard_input
from blinkdecl.cli.input import read_yaml
from blinkdecl.cli.session import Session
from blinkdecl.cli.written import rewrite_file
from blinkdecl.config.document.file import Refusal, read_text
from blinkdecl.config.layout import formatted
from blinkdecl.config.layout.difference import difference
from blinkdecl.config.layout.files import named_files
from blinkdecl.config.load import files_of
from blinkdecl.diagnostics import Diagnostic, Failure, counted, error
from blinkdecl.render.safe import safe


def run(session: Session, files: tuple[Path, ...], *, check: bool, diff: bool) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    if any(map(is_standard_input, files)):
        return _filter(session, files, check=check, diff=diff)
    root, called = session.root, session.invocation
    if files:
        names, problems = named_files(root, files)
    else:
        names, found = files_of(
            root, environment=called.environment, variables=called.variables, environ=called.environ
        )
        problems = list(found)
    changed = 0
    for name in names:
        try:
            changed += _format(session, name, check=check, diff=diff, named=bool(files))
        except Failure as failure:
            problems += failure.diagnostics
    if check and changed:
        problems.append(_not_formatted(session, counted(changed, "file"), files))
    if problems:
        raise Failure(*problems)
    return 0


def _format(session: Session, name: str, *, check: bool, diff: bool, named: bool) -> bool:
    """Format one file and return whether it changes; raises a `Failure`. `named` = by the caller."""
    path = session.path(name)
    try:
        text = read_text(path, name, session.root)
    except Refusal as refusal:
        raise Failure(refusal.diagnostic) from None
    new = formatted(name, text, named=named)
    if new == text:
        return False
    if not check:
        rewrite_file(path, new, root=session.root, name=name)
    session.result(name)
    if diff:
        session.result(difference(name, text, new))
    return True


def _filter(session: Session, files: tuple[Path, ...], *, check: bool, diff: bool) -> int:
    """Format standard input to standard output; raises a `Failure`."""
    if len(files) > 1:
        raise error("usage", "- stands alone: it is standard input", remedy="name the files, or `-`")
    if diff and not check:
        remedy = "`blinkdecl fmt --check --diff -` prints the difference alone"
        raise error("usage", "--diff and the text would be mixed up", remedy=remedy)
    name = "standard input"
    text = read_yaml(name)
    new = formatted(name, text)
    if not check:
        if not _is_printed_as_it_is(new):
            remedy = "name the file, which is then written as it is"
            raise error("unwritable", "the text has characters that are never printed as they are", remedy=remedy)
        session.result(new.removesuffix("\n"))
    elif new != text:
        if diff:
            session.result(difference(name, text, new))
        raise Failure(_not_formatted(session, name, files))
    return 0


def _is_printed_as_it_is(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return False
    return safe(text) == text


def _not_formatted(session: Session, what: str, files: tuple[Path, ...]) -> Diagnostic:
    be = "are" if what.endswith("s") else "is"
    again = session.invocation.command_line("fmt", *map(str, files))
    return Diagnostic("not-formatted", f"{what} {be} not formatted", notes=(("help", f"`{again}` does it"),))
