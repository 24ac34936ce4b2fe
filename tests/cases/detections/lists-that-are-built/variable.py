def destinations(event):
    return ["Blink SOC", event["team"]]
