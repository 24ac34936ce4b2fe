"""The YAML of an automation: which events trigger it. Pure, but for the parser's own tables.

Triggers are ``triggers: {webhooks: [{trigger_type, name}]}``; the name of one is taken for the event's name.
"""

from pathlib import Path

from blinkdecl.config.document.parse import Source


def event_names_of(text: str) -> tuple[str, ...] | None:
    """Return the names of the webhook events, in their order; None for what is not YAML of this shape."""
    document = Source(Path()).parse("playbook", text)
    triggers = document.data.get("triggers", {})
    webhooks = triggers.get("webhooks", []) if isinstance(triggers, dict) else None
    if document.broken or not isinstance(webhooks, list):
        return None
    names = (each.get("name") for each in webhooks if isinstance(each, dict))
    return tuple(each for each in names if isinstance(each, str))
