"""When a site publishes, learned from when it did; and from that, when to look at it next. Pure: no clock, no I/O."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# Publications of so long ago are learned from; those of half the time count half.
HORIZON = timedelta(days=28)
_HALF_LIFE = timedelta(days=14)
# Until a site has shown its own: articles an hour.
_UNKNOWN_RATE = 0.5
_LEAST_RATE = 1 / (24 * 14)
# Weight, in days, of the assumption that all hours and all days of the week are alike.
_PRIOR_DAYS = 3.0
# How many article-hours of delay one more look is worth. Looks are densest where they save most delay for their number:
# in proportion to the square root of the rate. Tuned with `python -m bench.rhythm`; re-run it after a change.
_LOOK_COSTS = 1 / 12
_STEP = timedelta(minutes=5)
# A look comes before so large a share of what a channel shows at once has been published.
_WINDOW_SHARE = 1 / 3


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Articles an hour, by the hour of the day and the day of the week where the site is."""

    rate: float
    hours: tuple[float, ...]
    """24 factors, on average 1."""

    days: tuple[float, ...]
    """7 factors, Monday first."""

    zone: ZoneInfo

    def at(self, moment: datetime) -> float:
        """Articles an hour at a moment."""
        local = moment.astimezone(self.zone)
        # Between the middles of two hours the one passes into the other.
        position = local.hour + local.minute / 60 - 0.5
        before, share = math.floor(position), position - math.floor(position)
        hour = self.hours[before % 24] * (1 - share) + self.hours[(before + 1) % 24] * share
        return max(self.rate * hour * self.days[local.weekday()], _LEAST_RATE)

    def expected(self, start: datetime, end: datetime) -> float:
        """Articles between two moments."""
        total, moment = 0.0, start
        while moment < end:
            step = min(timedelta(minutes=30), end - moment)
            total += self.at(moment + step / 2) * (step / timedelta(hours=1))
            moment += step
        return total


def learn(publications: Iterable[datetime], now: datetime, timezone: str = "UTC") -> Rhythm:
    """The rhythm that publications show."""
    zone = ZoneInfo(timezone)
    recent = [moment for moment in publications if now - HORIZON <= moment <= now]
    if not recent:
        return Rhythm(_UNKNOWN_RATE, (1.0,) * 24, (1.0,) * 7, zone)
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
    return Rhythm(a_day / 24, tuple(smooth), tuple(by_day), zone)


def next_look(
    rhythm: Rhythm,
    now: datetime,
    *,
    shortest: timedelta,
    longest: timedelta,
    window: int | None = None,
    chance: Callable[[float, float], float] = random.uniform,
) -> datetime:
    """When to look at a site again: after `shortest` to `longest`, soon where much is to be expected, and before more
    than a part of `window`, the articles that its smallest channel shows at once, has been published."""
    looks = articles = 0.0
    moment = now
    while moment - now < longest and looks < 1 and (window is None or articles < window * _WINDOW_SHARE):
        rate = rhythm.at(moment + _STEP / 2)
        looks += math.sqrt(rate / _LOOK_COSTS) * (_STEP / timedelta(hours=1))
        articles += rate * (_STEP / timedelta(hours=1))
        moment += _STEP
    if looks > 1:  # somewhere within the last step
        moment -= _STEP * min((looks - 1) / (looks or 1), 1.0)
    # Jitter: sites that were started together shall not stay together, nor come at the full minute.
    wait = (moment - now) * chance(0.9, 1.1)
    return now + min(max(wait, shortest), longest)


def after_failures(failures: int, now: datetime, *, shortest: timedelta, longest: timedelta) -> datetime:
    """When to look again at a site of which no channel has answered so many times in a row."""
    return now + min(shortest * 2.0 ** min(max(failures, 1), 20), longest)


def _weight(age: timedelta) -> float:
    return float(0.5 ** (age / _HALF_LIFE))
