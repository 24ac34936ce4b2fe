"""The steps for a person, as text and as a Markdown checklist for a pull request or a summary of a CI run."""

from blinkdecl.guide import Part, Section
from blinkdecl.render.markdown import code, escaped
from blinkdecl.render.safe import one_line, quoted
from blinkdecl.render.text import wrapped

_LAST = {True: "Prove and record it", False: "Record it"}
_HINT = "add --id UUID if the console's address bar shows the destination's id"


def steps_text(sections: tuple[Section, ...]) -> str:
    """Return the steps as numbered text of 80 columns."""
    return "\n\n".join(_text(each) for each in sections)


def steps_markdown(sections: tuple[Section, ...]) -> str:
    """Return the steps as task lists, one heading a change."""
    intro = "# Steps in the consoles of Blink and Panther\n\nSecrets are named by where they are, never shown.\n\n"
    return intro + "\n\n".join(_markdown(each) for each in sections) + "\n"


def _text(section: Section) -> str:
    lines = [f"{one_line(section.title)}  ({one_line(section.address)})"]
    for number, step in enumerate(section.steps, 1):
        lines += wrapped(_plain(step.parts), f"{number:>3}. ", "     ")
        for detail in step.details:
            lines += wrapped(_plain(detail), "     - ", "       ")
    last = f"{len(section.steps) + 1:>3}. "
    lines += wrapped(f"{_LAST[section.proved]}: `{one_line(section.confirm)}`", last, "     ")
    if section.proved:
        lines += wrapped(_HINT, "     ", "     ")
    return "\n".join(lines)


def _plain(parts: tuple[Part, ...]) -> str:
    return "".join(quoted(text) if style == "do" else one_line(text) for style, text in parts)


def _markdown(section: Section) -> str:
    lines = [f"## {escaped(section.title)} ({code(section.address)})", ""]
    for step in section.steps:
        lines.append(f"- [ ] {_marked(step.parts)}")
        lines += [f"  - {_marked(detail)}" for detail in step.details]
    lines.append(f"- [ ] {_LAST[section.proved]}: {code(section.confirm)}")
    if section.proved:
        lines.append(f"  - {escaped(_HINT)}")
    return "\n".join(lines)


def _marked(parts: tuple[Part, ...]) -> str:
    shown = {"": escaped, "ui": lambda text: f"**{escaped(text)}**", "do": code, "run": code}
    return "".join(shown[style](text) for style, text in parts)
