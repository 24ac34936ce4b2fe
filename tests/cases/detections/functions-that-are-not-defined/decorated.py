from elsewhere import traced


@traced
def destinations(event):
    return ["Blink SOC"]
