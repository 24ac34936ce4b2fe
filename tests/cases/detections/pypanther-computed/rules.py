from pypanther import LogType, Rule, Severity


class One(Rule):
    id = "One"
    log_types = [LogType.AWS_CLOUDTRAIL]
    default_severity = Severity.HIGH
