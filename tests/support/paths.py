"""Where things are in the checkout."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "blinkdecl"
SCHEMAS = ROOT / "schemas"
# A case is a folder: a configuration, and what comes of it.
CASES = ROOT / "tests" / "config" / "cases"
