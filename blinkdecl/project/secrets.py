"""Which secrets are needed, and whose they are."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from blinkdecl.config import Places
from blinkdecl.diagnostics import Diagnostic, Failure, error
from blinkdecl.model.plan import Action, Plan
from blinkdecl.model.resource import Resource, SecretReference
from blinkdecl.model.secret_values import WithoutValue
from blinkdecl.model.state import State
from blinkdecl.model.urls import host_problem
from blinkdecl.planner.exposure import project_record
from blinkdecl.project.pointing import pointed
from blinkdecl.project.project import Project
from blinkdecl.project.references import place_of, placed
from blinkdecl.secret.fingerprints import Fingerprints
from blinkdecl.secret.value import Secret


def present_fingerprints(project: Project, state: State, *, commands: bool = False) -> Fingerprints:
    """Return the fingerprints of all secrets that are available, without running a command unless `commands` is set.

    Raises a `Failure` for each that may be read by nobody, or leads where no alert may go: a plan says so already.
    """
    resources = list(project.configuration.resources.values())
    references = {*_owners(resources), *_recorded_references(state)}
    found = project.secrets.resolve_present(references, commands=commands)
    if problems := [*_forbidden(project, resources, found), *_host_problems(project, resources, found)]:
        raise Failure(*pointed(project, problems))
    return Fingerprints(state.salt, found)


def without_value(project: Project, *, commands: bool, offline: bool = False) -> tuple[WithoutValue, ...]:
    """Return the declared references that have no value here, in the order of the files.

    `commands` = those were run; `offline` = nothing is read, so that it is only known which variables are not set. A
    destination has its trigger's references; the trigger says where they are written.
    """
    users: dict[SecretReference, list[str]] = {}
    for each in project.configuration.resources.values():
        for reference in each.secrets.values():
            users.setdefault(reference, []).append(each.address)
    store = project.secrets
    found = ((each, store.unread(each) if offline else store.absence(each, commands=commands)) for each in users)
    absent = {each: why for each, why in found if why is not None}
    owners = {each: who for each, who in _owners(project.configuration.resources.values()).items() if each in absent}
    places, values = Places(Path(project.invocation.root)), []
    for reference, why in absent.items():
        owner, name = owners[reference]
        place = places.key(owner, name) or owner.position
        values.append(WithoutValue(reference, name, why, tuple(sorted(users[reference])), place))
    return tuple(sorted(values, key=_in_files))


def _in_files(each: WithoutValue) -> tuple[str, int, str]:
    return (each.position.file, each.position.line, "") if each.position is not None else ("", 0, str(each.reference))


def _forbidden(
    project: Project, resources: Iterable[Resource], found: Mapping[SecretReference, Secret]
) -> Iterator[Diagnostic]:
    """Yield the error of each declared secret that must not be read, or is there and can never be used.

    One that is missing does not matter yet.
    """
    for reference, (resource, name) in _owners(resources).items():
        if reference in found or reference.source == "command":
            continue
        try:
            project.secrets.resolve(reference)
        except Failure as failure:
            for each in _owned(failure, reference, resource, name):
                if each.code in ("forbidden-secret", "invalid-secret"):
                    yield each


def needed_fingerprints(project: Project, state: State, plan: Plan) -> Fingerprints:
    """Return the fingerprints with every secret that applying `plan` needs, running commands where allowed.

    Raises a `Failure` that names each secret that is missing, and whose it is.
    """
    changed = {change.address for change in plan.changes if change.action not in (Action.DELETE, Action.FORGET)}
    needed = changed | {address for address, _ in plan.unverified}
    resources = [project.configuration.resources[address] for address in sorted(needed)]
    found = resolve_for(project, resources)
    if problems := list(_host_problems(project, resources, found)):
        raise Failure(*pointed(project, problems))
    present = project.secrets.resolve_present(_recorded_references(state))
    return Fingerprints(state.salt, {**present, **found})


def _host_problems(
    project: Project, resources: Iterable[Resource], found: Mapping[SecretReference, Secret]
) -> Iterator[Diagnostic]:
    """Yield the error of each referenced URL to which no alert may go: Panther would send it and the key there."""
    ordered = sorted(resources, key=lambda each: each.address)  # triggers come last
    urls = {each.secrets["url"]: each for each in ordered if "url" in each.secrets}
    for reference, resource in urls.items():
        value = found.get(reference)
        if value is None or (problem := host_problem(value.reveal(), project.hosts)) is None:
            continue
        at, subject = place_of(f"{resource.address}, url", reference, None), (resource.address, "url")
        remedy = "copy the Webhook URL again from Trigger Setup, or allow its host; nothing was sent or changed"
        yield Diagnostic(*problem, notes=(("at", at), ("help", remedy)), subject=subject)


def resolve_for(project: Project, resources: Iterable[Resource]) -> dict[SecretReference, Secret]:
    """Return the secrets of these resources by reference; a missing one is reported once, at its trigger."""
    found: dict[SecretReference, Secret] = {}
    problems: list[Diagnostic] = []
    for reference, (resource, name) in _owners(resources).items():
        try:
            found[reference] = project.secrets.resolve(reference)
        except Failure as failure:
            problems += _owned(failure, reference, resource, name)
    problems += _reserved(project, found)
    if problems:
        raise Failure(*pointed(project, problems))
    return found


def _owned(failure: Failure, reference: SecretReference, resource: Resource, name: str) -> Iterator[Diagnostic]:
    """Yield what is wrong with a secret, and whose it is."""
    at, subject = place_of(f"{resource.address}, {name}", reference, None), (resource.address, name)
    yield from (replace(each, subject=subject) for each in placed(failure, at).diagnostics)


def _reserved(project: Project, found: Mapping[SecretReference, Secret]) -> Iterator[Diagnostic]:
    """Yield an error for each value that the provider or the state has too, whatever their references are called."""
    own = project_record(project.configuration.settings).references
    values = project.secrets.resolve_present(own.values())
    held = {values[reference]: place for place, reference in own.items() if reference in values}
    for reference, secret in found.items():
        if secret in held:
            summary = f"the value of {reference} is that of {held[secret]}, which must not be sent to a webhook"
            remedy = "name the secret of the webhook, from Trigger Setup"
            yield Diagnostic("forbidden-secret", summary, notes=(("help", remedy),))


def check_blink_key(project: Project, key: Secret) -> None:
    """Raise a `Failure` (``forbidden-secret``) where Blink's key is a secret of the provider or the state."""
    own = project_record(project.configuration.settings).references
    values = project.secrets.resolve_present(own.values())
    for place, reference in own.items():
        if not place.startswith("blink.") and values.get(reference) == key:
            summary = f"the value of blink.api_key is that of {place}, which must not be sent to Blink"
            raise error("forbidden-secret", summary, remedy="name a key that a user of Blink made")


def know_secrets(project: Project) -> None:
    """Let the mask take out every declared secret that is here, also where a command needs none of them.

    Who asks Blink or Panther only for what they know of alerts resolves no webhook's key, and they may repeat it.
    """
    own = project_record(project.configuration.settings).references
    project.secrets.resolve_present([*_owners(project.configuration.resources.values()), *own.values()])


def _owners(resources: Iterable[Resource]) -> dict[SecretReference, tuple[Resource, str]]:
    """Return whose each reference is, and of which attribute: a trigger's, where one has it."""
    owners: dict[SecretReference, tuple[Resource, str]] = {}
    for resource in sorted(resources, key=lambda each: each.address):
        for name, reference in resource.secrets.items():
            owners[reference] = resource, name  # triggers come last
    return owners


def _recorded_references(state: State) -> set[SecretReference]:
    return {secret.reference for each in state.resources.values() for secret in each.secrets.values()}
