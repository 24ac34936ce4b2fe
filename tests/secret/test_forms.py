"""Whatever a peer repeats of a secret, in whatever form, is taken out of what is shown."""

import base64
import html
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from blinkdecl.model.resource import SecretReference
from blinkdecl.secret.forms import forms_of_value
from blinkdecl.secret.store import SecretStore
from blinkdecl.secret.value import Secret, forms_of, scrubbed

CANARY = "canary/7f+3a <9c>&\"'~"
ENCODED: dict[str, Callable[[str], str]] = {
    "raw": str,
    "percent": quote,
    "percent, all reserved": lambda value: quote(value, safe=""),
    "percent, lower": lambda value: quote(value, safe="").replace("%2F", "%2f").replace("%2B", "%2b").lower(),
    "percent, plus": quote_plus,
    "every byte": lambda value: "".join(f"%{byte:02x}" for byte in value.encode()),
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64, no padding": lambda value: base64.b64encode(value.encode()).decode().rstrip("="),
    "base64, url-safe": lambda value: base64.urlsafe_b64encode(value.encode()).decode(),
    "JSON": lambda value: json.dumps(value)[1:-1],
    "JSON, slashes": lambda value: json.dumps(value)[1:-1].replace("/", "\\/"),
    "JSON in JSON": lambda value: json.dumps(json.dumps(value)[1:-1])[1:-1],
    "HTML": html.escape,
    "HTML, quotes left": lambda value: html.escape(value, quote=False),
    "JSON of Go": lambda value: json.dumps(value)[1:-1].translate({ord(each): f"\\u{ord(each):04x}" for each in "<>&"}),
    "HTML of Go": lambda value: value.translate(
        {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&#34;", ord("'"): "&#39;", ord("+"): "&#43;"}
    ),
    "percent, encodeURIComponent": lambda value: quote(value, safe="!'()*"),
    "percent, path of Go": lambda value: quote(value, safe="/$&+=:@"),
    "percent, twice": lambda value: quote(quote(value, safe=""), safe=""),
    "hex": lambda value: value.encode().hex(),
    "HEX": lambda value: value.encode().hex().upper(),
    "repr": lambda value: repr(value)[1:-1],
    "HTML, decimal": lambda value: html.escape(value).replace("&#x27;", "&#39;"),
}


@pytest.mark.parametrize("form", ENCODED)
def test_each_form_is_masked(tmp_path: Path, form: str) -> None:
    """By the store for what it resolved, and for a secret that is handed in."""
    said = f"refused: {ENCODED[form](CANARY)}, try again"
    store = SecretStore({"KEY": CANARY}, tmp_path)
    assert store.mask(said) == said
    store.resolve(SecretReference("env", "KEY"))
    assert store.mask(said) == "refused: ***, try again"
    assert scrubbed(said, [Secret(CANARY)]) == "refused: ***, try again"


@pytest.mark.parametrize("user", ["", "a", "ab", "abc", "abcd"])
def test_base64_of_more_than_the_secret(user: str) -> None:
    """A login's header holds the password where its groups of three begin elsewhere; what is left says nothing."""
    password = "canary-password-1"
    header = base64.b64encode(f"{user}:{password}".encode()).decode()
    left = scrubbed(header, [Secret(password)]).replace("***", "")
    assert len(left) <= len(base64.b64encode(f"{user}:".encode())) + 4


def test_what_is_secret_within_a_value() -> None:
    """The path and the query of a URL, and what follows Bearer."""
    forms = forms_of_value("https://acme.app.blinkops.com/webhooks/canary-path?apikey=canary-query")
    assert {"/webhooks/canary-path", "canary-query"} <= forms
    assert "canary-token" in forms_of_value("Bearer canary-token")


def test_short_forms_cut_nothing_out() -> None:
    """A value of a few letters is in unrelated words."""
    assert scrubbed("the keyboard", [Secret("key")]) == "the keyboard"
    assert min(map(len, forms_of([Secret("https://h/a?b=c")]))) >= 6


def test_the_longest_form_goes_first() -> None:
    """A secret that begins like another one leaves no rest of the longer one."""
    secrets = [Secret("canary"), Secret("canary-and-more")]
    assert scrubbed("canary-and-more canary", secrets) == "*** ***"


def test_credentials_that_engines_find_by_themselves(tmp_path: Path) -> None:
    """What no reference names is masked where it was told of."""
    store = SecretStore({}, tmp_path)
    store.know("canary-password", None, "")
    assert store.mask("canary-password is wrong") == "*** is wrong"
