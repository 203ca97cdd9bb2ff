"""False alarms of the health rule `stale` over simulated time in which no channel is stale, and the delay until it
reports one.

    python -m bench.stale [--days 200] [--seeds 2]

The sites are those of bench.rhythm: nights, weekends, bursts, a holiday every sixty days. One channel lists all of
their articles, the watched one a part of them, all the time or once a night; both are polled every six hours into a
real database. Then the watched one stops, and the days until that is noticed are counted. Prints a table.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bench.rhythm import NEWSROOMS, START, Newsroom, publications
from crawler.items import Candidate
from crawler.store import Store

SITE, HOME = "made_up", "https://made-up.example/"
WATCHED, WITNESS = HOME + "watched", HOME + "witness"
_POLL = timedelta(hours=6)
_PATIENCE = timedelta(days=60)
"""A channel that is not noticed after this time counts as one that is noticed then."""

_STOPS = timedelta(days=60)
"""The watched channel stops after this time and up to a week more."""


@dataclass(frozen=True)
class Watched:
    """What the watched channel lists."""

    share: float
    """Of the site's articles, chosen by chance."""

    every: timedelta = _POLL
    """How often the site writes it."""

    hours: tuple[int, int] = (0, 24)
    """Only articles of these hours, as a section that has its time of the day."""


KINDS = {
    "nearly all": Watched(0.9),
    "half": Watched(0.5),
    "section": Watched(0.3, hours=(14, 20)),
    "nightly": Watched(1.0, every=timedelta(days=1)),
}


def watch(
    newsroom: Newsroom,
    watched: Watched,
    days: float,
    chance: random.Random,
    database: Path,
    *,
    stops: datetime | None = None,
) -> list[datetime]:
    """The moments of polls at which the watched channel was stale, the first of each day. `stops`: when it lists
    nothing new any more; then the first moment only."""
    moments = publications(newsroom, round(days), chance)
    lists = [_lists(watched, moment, chance) for moment in moments]
    found: list[datetime] = []
    with Store(database) as store:
        for number in range(1, int(timedelta(days=days) / _POLL)):
            now = START + number * _POLL
            _poll(store, WITNESS, moments, range(bisect(moments, now - _POLL), bisect(moments, now)), now)
            written = START + (now - START) // watched.every * watched.every
            if written == now and (stops is None or now <= stops):
                fresh = range(bisect(moments, now - watched.every), bisect(moments, now))
                _poll(store, WATCHED, moments, [n for n in fresh if lists[n]], now)
            else:
                store.channels.record_unchanged(SITE, WATCHED, now, status=200)
            is_stale = any(channel.is_stale for channel in store.stale_channels.resting(SITE))
            if is_stale and stops is not None and now > stops:
                return [now]
            if is_stale and not (found and now - found[-1] < timedelta(days=1)):
                found.append(now)
    return [] if stops is not None else found


def _lists(watched: Watched, moment: datetime, chance: random.Random) -> bool:
    return watched.hours[0] <= moment.hour < watched.hours[1] and chance.random() < watched.share


def _poll(store: Store, url: str, moments: list[datetime], numbers: Sequence[int], now: datetime) -> None:
    pages = [
        Candidate(url=f"{HOME}{n}", channel="feed", channel_url=url, published=moments[n]) for n in reversed(numbers)
    ]
    store.channels.record_answer(SITE, "feed", url, pages, now, status=200)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for newsroom in NEWSROOMS:
            for name, watched in KINDS.items():
                alarms, delays = 0, []
                for seed in range(options.seeds):
                    database = Path(folder) / f"{newsroom.name} {name} {seed}.db"
                    alarms += len(watch(newsroom, watched, options.days, random.Random(seed), database))
                    stops = START + _STOPS + timedelta(days=seed * 7 / options.seeds)
                    days = (stops + _PATIENCE - START) / timedelta(days=1)
                    stopped = database.with_suffix(".stopped")
                    noticed = watch(newsroom, watched, days, random.Random(seed), stopped, stops=stops)
                    delays.append(((noticed[0] - stops) if noticed else _PATIENCE) / timedelta(days=1))
                    database.unlink()
                    stopped.unlink()
                print(
                    f"{newsroom.name:<10}{name:<12}{alarms} false alarms in {options.seeds} times {options.days} days; "
                    f"noticed after {min(delays):.1f} to {max(delays):.1f} days, {statistics.fmean(delays):.1f} on "
                    "average",
                    flush=True,
                )


if __name__ == "__main__":
    main()
