from .base import Soc


class Near(Soc):
    id = "Near"
    default_destinations = ["typo"]
