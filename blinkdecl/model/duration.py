"""Durations as people write them: ``500ms``, ``30s``, ``5m``, ``1h``, ``7d``; a bare number is seconds."""

import math

_UNITS = (("d", 86400.0), ("h", 3600.0), ("m", 60.0), ("s", 1.0))
_SECONDS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def seconds_of(text: str) -> float:
    """Return the seconds of a duration; raises a `ValueError` for anything else. YAML's schema allows fewer units."""
    number = text.rstrip("smhd")
    unit, count = _SECONDS.get(text[len(number) :]), float(number)
    if unit is None or not 0 <= count < math.inf:
        raise ValueError("not a duration")
    return count * unit


def spelt(seconds: float) -> str:
    """Return a duration as a person would have written it, in the largest unit that fits it: ``7d``, ``90m``."""
    unit, size = next((each for each in _UNITS if seconds >= each[1] and not seconds % each[1]), ("s", 1.0))
    return f"{seconds / size:g}{unit}"
