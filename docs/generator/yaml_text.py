"""Examples of the schema's as YAML: short values on one line, as people write them."""

from blinkdecl.config.document.schema_errors import flow

_WIDEST = 60


def block(value: object, indent: str = "") -> str:
    """Return an example as YAML, indented; ends without a newline."""
    if isinstance(value, dict):
        return "\n".join(_pair(key, each, indent) for key, each in value.items())
    if isinstance(value, list):
        return "\n".join(f"{indent}- {flow(each)}" for each in value)
    return f"{indent}{flow(value)}"


def _pair(key: str, value: object, indent: str) -> str:
    line = flow(value)
    nested = isinstance(value, dict) and (len(value) > 1 or any(isinstance(each, dict) for each in value.values()))
    listed = isinstance(value, list) and len(line) > _WIDEST
    if value and (nested or listed):
        return f"{indent}{key}:\n{block(value, f'{indent}  ')}"
    return f"{indent}{key}: {line}"
