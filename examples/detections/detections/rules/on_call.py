"""Okta's support was given access. Who gets the alert depends on who is on duty, so only Panther knows."""

from acme_rota import on_duty


def rule(event):
    return event.get("eventType") == "user.session.impersonation.grant"


def destinations(event):
    return [on_duty(event["published"])]
