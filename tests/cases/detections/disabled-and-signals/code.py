def destinations(event):
    return ["Gone"]
