"""Whom the operator trusts: where secrets may come from, and where they may go. Pure.

The operator is whoever runs blinkdecl: a person, or the settings of a pipeline. The files of the repository are not,
since a pull request may have written them. So what is said here is said by environment variables, never by YAML:

    BLINKDECL_TRUSTED_HOSTS   hosts that a token, key, credential or alert may go to, as patterns (``*.acme.com``)
    BLINKDECL_SECRET_ENV      variables that ``{env: NAME}`` may name, as patterns
    BLINKDECL_SECRET_ROOT     folders that ``{file: PATH}`` may lead into
    BLINKDECL_PLAN_KEY        a secret: `plan --out` seals with it, and `apply` takes no saved plan without that seal

Lists are separated by commas or blanks, folders as in PATH. A variable that is set and empty allows nothing. Where one
is not set, a safe part is allowed: see `env_problem`, and `blinkdecl.secret.store` for files.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase, translate
from functools import cache
from typing import Literal

from blinkdecl.diagnostics import closest
from blinkdecl.model.urls import host_listed, host_of, is_loopback

HOSTS = "BLINKDECL_TRUSTED_HOSTS"
SECRET_ENV = "BLINKDECL_SECRET_ENV"  # noqa: S105 - a variable's name
PLAN_KEY = "BLINKDECL_PLAN_KEY"
SECRET_ROOT = "BLINKDECL_SECRET_ROOT"  # noqa: S105 - a variable's name

_KNOWN = (HOSTS, SECRET_ENV, SECRET_ROOT, PLAN_KEY)

# What CI systems, clouds, package registries and other tools are known to fill with credentials of their own: no
# webhook and no Panther has a use for them, and who could name one in YAML could have it sent to a server of his own.
FILLED = (
    *("ACTIONS_*", "GITHUB_*", "GH_*", "RUNNER_*", "CI_*", "GITLAB_*", "BITBUCKET_*", "CIRCLE_*", "BUILDKITE_*"),
    *("TRAVIS_*", "DRONE_*", "JENKINS_*", "TEAMCITY_*", "SYSTEM_*", "CODEBUILD_*", "ATLANTIS_*", "APPVEYOR_*"),
    *("AWS_*", "AZURE_*", "ARM_*", "GOOGLE_*", "GCP_*", "GCLOUD_*", "CLOUDSDK_*", "ALICLOUD_*", "OCI_*"),
    *("CLOUDFLARE_*", "DIGITALOCEAN_*", "HCLOUD_*", "HEROKU_*", "FLY_*", "VERCEL_*", "NETLIFY_*"),
    *("TF_*", "TFC_*", "TFE_*", "TERRAFORM_*", "SPACELIFT_*", "PULUMI_*", "VAULT_*", "CONSUL_*", "NOMAD_*"),
    *("KUBE*", "DOCKER_*", "REGISTRY_*", "SSH_*", "PG*", "MYSQL_*", "REDIS_*", "MONGO*", "DATABASE_*"),
    *("NPM_*", "NODE_AUTH_TOKEN", "YARN_*", "PYPI_*", "TWINE_*", "UV_*", "PIP_*", "POETRY_*", "CARGO_*"),
    *("GEM_*", "RUBYGEMS_*", "BUNDLE_*", "HEX_*", "NUGET_*", "MAVEN_*", "GRADLE_*", "ARTIFACTORY_*", "JFROG_*"),
    *("SONAR_*", "CODECOV_*", "SNYK_*", "SENTRY_*", "DATADOG_*", "DD_*", "SLACK_*", "OPENAI_*", "ANTHROPIC_*"),
    *("ALIBABA_*", "IBMCLOUD_*", "OS_*", "SCW_*", "LINODE_*", "VULTR_*", "OVH_*", "YC_*", "TENCENTCLOUD_*"),
    *("OP_*", "DOPPLER_*", "INFISICAL_*", "BW_*", "SOPS_*", "AGE_*", "GPG_*", "COSIGN_*", "SIGSTORE_*"),
    *("RENOVATE_*", "DEPENDABOT_*", "HOMEBREW_*", "CR_PAT", "ID_TOKEN", "SEMAPHORE_*", "WOODPECKER_*", "FORGEJO_*"),
    *("STRIPE_*", "TWILIO_*", "SENDGRID_*", "OKTA_*", "AUTH0_*", "PAGERDUTY_*", "SNOWFLAKE_*", "DATABRICKS_*"),
    *("BLINKDECL_*", "*_PROXY"),
)
# What Panther's API takes, and no webhook.
_PANTHERS = ("PANTHER_API_*", "PANTHER_TOKEN")
Use = Literal["webhook", "api", "state"]

# A host or a pattern of hosts: labels, of which the last two are whole; or an IPv6 address. ``*acme.com`` would hold
# for everybody's evilacme.com, and ``*.com`` for everybody.
_LABEL, _GLOB = "[A-Za-z0-9_-]+", "[A-Za-z0-9_*?-]+"
_HOST = re.compile(rf"({_GLOB}\.)*{_LABEL}\.{_LABEL}|{_LABEL}|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?")
_VARIABLE = re.compile(r"[A-Za-z0-9_*?\[\]!-]+")
_PREFIX, _VARIABLES = "BLINKDECL_", "BLINKDECL_VAR_"
_SHORTEST_KEY = 16


@dataclass(frozen=True, slots=True)
class Trust:
    """What the operator said; None = nothing."""

    hosts: tuple[str, ...] | None = None
    secret_env: tuple[str, ...] | None = None
    secret_root: tuple[str, ...] | None = None

    def trusts(self, host: str | None) -> bool:
        """Whether the operator has named a host; where he has named none, every host passes."""
        return self.hosts is None or (host is not None and host_listed(host.lower(), self.hosts))

    def names(self, host: str | None) -> bool:
        """Whether the operator has named a host, or it is this machine."""
        return host is not None and (is_loopback(host.lower()) or (self.hosts is not None and self.trusts(host)))


def trust_of(environ: Mapping[str, str]) -> Trust:
    """Return what these variables say."""
    roots = environ.get(SECRET_ROOT)
    return Trust(
        _listed(environ.get(HOSTS)),
        _listed(environ.get(SECRET_ENV)),
        None if roots is None else tuple(each for each in roots.split(":") if each),
    )


def trust_problem(environ: Mapping[str, str]) -> tuple[str, str] | None:
    """Return a sentence and a remedy where the operator cannot have meant these variables, None where he can.

    No entry is quoted: what was put into the wrong variable may be a secret.
    """
    said, key = trust_of(environ), environ.get(PLAN_KEY)
    for name in sorted(each for each in environ if each.startswith(_PREFIX) and not each.startswith(_VARIABLES)):
        meant = closest(name.removeprefix(_PREFIX), (each.removeprefix(_PREFIX) for each in _KNOWN))
        if name not in _KNOWN and meant is not None:
            return f"{name} means nothing to blinkdecl", f"did you mean {_PREFIX}{meant}?"
    for count, each in enumerate(said.hosts or (), start=1):
        if not _HOST.fullmatch(each):
            return f"entry {count} of {HOSTS} is not a host", (
                "write its name alone, without https:// and port, such as api.acme.com; a * stands for what is before "
                "the last two labels, such as *.acme.com"
            )
    for count, each in enumerate(said.secret_env or (), start=1):
        if not _VARIABLE.fullmatch(each):
            return f"entry {count} of {SECRET_ENV} is not the name of a variable", "write it without $ and value"
    for count, each in enumerate(said.secret_root or (), start=1):
        if not each.startswith("/") or ",/" in each:
            remedy = "write it from the root on, as in /run/keys; colons separate folders"
            return f"entry {count} of {SECRET_ROOT} is not one full path", remedy
    if key is not None and len(key.strip()) < _SHORTEST_KEY:
        weak = f"has fewer than {_SHORTEST_KEY} characters" if key.strip() else "is set and empty"
        remedy = "make one with `openssl rand -hex 32`, and keep it where the pipeline keeps its secrets"
        return f"{PLAN_KEY} {weak}", remedy
    return None


def named(variable: str, entries: tuple[str, ...] | None) -> str:
    """Return the variable's name, with a word about why nothing passes where it is empty."""
    return variable if entries else f"{variable}, which is empty"


def untrusted_url(trust: Trust, url: str) -> str | None:
    """Return the host of a URL if nothing may be sent there, None where it may."""
    host = host_of(url)
    return None if trust.trusts(host) else host or "a host without a name"


def env_problem(trust: Trust, name: str, use: Use) -> str | None:
    """Return the sentence that says why ``{env: NAME}`` may not name a variable, None where it may.

    `use` is where its value is sent. The credentials of the state may be those that a CI system fills: they go to a
    state that is trusted, or nowhere.
    """
    if trust.secret_env is not None:
        if any(fnmatchcase(name, each) for each in trust.secret_env):
            return None
        return f"the variable {name} is not among those of {named(SECRET_ENV, trust.secret_env)}"
    others = {"webhook": (*FILLED, *_PANTHERS), "api": FILLED, "state": ()}[use]
    if others and _any_of(others).match(name.upper()):
        return f"the variable {name} belongs to the CI system, a cloud or another tool"
    return None


@cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return all of the patterns in one: one by one, those of 10,000 triggers took a fifth of the time of `test`."""
    return re.compile("|".join(map(translate, patterns)))


def _listed(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(text.replace(",", " ").split())
