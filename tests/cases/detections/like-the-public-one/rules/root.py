from panther_base_helpers import deep_get


def rule(event):
    return deep_get(event, "a") == "b"


def severity(event):
    return "HIGH" if event else "DEFAULT"
