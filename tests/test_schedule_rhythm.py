"""A site's publishing profile, fitted and followed over 200 simulated days, and its limits."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.rhythm import NEWSROOMS, START, TICK, WINDOW, by_rhythm, every, publications, watch
from crawler.crawl.next_poll import is_due, plan_next_poll
from crawler.items import Candidate
from crawler.profile import SiteProfile
from crawler.schedule.rhythm import HORIZON, fit, next_poll_time, poll_time_after_failures
from crawler.store import Store
from tests.made_up import NOW, later

BOUNDS = (timedelta(minutes=5), timedelta(hours=6))


def middle(low: float, high: float) -> float:
    """In place of a random number."""
    return (low + high) / 2


def wait(moments: list[datetime], now: datetime, **kwargs: int) -> timedelta:
    planned = next_poll_time(fit(moments, now), now, shortest=BOUNDS[0], longest=BOUNDS[1], chance=middle, **kwargs)
    return planned - now


@pytest.mark.parametrize("number", [1, 2], ids=["daily", "magazine"])
def test_200_days_followed_by_rhythm_are_seen_sooner_than_by_as_many_polls_at_even_distances(number: int) -> None:
    moments = publications(NEWSROOMS[number], 200, random.Random(1))
    followed = watch(moments, 200, by_rhythm(random.Random(1)))
    evenly = watch(moments, 200, every(24 * 60 / followed["polls_a_day"]))
    fixed = watch(moments, 200, every(15))
    assert followed["missed_without_sitemap"] == 0
    assert followed["found"] >= len(moments) - WINDOW
    assert followed["mean_delay_minutes"] < 0.85 * evenly["mean_delay_minutes"]
    assert followed["polls_a_day"] < fixed["polls_a_day"]
    if number == 1:  # for no more polls than every 15 minutes, at least a fifth less delay
        assert followed["mean_delay_minutes"] < 0.8 * fixed["mean_delay_minutes"]


def test_a_feed_that_shows_little_is_polled_before_it_overflows() -> None:
    steady = [NOW - timedelta(minutes=10 * n) for n in range(4000)]
    assert wait(steady, NOW, window=100) == wait(steady, NOW) > wait(steady, NOW, window=1)


def test_the_night_is_left_alone_and_the_morning_is_not_missed() -> None:
    moments = [NOW.replace(hour=hour) - timedelta(days=day) for day in range(28) for hour in (8, 9, 10, 11)]
    moments = sorted(m for m in moments if m < NOW)
    night, morning = NOW.replace(hour=22) - timedelta(days=1), NOW.replace(hour=8) - timedelta(days=1)
    assert wait(moments, night) > 3 * wait(moments, morning)


def test_a_weekend_is_learned_where_the_site_is() -> None:
    def weekday(moment: datetime) -> bool:
        return moment.weekday() not in (4, 5)  # Friday and Saturday

    moments = sorted(m for n in range(28 * 8) if weekday(m := NOW - timedelta(hours=3 * n)))
    profile = fit(moments, NOW, "Asia/Riyadh")
    friday, tuesday = datetime(2026, 2, 27, 12, tzinfo=UTC), datetime(2026, 2, 24, 12, tzinfo=UTC)
    assert profile.at(friday) < profile.at(tuesday) / 3


@pytest.mark.parametrize(
    "moments",
    [
        [],
        [NOW],
        [NOW] * 5000,
        [later(days=400)],
        [later(days=-400)],
        [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)],
    ],
)
def test_whatever_a_site_says_of_its_dates_its_interval_stays_within_bounds(moments: list[datetime]) -> None:
    for chance in (lambda low, high: low, lambda low, high: high):
        planned = next_poll_time(fit(moments, NOW), NOW, shortest=BOUNDS[0], longest=BOUNDS[1], chance=chance)
        assert NOW + BOUNDS[0] <= planned <= NOW + BOUNDS[1]


def test_a_site_that_fails_is_left_alone_ever_longer_up_to_its_longest_interval() -> None:
    waits = [poll_time_after_failures(n, NOW, shortest=BOUNDS[0], longest=BOUNDS[1]) - NOW for n in (1, 2, 3, 50)]
    assert waits == [timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=40), BOUNDS[1]]


def test_a_site_is_due_when_its_time_has_come_or_makes_no_sense() -> None:
    assert is_due(None, NOW, BOUNDS[1])
    assert is_due(NOW, NOW, BOUNDS[1])
    assert not is_due(later(minutes=1), NOW, BOUNDS[1])
    assert is_due(later(days=300), NOW, BOUNDS[1])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        yield opened


def test_ten_days_through_the_store_miss_nothing_and_poll_less_at_night(store: Store) -> None:
    profile = SiteProfile(name="daily", title="D", url="https://daily.example/", min_interval=5, max_interval=240)
    moments = publications(NEWSROOMS[1], 10, random.Random(3))
    now, polls = START + TICK, []
    while now < START + timedelta(days=10):
        shown = [m for m in moments if m <= now][-WINDOW:]
        candidates = [
            Candidate(url=f"https://daily.example/{m.timestamp():.6f}", channel="feed", channel_url="f", published=m)
            for m in reversed(shown)
        ]
        result = store.channels.record_answer("daily", "feed", "https://daily.example/f", candidates, now, status=200)
        assert not result.gap
        planned = plan_next_poll(store, profile, now, success=True, bounds=BOUNDS)
        store.sites.record_poll("daily", now, success=True, next_poll=planned)
        polls.append(now)
        while not is_due(store.sites.states()["daily"].next_poll, now, BOUNDS[1]):
            now += TICK
    named = {page.candidate.published for page in store.pages.pending("daily")}
    assert {m.replace(microsecond=0) for m in moments if m <= polls[-1]} == {
        m.replace(microsecond=0) for m in named if m
    }
    later_half = [poll for poll in polls if poll > START + timedelta(days=5)]
    night = sum(poll.hour < 6 for poll in later_half)
    assert night < len(later_half) / 5, "a quarter would be as many as at any hour"
    assert len(store.sites.publications("daily", polls[-1] - HORIZON)) == len(named)
