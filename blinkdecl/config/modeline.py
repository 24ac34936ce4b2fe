"""The first line of a YAML file, by which editors find the copy of the schema that `init` keeps beside it. Pure."""

SCHEMA_COPY = ".blinkdecl/config.schema.json"
ROUTES_COPY = ".blinkdecl/routes.schema.json"


def modeline(file: str) -> str:
    """Return the line for a file of the configuration, named by its path below the root, with `/`."""
    return f"# yaml-language-server: $schema={'../' * file.count('/')}{SCHEMA_COPY}\n"
