"""``docs/troubleshooting.md``: every code of the catalogue, what it means and what to do."""

from blinkdecl.diagnostics.codes import Code, apply, configuration, detections, plan, state
from docs.generator.markdown import code, escaped, link, page

_GROUPS = (
    ("The configuration", configuration),
    ("Plans and policies", plan),
    ("Detections", detections),
    ("The state and its lock", state),
    ("Applying, test alerts, the provider and the command line", apply),
)
_INTRODUCTION = """\
Every error and warning ends with its code in brackets, such as `[unknown-reference]`. This is what each means and what
to do about it; `blinkdecl help CODE` prints the same. A warning never changes the [exit code](exit-codes.md)."""


def troubleshooting_page() -> str:
    """Return the page: the codes in the groups and the order of the catalogue."""
    contents = [
        f"- {link(title, title)}: {', '.join(link(code(name), name) for name in module.CODES)}"
        for title, module in _GROUPS
    ]
    groups = [
        "\n\n".join(
            [f"## {title}", escaped(module.__doc__ or ""), *(_entry(name, each) for name, each in module.CODES.items())]
        )
        for title, module in _GROUPS
    ]
    return page("Troubleshooting", _INTRODUCTION, "\n".join(contents), *groups)


def _entry(name: str, entry: Code) -> str:
    leads = "A warning." if entry.warning else f"Exit code [{entry.exit_code}](exit-codes.md#{entry.exit_code})."
    return f"### {code(name)}\n\n{escaped(entry.explanation)} {leads}\n\n{escaped(entry.remedy)}"
