"""The desired side: from YAML files to a `Configuration`, or to everything that is wrong with them.

reading, source, walk, syntax     a file -> plain data, strictly             the only door to PyYAML
include, variables                which files belong to it, what is put in
schema, sentences, suggestions    its shape -> findings                      the only door to jsonschema
resolve, rules, settings          documents -> resources and settings, and what the files say together
pruning, finding, report          what is wrong: taken out, named, gathered in the order of the files
locate, excerpt                   a finding -> its place and its lines,
masking, composed, guessed        in which secrets are masked
loading                           all of it, in order
detections                        a detections repository, which is another tool's
route_tests                       files of routing tests, which are no part of the configuration
earlier                           the backend that another revision of the project file names
shipped                           what comes with the package: schemas, log types
"""

from blinkdecl.config.detections import read_detections
from blinkdecl.config.earlier import default_state, load_state
from blinkdecl.config.loading import Loaded, load
from blinkdecl.config.route_tests import read_route_tests
from blinkdecl.config.schema import validate_document
from blinkdecl.config.shipped import SCHEMA_NAMES, schema_text

__all__ = [
    "SCHEMA_NAMES",
    "Loaded",
    "default_state",
    "load",
    "load_state",
    "read_detections",
    "read_route_tests",
    "schema_text",
    "validate_document",
]
