def severity(event):
    if event:
        return "LOW"
