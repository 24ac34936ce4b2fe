"""One user failed to sign in far more often than usual."""


def rule(event):
    return event.get("failures", 0) > 50
