"""The digest of a configuration: it changes with every declared fact that plans depend on. Pure."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, replace

from blinkdecl.model.configuration import Configuration
from blinkdecl.model.resource import Resource


def digest_of(configuration: Configuration) -> str:
    """Return the SHA-256 (hex) of what plans depend on.

    Places in files and the order of resources and rules do not count, nor where the state is kept: its content decides,
    and a plan names that by lineage and serial.
    """
    settings = configuration.settings
    limits, provider = settings.limits, replace(settings.provider, position=None)
    content: list[object] = [
        configuration.environment,
        [asdict(provider), sorted(settings.webhook_hosts), settings.allow_commands],
        [limits.max_deletes, limits.max_change_percent],
        _in_order(
            [each.severities, each.alert_types, each.log_types, each.min_destinations, each.independent]
            for each in settings.coverage
        ),
        _in_order([each.severities, each.alert_types, each.log_types, each.reason] for each in settings.silences),
        sorted(settings.unmanaged_ignore),
        sorted([move.origin, move.target] for move in configuration.moved),
        sorted(configuration.released),
        [_declared_facts(each) for _, each in sorted(configuration.resources.items())],
    ]
    if settings.blink is not None:  # a project without it keeps the digest that it had before there was any
        content.append(["blink", asdict(replace(settings.blink, position=None))])
    return hashlib.sha256(json.dumps(content, sort_keys=True, check_circular=False).encode()).hexdigest()


def _in_order(entries: Iterable[list[object]]) -> list[list[object]]:
    """Return entries of which the order says nothing."""
    return sorted(entries, key=repr)


def _declared_facts(resource: Resource) -> list[object]:
    probe = resource.probe
    return [
        resource.address,
        resource.attributes,
        [[name, secret.source, secret.argument] for name, secret in resource.secrets.items()],
        resource.prevent_destroy,
        sorted(resource.ignore_changes),
        [probe.preflight, probe.after_apply, probe.timeout, *([True] if probe.prove else [])],
    ]
