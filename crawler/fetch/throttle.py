"""When the next request to a host may go out: its Crawl-delay, and the waits that its responses demand."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(slots=True)
class _Host:
    crawl_delay: float = 0.0
    last_slot: float = float("-inf")
    """Time of the last request, or of the last slot that was reserved for one."""

    last_spider: str = ""
    """Whose slot that was."""

    back_off_until: float = float("-inf")
    refusals: int = 0
    """429s in a row that did not say how long to wait."""

    recorded: datetime | None = None
    """The last request of this process as the store has it. Another time there is another process's."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Throttle:
    """The state of all hosts, one object for a process: a host does not care which of our spiders sends a request.

    Delays come from `Crawl-delay` (kept between any two requests), from `Retry-After` (a wait once), and from 429
    without it (a wait that doubles). Times are those of `time.monotonic`.
    """

    def __init__(
        self,
        *,
        max_crawl_delay: float,
        max_retry_after: float,
        first_backoff: float = 2.0,
        max_backoff: float = 60.0,
    ) -> None:
        """All in seconds. `max_crawl_delay`, `max_retry_after`: longer demands count as these, so that no server can
        stop us for good. `first_backoff`, `max_backoff`: after a 429 without Retry-After, and after many in a row;
        chosen by hand, no measurement."""
        self._max_crawl_delay = max_crawl_delay
        self._max_retry_after = max_retry_after
        self._first_backoff = first_backoff
        self._max_backoff = max_backoff
        self._hosts: dict[str, _Host] = {}

    def is_loaded(self, host: str) -> bool:
        """Whether anything is known of a host yet."""
        return host in self._hosts

    def load_host_state(
        self,
        host: str,
        now: datetime,
        *,
        crawl_delay: float,
        last_request: datetime | None,
        not_before: datetime | None,
    ) -> None:
        """Take over what a host demanded in earlier runs. Times that only a wrong clock can have written count for
        nothing."""
        state = self._state(host)
        self.set_crawl_delay(host, crawl_delay)
        if last_request is not None:
            ago = (now - last_request).total_seconds()
            if abs(ago) <= self._max_crawl_delay:
                self.record_request(host, ago)
        if not_before is not None:
            seconds = (not_before - now).total_seconds()
            if 0 < seconds <= self._max_retry_after + 1:  # the store rounds up to a whole second
                state.back_off_until = max(state.back_off_until, time.monotonic() + seconds)

    def set_crawl_delay(self, host: str, seconds: float) -> None:
        """Keep at least these seconds between two requests."""
        self._state(host).crawl_delay = min(max(0.0, seconds), self._max_crawl_delay)

    def crawl_delay(self, host: str) -> float:
        """Seconds that a host demands between two requests."""
        return self._hosts[host].crawl_delay if host in self._hosts else 0.0

    def record_request(self, host: str, ago: float = 0.0) -> None:
        """A request went out `ago` seconds before now, perhaps one of another process."""
        state = self._state(host)
        state.last_slot = max(state.last_slot, time.monotonic() - ago)

    def reserve_slot(self, host: str, *, spider: str = "", distance: float = 0.0) -> float:
        """Reserve the next slot; return the seconds until it comes. Slots are the host's Crawl-delay apart, and
        `distance` seconds from a slot of another spider. Scrapy keeps the distance between the slots of one."""
        state, now = self._state(host), time.monotonic()
        delay = state.crawl_delay if spider == state.last_spider else max(state.crawl_delay, distance)
        state.last_slot = max(now, state.back_off_until, state.last_slot + delay)
        state.last_spider = spider
        return state.last_slot - now

    def lock(self, host: str) -> asyncio.Lock:
        """For what lies between the reservation of a slot and its use."""
        return self._state(host).lock

    def recorded(self, host: str) -> datetime | None:
        """The time that `set_recorded` was last called with."""
        return self._state(host).recorded

    def set_recorded(self, host: str, moment: datetime) -> None:
        """The store has this as the time of our last request."""
        self._state(host).recorded = moment

    def back_off(self, host: str, seconds: float | None = None) -> float:
        """Send no request for some seconds; without a number for twice as long as the time before. Returns them."""
        state = self._state(host)
        if seconds is None:
            seconds = min(self._first_backoff * 2.0**state.refusals, self._max_backoff)
            state.refusals += 1
        state.back_off_until = max(state.back_off_until, time.monotonic() + seconds)
        return seconds

    def handle_retry_after(self, host: str, value: str, now: datetime) -> float | None:
        """Back off as a Retry-After header demands. Returns the seconds; None if it cannot be read."""
        seconds = parse_retry_after(value, now)
        if seconds is None:
            return None
        return self.back_off(host, min(seconds, self._max_retry_after))

    def record_success(self, host: str) -> None:
        """The host sent what it was requested for."""
        self._state(host).refusals = 0

    def backoff(self, host: str) -> float:
        """Seconds for which no request must be sent; 0 if one may."""
        return max(self._hosts[host].back_off_until - time.monotonic(), 0.0) if host in self._hosts else 0.0

    def _state(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host())


def parse_retry_after(value: str, now: datetime) -> float | None:
    """Seconds of a Retry-After header, which contains them or a date (RFC 9110, 10.2.3); None if it has neither."""
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return float(value[:12])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)
