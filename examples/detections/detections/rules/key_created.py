"""An access key was created: alerts for robots go nowhere, those for people are contained."""


def rule(event):
    return event.get("eventName") == "CreateAccessKey"


def destinations(event):
    if event.deep_get("requestParameters", "userName", default="").startswith("robot-"):
        return []
    return ["Blink cloud containment", "Blink triage"]
