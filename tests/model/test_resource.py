"""What follows from the attributes of a resource alone."""

from blinkdecl.model.resource import accepts_type, canonical


def test_no_listed_alert_type_is_every_alert_type() -> None:
    """A destination that lists some accepts these alone."""
    assert accepts_type(canonical("destination", {})["alert_types"], "RULE")
    some = canonical("destination", {"alert_types": ["POLICY", "SYSTEM_ERROR"]})["alert_types"]
    assert accepts_type(some, "POLICY")
    assert not accepts_type(some, "RULE")
