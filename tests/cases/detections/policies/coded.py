def policy(resource):
    return True


def severity(resource):
    return "MEDIUM"
