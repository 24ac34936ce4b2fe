"""Where a webhook URL may lead: spellings that must not reach another host, and those that must work."""

import pytest

from blinkdecl.model.urls import HostRules, host_problem, path_problem, url_problem

HOSTS = ("*.blinkops.com",)
RULES = HostRules(HOSTS)


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://acme.app.blinkops.com/webhooks/9f3c0d", HOSTS),
        ("HTTPS://ACME.App.BlinkOps.com:443/webhooks/x", HOSTS),
        ("https://acme.blinkops.com./webhooks/x", HOSTS),
        ("https://blink.corp.example/webhooks/x", ("BLINK.corp.example",)),
        ("http://127.0.0.1:8787/webhooks/soc", ("127.0.0.1",)),
        ("http://localhost/webhooks/soc", ("localhost",)),
        ("https://xn--bcher-kva.blinkops.com/webhooks/x", HOSTS),
        ("https://xn--strae-oqa.blinkops.com/webhooks/x", HOSTS),
        ("http://[::1]:80/webhooks/soc", ("[::1]",)),
        ("https://10.0.0.5/webhooks/soc", ("10.0.0.5",)),
    ],
)
def test_a_url_that_may_be_used(url: str, hosts: tuple[str, ...]) -> None:
    """Listed hosts by https, and listed loopback by http as well."""
    assert url_problem(url, HostRules(hosts)) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/webhooks/x",
        "https://blinkops.com/webhooks/x",
        "https://acme.blinkops.com.evil.example/webhooks/x",
        "https://evilblinkops.com/webhooks/x",
        "http://acme.blinkops.com/webhooks/x",
        "http://127.0.0.1/webhooks/x",
        "http://localhost/webhooks/x",
        "https://[::1]/webhooks/x",
        "https://[::ffff:127.0.0.1]/webhooks/x",
        "https://169.254.169.254/latest",
        "https://0.0.0.0/webhooks/x",
    ],
)
def test_a_host_that_is_not_listed(url: str) -> None:
    """Anything but https to a listed host is refused; the sentence does not quote the URL."""
    code, sentence = host_problem(url, RULES) or ("", "")
    assert code == "forbidden-host"
    assert "webhooks/" not in sentence


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "a.localhost", "[::1]", "169.254.169.254", "[fd00::1]"])
def test_a_wildcard_never_stands_for_an_address(host: str) -> None:
    """Loopback and IP addresses must be listed as they are."""
    assert host_problem(f"https://{host}/webhooks/x", HostRules(("*",))) is not None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "acme.blinkops.com/webhooks/x",
        "ftp://acme.blinkops.com/webhooks/x",
        "file:///etc/passwd",
        "https:///webhooks/x",
        "https://user:pass@acme.blinkops.com/webhooks/x",
        "https://acme.blinkops.com@evil.example/webhooks/x",
        "https://evil.example\\@acme.blinkops.com/webhooks/x",
        "https://evil.example\t.blinkops.com/webhooks/x",
        "https://acme.blinkops.com/webhooks/x\n",
        " https://acme.blinkops.com/webhooks/x",
        "https://acme.blinkops.com:http/webhooks/x",
        "https://acme.blinkops.com:99999/webhooks/x",
        "https://acme.blinkops.com/webhooks/x#part",
        "https://acme.bl%69nkops.com/webhooks/x",
        "https://①②⑦.⓪.⓪.①/webhooks/x",
        "https://bücher.blinkops.com/webhooks/x",
        "https://acme..blinkops.com/webhooks/x",
        "https://[::1/webhooks/x",
        "https://127.1/webhooks/x",
        "https://0x7f.1/webhooks/x",
        "https://2130706433/webhooks/x",
        "https://0177.0.0.1/webhooks/x",
        "https://0xA9FEA9FE/webhooks/x",
        "https://xn--evil.blinkops.com/webhooks/x",
        "https://xn--.blinkops.com/webhooks/x",
        "https://a.XN--A.blinkops.com/webhooks/x",
        "https://[v1.a.blinkops.com]/webhooks/x",
        "https://[127.0.0.1]/webhooks/x",
    ],
)
def test_what_is_not_a_plain_url(url: str) -> None:
    """Spellings on which two parsers could disagree are refused, even where every host is listed."""
    assert (host_problem(url, ("*", "127.1", "2130706433")) or ("",))[0] == "invalid-value"


@pytest.mark.parametrize(
    "rest",
    [
        "?apikey=k3y", "?token=k3y", "?a=b&apikey=k3y",
        "?ApiKey=k3y", "?%61pikey=k3y", "?apikey=", "?api_key=k3y", "?Api-Key=k3y",
        "?y=1;apikey=k3y", "&apikey=k3y", "/apikey=k3y", ";apikey%3Dk3y",
    ],
)  # fmt: skip
def test_a_key_in_the_url(rest: str) -> None:
    """In a file it is a literal secret; in a URL that is a secret itself it is no matter."""
    url = f"https://acme.blinkops.com/webhooks/x{rest}"
    code, sentence = url_problem(url, RULES) or ("", "")
    assert (code, "k3y" in sentence) == ("literal-secret", False)
    assert host_problem(url, RULES) is None


@pytest.mark.parametrize(
    ("url", "odd"),
    [
        ("https://acme.app.blinkops.com/webhooks/9f3c0d", False),
        ("https://ACME.app.BlinkOps.com./webhooks/a/b", False),
        ("https://app.blinkops.com/api/v1/webhooks/9f3c0d", False),
        ("https://blinkops.com/webhooks/x", False),
        ("https://acme.app.blinkops.com/webhooks/x?apikey=k", False),
        ("https://hooks.example.com/blink", False),
        ("https://notblinkops.com/x", False),
        ("http://127.0.0.1/x", False),
        ("not a URL", False),
        ("https://acme.app.blinkops.com", True),
        ("https://acme.app.blinkops.com/", True),
        ("https://acme.app.blinkops.com/webhooks", True),
        ("https://acme.app.blinkops.com/webhooks//", True),
        ("https://acme.app.blinkops.com/Webhooks/x", True),
        ("https://acme.app.blinkops.com/x/webhooks/y", True),
        ("https://acme.app.blinkops.com/api/v1/webhooks/", True),
        ("https://blinkops.com/login", True),
    ],
)
def test_paths_on_blinks_hosts(url: str, *, odd: bool) -> None:
    """What is not a webhook's path there is odd; elsewhere nobody knows."""
    assert (path_problem(url) is not None) is odd
