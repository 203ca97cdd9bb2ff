"""The ledger: every announced page is accounted for, days are closed, and what no channel named is estimated."""

from __future__ import annotations

import csv
import json
import random
import re
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Page, PageResult
from crawler.ledger import SiteLedger, site_ledger
from crawler.ledger.estimate import estimate_unnamed
from crawler.profile import Channel
from crawler.release import Release, write_release
from crawler.schedule.revisit import RevisitPolicy
from crawler.store import ArticleFilter, Store
from crawler.store.ledger import RESULTS
from tests.conftest import Workplace
from tests.made_up import FEED, HOME, NOW, SITE, a_candidate, an_article, enqueue, later, put
from tests.newssite import NewsSite
from tests.test_crawl_again import text_of
from tests.test_crawl_outage import SOFT_404, missing, refuse, show

SITEMAP = HOME + "sitemap.xml"
BOTH = frozenset({"feed", "sitemap"})
FIRST, LAST = date(2026, 2, 1), date(2026, 3, 31)


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with Store(tmp_path / "news.db", policy=RevisitPolicy(young=timedelta(days=7))) as opened:
        yield opened


def ledger(store: Store) -> SiteLedger:
    return site_ledger(store, SITE, FIRST, LAST)


def poll(store: Store, now: datetime) -> int:
    """A crawl in which a channel answered; the number of days that it closed."""
    store.sites.record_poll(SITE, now, success=True, next_poll=now + timedelta(hours=1))
    return store.ledger.close_days(SITE, now)


# -- the crawl ---------------------------------------------------------------------------------------------------------


def sitemap(site: NewsSite, path: str, links: list[str]) -> str:
    urls = "".join(f"<url><loc>{link}</loc></url>" for link in links)
    return site.put(path, f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>', "text/xml")


def test_every_announced_page_is_accounted_for(site: NewsSite, workplace: Workplace) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /forbidden/\n", "text/plain")
    good = [site.article(f"/news/{n}.html", f"Report {n}", paragraphs=text_of(n)) for n in range(6)]
    copy = site.article("/news/copy.html", "Report 0", paragraphs=text_of(0))
    forbidden = site.article("/forbidden/1.html", "Secret", paragraphs=text_of(50))
    gone, refused = site.answer("/news/gone.html", missing), site.answer("/news/refused.html", refuse)
    other = site.answer("/news/other.html", show(SOFT_404))
    feed = site.feed("/feed.xml", [*good[:4], copy, forbidden, gone])
    child = sitemap(site, "/sitemap-1.xml", [*good[2:], refused, other])
    index = site.put("/index.xml", f"<sitemapindex><sitemap><loc>{child}</loc></sitemap></sitemapindex>", "text/xml")
    workplace.site_profile(site, feeds=[feed], sitemaps=[index])
    workplace.run("crawl", "local", "-s", "AUTOTHROTTLE_ENABLED=0")

    result = workplace.run("ledger", "local", "--since", "2026-11-01", "--json")
    assert result.returncode == 0, result.stderr
    [record] = json.loads(result.stdout)
    total = record["total"]
    assert total["announced"] == len({*good, copy, forbidden, gone, refused, other}) == sum(total[f] for f in RESULTS)
    assert {name: total[name] for name in ("stored", "copies", "forbidden", "dropped", "failed", "waiting")} == {
        "stored": 7, "copies": 1, "forbidden": 1, "dropped": 1, "failed": 2, "waiting": 0,
    }  # fmt: skip
    assert total["retried"] == 4, "they are young"
    assert {Path(c["url"]).name: (c["kind"], c["announced"], c["alone"]) for c in record["channels"]} == {
        "feed.xml": ("feed", 7, 5),
        "index.xml": ("sitemap", 6, 4),
    }
    assert total["one_channel"] == 9
    assert record["unnamed"]["kinds"] == ["feed", "sitemap"]

    shown = workplace.run("ledger", "--since", "2026-11-01").stdout
    assert "or more; estimated from what the channels share (feed, sitemap)" in shown
    channels = workplace.run("ledger", "--since", "2026-11-01", "--channels").stdout
    assert re.search(rf"^local  feed     7          5      \S+Z +{re.escape(feed)}$", channels, re.MULTILINE)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--since", "2026-03-01", "--until", "2026-02-01"), "--since 2026-03-01 is after the last day, 2026-02-01"),
        (("--since", "yesterdays"), "must be a date like"),
        (("nowhere",), "unknown site nowhere"),
    ],
)
def test_wrong_usage_ends_with_one_sentence(workplace: Workplace, words: tuple[str, ...], message: str) -> None:
    Store(workplace.database).close()
    result = workplace.run("ledger", *words)
    assert result.returncode == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_empty_database_has_an_empty_ledger(workplace: Workplace) -> None:
    Store(workplace.database).close()
    assert workplace.run("ledger", "--since", "2026-03-01", "--until", "2026-03-02").stdout == (
        "no channel announced anything from 2026-03-01 to 2026-03-02\n"
    )


# -- days --------------------------------------------------------------------------------------------------------------


def test_a_page_counts_for_the_day_of_its_channel_or_else_for_that_on_which_it_was_listed(store: Store) -> None:
    enqueue(
        store,
        a_candidate("a", published=later(days=-3)),
        a_candidate("b"),
        a_candidate("from the future", published=later(days=300)),
    )
    days = [(day.day, day.counts["announced"]) for day in ledger(store).days]
    assert days == [("2026-02-26", 1), ("2026-02-27", 0), ("2026-02-28", 0), ("2026-03-01", 2)]


def test_a_page_that_no_channel_listed_is_counted_apart(store: Store) -> None:
    store.pages.add_fetched(SITE, a_candidate("by hand"), NOW)
    total = ledger(store).total
    assert (total["announced"], total["unannounced"]) == (0, 1)


def test_a_further_page_belongs_to_its_channel(store: Store) -> None:
    enqueue(store, a_candidate("new"))
    store.channels.record_further_page(SITE, Channel("feed", FEED), [a_candidate("old")], NOW)
    [channel] = ledger(store).channels
    assert (channel["url"], channel["announced"]) == (FEED, 2)


def test_a_day_is_closed_when_nothing_of_it_is_expected_any_more(store: Store) -> None:
    enqueue(store, a_candidate("a"), a_candidate("waits"))
    put(store, an_article("a"))
    assert poll(store, later(days=8)) == 0, "the retries of its pages may last a week"
    assert poll(store, later(days=10)) == 0, "a page still waits"
    page = Page(url=HOME + "waits", site=SITE, fetched=later(days=10))
    store.record_outcomes([PageResult(page=page, outcome="failed", reason="http_404")], later(days=10))
    assert poll(store, later(days=10, hours=1)) == 0, "days are closed once a day"
    assert poll(store, later(days=11)) == 1
    [day] = ledger(store).days
    assert (day.state, day.closed, day.reopened) == ("closed", "2026-03-12T12:00:00Z", None)
    assert poll(store, later(days=13)) == 0


def test_no_day_is_closed_while_the_channels_do_not_answer(store: Store) -> None:
    put(store, an_article("a"))
    poll(store, NOW)
    store.sites.record_poll(SITE, later(days=20), success=False, next_poll=later(days=21))
    assert store.ledger.close_days(SITE, later(days=20)) == 0


def test_no_day_is_closed_behind_a_gap_that_is_still_being_filled(store: Store) -> None:
    store.channels.record_answer(SITE, "feed", FEED, [a_candidate("a", published=NOW)], NOW, status=200)
    put(store, an_article("a"))
    other = a_candidate("b", published=later(days=2))
    assert store.channels.record_answer(SITE, "feed", FEED, [other], later(days=2), status=200).gap
    put(store, an_article("b"), later(days=2))
    assert [day.gaps for day in ledger(store).days] == [1, 1, 1]
    assert poll(store, later(days=20)) == 0
    store.channels.close_gaps(SITE, later(days=20), by="sitemap", new=0)
    assert poll(store, later(days=22)) == 2
    assert [day.gaps for day in ledger(store).days] == [0, 0, 0]


def test_a_later_find_reopens_a_closed_day_and_says_why(store: Store) -> None:
    put(store, an_article("a"))
    poll(store, later(days=11))
    late = a_candidate("late", published=NOW)
    store.channels.record_answer(SITE, "sitemap", SITEMAP, [late], later(days=200), status=200)
    day = ledger(store).days[0]
    assert (day.state, day.reopened) == (
        "reopened",
        "1 page announced later, waiting 0 to 1, late 0 to 1, one channel 1 to 2",
    )
    assert poll(store, later(days=200)) == 0, "it waits"
    page = Page(url=HOME + "late", site=SITE, fetched=later(days=200))
    store.record_outcomes([PageResult(page=page, outcome="dropped", reason="list_page")], later(days=220))
    poll(store, later(days=240))
    day = ledger(store).days[0]
    assert (day.state, day.closed) == ("closed", "2026-10-27T12:00:00Z")
    assert day.reopened == "1 page announced later, dropped 0 to 1, late 0 to 1, one channel 1 to 2"


# -- what no channel named ---------------------------------------------------------------------------------------------


def overlap_of(kinds: dict[str, float], articles: int, random_numbers: random.Random) -> tuple[Counter[Any], int]:
    """What channels that list each article independently, with these probabilities, have listed; and how many none."""
    overlap: Counter[Any] = Counter(
        frozenset(kind for kind, share in kinds.items() if random_numbers.random() < share) for _ in range(articles)
    )
    return overlap, overlap.pop(frozenset(), 0)


def test_two_kinds_are_compared_as_chapman_does() -> None:
    overlap = {frozenset({"feed"}): 30, frozenset({"sitemap"}): 20, BOTH: 49}
    unnamed = estimate_unnamed(overlap)
    assert unnamed is not None
    chapman = (30 + 49 + 1) * (20 + 49 + 1) / (49 + 1) - 1
    assert 30 + 20 + 49 + unnamed.estimate == pytest.approx(chapman)
    assert unnamed.low < 12 < unnamed.high


@pytest.mark.parametrize(
    "kinds",
    [
        {"feed": 0.8, "sitemap": 0.9},
        {"feed": 0.5, "section": 0.6},
        {"feed": 0.9, "sitemap": 0.4, "section": 0.7},
        {"feed": 0.3, "news_sitemap": 0.5, "sitemap": 0.6, "section": 0.4},
    ],
)
@pytest.mark.parametrize("articles", [40, 400])
def test_the_interval_holds_the_truth(kinds: dict[str, float], articles: int) -> None:
    numbers, held = random.Random(7), 0
    for _ in range(300):
        overlap, truth = overlap_of(kinds, articles, numbers)
        unnamed = estimate_unnamed(overlap)
        assert unnamed is not None
        held += round(unnamed.low) <= truth <= unnamed.high + 0.5
    assert held >= 0.9 * 300


def test_channels_of_one_kind_say_nothing_about_what_both_miss(store: Store) -> None:
    enqueue(store, a_candidate("a"))
    store.channels.record_answer(SITE, "feed", FEED + "/sport", [a_candidate("b")], NOW, status=200)
    assert ledger(store).unnamed is None
    assert estimate_unnamed({}) is None


def test_where_one_kind_contains_the_other_the_estimate_is_none_and_the_interval_is_not() -> None:
    unnamed = estimate_unnamed({BOTH: 9, frozenset({"sitemap"}): 20})
    assert unnamed is not None
    assert (unnamed.estimate, unnamed.low) == (0, 0)
    assert 7 < unnamed.high < 8


# -- releases ----------------------------------------------------------------------------------------------------------


def test_a_release_says_what_it_lacks_and_how_that_is_spread(store: Store, tmp_path: Path) -> None:
    stored = [f"world/{n}" for n in range(30)]
    refused = [f"sport/2026/{n}" for n in range(22)]
    enqueue(store, *(a_candidate(path, published=later(hours=-1)) for path in stored + refused))
    for number, path in enumerate(stored):
        put(store, an_article(path, "\n".join(text_of(number))))
    pages = (Page(url=HOME + path, site=SITE, status=403, fetched=NOW) for path in refused)
    store.record_outcomes([PageResult(page=page, outcome="failed", reason="http_403") for page in pages], NOW)
    other = a_candidate("world/0")
    store.channels.record_answer(SITE, "sitemap", SITEMAP, [other], NOW, status=200)

    def write(name: str) -> Path:
        chosen = Release(name="news", article_filter=ArticleFilter(since=later(days=-1)), formats=("csv",))
        write_release(store, chosen, tmp_path / name, {})
        return tmp_path / name

    with (write("one") / "missing.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["url"] for row in rows} == {HOME + path for path in refused}
    assert {(row["result"], row["reason"], row["section"]) for row in rows} == {("failed", "http_403", "sport")}
    with (tmp_path / "one" / "ledger.csv").open(encoding="utf-8", newline="") as file:
        [day] = list(csv.DictReader(file))
    assert (day["announced"], day["stored"], day["failed"]) == ("52", "30", "22")
    card = (tmp_path / "one" / "README.md").read_text("utf-8")
    assert "| example | 52 | 30 | 0 | 0 | 0 | 22 | 0 | 0 | 0 | 0 (0 to " in card
    assert "differs from that of all announced pages by 0.00 over hours and 0.58 over sections" in card
    assert "| example: sport | 22 | 22 |" in card
    assert {p.name: p.read_bytes() for p in write("two").iterdir()} == {
        p.name: p.read_bytes() for p in (tmp_path / "one").iterdir()
    }


def test_addresses_that_do_not_exist_are_no_articles_that_only_one_channel_knew(store: Store) -> None:
    enqueue(store, *(a_candidate(str(n)) for n in range(20)), *(a_candidate(f"dead{n}") for n in range(10)))
    both = [a_candidate(str(n)) for n in range(5, 25)]
    store.channels.record_answer(SITE, "sitemap", SITEMAP, both, NOW, status=200)
    for n in range(10):
        page = Page(url=f"{HOME}dead{n}", site=SITE, fetched=NOW, status=404 if n % 2 else 410)
        store.record_outcomes([PageResult(page=page, outcome="failed", reason="http_404")], NOW)
    overlap = store.ledger.overlap(SITE, FIRST.isoformat(), LAST.isoformat())
    assert overlap == {frozenset({"feed"}): 5, BOTH: 15, frozenset({"sitemap"}): 5}
    assert ledger(store).total["announced"] == 35
