"""When a page is requested again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.schedule.revisit import RevisitPolicy, is_modification_credible, recheck_pace
from tests.made_up import NOW, later

HOURS = [1, 4, 24, 72, 168]
POLICY = RevisitPolicy(recheck_ages=tuple(timedelta(hours=age) for age in HOURS))


def exactly(low: float, high: float) -> float:
    """No chance at all."""
    return (low + high) / 2


@pytest.mark.parametrize(("failures", "minutes"), [(1, 10), (2, 30), (3, 90), (6, 1440), (60, 1440)])
def test_the_wait_after_a_failure_grows_up_to_a_day(failures: int, minutes: int) -> None:
    assert POLICY.retry_at(failures, NOW, chance=exactly) == later(minutes=minutes)


def test_pages_that_failed_together_do_not_come_back_together() -> None:
    waits = {POLICY.retry_at(1, NOW) - NOW for _ in range(50)}
    assert len(waits) > 40
    assert timedelta(minutes=7.5) <= min(waits) <= max(waits) <= timedelta(minutes=12.5)


def test_ten_attempts_outlast_five_days() -> None:
    assert sum((POLICY.retry_at(n, NOW) - NOW for n in range(1, 10)), timedelta()) > timedelta(days=4)
    assert POLICY.max_attempts <= 10


def test_an_article_is_rechecked_at_growing_intervals_and_then_never() -> None:
    born, now, ages = NOW, NOW, []
    while (recheck := POLICY.recheck_at(born, now)) is not None:
        ages.append((recheck - born) / timedelta(hours=1))
        now = recheck
    assert ages == HOURS


def test_an_article_found_late_is_rechecked_only_at_the_remaining_ages() -> None:
    assert POLICY.recheck_at(later(hours=-30), NOW) == later(hours=42)
    assert POLICY.recheck_at(later(days=-8), NOW) is None


def test_no_ages_no_rechecks() -> None:
    assert RevisitPolicy().recheck_at(NOW, NOW) is None


def test_a_site_that_corrects_itself_often_is_rechecked_sooner_and_one_that_never_does_later() -> None:
    assert recheck_pace(0, 0) == 1.0
    assert (recheck_pace(10, 0), recheck_pace(10, 1)) == (2.0, 1.0)
    assert recheck_pace(100, 40) == 0.5
    assert 0.5 < recheck_pace(20, 4) < 1.0 < recheck_pace(20, 0) < recheck_pace(200, 0) == 4.0
    assert POLICY.recheck_at(NOW, NOW, 4.0) == later(hours=4)
    assert POLICY.recheck_at(NOW, later(hours=20), 4.0) == later(hours=96)
    assert POLICY.recheck_at(NOW, later(hours=97), 4.0) is None, "not after the last of the ages"


@pytest.mark.parametrize(
    ("modified", "rechecks", "hours", "expected"),
    [
        (0.5, 0, 1, True), (0.5, 0, 0.99, False), (0, 0, 1, False), (-1, 0, 1, False),
        (25, 0, 1, True), (25.01, 0, 1, False), (0.5, 1, 1.99, False), (0.5, 1, 2, True),
        (0.5, 3, 7.99, False), (0.5, 3, 8, True), (0.5, 99, 4095, False), (0.5, 99, 4096, True),
    ],
)  # fmt: skip
def test_a_modification_date_is_believed_an_hour_after_the_request_and_later_each_time_it_was_wrong(
    modified: float, rechecks: int, hours: float, expected: bool
) -> None:
    assert is_modification_credible(later(hours=modified), NOW, rechecks, later(hours=hours)) is expected


def test_without_a_modification_date_or_a_request_there_is_nothing_to_believe() -> None:
    assert not is_modification_credible(None, NOW, 0, later(hours=9))
    assert not is_modification_credible(NOW, None, 0, later(hours=9))


@pytest.mark.parametrize(("spread", "requests"), [(0.75, 7), (1.0, 6), (1.25, 6)])
def test_a_young_page_that_is_gone_costs_six_or_seven_requests_in_a_week(spread: float, requests: int) -> None:
    now, waits = NOW, list[timedelta]()
    while (retry := POLICY.young_retry_at(len(waits) + 1, NOW, now, chance=lambda *_: spread)) is not None:
        waits.append(retry - now)
        now = retry
    assert len(waits) == requests
    assert now == later(days=7), "the last one is at the age at which it is no longer young"
    assert waits[:3] == [timedelta(minutes=minutes * spread) for minutes in (30, 120, 480)]


def test_a_page_that_is_not_young_is_not_requested_again() -> None:
    assert POLICY.young_retry_at(1, later(days=-7), NOW) is None
    assert RevisitPolicy(young=timedelta()).young_retry_at(1, NOW, NOW) is None


@pytest.mark.parametrize(("lasted", "minutes"), [(0, 10), (40, 10), (60, 15), (480, 120), (9999, 360)])
def test_the_longer_an_outage_lasts_the_less_often_its_pages_are_requested(lasted: float, minutes: float) -> None:
    assert POLICY.outage_wait(timedelta(minutes=lasted)) == timedelta(minutes=minutes)
