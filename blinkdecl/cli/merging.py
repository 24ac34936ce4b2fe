"""The documents of many stacks below a folder, read for one page."""

import json
from pathlib import Path

from blinkdecl.cli.session import Session
from blinkdecl.config import validate_document
from blinkdecl.config.document.file import files_below
from blinkdecl.diagnostics import Diagnostic, error
from blinkdecl.render.html.page import Facts
from blinkdecl.render.view.merged import Document, merged_view
from blinkdecl.system.files import read_bounded

_LONGEST = 64 * 2**20


def merge(session: Session, folder: Path, form: str, stacks: Path | None) -> int:
    """Print the page of every ``*.json`` below a folder, and return the exit code; raises a `Failure` for none.

    `stacks` = the file with the list of the stacks that should have left one, as ``blinkdecl stacks`` prints it.
    """
    expected = [] if stacks is None else _expected(session, stacks)
    if not session.path(folder).is_dir():
        raise error("not-found", f"{folder} is not a folder", remedy="name the folder with the documents of the stacks")
    inside, outside = files_below(session.root, folder, (".json",))
    documents = [_document(session.root, folder, each) for each in inside]
    documents += [Document(_name(folder, each), None, "it is a link that leads out of the folder") for each in outside]
    left = {Path(_name(folder, each)) for each in inside}
    documents += [
        Document(f"{path}/{environment}" if environment else path, None, "it left no result")
        for path, environment in expected
        if not any(each.parent == Path(path) and environment in (None, each.name) for each in left)
    ]
    if not documents:
        remedy = "such as `blinkdecl plan --format json --output plan.json` writes"
        raise error("not-found", f"there is no document in {folder}", remedy=remedy)
    _print(session, documents, form)
    problems = [
        Diagnostic("unreadable", f"{each.name}.json: {each.problem}") for each in documents if each.view is None
    ]
    session.problems(problems)
    return 1 if problems else 0


def _expected(session: Session, file: Path) -> list[tuple[str, str | None]]:
    """Return folder and environment of each stack on a list: JSON, or a matrix. Raises a `Failure`."""
    try:
        data = json.loads(read_bounded(session.path(file), _LONGEST, root=session.root))
        found = data["include"] if "include" in data else data["stacks"]
        return [(str(each["path"]), each["environment"] or None) for each in found]
    except OSError as problem:
        raise error("unreadable", f"{file} cannot be read: {problem.strerror}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        remedy = "`blinkdecl stacks --format json --output FILE` writes one"
        raise error("unreadable", f"{file} is no list of stacks", remedy=remedy) from None


def _print(session: Session, documents: list[Document], form: str) -> None:
    view, context = merged_view(documents), session.context()
    if form == "markdown":
        from blinkdecl.render.markdown.merged import merged_markdown
        from blinkdecl.render.markdown.page import COMMENT, SUMMARY, PageOptions

        session.result(merged_markdown(view, PageOptions("report", room=SUMMARY if context.summary else COMMENT)))
    else:
        from blinkdecl.render.html.merged import merged_html

        session.result(merged_html(view, Facts("", context.commit, context.at)))


def _document(root: Path, folder: Path, file: str) -> Document:
    """Return what a file holds; what cannot be read, or is no document, has a reason instead."""
    name = _name(folder, file)
    try:
        data = read_bounded(root / file, _LONGEST, root=root)
    except (OSError, ValueError) as problem:
        return Document(name, None, f"it cannot be read: {getattr(problem, 'strerror', None) or 'not a path'}")
    if len(data) > _LONGEST:
        return Document(name, None, f"it is larger than {_LONGEST >> 20} MiB")
    try:
        view = json.loads(data)
    except (ValueError, RecursionError):
        return Document(name, None, "it is not JSON")
    kind = "plan" if isinstance(view, dict) and "resource_changes" in view else "results"
    if validate_document(kind, view):
        return Document(name, None, "it is no document of this version")
    environment = view.get("environment")
    return Document(f"{name} ({environment})" if environment and environment not in name else name, view)


def _name(folder: Path, file: str) -> str:
    return Path(file).relative_to(folder).with_suffix("").as_posix()
