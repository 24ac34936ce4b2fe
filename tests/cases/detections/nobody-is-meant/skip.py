def destinations(event):
    return ["SKIP"]
