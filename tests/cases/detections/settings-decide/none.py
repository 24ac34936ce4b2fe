def destinations(event):
    return None
