"""What a value looks like that somebody stored by accident in place of a key. Pure; the value itself is never shown."""

import re

from blinkdecl.secret.value import Secret

# No key is longer, and what a pattern has to look through grows with the square of it.
_LONGEST = 1000
# The first that fits; each is a sentence about the value.
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("it has quotes around it", re.compile(r"""(["'`]).*\1""")),
    ("it begins or ends with a quote", re.compile(r"""["'`].*|.*["'`]""")),
    ("it is a mask, not what was masked", re.compile(r"[*•.xX]{3,}|\(sensitive.*|<sensitive>|\[?REDACTED]?", re.I)),
    ("it is what a tool prints where it found nothing", re.compile(r"<no value>|null|none|nil|undefined|<nil>", re.I)),
    ("it is a placeholder that nobody replaced", re.compile(r"<.*>|change[-_]?me|your[-_].*|todo|x+|.*\.\.\.", re.I)),
    (
        "it is a template that was not filled",
        re.compile(r".*\$\{.*}.*|.*\{\{.*}}.*|\$\(.*\)|\$[A-Z_]+|%[A-Z_]+%|op://.*"),
    ),
    ("it is a header line, with its name", re.compile(r"[A-Za-z-]*(key|token|authorization|signature):\s.*", re.I)),
    ("it begins with a scheme, such as Bearer", re.compile(r"(bearer|basic|token|apikey)\s.*", re.I)),
    ("it is an assignment, NAME=value", re.compile(r"(export )?[A-Za-z_][A-Za-z0-9_]*=.*[^=].*")),
    ("it is JSON, not the value in it", re.compile(r"[{\[].*")),
    ("it is a URL", re.compile(r"https?://.*", re.I)),
    ("it is the path of a file", re.compile(r"(~|\.{0,2})/[\w.-]+(/[\w.-]+)*")),
    ("it has spaces in it", re.compile(r".*\s.*")),
)


def accident_of(secret: Secret) -> str | None:
    """Return what is odd about the form of a key, None where nothing is. It says nothing of what the value is."""
    value = secret.reveal()[:_LONGEST]
    return next((told for told, shape in _SHAPES if shape.fullmatch(value)), None)
