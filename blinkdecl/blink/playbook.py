"""The YAML of an automation: which events trigger it. Pure, but for the parser's own tables.

Triggers are ``triggers: {webhooks: [{trigger_type, name}]}``; the name of one is taken for the event's name.
"""

from pathlib import Path

from blinkdecl.config.document.parse import Source
from blinkdecl.model.runs import WebhookEvent


def events_of(text: str) -> tuple[WebhookEvent, ...] | None:
    """Return the webhook events, in their order; None for what is not YAML of this shape.

    Without ``triggers`` it is not said that there are none: they may stand where nobody has seen them yet.
    """
    document = Source(Path()).parse("playbook", text)
    triggers = document.data.get("triggers")
    webhooks = triggers.get("webhooks", []) if isinstance(triggers, dict) else None
    if document.broken or not isinstance(webhooks, list):
        return None
    return tuple(
        WebhookEvent(kind if isinstance(kind := each.get("trigger_type"), str) else "", each["name"])
        for each in webhooks
        if isinstance(each, dict) and isinstance(each.get("name"), str)
    )
