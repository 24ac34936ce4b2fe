"""Values of Retry-After."""

from blinkdecl.system.retry import seconds_asked


def run(data: bytes) -> None:
    """Ask how long to wait: a time that a clock can bear."""
    asked = seconds_asked(data.decode("latin-1"))
    assert asked is None or 0 <= asked < 1e12
