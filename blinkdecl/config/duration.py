"""Durations as the schema allows them."""

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}


def seconds(text: str) -> float:
    """Return the seconds of a duration like ``10s``, ``500ms``, ``1m``."""
    number = text.rstrip("ms")
    return int(number) * _SECONDS[text[len(number) :]]
