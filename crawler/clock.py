"""The clock: the one place that reads the current time."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The current time, aware, UTC."""
    return datetime.now(UTC)
