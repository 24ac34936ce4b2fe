from rules.base import Soc


class Twice(Soc):
    id = "Near"
    severity = len
