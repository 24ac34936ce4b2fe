"""A plan as the counts that GitLab shows in a merge request (``artifacts:reports:terraform``)."""

import json

from blinkdecl.render.view.parts import View


def terraform_report(view: View) -> str:
    """Return how many destinations a plan creates, updates and deletes.

    Of no plan nothing is known: GitLab shows that its report could not be made, rather than that nothing is to be done.
    """
    if view.get("state") is None:
        return "{}"
    total = view["summary"]
    return json.dumps({"create": total["add"], "update": total["change"], "delete": total["destroy"]}, indent=2)
