def severity(event):
    return event.get("severity") or "DEFAULT"
