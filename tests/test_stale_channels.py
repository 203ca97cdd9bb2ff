"""Stale channels: one that lists nothing new while the site publishes is found; one that rests as the site is not."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.rhythm import NEWSROOMS
from bench.stale import Watched, watch
from crawler.health import examine_sites
from crawler.items import Candidate, ChannelKind
from crawler.profile import SiteProfile
from crawler.store import Store
from tests.conftest import Workplace
from tests.made_up import FEED, HOME, SITE, a_candidate, later
from tests.newssite import NewsSite
from tests.test_crawl_again import rss, text_of

OTHER = HOME + "other"


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with Store(tmp_path / "news.db") as opened:
        yield opened


def list_pages(store: Store, url: str, numbers: Iterable[int], now: datetime, kind: ChannelKind = "feed") -> None:
    pages = [a_candidate(str(n), published=later(hours=n)) for n in numbers]
    store.channels.record_answer(SITE, kind, url, pages, now, status=200)


def stale(store: Store, now: datetime, *feeds: str) -> list[str | None]:
    profile = SiteProfile(name=SITE, title=SITE, url=HOME, feeds=feeds or (FEED, OTHER))
    return [finding.example for finding in examine_sites(store, [profile], now) if finding.rule == "stale"]


def poll(store: Store, first: int, last: int, *, every: int = 6, feed_until: int | None = None) -> None:
    """One article an hour from an hour to another; a poll every `every` hours. The feed stops at `feed_until`."""
    for hour in range(first, last, every):
        seen = hour if feed_until is None else min(hour, feed_until)
        list_pages(store, FEED, range(seen - 20, seen), later(hours=hour))
        list_pages(store, OTHER, range(hour - 20, hour), later(hours=hour, minutes=1))


def test_a_feed_that_lists_the_same_articles_while_another_moves_is_stale_until_it_moves_again(store: Store) -> None:
    poll(store, 20, 500, feed_until=400)
    assert stale(store, later(hours=500)) == [FEED]
    [resting] = store.stale_channels.resting(SITE)
    assert later(hours=396) <= resting.since <= later(hours=404)
    assert resting.share > 0.9
    assert stale(store, later(hours=500), OTHER) == [], "the profile has it no more"
    poll(store, 500, 520)
    assert stale(store, later(hours=520)) == []


def test_it_is_found_within_a_day(store: Store) -> None:
    poll(store, 20, 431, feed_until=400)
    assert stale(store, later(hours=431)) == [FEED]


def test_a_site_that_publishes_nothing_has_no_stale_channel(store: Store) -> None:
    poll(store, 20, 400)
    for hour in range(400, 700, 6):
        list_pages(store, FEED, range(380, 400), later(hours=hour))
        list_pages(store, OTHER, range(380, 400), later(hours=hour))
    assert len(store.stale_channels.resting(SITE)) == 2, "both rest"
    assert stale(store, later(hours=700)) == []


def test_a_channel_that_lists_little_of_what_the_site_publishes_is_not_stale_soon(store: Store) -> None:
    for hour in range(20, 500, 6):
        list_pages(store, OTHER, range(hour - 20, hour), later(hours=hour))
        if hour < 440:
            list_pages(store, FEED, range(0, hour, 24), later(hours=hour, minutes=1))
    assert stale(store, later(hours=500)) == [], "two or three articles were to be expected in it"


def test_a_channel_that_fails_or_was_never_watched_for_a_week_is_not_stale(store: Store) -> None:
    poll(store, 20, 120, feed_until=60)
    assert stale(store, later(hours=120)) == []


def test_the_articles_of_an_archive_show_nothing_of_what_the_site_publishes(store: Store) -> None:
    poll(store, 20, 400)
    old = [a_candidate(f"old{n}", published=later(days=-100 - n)) for n in range(500)]
    store.channels.record_answer(SITE, "sitemap", HOME + "map", old, later(hours=440), status=200)
    for hour in range(400, 450, 6):
        list_pages(store, FEED, range(380, 400), later(hours=hour))
    assert stale(store, later(hours=450)) == []


@pytest.mark.parametrize("newsroom", NEWSROOMS[2:], ids=lambda newsroom: newsroom.name)
def test_seventy_days_of_nights_weekends_and_holidays_make_no_channel_stale(newsroom: Any, tmp_path: Path) -> None:
    result = watch(newsroom, Watched(share=0.6, every=timedelta(hours=12)), 70, random.Random(1), tmp_path / "s.db")
    assert result == []


def test_the_home_page_is_the_witness_of_a_site_with_one_channel(site: NewsSite, workplace: Workplace) -> None:
    """It is requested once a day while the feed is silent as never before; what it lists is crawled."""
    links = [site.article(f"/news/{n}.html", f"Report {n}", paragraphs=text_of(n)) for n in range(36)]
    workplace.site_profile(site, feeds=[site.url + "feed.xml"], article_url="'/news/[0-9]+[.]html$'")
    heads = "".join(f'<h2><a href="{link}">The long report of number {n}</a></h2>' for n, link in enumerate(links))
    site.put("/", f"<html><body>{heads}</body></html>")

    feed = site.put("/feed.xml", rss(*links[:26]), "text/xml")
    with Store(workplace.database) as store:
        for day, listed in ((1, 2), (5, 14), (9, 26)):
            pages = [Candidate(url=link, channel="feed", channel_url=feed) for link in links[:listed]]
            moment = datetime(2026, 11, day, tzinfo=UTC)
            store.channels.record_answer("local", "feed", feed, pages, moment, status=200)
        store.channels.record_unchanged("local", feed, datetime(2026, 11, 16, tzinfo=UTC), status=200)

    def crawl(time: str) -> int:
        """How many pages are known afterwards."""
        workplace.environment["NEWS_NOW"] = f"2026-11-{time}:00:00+00:00"
        result = workplace.run("crawl", "local", "-L", "ERROR", "-a", "max_articles=0")
        assert result.returncode == 0, result.stderr
        return len(workplace.rows("SELECT id FROM pages"))

    assert crawl("16T06") == 36
    assert site.paths().count("/") == 1
    health = workplace.run("health").stdout
    assert "a channel answers and lists nothing new, while others have listed 10 articles" in health
    shown = workplace.run("ledger", "local", "--since", "2026-11-01", "--channels").stdout
    assert " (stale)  " in shown
    crawl("16T18")
    assert site.paths().count("/") == 1, "once a day"
    site.put("/feed.xml", rss(*links), "text/xml")
    crawl("16T20")
    assert "nothing new" not in workplace.run("health").stdout, "the feed has moved"
