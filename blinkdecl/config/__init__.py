"""The desired side: from YAML files to a `Configuration`, or to everything that is wrong with them.

source, walk           a file -> plain data, strictly            the only door to PyYAML
schema, sentences      its shape -> findings                     the only door to jsonschema
variables, include     what is put in, which files belong to it
resolve, rules         documents -> resources, and what the files say together
locate, excerpt        a finding -> its place and its lines, secrets masked (masking)
load                   all of it, in order
"""

from blinkdecl.config.loading import Loaded, load
from blinkdecl.config.schema import validate_document
from blinkdecl.config.shipped import SCHEMA_NAMES, schema_text

__all__ = ["SCHEMA_NAMES", "Loaded", "load", "schema_text", "validate_document"]
