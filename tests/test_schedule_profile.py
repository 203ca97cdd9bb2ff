"""A publishing profile and the wait that follows from it, where both can be computed by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crawler.schedule.rhythm import PublishingProfile, fit, next_poll_time

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
MONDAY = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
EVEN = PublishingProfile(1.0, (1.0,) * 24, (1.0,) * 7, ZoneInfo("UTC"))
DAYS = [timedelta(days=n) for n in range(28)]


def middle(low: float, high: float) -> float:
    """No chance."""
    return (low + high) / 2


def minutes(
    profile: PublishingProfile,
    now: datetime = NOON,
    *,
    window: int | None = None,
    longest: int = 360,
    chance: Callable[[float, float], float] = middle,
) -> float:
    """The wait, in minutes."""
    shortest = timedelta(minutes=1)
    planned = next_poll_time(
        profile, now, shortest=shortest, longest=timedelta(minutes=longest), window=window, chance=chance
    )
    return (planned - now) / timedelta(minutes=1)


def test_four_times_as_many_articles_halve_the_wait() -> None:
    assert minutes(replace(EVEN, rate=0.75)) == pytest.approx(20)
    assert minutes(replace(EVEN, rate=3)) == pytest.approx(10)
    assert minutes(replace(EVEN, rate=48)) == pytest.approx(2.5)


def test_the_wait_varies_by_a_tenth_and_stays_within_the_bounds_of_the_site() -> None:
    three = replace(EVEN, rate=3)
    assert minutes(three, chance=lambda low, high: low) == pytest.approx(9)
    assert minutes(three, chance=lambda low, high: high) == pytest.approx(11)
    assert minutes(replace(EVEN, rate=10_000)) == 1
    assert minutes(replace(EVEN, rate=0.01), longest=120) == 120
    assert minutes(replace(EVEN, rate=0.01), longest=120, chance=lambda low, high: high) == 120


def test_a_site_is_polled_before_a_third_of_its_smallest_channel_has_been_replaced() -> None:
    busy = replace(EVEN, rate=2.1)  # 0.35 articles in ten minutes
    assert minutes(busy, window=1) == pytest.approx(10)
    assert minutes(busy, window=2) == minutes(busy) > 11
    slower = replace(EVEN, rate=1.9)  # 0.32 articles in ten minutes
    assert minutes(slower, window=1) == minutes(slower) > 11


@pytest.mark.parametrize(("before", "wait"), [(2, 2.5), (4, 7.5)])
def test_a_wait_that_reaches_into_a_busier_day_is_shorter(before: int, wait: float) -> None:
    quiet_but_monday = replace(EVEN, rate=48, days=(1.0, *(0.0,) * 6))
    assert minutes(quiet_but_monday, MONDAY - timedelta(minutes=before)) == pytest.approx(wait, abs=0.05)


def test_the_rate_of_an_hour_passes_linearly_into_that_of_the_next() -> None:
    busy_at_ten = replace(EVEN, hours=tuple(3.0 if hour == 10 else 1.0 for hour in range(24)))
    rates = [busy_at_ten.at(MONDAY.replace(hour=hour, minute=minute)) for hour, minute in HALF_HOURS]
    assert rates == pytest.approx([1, 2, 3, 2, 1])
    assert busy_at_ten.at(MONDAY.replace(hour=0, minute=0)) == pytest.approx(1)
    busy_at_midnight = replace(EVEN, hours=(3.0, *(1.0,) * 23))
    assert busy_at_midnight.at(MONDAY.replace(hour=0, minute=0)) == pytest.approx(2)
    assert busy_at_midnight.at(MONDAY.replace(hour=23, minute=45)) == pytest.approx(1.5)


HALF_HOURS = [(9, 30), (10, 0), (10, 30), (11, 0), (11, 30)]


def test_the_articles_between_two_moments_are_the_sum_of_the_rates() -> None:
    assert replace(EVEN, rate=2.0).expected(NOON, NOON + timedelta(minutes=100)) == pytest.approx(10 / 3)
    assert EVEN.expected(NOON, NOON) == 0
    busy_at_ten = replace(EVEN, hours=tuple(3.0 if hour == 10 else 1.0 for hour in range(24)))
    assert busy_at_ten.expected(MONDAY.replace(hour=9, minute=30), MONDAY.replace(hour=10, minute=30)) == pytest.approx(
        2
    )
    tuesdays_none = replace(EVEN, rate=2.0, days=(1.0, 0.0, *(1.0,) * 5))
    assert tuesdays_none.expected(MONDAY + timedelta(hours=22), MONDAY + timedelta(hours=26)) == pytest.approx(
        4, abs=0.1
    )


def test_an_article_in_two_weeks_is_expected_of_the_quietest_hour() -> None:
    assert replace(EVEN, days=(0.0,) * 7).at(NOON) * 24 * 14 == pytest.approx(1)
    assert replace(EVEN, hours=(0.0,) * 24).at(NOON) * 24 * 14 == pytest.approx(1)


def test_an_article_in_two_hours_is_expected_of_a_site_without_any() -> None:
    for publications in ([], [NOON + timedelta(hours=1)], [NOON - timedelta(days=29)]):
        profile = fit(publications, NOON)
        assert [profile.at(NOON + timedelta(hours=hour)) for hour in range(0, 200, 7)] == pytest.approx([0.5] * 29)


def test_a_steady_site_has_its_rate_at_every_hour_of_every_day() -> None:
    profile = fit((MONDAY - timedelta(minutes=20 * n) for n in range(3 * 24 * 28)), MONDAY)
    assert profile.rate == pytest.approx(3, rel=0.03)
    assert profile.hours == pytest.approx([1] * 24, rel=0.03)
    assert profile.days == pytest.approx([1] * 7, rel=0.03)


def test_the_first_article_of_a_site_is_one_in_a_day() -> None:
    assert fit([NOON - timedelta(hours=1)], NOON).rate * 24 == pytest.approx(1, rel=0.06)
    assert fit([NOON - timedelta(days=2)], NOON).rate * 24 == pytest.approx(0.5, rel=0.06)


def test_an_article_of_two_weeks_ago_counts_half() -> None:
    newer = [NOON - age for age in DAYS if age < timedelta(days=14)] + [NOON - timedelta(days=28)]
    older = [NOON - timedelta(hours=1) - age for age in DAYS if age >= timedelta(days=14)]
    assert fit(newer, NOON).rate * 24 == pytest.approx(2 / 3, rel=0.1)
    assert fit(older, NOON).rate * 24 == pytest.approx(1 / 3, rel=0.1)


def test_a_busy_hour_is_shared_with_its_neighbours_and_the_hours_mean_one() -> None:
    profile = fit([NOON.replace(minute=30) - timedelta(days=1) - age for age in DAYS], NOON, "Asia/Riyadh")
    base, above = profile.hours[3], [hour - profile.hours[3] for hour in profile.hours]
    assert base < 0.2
    assert above[15] == pytest.approx(2 * above[14]) == pytest.approx(2 * above[16])
    assert above[:14] + above[17:] == pytest.approx([0] * 21)
    assert sum(profile.hours) == pytest.approx(24)


def test_a_day_without_articles_is_expected_to_have_few() -> None:
    sundays_none = [m for n in range(1, 28 * 12) if (m := MONDAY - timedelta(hours=2 * n)).weekday() != 6]
    profile = fit(sundays_none, MONDAY)
    assert profile.days[6] == pytest.approx(0.13, abs=0.03)
    assert profile.days[:6] == pytest.approx([7 / 6] * 6, rel=0.05)


def test_days_and_hours_are_those_of_the_sites_zone() -> None:
    tokyo = fit([MONDAY - timedelta(hours=1) - age for age in DAYS[::7]], NOON, "Asia/Tokyo")
    assert max(range(7), key=tokyo.days.__getitem__) == 0, "Monday, 8 o'clock"
    assert max(range(24), key=tokyo.hours.__getitem__) == 8
