"""What the pages of `rasid browse` read of sites, runs and the ledger's pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.items import Page, PageResult
from crawler.store import Store
from crawler.store.database import Database, open_database
from crawler.store.read.runs import RunList
from crawler.store.read.sites import PageList, SiteFigures, SitePast
from crawler.store.schema.views import LEDGER_COUNTS
from tests.made_up import FEED, HOME, NOW, SITE, a_candidate, an_article, enqueue, fail, later, put

DAY = "2026-03-01"
SITEMAP = HOME + "sitemap.xml"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "news.db"
    Store(path).close()
    with closing(open_database(path, timeout=30)) as db:
        yield db


@pytest.fixture
def store(db: Database) -> Iterator[Store]:
    with Store(db.path) as store:
        yield store


def crawl(
    store: Store, site: str = SITE, *, hours: float = 0, scheduler_run: int | None = None, **counts: object
) -> int:
    """Record a crawl of one minute; its id."""
    number = store.runs.begin(site, {}, later(hours=hours), scheduler_run_id=scheduler_run)
    store.runs.finish(number, counts, "finished", later(hours=hours, minutes=1))
    return number


def test_the_figures_of_many_sites_are_those_of_their_runs_and_articles(store: Store, db: Database) -> None:
    quality = {"pages": 4, "title": 3, "without": {"title": HOME}}
    crawl(store, requested=4, failed=1, new=3, quality=quality)
    crawl(store, hours=2, requested=2, blocked=1, new=1)
    crawl(store, "other", requested=1, new=1)
    put(store, an_article("a"))
    put(store, an_article("b", "Another text."), later(days=1))
    figures = SiteFigures(db)
    assert figures.requests(DAY) == {SITE: (6, 2), "other": (1, 0)}
    assert figures.requests("2026-03-02") == {}
    assert figures.requests(DAY, ["other", "none"]) == {"other": (1, 0)}
    assert figures.requests(DAY, []) == {}
    assert figures.daily_articles([SITE, "none"], NOW) == {SITE: {DAY: 1, "2026-03-02": 1}, "none": {}}
    assert figures.quality([SITE], DAY) == {SITE: {"pages": 4, "title": 3}}
    assert figures.channels([SITE, "none"]) == {SITE: [{"site": SITE, "kind": "feed", "channels": 1}], "none": []}
    assert figures.channels([]) == {}


def test_the_past_of_a_site_has_its_polls_by_the_hour(store: Store, db: Database) -> None:
    crawl(store, requested=3, new=3)
    crawl(store, hours=0.5, requested=1, failed=1)
    crawl(store, hours=1, unreachable=1)
    store.runs.begin(SITE, {}, later(hours=3))  # killed, or it still runs
    polls = SitePast(db, SITE).hourly_polls(NOW)
    assert polls == {
        "2026-03-01T12": {"polls": 2, "new": 3, "unreachable": 0, "problems": 1},
        "2026-03-01T13": {"polls": 1, "new": 0, "unreachable": 1, "problems": 0},
        "2026-03-01T15": {"polls": 1, "new": 0, "unreachable": 0, "problems": 1},
    }


def test_the_past_of_a_site_has_its_days_counts_and_channels(store: Store, db: Database) -> None:
    past = SitePast(db, SITE)
    assert (past.is_known, past.first_day(), past.state(), past.days(DAY), past.channels()) == (False, None, {}, [], [])
    crawl(store, requested=2, new=1, dropped=1, reasons={"no_body": 1}, examples={"no_body": HOME + "x"})
    put(store, an_article("a", published=later(days=-1)))
    store.sites.record_poll(SITE, NOW, success=True, next_poll=later(hours=1))
    [day] = past.days(DAY)
    assert (day["day"], day["requested"], day["reasons"], day["examples"]) == (
        DAY, 2, {"no_body": 1}, {"no_body": HOME + "x"},
    )  # fmt: skip
    assert past.is_known
    assert past.published_daily("2026-02-01", DAY) == {"2026-02-28": 1}
    assert past.first_day() == DAY
    assert past.state()["interval"] == 3600
    assert past.counts(later(days=8)) | {"last_article": None} == {
        "articles": 1, "week": 0, "month": 1, "pending": 0, "last_article": None,
    }  # fmt: skip
    [channel] = past.channels()
    assert (channel["url"], channel["listing_id"] is not None) == (FEED, True)


def test_the_overlap_says_which_channels_named_a_page(store: Store, db: Database) -> None:
    enqueue(store, a_candidate("a"), a_candidate("b"))
    listed = [a_candidate("b", channel="sitemap", channel_url=SITEMAP)]
    store.channels.record_answer(SITE, "sitemap", SITEMAP, listed, NOW, status=200)
    overlap = SitePast(db, SITE).overlap(DAY, DAY)
    assert overlap == {frozenset({FEED}): 1, frozenset({FEED, SITEMAP}): 1}
    assert SitePast(db, SITE).overlap("2026-03-02", "2026-03-03") == {}


def test_the_pages_behind_each_count_of_the_ledger_are_as_many_as_it_says(store: Store, db: Database) -> None:
    put(store, an_article("a"))
    enqueue(store, *(a_candidate(path) for path in ("late", "gone", "waits", "retried", "menu")))
    enqueue(store, a_candidate("old", published=later(days=-3)))
    fail(store, "gone", retry=False, reason="http_404")
    fail(store, "retried", retry=True)
    menu = Page(url=HOME + "menu", site=SITE, status=200, fetched=NOW)
    store.record_outcomes([PageResult(page=menu, outcome="dropped", reason="no_body")], NOW)
    [day] = store.ledger.days(SITE, DAY, DAY)
    pages = PageList(db)
    for count in LEDGER_COUNTS:
        found = pages.find(SITE, DAY, DAY, count=count, limit=100)
        assert len(found) == day[count], count
    assert [row["url"] for row in pages.find(SITE, DAY, DAY, reason="no_body", limit=9)] == [HOME + "menu"]
    assert [row["url"] for row in pages.find(SITE, "2026-02-01", DAY, count="late", limit=9)] == [HOME + "old"]
    first, second = (pages.find(SITE, DAY, DAY, limit=1, offset=offset)[0]["id"] for offset in (0, 1))
    assert first > second


def test_runs_are_those_of_due_and_the_crawls_that_it_did_not_start(store: Store, db: Database) -> None:
    due = store.runs.begin_scheduler_run(NOW)
    crawl(store, scheduler_run=due, requested=2, new=2)
    worse = crawl(store, "other", scheduler_run=due, requested=1, failed=1, reasons={"timeout": 1})
    store.runs.finish_scheduler_run(due, later(hours=1), exit_code=3, message="other: its pages fail")
    alone = crawl(store, hours=5, requested=1, new=1, examples={"x": HOME})
    empty = store.runs.begin_scheduler_run(later(hours=6))
    runs = RunList(db)
    kinds = [(run["kind"], run["id"], run["sites"], run["new"], run["failed"]) for run in runs.latest(limit=9)]
    assert kinds == [("due", empty, 0, 0, 0), ("crawl", alone, 1, 1, 0), ("due", due, 2, 2, 1)]
    assert runs.count() == 3
    assert [run["id"] for run in runs.latest(limit=1, offset=2)] == [due]
    assert next(run["id"] for run in runs.crawls_of(due)) == worse
    assert [run["id"] for run in runs.of_site(SITE, limit=9)] == [alone, 1]
    assert runs.count_of_site(SITE) == 2
    found = runs.due(due)
    assert found is not None
    assert (found["exit_code"], found["message"]) == (3, "other: its pages fail")
    row = runs.crawl(alone)
    assert row is not None
    assert row["examples"] == {"x": HOME}
    assert (runs.crawl(77), runs.due(77)) == (None, None)


def test_a_column_that_another_tool_has_spoilt_counts_as_empty(store: Store, db: Database) -> None:
    number = crawl(store, requested=1, new=1)
    db.execute("UPDATE runs SET reasons = 'x', examples = '[]', quality = ?", ["[" * 9000])
    db.execute("UPDATE run_days SET quality = ?, reasons = 'null'", [json.dumps({"pages": "many", "title": 3})])
    row = RunList(db).crawl(number)
    assert row is not None
    assert (row["reasons"], row["examples"], row["quality"]) == ({}, {}, {})
    [day] = SitePast(db, SITE).days(DAY)
    assert (day["reasons"], day["quality"]) == ({}, {"title": 3})


def test_a_store_of_an_open_database_reads_it(store: Store, db: Database) -> None:
    put(store, an_article("a"))
    assert Store.of(db).sites.summaries()[SITE]["articles"] == 1
