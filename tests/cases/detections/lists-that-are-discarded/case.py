def destinations(event):
    return ["blink soc"]
