"""Silence: sites that have stopped publishing, or publish far less than usual."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from crawler.health.finding import Finding
from crawler.profile import SiteProfile
from crawler.schedule.rhythm import fit
from crawler.store.runs import SiteHistory
from crawler.text import counted

_MIN_ARTICLES, _MIN_HISTORY = 20, timedelta(days=14)
"""A site is judged from this number of articles and this length of observation on. Chosen by hand; no measurement."""

# The three thresholds of silence were tuned with `python -m bench.silence --seeds 10`: in thirty simulated years each,
# four sites had 10 false alarms; 38 without the extra day, 16 with seven articles instead of ten.
_MIN_EXPECTED = 10.0
"""Articles that were to be expected during the silence, given the hours at which the site publishes."""

_LONGER, _HOLIDAY = 1.5, timedelta(days=1)
"""The silence must be longer than this multiple of the longest one so far, plus a day, which may be a holiday."""

_QUIET_WEEK = 0.3
"""A week is quiet below this part of the fewest articles of the three weeks before. Chosen by hand; no measurement."""

_MIN_PER_WEEK = 10
"""Articles in each of the three weeks before, at least. Chosen by hand; no measurement."""


def judge_publishing(profile: SiteProfile, history: SiteHistory, now: datetime) -> Iterator[Finding]:
    """Report a site that has stopped publishing, or that published far less than usual in the last week."""
    seen = history.discoveries
    polls = [run["finished"] for run in history.runs if run["finish_reason"] == "finished" and not run["unreachable"]]
    if len(seen) < _MIN_ARTICLES or not polls or polls[-1] - seen[0] < _MIN_HISTORY:
        return
    last, polled = seen[-1], polls[-1]
    longest = max(after - before for before, after in pairwise(seen))
    if polled - last > longest * _LONGER + _HOLIDAY:
        # Up to the last poll: what was published since then is not known.
        expected = fit(seen, last, profile.timezone).expected(last, polled)
        if expected < _MIN_EXPECTED:
            return
        yield Finding(
            site=profile.name,
            rule="silent",
            since=last,
            message=f"it has listed no new article for {_span(polled - last)}; {expected:.0f} were to be expected, and "
            f"it was never silent for longer than {_span(longest)}",
        )
        return
    ends = [bisect(seen, now - timedelta(days=7 * n)) for n in range(5)]
    weeks = [later - earlier for later, earlier in pairwise(ends)]
    usual = min(weeks[1:])
    is_old_enough = seen[0] <= now - timedelta(days=28) and usual >= _MIN_PER_WEEK
    if is_old_enough and weeks[0] < _QUIET_WEEK * usual and _polled_daily(polls, now):
        yield Finding(
            site=profile.name,
            rule="quiet",
            since=now - timedelta(days=7),
            message=f"it listed {counted(weeks[0], 'article')} in the last seven days, {usual} to {max(weeks[1:])} in "
            "each of the three weeks before",
        )


def _polled_daily(polls: list[datetime], now: datetime) -> bool:
    """Whether the site was polled on each of the last seven days."""
    return all(any(now - timedelta(days=n + 1) < poll <= now - timedelta(days=n) for poll in polls) for n in range(7))


def _span(time: timedelta) -> str:
    hours = time / timedelta(hours=1)
    return f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.0f} hours"
