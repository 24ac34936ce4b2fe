from acme_helpers import level


def severity(event):
    return level(event.get("x"))
