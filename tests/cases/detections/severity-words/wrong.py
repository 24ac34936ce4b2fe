def severity(event):
    return "SEVERE"
