"""The factors of a user were reset. The severity depends on who it is; every alert goes to triage."""

ADMINS = ["Blink triage"]


def rule(event):
    return event.get("eventType") == "user.mfa.factor.reset_all"


def severity(event):
    return "HIGH" if "admin" in event.deep_get("target", "alternateId", default="") else "DEFAULT"


def destinations(event):
    return ADMINS
