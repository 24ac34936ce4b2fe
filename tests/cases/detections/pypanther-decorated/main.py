from elsewhere import changed
from pypanther import LogType, Rule, Severity, register


@changed
class A(Rule):
    id = "A"
    log_types = [LogType.AWS_CLOUDTRAIL]
    default_severity = Severity.HIGH


class B(Rule):
    id = "B"
    log_types = [LogType.AWS_CLOUDTRAIL]
    default_severity = Severity.HIGH

    def destinations(self):
        return []


register([A, B])
