"""The clock: the one place that reads the current time."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import lru_cache


def now() -> datetime:
    """The current time, aware, UTC. With the environment variable NEWS_NOW, which is for tests and simulations, a
    clock that shows that time when the process reads it first, and then goes on at the usual speed. Raises ValueError
    if the variable is not a time."""
    text = os.environ.get("NEWS_NOW")
    return _offset(text) + datetime.now(UTC) if text else datetime.now(UTC)


def parse_now(text: str) -> datetime:
    """The time that NEWS_NOW names. Raises ValueError if the text is not a time with a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} is without a time zone")
    return moment.astimezone(UTC)


@lru_cache(maxsize=1)
def _offset(text: str) -> timedelta:
    """What the clock is ahead of the system's. Worker processes inherit the variable and compute their own."""
    return parse_now(text) - datetime.now(UTC)
