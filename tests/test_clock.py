"""The clock of tests and simulations: NEWS_NOW gives the time, in worker processes as well."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime, timedelta

import pytest

from crawler import clock
from tests.conftest import Workplace
from tests.newssite import NewsSite

AHEAD = datetime(2031, 5, 1, 12, tzinfo=UTC)


def seconds_after(moment: datetime, start: datetime) -> float:
    return (moment - start).total_seconds()


def test_the_clock_starts_at_news_now_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWS_NOW", "2031-05-01T14:00:00+02:00")
    first, second = clock.now(), clock.now()
    assert 0 <= seconds_after(first, AHEAD) < 5
    assert first.tzinfo is UTC
    assert first < second
    monkeypatch.setenv("NEWS_NOW", "2030-05-01T12:00:00Z")
    assert clock.now().year == 2030
    monkeypatch.delenv("NEWS_NOW")
    assert abs(seconds_after(clock.now(), datetime.now(UTC))) < 5


def test_a_worker_process_has_the_same_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWS_NOW", "2031-05-01T12:00:00Z")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert 0 <= seconds_after(pool.apply(clock.now), AHEAD) < 5


def test_a_crawl_has_that_time_in_all_that_it_writes(site: NewsSite, workplace: Workplace) -> None:
    feed = site.feed("/feed.xml", [site.article("/news/1.html", "First")])
    workplace.site_profile(site, feeds=[feed], article_url="'/news/'")
    workplace.environment["NEWS_NOW"] = "2031-05-01T12:00:00Z"
    assert workplace.run("crawl", "local").returncode == 0
    [run] = workplace.rows("SELECT started, finished FROM runs")
    [article] = workplace.rows("SELECT first_seen FROM articles")
    [page] = workplace.rows("SELECT discovered, fetched FROM pages")
    for text in (*run.values(), article["first_seen"], *page.values()):
        assert timedelta() <= datetime.fromisoformat(text) - AHEAD < timedelta(minutes=2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tomorrow", "NEWS_NOW='tomorrow' must be a time with its zone, like 2027-03-01T12:00:00Z"),
        ("2031-05-01T12:00:00", "must be a time with its zone"),
    ],
)
def test_what_is_not_a_time_is_wrong_usage(text: str, message: str, workplace: Workplace) -> None:
    workplace.environment["NEWS_NOW"] = text
    result = workplace.run("sites")
    assert (result.returncode, message in result.stderr) == (2, True)


def test_it_cannot_be_set_for_one_process_only(workplace: Workplace) -> None:
    result = workplace.run("sites", "-s", "NEWS_NOW=2031-05-01T12:00:00Z")
    assert (result.returncode, "set it in the environment" in result.stderr) == (2, True)
