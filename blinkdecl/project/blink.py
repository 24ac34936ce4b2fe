"""The way to Blink's read side: the address and the key that the project names, used only where the operator allows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from blinkdecl.diagnostics import error
from blinkdecl.model.configuration import BlinkSettings
from blinkdecl.model.resource import SecretReference
from blinkdecl.model.urls import site_problem
from blinkdecl.project.project import Project
from blinkdecl.project.reach import check_blink_host
from blinkdecl.project.references import place_of, resolved
from blinkdecl.project.secrets import check_blink_key, know_secrets

if TYPE_CHECKING:
    from blinkdecl.blink import BlinkApi


@contextmanager
def open_blink(project: Project, settings: BlinkSettings, parallelism: int = 10) -> Iterator["BlinkApi"]:
    """Yield Blink's read side, with as many connections.

    Raises a `Failure` where the address or the key is not available, or must not be used.
    """
    from blinkdecl.blink import BlinkApi

    key = resolved(project.secrets, settings.api_key, "blink.api_key,", settings.position)
    check_blink_key(project, key)
    know_secrets(project)
    environ, mask = project.invocation.environ, project.secrets.mask
    with BlinkApi(_url(project, settings), key, connections=parallelism, environ=environ, mask=mask) as blink:
        yield blink


def blink_settings(project: Project, wish: str) -> BlinkSettings:
    """Return where Blink is; raises a `Failure` (``missing-property``) where the project does not say."""
    settings = project.configuration.settings.blink
    if settings is None:
        remedy = "write `blink: {url: https://acme.app.blinkops.com, api_key: {env: BLINK_API_KEY}}` in blinkdecl.yaml"
        raise error("missing-property", f"{wish}, and nothing says where Blink is", remedy=remedy)
    return settings


def _url(project: Project, settings: BlinkSettings) -> str:
    given, place = settings.url, "blink.url"
    if isinstance(given, SecretReference):
        place = place_of("blink.url,", given, settings.position)
        url = resolved(project.secrets, given, "blink.url,", settings.position).reveal()
        if (problem := site_problem(url)) is not None:
            raise error("invalid-value", problem, at=place)
    else:
        url = given
    check_blink_host(project.invocation, url, place)
    return url
