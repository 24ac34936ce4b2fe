"""Problems that were found in values, put where these are written: whoever finds them knows the attribute alone."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from blinkdecl.config import Places
from blinkdecl.diagnostics import Diagnostic
from blinkdecl.project.project import Project


def pointed(project: Project, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics, those that are about an attribute (``subject``) at its line, with an excerpt."""
    places = Places(Path(project.invocation.root))
    return tuple(each if each.subject is None else _pointed(project, places, each) for each in diagnostics)


def _pointed(project: Project, places: Places, diagnostic: Diagnostic) -> Diagnostic:
    declared = project.configuration.resources
    address, attribute = diagnostic.subject or ("", "")
    resource = declared.get(address)
    if resource is None:
        return diagnostic
    if resource.kind == "destination" and attribute in resource.secrets:  # which are its trigger's
        attribute = "url" if attribute == "webhook_url" else attribute
        resource = declared.get(f"trigger.{resource.attributes['trigger']}", resource)
    placed = diagnostic if diagnostic.position else replace(diagnostic, position=resource.position)
    return places.pointed(placed, resource, attribute)
