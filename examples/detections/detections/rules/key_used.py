"""An access key was used, which happens all the time: a signal, and no alert."""


def rule(event):
    return event.deep_get("userIdentity", "accessKeyId") is not None
