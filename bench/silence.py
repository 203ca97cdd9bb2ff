"""False alarms of the health rule `silent` in simulated years without silence, and the delay until it reports one.

    python -m bench.silence [--years 3] [--seeds 3] [--step 6]

The sites are those of bench.rhythm: nights, weekends, bursts, a holiday every sixty days. They are judged every
`--step` hours, as if a crawl had just found nothing; alarms within a day of each other count as one. Then each stops on
each day of a week, and the days until that is noticed are counted. Prints a table.
"""

from __future__ import annotations

import argparse
import random
import statistics
from bisect import bisect
from datetime import datetime, timedelta
from typing import Any

from bench.rhythm import NEWSROOMS, START, publications
from crawler.health.silence import judge_publishing
from crawler.profile import SiteProfile
from crawler.store.runs import SiteHistory

_PROFILE = SiteProfile(name="made_up", title="Made up", url="https://made-up.example/")
_HISTORY = timedelta(days=56)
"""As much as crawler.store.history.History.site reads."""

_PATIENCE = 60
"""Days after which a site that stopped counts as not noticed."""


def is_silent(moments: list[datetime], now: datetime) -> bool:
    """Whether the rule reports silence at a moment, given all publications and two polls a day."""
    seen = moments[bisect(moments, now - _HISTORY) : bisect(moments, now)]
    polls: list[dict[str, Any]] = [
        {"finish_reason": "finished", "unreachable": 0, "finished": now - timedelta(hours=12 * n)} for n in range(112)
    ]
    history = SiteHistory(runs=polls[::-1], discoveries=seen)
    return any(finding.rule == "silent" for finding in judge_publishing(_PROFILE, history, now))


def false_alarms(moments: list[datetime], days: int, step: int) -> int:
    """Alarms over a time in which the site never stopped; those of one day count as one."""
    alarms, last = 0, None
    for hour in range(24 * 20, 24 * days, step):
        now = START + timedelta(hours=hour)
        if is_silent(moments, now):
            alarms += last is None or now - last > timedelta(days=1)
            last = now
    return alarms


def days_until_noticed(moments: list[datetime], stopped: datetime) -> float:
    """Days from the end of all publication until the rule reports silence."""
    left = moments[: bisect(moments, stopped)]
    hours = (hour for hour in range(0, 24 * _PATIENCE, 6) if is_silent(left, stopped + timedelta(hours=hour)))
    return next(hours, 24 * _PATIENCE) / 24


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", type=float, default=3)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--step", type=int, default=6, help="hours between two polls")
    options = parser.parse_args()
    days = round(options.years * 365)
    for newsroom in NEWSROOMS:
        alarms: list[int] = []
        noticed: list[float] = []
        for seed in range(options.seeds):
            moments = publications(newsroom, days, random.Random(seed))
            alarms.append(false_alarms(moments, days, options.step))
            noticed += [days_until_noticed(moments, START + timedelta(days=day)) for day in range(100, 107)]
        print(
            f"{newsroom.name:<10}false alarms in {options.years:g} years: {', '.join(map(str, alarms))}; "
            f"noticed after {min(noticed):.1f} to {max(noticed):.1f} days, {statistics.fmean(noticed):.1f} on average",
            flush=True,
        )


if __name__ == "__main__":
    main()
