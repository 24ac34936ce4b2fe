from pypanther import LogType, Rule, Severity, register


class A(Rule):
    id = "A"
    log_types = [LogType.AWS_CLOUDTRAIL]
    default_severity = Severity.HIGH


KW = {"default_destinations": ["Nope"]}
A.override(**KW)
register(A)
