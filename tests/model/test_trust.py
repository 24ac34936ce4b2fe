"""Whom the operator trusts: which hosts, variables and folders, by environment variables alone."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blinkdecl.model.trust import (
    FILLED,
    HOSTS,
    PLAN_KEY,
    SECRET_ENV,
    SECRET_ROOT,
    Trust,
    Use,
    env_problem,
    trust_of,
    trust_problem,
    untrusted_url,
)
from blinkdecl.model.urls import HostRules, url_problem


def test_what_the_environment_says() -> None:
    """Lists are separated by commas or blanks, folders as in PATH; nothing said is not the same as nothing allowed."""
    said = {HOSTS: "*.acme.com, api.example", SECRET_ENV: "BLINK_*", SECRET_ROOT: "/run/keys:/etc/keys"}
    assert trust_of(said) == Trust(("*.acme.com", "api.example"), ("BLINK_*",), ("/run/keys", "/etc/keys"))
    assert trust_of({}) == Trust(None, None, None)
    assert trust_of({HOSTS: "", SECRET_ENV: " ", SECRET_ROOT: ""}) == Trust((), (), ())


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        (HOSTS, "https://panther.acme.com"),
        (HOSTS, "ok.example, panther.acme.com/x"),
        (HOSTS, "panther.acme.com:8443"),
        (HOSTS, "*.acme.com:443"),
        (HOSTS, "[::1]:80"),
        (HOSTS, "user@acme.com"),
        (HOSTS, "$TRUSTED_HOSTS"),
        (HOSTS, "*acme.com"),
        (HOSTS, "*.com"),
        (HOSTS, "?"),
        (HOSTS, "api.*"),
        (HOSTS, "api.acme.com."),
        (HOSTS, "!acme.com"),
        (SECRET_ROOT, "/run/keys,/etc/keys"),
        (PLAN_KEY, " " * 17),
        (PLAN_KEY, "short-canary"),
        (SECRET_ENV, "$BLINK_KEY"),
        (SECRET_ENV, "BLINK_KEY=canary"),
        (SECRET_ENV, "BLINK-KEY.x"),
        (SECRET_ROOT, "secrets"),
        (SECRET_ROOT, "/run/keys:~/keys"),
    ],
)
def test_an_entry_that_can_never_match(variable: str, value: str) -> None:
    """It is named by its number: it may be a secret that stands in the wrong place."""
    problem = trust_problem({variable: value})
    assert problem is not None
    assert variable in problem[0]
    assert not value.strip() or value.split()[-1] not in " ".join(problem)


@pytest.mark.parametrize("name", ["BLINKDECL_TRUSTED_HOST", "BLINKDECL_SECRETS_ENV", "BLINKDECL_PLANKEY"])
def test_a_misspelt_variable(name: str) -> None:
    """It would leave everything open."""
    problem = trust_problem({name: "x"})
    assert problem is not None
    assert "did you mean BLINKDECL_" in problem[1]
    assert trust_problem({"BLINKDECL_VAR_TRUSTED_HOST": "x", "BLINKDECL_SOC": "x", "BLINKDECL_WRITE_IT": "1"}) is None


def test_entries_that_can_match() -> None:
    """Patterns, addresses of either kind, nothing at all."""
    assert trust_problem({HOSTS: "*.acme.com panther-?.acme.com,127.0.0.1 ::1 [::1] fe80::1 localhost a*.x.io"}) is None
    assert trust_problem({SECRET_ENV: "BLINK_*,PANTHER_API_TOKEN key[0-9]", SECRET_ROOT: "/run/keys::/etc"}) is None
    assert trust_problem({HOSTS: "", SECRET_ENV: "", SECRET_ROOT: ""}) is None
    assert trust_problem({}) is None


def test_an_empty_variable_is_said_to_be_empty() -> None:
    """A pipeline's variable that is not set arrives like this."""
    assert str(env_problem(trust_of({SECRET_ENV: ""}), "BLINK_KEY", "webhook")).endswith("_ENV, which is empty")
    code, sentence = url_problem("https://x.app.blinkops.com/webhooks/a", HostRules(("*",), ())) or ("", "")
    assert (code, sentence.endswith("_HOSTS, which is empty")) == ("untrusted-host", True)


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("https://panther.acme.com/graphql", True),
        ("https://PANTHER.Acme.Com:8443/graphql", True),
        ("https://api.example/x", True),
        ("https://acme.com/x", False),
        ("https://evil-acme.com/x", False),
        ("https://acme.com.evil.example/x", False),
        ("https://x.acme.com@evil.example/", False),
        ("https://evil.example/?.acme.com", False),
        ("https://127.0.0.1/x", False),
        ("https://169.254.169.254/latest", False),
        ("https://[::1]/x", False),
        ("not a url", False),
    ],
)
def test_a_host_is_trusted_or_not(url: str, trusted: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """By its name alone; a wildcard stands for no address."""
    assert (untrusted_url(Trust(("*.acme.com", "api.example")), url) is None) == trusted
    assert untrusted_url(Trust(), url) is None
    assert untrusted_url(Trust(()), url) is not None


@pytest.mark.parametrize(
    "name",
    [
        *("GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "GH_TOKEN", "CI_JOB_TOKEN"),
        *("CI_REGISTRY_PASSWORD", "GITLAB_TOKEN", "BITBUCKET_STEP_OIDC_TOKEN", "CIRCLE_TOKEN", "SYSTEM_ACCESSTOKEN"),
        *("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AZURE_CLIENT_SECRET", "ARM_CLIENT_SECRET"),
        *("GOOGLE_CREDENTIALS", "CLOUDSDK_AUTH_ACCESS_TOKEN", "TF_HTTP_PASSWORD", "TFE_TOKEN", "VAULT_TOKEN"),
        *("NPM_TOKEN", "NODE_AUTH_TOKEN", "PYPI_API_TOKEN", "UV_PUBLISH_TOKEN", "CARGO_REGISTRY_TOKEN"),
        *("PGPASSWORD", "SSH_AUTH_SOCK", "DOCKER_AUTH_CONFIG", "KUBECONFIG", "HTTPS_PROXY", "https_proxy"),
        *("BLINKDECL_PLAN_KEY", "DATABASE_URL", "SLACK_BOT_TOKEN", "ATLANTIS_GH_TOKEN"),
    ],
)
def test_what_other_tools_fill(name: str) -> None:
    """Neither a webhook nor Panther gets it; the state may, and whoever runs blinkdecl may say otherwise."""
    assert env_problem(Trust(), name, "webhook") is not None
    assert env_problem(Trust(), name, "api") is not None
    assert env_problem(Trust(), name, "state") is None
    assert env_problem(Trust(secret_env=(name,)), name, "webhook") is None


@pytest.mark.parametrize(
    ("name", "use", "allowed"),
    [
        ("BLINK_SOC_API_KEY", "webhook", True),
        ("SOC_KEY", "webhook", True),
        ("PANTHER_API_TOKEN", "webhook", False),
        ("PANTHER_API_TOKEN", "api", True),
        ("CIVIL_KEY", "webhook", True),
    ],
)
def test_what_has_a_use(name: str, use: Use, allowed: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Keys of webhooks, and Panther's token for Panther; with a list of the operator's, only what it names."""
    assert (env_problem(Trust(), name, use) is None) == allowed
    assert env_problem(Trust(secret_env=("OTHER_*",)), name, use) is not None


_pieces = st.lists(st.sampled_from([*FILLED, "BLINK", "_", "x", "\n", "é"]), max_size=4)


@given(_pieces.map(lambda each: "".join(each).replace("*", "")))
def test_many_patterns_are_one(name: str) -> None:
    """A name is refused where one of the patterns holds for it, looked at one by one."""
    alone = any(fnmatchcase(name.upper(), each) for each in FILLED)
    assert (env_problem(Trust(), name, "api") is not None) == alone
