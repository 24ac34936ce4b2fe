"""What a value looks like that is no key: said at a refusal, without the value."""

import pytest

from blinkdecl.secret.accidents import accident_of
from blinkdecl.secret.value import Secret

KEYS = [
    "c2VjcmV0LWtleQ==",
    "0f3a9c",
    "blink_9f3c0d-a.b~c",
    "aGVsbG8=",
    "sk-live-XXYZ",
    "A" * 64,
    "abc+/def=",
    "key:value9",
]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ('"0f3a9c"', "quotes around it"),
        ("'0f3a9c'", "quotes around it"),
        ('0f3a9c"', "begins or ends with a quote"),
        ("***", "a mask"),
        ("••••••••", "a mask"),
        ("(sensitive value)", "a mask"),
        ("<no value>", "found nothing"),
        ("null", "found nothing"),
        ("undefined", "found nothing"),
        ("<your key>", "a placeholder"),
        ("changeme", "a placeholder"),
        ("${{ secrets.BLINK }}", "a template"),
        ("$BLINK_SOC_API_KEY", "a template"),
        ("{{ vault.key }}", "a template"),
        ("BLINK-API-KEY: 0f3a9c", "a header line"),
        ("Bearer 0f3a9c", "a scheme"),
        ("BLINK_SOC_API_KEY=0f3a9c", "an assignment"),
        ("export KEY=0f3a9c", "an assignment"),
        ('{"api_key": "0f3a9c"}', "JSON"),
        ("https://acme.app.blinkops.com/webhooks/9f", "a URL"),
        ("/run/secrets/blink", "the path of a file"),
        ("~/keys/blink", "the path of a file"),
        ("two words", "spaces in it"),
    ],
)
def test_the_usual_accidents(value: str, told: str) -> None:
    """Each has its name, which tells nothing of the value."""
    found = accident_of(Secret(value))
    assert found is not None
    assert told in found
    assert value not in found or value == "null"


@pytest.mark.parametrize("value", KEYS)
def test_keys(value: str) -> None:
    """What may well be a key is not called odd."""
    assert accident_of(Secret(value)) is None
