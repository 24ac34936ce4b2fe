"""Any document as Markdown: the page that fits what it holds."""

from dataclasses import replace

from blinkdecl.render.markdown.page import PageOptions
from blinkdecl.render.view.parts import View


def document_markdown(view: View, options: PageOptions) -> str:
    """Return the page of a plan, of drift or of results; each is imported only when it is asked for."""
    if "resource_changes" in view:
        if options.command == "drift":
            from blinkdecl.render.markdown.drift import drift_markdown

            return drift_markdown(view, options)
        from blinkdecl.render.markdown.plan import plan_markdown

        # A saved plan that is shown is the same comment.
        return plan_markdown(view, replace(options, command="plan"))
    options = replace(options, command=view["command"])
    if "coverage" in view:
        from blinkdecl.render.markdown.coverage import coverage_markdown

        return coverage_markdown(view, options)
    if "destinations" in view:
        from blinkdecl.render.markdown.observation import observation_markdown

        return observation_markdown(view, options)
    if "detections" in view:
        from blinkdecl.render.markdown.detections import detections_markdown

        return detections_markdown(view, options)
    if "route_tests" in view:
        from blinkdecl.render.markdown.route import route_tests_markdown

        return route_tests_markdown(view, options)
    if view["routes"]:
        from blinkdecl.render.markdown.route import route_markdown

        return route_markdown(view, options)
    from blinkdecl.render.markdown.results import results_markdown

    return results_markdown(view, options)
