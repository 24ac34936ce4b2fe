from rules.base import Soc


class Far(Soc):
    id = "Far"

    def destinations(self, event):
        return ["Old"]

    def destinations(self, event):  # noqa: F811
        event["list"].extend([1])
        return ["typo"]
