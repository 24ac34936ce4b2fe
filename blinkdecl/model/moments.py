"""Moments as other systems and our own files write them: RFC 3339. What a peer calls a time may be any text."""

from datetime import UTC, datetime


def moment_of(text: object) -> datetime | None:
    """Return the moment of an RFC 3339 time in UTC, None where it is none."""
    if not isinstance(text, str) or "T" not in text:
        return None
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def instant(moment: datetime) -> str:
    """Return a time in UTC as files have it, without a fraction where there is none: ``2026-11-01T00:00:00Z``."""
    return moment.isoformat().replace("+00:00", "Z")
