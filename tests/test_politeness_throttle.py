"""When the next request to a host may be sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.fetch.throttle import Throttle, parse_retry_after
from tests.made_up import NOW

DAY = 86_400.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        ("Sunday, 01-Mar-26 12:00:30 GMT", 30.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("٣٠", None),
    ],
)
def test_retry_after_contains_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


def a_throttle() -> Throttle:
    return Throttle(max_crawl_delay=60.0, max_retry_after=DAY)


@pytest.mark.parametrize("value", ["Sun, 01 Mar 2126 12:00:30 GMT", "9" * 400])
def test_a_host_cannot_stop_us_for_longer_than_the_limit(value: str) -> None:
    throttle = a_throttle()
    assert throttle.handle_retry_after("h", value, NOW) == DAY
    throttle.set_crawl_delay("h", 1e9)
    assert throttle.crawl_delay("h") == 60.0


def test_slots_lie_a_hosts_delay_apart_and_other_hosts_do_not_wait() -> None:
    throttle = a_throttle()
    throttle.set_crawl_delay("slow.example", 2.0)
    assert throttle.reserve_slot("slow.example") == 0.0
    assert throttle.reserve_slot("slow.example") == pytest.approx(2.0, abs=0.1)
    assert throttle.reserve_slot("slow.example") == pytest.approx(4.0, abs=0.1)
    assert throttle.reserve_slot("other.example") == 0.0


def test_two_spiders_on_one_host_keep_the_distance_that_each_keeps_by_itself() -> None:
    throttle = a_throttle()
    assert throttle.reserve_slot("h", spider="one", distance=3.0) == 0.0
    assert throttle.reserve_slot("h", spider="one", distance=3.0) == pytest.approx(0.0, abs=0.1)
    assert throttle.reserve_slot("h", spider="two", distance=3.0) == pytest.approx(3.0, abs=0.1)


def test_a_host_that_refuses_without_retry_after_is_left_alone_ever_longer() -> None:
    throttle = a_throttle()
    assert [throttle.back_off("h") for _ in range(3)] == [2.0, 4.0, 8.0]
    assert 7.5 < throttle.backoff("h") <= 8.0
    throttle.record_success("h")
    assert throttle.back_off("h") == 2.0
    assert [throttle.back_off("h") for _ in range(9)][-1] == 60.0


@pytest.mark.parametrize(("ago", "wait"), [(10, 20.0), (-10, 40.0), (61, 0.0), (-61, 0.0)])
def test_the_last_request_of_an_earlier_run_counts_unless_a_wrong_clock_wrote_it(ago: int, wait: float) -> None:
    throttle = a_throttle()
    last = NOW - timedelta(seconds=ago)
    throttle.load_host_state("h", NOW, crawl_delay=30.0, last_request=last, not_before=None)
    assert throttle.reserve_slot("h") == pytest.approx(wait, abs=0.1)


@pytest.mark.parametrize(("ahead", "wait"), [(3600.0, 3600.0), (-1.0, 0.0), (2 * DAY, 0.0)])
def test_a_retry_after_of_an_earlier_run_holds_unless_a_wrong_clock_wrote_it(ahead: float, wait: float) -> None:
    throttle = a_throttle()
    until = NOW + timedelta(seconds=ahead)
    throttle.load_host_state("h", NOW, crawl_delay=0.0, last_request=None, not_before=until)
    assert throttle.backoff("h") == pytest.approx(wait, abs=0.1)
