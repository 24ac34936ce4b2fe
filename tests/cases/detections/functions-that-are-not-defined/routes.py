def soc(event):
    return ["Blink SOC"]
