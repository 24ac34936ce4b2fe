"""The file of the chosen environment."""

import re

from blinkdecl.config import include
from blinkdecl.config.document import schema
from blinkdecl.config.document.parse import Document
from blinkdecl.config.reader import Reader
from blinkdecl.diagnostics import closest, did_you_mean, error
from blinkdecl.model.resource import NAME_PATTERN


def read_environment(reader: Reader, name: str | None) -> Document:
    """Return the environment's file, an empty document without an environment.

    Raises a `Failure` (``invalid-name``, ``not-found``) for one that there is not.
    """
    if name is None:
        return Document("")
    if not re.fullmatch(NAME_PATTERN, name):
        summary, remedy = "the environment's name is not allowed", f"names match {NAME_PATTERN}"
        raise error("invalid-name", summary, at="--env", remedy=remedy)
    known = include.environments(reader.root)
    if name not in known:
        meant = did_you_mean(closest(name, known))
        listed = ", ".join(sorted(known))
        remedy = meant or f"environments: {listed}" if known else f"write environments/{name}.yaml"
        raise error("not-found", f'there is no environment "{name}"', at="--env", remedy=remedy)
    document = reader.read(f"{include.ENVIRONMENTS}/{known[name]}")
    return document if document.broken else reader.checked(document, schema.ENVIRONMENT, None)
