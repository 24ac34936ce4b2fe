"""Which pages there are, and where."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from docs.generator.commands import commands_page
from docs.generator.configuration import configuration_page
from docs.generator.exit_codes import exit_codes_page
from docs.generator.troubleshooting import troubleshooting_page

FOLDER = Path(__file__).parents[1]
PAGES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "configuration.md": configuration_page,
        "commands.md": commands_page,
        "troubleshooting.md": troubleshooting_page,
        "exit-codes.md": exit_codes_page,
    }
)
