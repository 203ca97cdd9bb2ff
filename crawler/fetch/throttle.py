"""When a host may be asked next: the distance that its robots.txt wants, and the pauses that its answers ask for."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Pause after a 429 that names none, in seconds; twice as long after each in a row.
_UNSAID = 2.0
_UNSAID_AT_MOST = 60.0


@dataclass(slots=True)
class _Host:
    delay: float = 0.0
    asked: float = float("-inf")
    """Moment of the last turn, those given out in advance included."""

    asked_by: str = ""
    """Whose turn that was."""

    held_until: float = float("-inf")
    refusals: int = 0


class Pace:
    """The turns of all hosts. Times are those of `time.monotonic`."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}

    def knows(self, host: str) -> bool:
        """Whether anything was said of a host yet."""
        return host in self._hosts

    def set_delay(self, host: str, seconds: float, *, asked: float | None = None) -> None:
        """Keep so many seconds between two requests. `asked`: when the last one was, if it was before our time."""
        known = self._hosts.setdefault(host, _Host())
        known.delay = seconds
        if asked is not None:
            known.asked = max(known.asked, asked)

    def hold(self, host: str, seconds: float) -> None:
        """Ask nothing for so long."""
        known = self._hosts.setdefault(host, _Host())
        known.held_until = max(known.held_until, time.monotonic() + seconds)

    def refused(self, host: str) -> float:
        """The host says that we ask too much, and not until when: for how long it is left alone."""
        known = self._hosts.setdefault(host, _Host())
        known.refusals += 1
        seconds = min(_UNSAID * 2.0 ** (known.refusals - 1), _UNSAID_AT_MOST)
        self.hold(host, seconds)
        return seconds

    def accepted(self, host: str) -> None:
        """The host answered as it should."""
        self._hosts.setdefault(host, _Host()).refusals = 0

    def held(self, host: str) -> float:
        """Seconds for which the host must not be asked at all; 0 if it may."""
        known = self._hosts.get(host)
        return max(known.held_until - time.monotonic(), 0.0) if known else 0.0

    def delay(self, host: str) -> float:
        """Seconds that the host wants between two requests."""
        known = self._hosts.get(host)
        return known.delay if known else 0.0

    def take_turn(self, host: str, *, who: str = "", distance: float = 0.0) -> float:
        """Take the next turn; seconds until it comes. Between turns lies the host's delay, and `distance` seconds
        behind the turn of somebody else: `who` keeps it from its own turns by itself."""
        known = self._hosts.setdefault(host, _Host())
        now = time.monotonic()
        delay = known.delay if who == known.asked_by else max(known.delay, distance)
        known.asked = max(now, known.held_until, known.asked + delay)
        known.asked_by = who
        return known.asked - now


def retry_after(value: str, now: datetime, *, at_most: float) -> float | None:
    """Seconds of a Retry-After header, which names them or a date; None if it says neither. Never more than
    `at_most`: no server can silence us for good."""
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return min(float(value[:12]), at_most)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), at_most)
