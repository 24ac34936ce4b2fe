from pypanther import LogType, Rule, Severity


class Soc(Rule):
    id = "Soc"
    log_types = [LogType.AWS_CLOUDTRAIL]
    default_severity = Severity.HIGH
    default_destinations = ["Blink SOC"]


if True:

    class Perhaps(Soc):
        id = "Perhaps"
