from pypanther import LogType, Rule, Severity
from pypanther.rules.aws import AWSRootLogin


class Base(Rule):
    log_types = [LogType.AWS_CLOUDTRAIL]
    default_severity = Severity.HIGH
    default_destinations = ["Blink SOC"]

    def rule(self, event):
        return True


class Plain(Rule):
    id = "Plain"
    log_types = [LogType.AWS_CLOUDTRAIL]
    default_severity = Severity.INFO


class Child(Base):
    id = "Child"
    default_severity = Severity.INFO


class Named(Base):
    id = "Named"

    def destinations(self, event):
        return ["Blink SOC", "typo"]

    def severity(self, event):
        return "Default" if event else "HIGH"


class Typo(Base):
    id = "Typo"
    default_destinations = ["typo"]


class Quiet(Base):
    id = "Quiet"
    default_destinations = []
    enabled = False


class Signal(Base):
    id = "Signal"
    create_alert = False


class Managed(AWSRootLogin):
    id = "Managed"
    default_destinations = ["Gone"]


class Computed(Base):
    id = "Computed"
    default_severity = Severity.HIGH.upgrade()
    default_destinations = sorted({"a", "b"})

    def severity(self, event):
        return super().severity(event)
