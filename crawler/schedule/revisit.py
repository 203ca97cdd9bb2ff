"""When a page is requested again, after a failure or to find a correction: soon, and then less and less often."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

_USUAL_SHARE = 0.1
_USUAL_RECHECKS = 10
"""What is assumed of a site with few rechecks: that one in ten found a changed text, with the weight of ten rechecks.
Chosen by hand; no measurement."""

_MIN_PACE, _MAX_PACE = 0.5, 4.0
"""A site that corrects much is rechecked at half the ages, one that corrects nothing at four times the ages. Chosen by
hand; no measurement."""

ROBOTS_DISALLOW_ALL = "robots_disallow_all"
"""Reason of a page that was not requested because robots.txt forbids the whole site."""

_RETRY_FACTOR = 3.0
_RETRY_SPREAD = 0.25
_YOUNG_FACTOR, _LONGEST_YOUNG_RETRY, _LAST_YOUNG_RETRY = 4.0, timedelta(days=3), timedelta(days=1)
"""Retries of a young page: each wait is four times as long as the one before, at most three days, and the last retry is
at the age at which a page is no longer young, unless the one before was less than a day earlier. With half an hour and
seven days that is six or seven requests, about as many as an article's rechecks. Chosen by hand; no measurement."""

_OUTAGE_SHARE, _LONGEST_OUTAGE_WAIT = 0.25, timedelta(hours=6)
"""During an outage a page waits for this part of the time that the outage has lasted. Chosen by hand; no
measurement."""

_MAX_EXPONENT = 12
"""Far beyond the longest wait; keeps the power from overflowing."""

_MIN_MODIFIED_WAIT = timedelta(hours=1)
"""How long after a request the modification date of a channel is believed; twice as long after each recheck that found
no change, because some feeds date every item with the time of the request. Chosen by hand; no measurement."""

_MAX_CLOCK_ERROR = timedelta(days=1)
"""A modification date further in the future is wrong; one within a day may be local time without a time zone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RevisitPolicy:
    """The settings of retries and rechecks."""

    max_attempts: int = 10
    """Requests to a page whose failures look transient."""

    first_retry: timedelta = timedelta(minutes=10)
    longest_retry: timedelta = timedelta(days=1)
    young: timedelta = timedelta(days=7)
    """How long after its discovery a page is requested again whatever its failure was."""

    first_young_retry: timedelta = timedelta(minutes=30)
    robots_wait: timedelta = timedelta(days=30)
    """How long the pages of a site wait whose robots.txt forbids everything."""

    recheck_ages: tuple[timedelta, ...] = ()
    """Ages at which an article is rechecked, ascending; empty: never."""

    def retry_at(
        self, failures: int, now: datetime, *, chance: Callable[[float, float], float] = random.uniform
    ) -> datetime:
        """When to try again after this number of consecutive failures: three times as long after each, a quarter more
        or less, so that pages that failed together are not requested again together."""
        wait = min(self.first_retry * _RETRY_FACTOR ** min(failures - 1, _MAX_EXPONENT), self.longest_retry)
        return now + wait * chance(1 - _RETRY_SPREAD, 1 + _RETRY_SPREAD)

    def young_retry_at(
        self,
        failures: int,
        discovered: datetime,
        now: datetime,
        *,
        chance: Callable[[float, float], float] = random.uniform,
    ) -> datetime | None:
        """When to try again after a failure that is not transient; None if the page is not young any more."""
        end = discovered + self.young
        wait = min(self.first_young_retry * _YOUNG_FACTOR ** min(failures - 1, _MAX_EXPONENT), _LONGEST_YOUNG_RETRY)
        retry = now + wait * chance(1 - _RETRY_SPREAD, 1 + _RETRY_SPREAD)
        if retry < end:
            return retry
        return end if end - now >= _LAST_YOUNG_RETRY else None

    def outage_wait(self, lasted: timedelta) -> timedelta:
        """How long a page waits that failed in an outage which has lasted for this time."""
        return min(max(lasted * _OUTAGE_SHARE, self.first_retry), _LONGEST_OUTAGE_WAIT)

    def recheck_at(self, published: datetime, now: datetime, pace: float = 1.0) -> datetime | None:
        """When an article is rechecked next; None: never again. `pace`: see `recheck_pace`."""
        ages = (age * pace for age in self.recheck_ages)
        oldest = max(self.recheck_ages, default=timedelta())
        return next((published + age for age in ages if age <= oldest and published + age > now), None)


def recheck_pace(rechecks: int, corrections: int) -> float:
    """The factor by which the ages of rechecks are multiplied for a site whose rechecks found this number of changed
    texts."""
    share = (corrections + _USUAL_SHARE * _USUAL_RECHECKS) / (rechecks + _USUAL_RECHECKS)
    return min(max(_USUAL_SHARE / share, _MIN_PACE), _MAX_PACE)


def is_modification_credible(modified: datetime | None, fetched: datetime | None, rechecks: int, now: datetime) -> bool:
    """Whether the modification date that a channel gives a page is a reason to recheck it."""
    if modified is None or fetched is None or not fetched < modified <= now + _MAX_CLOCK_ERROR:
        return False
    return now - fetched >= _MIN_MODIFIED_WAIT * 2.0 ** min(rechecks, _MAX_EXPONENT)
