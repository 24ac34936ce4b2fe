LEVELS = {"a": "HIGH", "b": "LOW"}


def level(event):
    return LEVELS.get(event, "INFO")
