"""A destination as the sandbox's Panther stores it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Config = Mapping[str, Mapping[str, str]]
# What a kind shows of its configuration: only the URL of the native Blink Ops kind.
_SHOWN = {("blinkOps", "webhookURL")}


@dataclass(frozen=True, slots=True)
class Destination:
    """A stored destination. `config` has one key, the kind, and holds the secrets: they are left out of its repr."""

    display_name: str
    output_type: str
    config: Config = field(repr=False)
    severities: tuple[str, ...] = ()
    alert_types: tuple[str, ...] = ()
    log_types: tuple[str, ...] = ()
    allow_manual_dispatch: bool = False
    id: str = ""
    created_by: str = ""
    created_at: str = ""
    modified_by: str = ""
    modified_at: str = ""

    @property
    def kind(self) -> str:
        """The key of its configuration, such as ``customWebhook``."""
        return next(iter(self.config), "")

    @property
    def webhook_url(self) -> str:
        """The URL that it delivers to, "" for kinds that have none."""
        return self.config.get(self.kind, {}).get("webhookURL", "")

    @property
    def api_key(self) -> str:
        """The API key of a native Blink Ops destination."""
        return self.config.get(self.kind, {}).get("apiKey", "")

    def redacted(self) -> dict[str, dict[str, str]]:
        """Return the configuration as answers show it."""
        return {
            kind: {name: value if (kind, name) in _SHOWN else "" for name, value in fields.items()}
            for kind, fields in self.config.items()
        }
