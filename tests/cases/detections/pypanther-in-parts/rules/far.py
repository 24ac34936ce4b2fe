from rules.base import Soc


class Far(Soc):
    id = "Far"

    def destinations(self, event):
        return ["Old"]

    def destinations(self, event):
        event["list"].extend([1])
        return ["typo"]
