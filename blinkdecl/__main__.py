"""``python -m blinkdecl``."""

from blinkdecl.cli import main

main()
