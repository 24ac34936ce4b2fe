def destinations(event):
    found = ["Blink SOC"]
    if event:
        found.append("typo")
    return found
