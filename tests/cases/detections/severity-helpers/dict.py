LEVELS = {"a": "HIGH", "b": "LOW"}


def severity(event):
    return LEVELS[event["x"]]
