def destinations(event):
    return ["Blink SOC"] if event else ["id-cloud"]
