def severity(event):
    return event["severity"]
