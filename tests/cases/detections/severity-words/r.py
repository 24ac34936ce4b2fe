def severity(event):
    if event:
        return "high"
    return "DEFAULT"
