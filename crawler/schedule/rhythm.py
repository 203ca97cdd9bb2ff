"""Fit a publishing profile to a site's past publications, and choose the time of its next poll. Pure: no clock, no
I/O."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

HORIZON = timedelta(days=28)
"""Publications up to this age are used: four weeks, so that each day of the week occurs four times."""

_HALF_LIFE = timedelta(days=14)
"""A publication of this age counts half as much as a new one. Chosen by hand; no measurement."""

_UNKNOWN_RATE = 0.5
"""Articles per hour that are assumed of a site without publications. Chosen by hand; no measurement."""

_MIN_RATE = 1 / (24 * 14)
"""Articles per hour that are expected at least, at any hour: one in two weeks. Chosen by hand; no measurement."""

_PRIOR_DAYS = 3.0
"""Weight, in days of observation, of the assumption that all hours and all days of the week are alike. Chosen by hand;
no measurement."""

_POLL_COST = 1 / 12
"""Article-hours of delay that one more poll is worth. For a given number of polls the delay is least if their density
follows the square root of the rate. Tuned with `python -m bench.rhythm`; re-run it after a change. See
docs/decisions.md#polls-follow-the-square-root-of-the-publishing-rate."""

_STEP = timedelta(minutes=5)
"""Granularity of the search for the next poll."""

_WINDOW_SHARE = 1 / 3
"""A site is polled before this share of what its smallest channel lists at once has been published. Checked with
`python -m bench.rhythm`, which counts the articles that were missed."""

_JITTER = (0.9, 1.1)
"""Random factor of the wait: sites that were polled together must not stay together, nor be polled on the full
minute."""

_MAX_DOUBLINGS = 20
"""Failures in a row after which the wait is not doubled any more; it has reached every sensible maximum by then."""


@dataclass(frozen=True, slots=True)
class PublishingProfile:
    """Articles per hour, by the hour of the day and the day of the week in the site's time zone."""

    rate: float
    hours: tuple[float, ...]
    """24 factors whose mean is 1."""

    days: tuple[float, ...]
    """7 factors, Monday first."""

    zone: ZoneInfo

    def at(self, moment: datetime) -> float:
        """The expected number of articles per hour at a moment."""
        local = moment.astimezone(self.zone)
        # Linear interpolation between the middles of two hours.
        position = local.hour + local.minute / 60 - 0.5
        before, share = math.floor(position), position - math.floor(position)
        hour = self.hours[before % 24] * (1 - share) + self.hours[(before + 1) % 24] * share
        return max(self.rate * hour * self.days[local.weekday()], _MIN_RATE)

    def expected(self, start: datetime, end: datetime) -> float:
        """The expected number of articles between two moments."""
        total, moment = 0.0, start
        while moment < end:
            step = min(timedelta(minutes=30), end - moment)
            total += self.at(moment + step / 2) * (step / timedelta(hours=1))
            moment += step
        return total


def fit(publications: Iterable[datetime], now: datetime, timezone: str = "UTC") -> PublishingProfile:
    """Fit a publishing profile to the times of a site's publications."""
    zone = ZoneInfo(timezone)
    recent = [moment for moment in publications if now - HORIZON <= moment <= now]
    if not recent:
        return PublishingProfile(_UNKNOWN_RATE, (1.0,) * 24, (1.0,) * 7, zone)
    hours, days, seen_days = [0.0] * 24, [0.0] * 7, [0.0] * 7
    for moment in recent:
        local, weight = moment.astimezone(zone), _weight(now - moment)
        hours[local.hour] += weight
        days[local.weekday()] += weight
    first = min(min(recent), now - timedelta(days=1))
    day = first
    while day < now:
        share = min((now - day) / timedelta(days=1), 1.0)
        seen_days[day.astimezone(zone).weekday()] += share * _weight(now - day)
        day += timedelta(days=1)
    observed = sum(seen_days)
    a_day = sum(days) / observed
    by_hour = [(hours[h] + _PRIOR_DAYS * a_day / 24) / ((observed + _PRIOR_DAYS) * a_day / 24) for h in range(24)]
    by_day = [(days[d] + _PRIOR_DAYS / 7 * a_day) / ((seen_days[d] + _PRIOR_DAYS / 7) * a_day) for d in range(7)]
    smooth = [(by_hour[h - 1] + 2 * by_hour[h] + by_hour[(h + 1) % 24]) / 4 for h in range(24)]
    return PublishingProfile(a_day / 24, tuple(smooth), tuple(by_day), zone)


def next_poll_time(
    publishing: PublishingProfile,
    now: datetime,
    *,
    shortest: timedelta,
    longest: timedelta,
    window: int | None = None,
    chance: Callable[[float, float], float] = random.uniform,
) -> datetime:
    """When to poll a site next: after `shortest` to `longest`, the sooner the more articles are expected.

    `window`: the number of articles that the site's smallest channel lists at once. The poll comes before a part of
    them has been replaced."""
    polls = articles = 0.0
    moment = now
    while moment - now < longest and polls < 1 and (window is None or articles < window * _WINDOW_SHARE):
        rate = publishing.at(moment + _STEP / 2)
        polls += math.sqrt(rate / _POLL_COST) * (_STEP / timedelta(hours=1))
        articles += rate * (_STEP / timedelta(hours=1))
        moment += _STEP
    if polls > 1:  # somewhere within the last step
        moment -= _STEP * ((polls - 1) / polls)
    wait = (moment - now) * chance(*_JITTER)
    return now + min(max(wait, shortest), longest)


def poll_time_after_failures(failures: int, now: datetime, *, shortest: timedelta, longest: timedelta) -> datetime:
    """When to poll a site again after a number of polls in a row to which no channel gave a usable answer."""
    return now + min(shortest * 2.0 ** min(max(failures, 1), _MAX_DOUBLINGS), longest)


def _weight(age: timedelta) -> float:
    return float(0.5 ** (age / _HALF_LIFE))
