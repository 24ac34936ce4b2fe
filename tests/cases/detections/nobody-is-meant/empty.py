def destinations(event):
    return []
