"""The desired side: from YAML files to a `Configuration`, or to everything that is wrong with them.

Here belongs what reads, checks and resolves the user's own files, and the reverse, YAML for what exists. What other
tools write is not configuration (`detections`), and neither is what is recorded (`state`). `document` is strict YAML
with places, and knows nothing of destinations.
"""

from blinkdecl.config.document.schema import SCHEMA_NAMES, schema_text, validate_document
from blinkdecl.config.environment import check_environment_name
from blinkdecl.config.load import Loaded, load
from blinkdecl.config.places import Places
from blinkdecl.config.state_settings import default_state, load_state

__all__ = [
    "SCHEMA_NAMES",
    "Loaded",
    "Places",
    "check_environment_name",
    "default_state",
    "load",
    "load_state",
    "schema_text",
    "validate_document",
]
