LEVEL = "LOW"


def rule(event):
    global LEVEL
    LEVEL = event["x"]
    return True


def severity(event):
    return LEVEL
