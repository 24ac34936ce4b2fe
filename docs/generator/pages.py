"""Which pages there are, and where."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from docs.generator.commands import commands_page
from docs.generator.configuration import configuration_page
from docs.generator.exit_codes import exit_codes_page
from docs.generator.readme import readme_page
from docs.generator.troubleshooting import troubleshooting_page

ROOT = Path(__file__).parents[2]
PAGES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "docs/configuration.md": configuration_page,
        "docs/commands.md": commands_page,
        "docs/troubleshooting.md": troubleshooting_page,
        "docs/exit-codes.md": exit_codes_page,
        "README.md": readme_page,
    }
)
