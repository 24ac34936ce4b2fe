def destinations(event):
    return ["Blink SOC", "id-soc"]
