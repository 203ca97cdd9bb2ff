"""The rules of scrapy health: what they report, and that they cause no false alarms."""

from __future__ import annotations

import random
from bisect import bisect
from datetime import datetime, timedelta
from typing import Any

import pytest

from bench.rhythm import NEWSROOMS, START, Newsroom, publications
from crawler.health.checkup import examine
from crawler.health.page_quality import judge_pages
from crawler.health.silence import judge_publishing
from crawler.profile import SiteProfile
from crawler.store.runs import FailingChannel, SiteHistory
from crawler.store.sites import SiteState
from tests.made_up import NOW, later

PROFILE = SiteProfile(name="daily", title="D", url="https://daily.example/")
WELL = SiteState(last_poll=NOW, last_success=NOW, next_poll=later(minutes=10))
PAGE = "https://daily.example/bad"


def a_run(hours: float, pages: int = 0, **changes: Any) -> dict[str, Any]:
    """A crawl a number of hours after NOW. `changes`: columns, `reasons`, and counts of its quality."""
    quality: dict[str, Any] = dict.fromkeys(
        ("pages", "title", "body", "date", "authors", "judged", "sure", "timed"), pages
    )
    quality |= {"chars": pages * 3000, "milliseconds": pages * 200, "without": {}}
    run = {
        "started": later(hours=hours),
        "finished": later(hours=hours, minutes=1),
        "finish_reason": "finished",
        "unreachable": 0,
        "outage": None,
        "requested": pages,
        "unfinished": 0,
        "dropped": 0,
        "blocked": 0,
        "failed": 0,
        "reasons": {},
        "examples": {},
    }
    for name, value in changes.items():
        if name in run:
            run[name] = value
        else:
            quality[name] = value
    return run | {"quality": quality}


GOOD = [a_run(-24.0 * n, 10) for n in range(10, 0, -1)]


def rules(runs: list[dict[str, Any]], **kwargs: Any) -> list[str]:
    return [finding.rule for finding in examine(PROFILE, WELL, SiteHistory(runs=runs, discoveries=[], **kwargs), NOW)]


def test_a_site_that_is_what_it_was_is_well() -> None:
    assert rules(GOOD) == []
    assert rules([]) == []
    assert examine(PROFILE, None, SiteHistory(runs=[], discoveries=[]), NOW) == []


@pytest.mark.parametrize("field", ["title", "body", "date", "authors"])
def test_a_field_that_has_gone_is_noticed_within_one_run_with_page_and_time(field: str) -> None:
    bad = a_run(-1, 6, **{field: 0, "without": {field: PAGE}})
    (finding,) = judge_pages(PROFILE, [*GOOD, bad], NOW)
    assert (finding.rule, finding.example, finding.since) == (field, PAGE, bad["started"])
    assert "6 of its last 6 pages" in finding.message
    assert "0 of 100 earlier ones" in finding.message


def test_a_finding_says_since_when_and_which_selector_to_check() -> None:
    bad = [a_run(hours, 6, title=0, without={"title": PAGE}) for hours in (-3, -2, -1)]
    odd = SiteProfile(name="daily", title="D", url="https://daily.example/", selectors={"title": "//h1"})
    (finding,) = judge_pages(odd, [*GOOD, *bad], NOW)
    assert finding.since == later(hours=-3)
    assert "selectors.title in sites/daily.toml" in finding.message
    assert finding.line().startswith("daily: since 2026-03-01 09:00 UTC ")


@pytest.mark.parametrize(
    "bad",
    [
        a_run(-1, 4, title=0),
        a_run(-1, 10, title=7),
        a_run(-1, 5, authors=4),
        a_run(-1, 6, dropped=2, reasons={"list_page": 2}),
        a_run(-1, 10, chars=15_000),
        a_run(-1, 10, milliseconds=20_000),
    ],
    ids=["too few pages", "three of ten", "one of five", "two videos", "half as long", "two seconds"],
)
def test_a_few_odd_pages_cause_no_alarm(bad: dict[str, Any]) -> None:
    assert rules([*GOOD, bad]) == []


def test_pages_that_were_dropped_for_what_they_lack_are_one_finding() -> None:
    assert rules([*GOOD, a_run(-1, 10, title=0, dropped=10, reasons={"no_title": 10})]) == ["title"]


def test_a_site_of_which_little_is_known_is_not_judged() -> None:
    refused = a_run(-1, 10, failed=9, reasons={"http_403": 9})
    assert rules([*GOOD[-1:], refused]) == []
    assert rules([*GOOD[-2:], refused]) == ["blocked"]


def test_a_site_of_which_half_the_pages_never_had_an_author_is_well_without_any_in_six() -> None:
    mixed = [a_run(-24.0 * n, 10, authors=5) for n in range(10, 0, -1)]
    assert rules([*mixed, a_run(-1, 6, authors=0)]) == []
    assert rules([*mixed, a_run(-1, 20, authors=0)]) == ["authors"]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"failed": 9, "reasons": {"http_403": 9}}, "blocked"),
        ({"blocked": 9, "reasons": {"wall": 9}}, "blocked"),
        ({"failed": 9, "reasons": {"http_500": 9}}, "failed"),
        ({"dropped": 9, "reasons": {"list_page": 9}}, "dropped"),
        ({"chars": 5_000}, "body_length"),
        ({"sure": 2}, "confidence"),
        ({"milliseconds": 90_000}, "slow"),
    ],
)
def test_blocks_drops_failures_short_texts_and_slow_answers_are_noticed(changes: dict[str, Any], rule: str) -> None:
    reason = next(iter(changes.get("reasons", {"": 0})))
    bad = a_run(-1, 10, examples={reason: PAGE}, **changes)
    (finding,) = judge_pages(PROFILE, [*GOOD, bad], NOW)
    assert finding.rule == rule
    assert finding.example == (PAGE if reason else None)


def test_pages_of_several_small_runs_are_judged_together() -> None:
    assert rules([*GOOD, *(a_run(-n, 1, body=0) for n in range(5, 0, -1))]) == ["body"]
    assert rules([*GOOD, *(a_run(-n, 1, body=0) for n in range(4, 0, -1))]) == []


def test_a_site_or_channel_that_cannot_be_reached_is_reported_after_a_day() -> None:
    failing = [FailingChannel(url=PAGE, problem="http_404", since=later(hours=-30))]
    young = [FailingChannel(url=PAGE, problem="http_404", since=later(hours=-3))]
    assert rules(GOOD, failing=failing) == ["channel"]
    assert rules(GOOD, failing=young) == []

    def away(hours: float, failures: int) -> list[str]:
        state = SiteState(last_success=later(hours=-hours), failures=failures, next_poll=later(hours=1))
        return [c.rule for c in examine(PROFILE, state, SiteHistory(runs=GOOD, discoveries=[], failing=young), NOW)]

    assert away(25, 5) == ["unreachable"]
    assert away(20, 50) == []
    assert away(25, 2) == []


def test_a_home_page_that_was_read_as_a_witness_is_no_failing_channel() -> None:
    failing = [FailingChannel(url=PROFILE.home, problem="http_500", since=NOW - timedelta(days=9))]
    assert rules(GOOD, failing=failing) == []


def test_a_site_that_was_due_and_not_crawled_is_reported() -> None:
    overdue = SiteState(last_success=later(days=-3), next_poll=later(days=-2))
    (finding,) = examine(PROFILE, overdue, SiteHistory(runs=GOOD, discoveries=[]), NOW)
    assert finding.rule == "not_crawled"


def polls(until: datetime) -> list[dict[str, Any]]:
    """Two crawls a day, the last one just now."""
    return [a_run(0) | {"finished": until - timedelta(hours=12 * n)} for n in range(20)][::-1]


@pytest.mark.parametrize("newsroom", NEWSROOMS, ids=lambda newsroom: newsroom.name)
def test_half_a_year_of_nights_weekends_and_holidays_is_not_silence(newsroom: Newsroom) -> None:
    moments = publications(newsroom, 200, random.Random(5))
    alarms = []
    for hour in range(24 * 20, 24 * 200, 13):
        now = START + timedelta(hours=hour)
        seen = moments[bisect(moments, now - timedelta(days=56)) : bisect(moments, now)]
        alarms += [
            (now, c.message) for c in judge_publishing(PROFILE, SiteHistory(runs=polls(now), discoveries=seen), now)
        ]
    assert alarms == []


@pytest.mark.parametrize(
    ("newsroom", "days"), list(zip(NEWSROOMS, (2, 4, 7, 21), strict=True)), ids=lambda x: str(x)[:20]
)
def test_silence_is_noticed_in_time(newsroom: Newsroom, days: float) -> None:
    stopped = START + timedelta(days=101)  # a Friday
    moments = [m for m in publications(newsroom, 101, random.Random(5)) if m > stopped - timedelta(days=56)]
    now = stopped + timedelta(days=days)
    (finding,) = judge_publishing(PROFILE, SiteHistory(runs=polls(now), discoveries=moments), now)
    assert finding.rule == "silent"
    assert finding.since == moments[-1]


def test_time_without_polls_is_not_silence() -> None:
    stopped = START + timedelta(days=100)
    moments = [m for m in publications(NEWSROOMS[1], 100, random.Random(5)) if m > stopped - timedelta(days=56)]
    now = stopped + timedelta(days=9)
    assert list(judge_publishing(PROFILE, SiteHistory(runs=polls(stopped), discoveries=moments), now)) == []


def test_a_week_with_far_too_little_is_noticed() -> None:
    moments = publications(NEWSROOMS[1], 100, random.Random(5))
    now = START + timedelta(days=100)
    thinned = [
        m for n, m in enumerate(moments) if m > now - timedelta(days=56) and (m < now - timedelta(days=7) or n % 8 == 0)
    ]
    (finding,) = judge_publishing(PROFILE, SiteHistory(runs=polls(now), discoveries=thinned), now)
    assert finding.rule == "quiet"
