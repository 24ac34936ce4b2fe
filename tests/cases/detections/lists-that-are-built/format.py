def destinations(event):
    return [f"{event.get('team')} SOC", "Blink SOC"]
