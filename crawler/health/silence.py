"""Whether a site publishes as it did: silence, and weeks with far too little."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from crawler.health.finding import Complaint
from crawler.profile import SiteProfile
from crawler.schedule.rhythm import learn
from crawler.store.history import SiteHistory

_FEWEST, _SHORTEST = 20, timedelta(days=14)
# Silence: so many articles were to be expected at these hours, and it is so much longer than the longest one so far,
# and a day more, which may be a holiday. Of thirty made-up years each, four sites had 10 false alarms; 38 without the
# day, 16 with seven articles instead of ten (`python -m bench.silence --seeds 10` after changing either).
_EXPECTED, _LONGER, _HOLIDAY = 10.0, 1.5, timedelta(days=1)
_QUIET_WEEK, _FEWEST_A_WEEK = 0.3, 10


def silence(profile: SiteProfile, history: SiteHistory, now: datetime) -> Iterator[Complaint]:
    """What is wrong with how much the site publishes."""
    seen = history.discoveries
    looks = [run["finished"] for run in history.runs if run["finish_reason"] == "finished" and not run["unreachable"]]
    if len(seen) < _FEWEST or not looks or looks[-1] - seen[0] < _SHORTEST:
        return
    last, looked = seen[-1], looks[-1]
    longest = max(after - before for before, after in pairwise(seen))
    if looked - last > longest * _LONGER + _HOLIDAY:
        # Until the last look: what was published while nobody looked is not silence.
        expected = learn(seen, last, profile.timezone).expected(last, looked)
        if expected < _EXPECTED:
            return
        yield Complaint(
            site=profile.name,
            rule="silent",
            since=last,
            sentence=f"it has named no new article for {_span(looked - last)}; at these hours {expected:.0f} were to "
            f"be expected, and it was never silent for longer than {_span(longest)}",
        )
        return
    ends = [bisect(seen, now - timedelta(days=7 * n)) for n in range(5)]
    weeks = [later - earlier for later, earlier in pairwise(ends)]
    usual = min(weeks[1:])
    is_old_enough = seen[0] <= now - timedelta(days=28) and usual >= _FEWEST_A_WEEK
    if is_old_enough and weeks[0] < _QUIET_WEEK * usual and _looked_enough(looks, now):
        yield Complaint(
            site=profile.name,
            rule="quiet",
            since=now - timedelta(days=7),
            sentence=f"it named {weeks[0]} articles in the last seven days, {usual} to {max(weeks[1:])} in each of the "
            "three weeks before",
        )


def _looked_enough(looks: list[datetime], now: datetime) -> bool:
    """Whether the site was looked at on each of the last seven days."""
    return all(any(now - timedelta(days=n + 1) < look <= now - timedelta(days=n) for look in looks) for n in range(7))


def _span(time: timedelta) -> str:
    hours = time / timedelta(hours=1)
    return f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.0f} hours"
