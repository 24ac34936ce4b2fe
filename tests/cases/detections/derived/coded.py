def severity(event):
    return "INFO"


def destinations(event):
    return ["typo"] if event else None
