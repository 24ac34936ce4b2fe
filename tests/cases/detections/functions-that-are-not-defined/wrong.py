def destinations():
    return []
