"""What a run did as Markdown, for the comment when it is done: losses and failures first, then what was done.

Also of commands that only say what is wrong, such as ``validate``, and of those that could not do anything.
"""

from collections.abc import Iterator, Sequence

from blinkdecl.diagnostics import counted
from blinkdecl.render.markdown import code, code_cell, escaped
from blinkdecl.render.markdown.blocks import (
    broken_rules,
    listed_whole,
    losses,
    other_problems,
    problems,
    routing_table,
)
from blinkdecl.render.markdown.changes import is_deletion
from blinkdecl.render.markdown.page import PageOptions, Section, Whole, page
from blinkdecl.render.text.changes import action_word
from blinkdecl.render.text.diagnostics import count_text
from blinkdecl.render.text.impact import end_heads
from blinkdecl.render.text.marks import plain
from blinkdecl.render.text.progress import answer_text, run_text
from blinkdecl.render.text.results import apply_headline, tests_headline
from blinkdecl.render.view.parts import View

# What a reader has to look at comes first.
_ORDER = ("failed", "skipped", "awaiting", "done")
_RUNS = ("apply", "destroy", "confirm")
# What went away, by how far it got.
_GONE = {"done": "Destroyed or forgotten", "awaiting": "To be destroyed by hand"}


def results_markdown(document: View, options: PageOptions) -> str:
    """Return how a run ended: its sum, losses, what went wrong, who receives what now, and each change."""
    title, *rest = _head(document, options)
    return page(title, _sections(document, rest, options), options)


def _head(document: View, options: PageOptions) -> list[str]:
    """Return the title, and sentences below it."""
    where, named = escaped(options.where), options.command.capitalize()
    begin = f"{escaped(options.environment)}: " if options.environment else ""
    if options.command in _RUNS:
        first, *rest = plain(apply_headline(document, options.layout)).split("\n")
        return [f"{begin}{escaped(first)}", *([escaped(" ".join(rest))] if rest else [])]
    if options.command == "test" and (document["tests"] or document["ok"]):
        return [f"{begin}{escaped(tests_headline(document))}"]
    if options.command == "validate":
        valid = "valid" if document["ok"] else "not valid"
        return [f"The configuration{where} is {valid}: {count_text(document['diagnostics'])}"]
    return [f"{escaped(named)}{where}: {count_text(document['diagnostics'])}"]


def _sections(document: View, rest: Sequence[str], options: PageOptions) -> Iterator[Section | Whole]:
    told = document["diagnostics"]
    # Who is to receive alerts, and does not.
    turned = [{**each, "before": each["after"], "after": each["before"]} for each in document["routing"]]
    yield losses(turned, "Declared, but received by nobody now:", was="meant for")
    yield broken_rules(told, options)
    yield Section([line for each in rest for line in ("", each)])
    yield _undone(document)
    yield _undelivered(document)
    yield Section(problems(told, options), 3)
    yield from _deletions(document)
    yield Section(_changes(document, options), 2)
    before, after = (head.capitalize() for head in end_heads(document))
    yield Section(routing_table(document["routing"], before, after), 2)
    yield Section(_tests(document, options), 2)
    yield Section(other_problems(told, options))


def _undone(document: View) -> Whole:
    """Return the changes that failed or were skipped."""
    found = _sorted(each for each in document["results"] if each["outcome"] in ("failed", "skipped"))
    items = [
        f"{each['outcome']}: {action_word(each)} {code(each['address'])}"
        + (f" ({escaped(each['code'])})" if each["code"] else "")
        for each in found
    ]
    return listed_whole("CAUTION", "Not done:", items, [each["address"] for each in found])


def _undelivered(document: View) -> Whole:
    """Return the test alerts that did not arrive."""
    found = [each for each in document["tests"] if not each["delivered"]]
    items = [f"{code(each['address'])}: {escaped(answer_text(each))}" for each in found]
    head = f"{counted(len(found), 'test alert')} did not arrive:"
    return listed_whole("CAUTION", head, items, [each["address"] for each in found])


def _deletions(document: View) -> Iterator[Whole]:
    for outcome, head in _GONE.items():
        found = [each for each in document["results"] if each["outcome"] == outcome and is_deletion(each)]
        items = [f"{action_word(each)} {code(each['address'])}" for each in found]
        yield listed_whole("WARNING", f"{head} ({len(found)}):", items, [each["address"] for each in found])


def _changes(document: View, options: PageOptions) -> Iterator[str]:
    results = _sorted(each for each in document["results"] if not (each["outcome"] in _GONE and is_deletion(each)))
    if not results:
        return
    shown = results[: options.room.rows]
    yield from ("", "| Outcome | Action | Resource |", "|---|---|---|")
    for each in shown:
        outcome = f"**{each['outcome']}**" if each["outcome"] in ("failed", "skipped") else each["outcome"]
        reason = f" ({escaped(each['code'])})" if each["code"] else ""
        yield f"| {outcome}{reason} | {escaped(action_word(each))} | {code_cell(each['address'])} |"
    if len(results) > len(shown):
        yield from ("", f"and {len(results) - len(shown)} more.")


def _sorted(results: Iterator[View]) -> list[View]:
    return sorted(results, key=lambda each: _ORDER.index(each["outcome"]))


def _tests(document: View, options: PageOptions) -> Iterator[str]:
    tests, total = document["tests"], document["summary"]
    if tests and options.command != "test":
        yield from ("", f"Test alerts: {total['tests_delivered']} delivered, {total['tests_failed']} failed.")
    elif arrived := [each for each in tests if each["delivered"]]:
        yield from ("", "| Delivered to | Answer |", "|---|---|")
        for each in arrived[: options.room.rows]:
            yield f"| {code_cell(each['address'])} | {escaped(_met(each))} |"
        if len(arrived) > options.room.rows:
            yield from ("", f"and {len(arrived) - options.room.rows} more.")


def _met(test: View) -> str:
    """Return what an alert that arrived met, at the webhook and in Blink."""
    return "; ".join([answer_text(test), *([run_text(test["run"])] if test.get("run") else [])])
