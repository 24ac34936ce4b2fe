"""The work of ``blinkdecl init``: a first configuration that validates."""

from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from blinkdecl.cli.files import STREAM
from blinkdecl.cli.input import read_file
from blinkdecl.cli.session import Session
from blinkdecl.cli.written import rewrite_file, write_file
from blinkdecl.config import check_environment_name, default_state, load_state, schema_text
from blinkdecl.config.modeline import ROUTES_COPY, SCHEMA_COPY, modeline
from blinkdecl.diagnostics import Diagnostic, counted, error
from blinkdecl.model.configuration import Settings, StateSettings
from blinkdecl.model.urls import HostRules, url_problem
from blinkdecl.project.backend import open_backend
from blinkdecl.project.project import open_project
from blinkdecl.state.interface import StateBackend
from blinkdecl.state.lock_info import lock_info
from blinkdecl.state.versions import refusal, relation
from blinkdecl.system.files import read_regular

_URL = "https://acme.app.blinkops.com/webhooks/soc"
_CONFIGURATION = """\
version: 1

# local: changes nothing in Panther, records and proves. Hosted Panther: console. Self-hosted: panther.
{settings}
triggers:
  soc:
    workspace: SOC
    automation: Triage alerts
    webhook:
      event_name: Alert from Panther
      url: {url}
      api_key: {{env: BLINK_SOC_API_KEY}}

destinations:
  blink-soc:
    display_name: Blink SOC
    trigger: soc
    severities: [HIGH, CRITICAL]
"""
_PROVIDERS = {
    "local": "provider: {type: local}\n",
    "panther": "provider: {type: panther, url: {env: PANTHER_API_URL}, token: {env: PANTHER_API_TOKEN}}\n",
    "console": "provider: {type: console}\n",
}
_CHOSEN = {
    "local": "nothing in Panther is changed; `init --provider` has two others.",
    "panther": "destinations are changed through Panther's API, with PANTHER_API_TOKEN.",
    "console": "you make the changes in Panther's console, by the steps that apply writes.",
}
_IGNORED = (
    "plan.json",
    ".env",
    ".blinkdecl/**/*.lock",
    ".blinkdecl/**/*.lock.info",
    ".blinkdecl/**/*.backup",
    ".blinkdecl/**/*.deliveries",
    "*.rescue.json",
)
# Its checksum covers every byte, and half of one state with half of another is not a state.
_ATTRIBUTES = (".blinkdecl/**/state.json -text -merge",)
_ENVIRONMENT = """\
# What is different in {name}: provider, state, webhook_hosts, limits, and the values of variables.
# With the same provider, display names must differ from those of other environments, for example by a variable.
version: 1
"""


def run(
    session: Session,
    provider: str | None,
    webhook_url: str | None,
    *,
    migrate_state: bool,
    earlier: Path | None,
    lock_timeout: float,
) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    if migrate_state:
        return _migrate(session, earlier, lock_timeout)
    if earlier is not None:
        raise error("usage", "--from belongs to --migrate-state", remedy="`blinkdecl init --help` says more")
    environment = session.invocation.environment
    if environment is not None:
        check_environment_name(environment)
    kind, url = provider or "local", _URL if webhook_url is None else webhook_url
    configuration = modeline("blinkdecl.yaml") + _CONFIGURATION.format(settings=_PROVIDERS[kind] + _hosts(url), url=url)
    chosen = _create(session, "blinkdecl.yaml", configuration, "one trigger and one destination, edit them")
    if environment is not None and not session.path(f"environments/{environment}.yml").exists():
        name = f"environments/{environment}.yaml"
        text = modeline(name) + _ENVIRONMENT.format(name=environment)
        _create(session, name, text, "what is different in this environment")
    _put_schema(session, SCHEMA_COPY, schema_text("config"), "editors complete and check with it")
    if session.path(ROUTES_COPY).exists():  # whoever has routing tests has put it there
        _put_schema(session, ROUTES_COPY, schema_text("routes"), "")
    _create_lines(session, ".gitignore", _IGNORED, "plans, locks and .env stay out of git")
    _create_lines(session, ".gitattributes", _ATTRIBUTES, "git neither rewrites nor merges the state")
    if chosen:
        session.result(f"\nProvider {kind}: {_CHOSEN[kind]}")
    else:
        given = [
            name for name, value in (("--provider", provider), ("--webhook-url", webhook_url)) if value is not None
        ]
        session.warn(*map(_without_effect, given))
    session.next_step(session.invocation.command_line("validate"))
    return 0


def _hosts(url: str) -> str:
    """Return the setting that a webhook outside Blink's domain needs; raises a `Failure` if it is not a webhook."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    if problem := url_problem(url, HostRules((host, *Settings().webhook_hosts))):
        raise error(
            problem[0], problem[1], at="--webhook-url", remedy="copy the Webhook URL from Trigger Setup in Blink"
        )
    return "" if url_problem(url, HostRules(Settings().webhook_hosts)) is None else f'webhook_hosts: ["{host}"]\n'


def _create(session: Session, name: str, text: str, purpose: str) -> bool:
    """Write a file and return whether it is new; one that exists is kept."""
    path = session.path(name)
    if path.exists() or path.is_symlink():
        session.result(f"Kept    {name:<34} it is there already")
        return False
    write_file(path, text, root=session.root, name=name, make_folders=True)
    session.result(f"Created {name:<34} {purpose}")
    return True


def _put_schema(session: Session, name: str, text: str, purpose: str) -> None:
    """Write a copy of a schema, or renew one that another version wrote: an editor is to say what `validate` says."""
    path, there = session.path(name), None
    if not path.is_symlink():
        with suppress(OSError):  # what cannot be read is kept
            there = read_regular(path, root=session.root)
    if there is None or there == text.encode():
        _create(session, name, text, purpose)
        return
    rewrite_file(path, text, root=session.root, name=name)
    session.result(f"Renewed {name:<34} it was another version's")


def _create_lines(session: Session, name: str, lines: tuple[str, ...], purpose: str) -> None:
    """Write a file of lines, or say which of them one that exists lacks."""
    if _create(session, name, "".join(f"{each}\n" for each in lines), purpose):
        return
    there: list[str] = []
    with suppress(OSError):  # what cannot be read is kept all the same
        there = (read_regular(session.path(name), root=session.root) or b"").decode(errors="replace").splitlines()
    known = {each.strip().removeprefix("/") for each in there}
    if lacking := [each for each in lines if each not in known]:
        session.result("".join(f"\n        add:    {each}" for each in lacking)[1:])


def _without_effect(option: str) -> Diagnostic:
    summary = f"{option} has no effect: blinkdecl.yaml is there already"
    return Diagnostic("no-effect", summary, notes=(("help", "change that in blinkdecl.yaml"),))


def _migrate(session: Session, earlier: Path | None, timeout: float) -> int:
    """Copy the state from the earlier backend to the one that blinkdecl.yaml names now.

    `earlier` = a project's or an environment's file that names the earlier backend, by default a local file. Nothing is
    removed. Raises a `Failure` (``not-found``, ``other-lineage``, ``locked``, ``usage``).
    """
    project = open_project(session.invocation, session.say, warn=session.warn)
    name = session.invocation.environment
    places = (default_state(name),) if earlier is None else _earlier_states(session, earlier, name)
    sources = [open_backend(session.invocation, each, project.secrets, session.say, session.warn) for each in places]
    source, target = next((each for each in sources[1:] if _is_of(each, name)), sources[0]), project.backend
    if source.location == target.location:
        remedy = "`--from` names a project file with the earlier `state`, e.g. one that `git show` printed"
        raise error("usage", f"the state is in {target.location} already", remedy=remedy)
    info = lock_info("blinkdecl init --migrate-state", session.invocation.environ)
    with source.lock(info, timeout), project.lock(timeout):
        _copy(session, source, target)
    return 0


def _earlier_states(session: Session, file: Path, environment: str | None) -> tuple[StateSettings, ...]:
    """Return where the state may have been kept, as an earlier file says; raises a `Failure`."""
    text = read_file(session, file).decode(errors="replace") if file == STREAM else None
    environ = session.invocation.environ
    return load_state(session.path(file), environment, root=session.root, environ=environ, text=text)


def _is_of(source: StateBackend, environment: str | None) -> bool:
    """Whether a state is there, and is the environment's."""
    state = source.read()
    return state is not None and state.environment == environment


def _copy(session: Session, source: StateBackend, target: StateBackend) -> None:
    given, stored = source.read(), target.read()
    if given is None:
        remedy = "`--from` names a project file with the earlier `state`"
        raise error("not-found", f"there is no state in {source.location}", remedy=remedy)
    if stored is not None:
        force = "`blinkdecl state push --force FILE`"
        if (failure := refusal(given, stored, force)) is not None:
            raise failure
        if relation(given, stored) == "equal":
            session.result(f"{target.location} holds this state already: serial {stored.serial}.")
            return
    written = target.write(given, stored)
    plan = session.invocation.command_line("plan")
    session.result(
        f"Copied the state from {source.location} to {target.location}: "
        f"{counted(len(written.resources), 'resource')}, serial {written.serial}.\n"
        f"The earlier one is still there: remove it once `{plan}` is as you expect."
    )
    session.next_step(plan)
