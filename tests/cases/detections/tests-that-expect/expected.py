def destinations(event):
    return [event["team"]]
