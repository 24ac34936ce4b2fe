"""The stacks for a person: one a line."""

from blinkdecl.render.safe import one_line
from blinkdecl.render.text.layout import cells
from blinkdecl.render.view.parts import View


def stacks_text(view: View) -> str:
    """Return a line for each stack: its path, and its environment where it has one."""
    told = [(one_line(each["path"]), one_line(each["environment"] or "")) for each in view["stacks"]]
    width = max((cells(path) for path, _ in told), default=0)
    return "\n".join(f"{path}{' ' * (width - cells(path))}  {environment}".rstrip() for path, environment in told)
