def destinations(event):
    return {"Blink SOC"}
