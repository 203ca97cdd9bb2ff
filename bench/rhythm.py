"""200 simulated days of a site: delay, polls a day and misses, compared with a fixed interval.

    python -m bench.rhythm [--days 200] [--seed 0]

Sites of several kinds publish at made-up times (hours of the day, days of the week, bursts, holidays) into a feed
that shows the newest 20 articles. They are polled by crawler.schedule.rhythm at the five-minute ticks of cron, and
every 15 minutes. Prints a table or, with --json, one object.
"""

from __future__ import annotations

import argparse
import bisect as bisection
import json
import math
import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.schedule.rhythm import HORIZON, PublishingProfile, fit, next_poll_time

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
TICK = timedelta(minutes=5)
WINDOW = 20
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=6)


@dataclass(frozen=True)
class Newsroom:
    """How a made-up site publishes."""

    name: str
    a_day: float
    first_hour: int
    last_hour: int
    weekend: tuple[int, ...]
    """Days of the week, Monday 0, on which it publishes a fifth."""

    bursts: float = 0.02
    """Share of the hours in which there is five times as much."""


NEWSROOMS = (
    Newsroom("agency", 220, 5, 23, (5, 6)),
    Newsroom("daily", 60, 7, 21, (4, 5)),
    Newsroom("magazine", 8, 8, 18, (5, 6)),
    Newsroom("weekly", 1, 9, 17, (5, 6)),
)


def publications(newsroom: Newsroom, days: int, chance: random.Random) -> list[datetime]:
    """When the site publishes, in order."""
    moments: list[datetime] = []
    for hour in range(days * 24):
        start = START + timedelta(hours=hour)
        busy = newsroom.first_hour <= start.hour < newsroom.last_hour
        rate = newsroom.a_day / (newsroom.last_hour - newsroom.first_hour) * (1 if busy else 0.03)
        rate *= 0.2 if start.weekday() in newsroom.weekend else 1
        rate *= 0.1 if hour // 24 % 60 == 59 else 1  # a holiday
        rate *= 5 if chance.random() < newsroom.bursts else 1
        moments += sorted(start + timedelta(seconds=chance.uniform(0, 3600)) for _ in range(poisson(rate, chance)))
    return moments


def poisson(rate: float, chance: random.Random) -> int:
    """A number of events (Knuth)."""
    limit, product, count = math.exp(-rate), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def watch(
    moments: list[datetime], days: int, following: Callable[[datetime, list[datetime]], datetime]
) -> dict[str, Any]:
    """Poll the feed at the times that `following` gives; which articles were found when."""
    delays: list[float] = []
    found = missed = polls = gaps = 0
    now, end = START + TICK, START + timedelta(days=days)
    shown = 0  # how many of the moments have been published
    known = 0  # of these, how many the last poll has seen or missed
    while now < end:
        while shown < len(moments) and moments[shown] <= now:
            shown += 1
        fresh = range(max(known, shown - WINDOW), shown)
        missed += max(shown - WINDOW - known, 0)
        gaps += shown - WINDOW > known
        delays += [(now - moments[n]) / timedelta(minutes=1) for n in fresh]
        found += len(fresh)
        known = shown
        polls += 1
        due = following(now, moments[:shown])
        # cron runs `rasid due` at its ticks: the first one after the moment that was planned
        now += TICK * max(math.ceil((due - now) / TICK), 1)
    return {
        "found": found,
        "missed_without_sitemap": missed,
        "gaps": gaps,
        "polls_a_day": round(polls / days, 1),
        "mean_delay_minutes": round(statistics.fmean(delays), 1),
        "p95_delay_minutes": round(statistics.quantiles(delays, n=20)[-1], 1),
    }


def by_rhythm(chance: random.Random) -> Callable[[datetime, list[datetime]], datetime]:
    """The next poll as `rasid due` plans it."""
    publishing: PublishingProfile | None = None
    fitted = START

    def following(now: datetime, seen: list[datetime]) -> datetime:
        nonlocal publishing, fitted
        # `rasid due` fits at each poll, which would take long here.
        if publishing is None or now - fitted >= timedelta(hours=6):
            publishing, fitted = fit(seen[bisection.bisect(seen, now - HORIZON) :], now), now
        return next_poll_time(publishing, now, shortest=SHORTEST, longest=LONGEST, window=WINDOW, chance=chance.uniform)

    return following


def every(minutes: float) -> Callable[[datetime, list[datetime]], datetime]:
    """A fixed interval."""
    return lambda now, _: now + timedelta(minutes=minutes)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    report = {}
    for newsroom in NEWSROOMS:
        moments = publications(newsroom, options.days, random.Random(options.seed))
        rhythm = watch(moments, options.days, by_rhythm(random.Random(options.seed)))
        fixed = watch(moments, options.days, every(15))
        same = watch(moments, options.days, every(24 * 60 / rhythm["polls_a_day"]))
        report[newsroom.name] = {"rhythm": rhythm, "every 15 minutes": fixed, "as many, evenly": same}
    if options.json:
        print(json.dumps(report, indent=1))
        return
    for name, ways in report.items():
        for way, row in ways.items():
            print(f"{name:<10}{way:<18}" + "  ".join(f"{key} {value}" for key, value in row.items()))


if __name__ == "__main__":
    main()
