"""The record of each crawl."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.crawl.stats import CrawlStats
from crawler.items import OUTCOMES, Page, PageResult
from crawler.store import Store
from tests.made_up import NOW, SITE, Collected, an_article, later, put, row


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        yield opened


def test_a_run_is_open_from_its_beginning_to_its_end(store: Store) -> None:
    run = store.runs.begin(SITE, {"since": "2026-01-01", "channel": "feed"}, NOW)
    begun = row(store.path, "SELECT * FROM runs")
    assert (begun["id"], begun["site"], begun["started"]) == (run, SITE, "2026-03-01T12:00:00Z")
    assert (begun["finished"], begun["finish_reason"], begun["requested"]) == (None, None, 0)
    assert json.loads(begun["arguments"]) == {"since": "2026-01-01", "channel": "feed"}
    store.runs.finish(run, {"requested": 3, "new": 2, "failed": 1}, "finished", later(minutes=5))
    closed = row(store.path, "SELECT * FROM runs")
    assert (closed["finished"], closed["finish_reason"]) == ("2026-03-01T12:05:00Z", "finished")
    assert (closed["requested"], closed["new"], closed["failed"], closed["dropped"]) == (3, 2, 1, 0)


def test_every_count_of_a_run_has_its_column(store: Store) -> None:
    stats = CrawlStats(Collected())
    for url in ("a", "b", "c"):
        stats.request(url)
    stats.record_outcome(PageResult(page=Page(url="a", site=SITE), outcome="new"), "store")
    stats.record_outcome(
        PageResult(page=Page(url="b", site=SITE), outcome="dropped", reason="body_too_short"), "validate"
    )
    stats.skip("too_old", 4)
    run = store.runs.begin(SITE, {}, NOW)
    store.runs.finish(run, stats.columns(), "shutdown", NOW)
    closed = row(store.path, "SELECT * FROM runs")
    assert json.loads(closed["reasons"]) == {"body_too_short": 1}
    assert json.loads(closed["skipped"]) == {"too_old": 4}
    ended = sum(closed[name] for name in (*OUTCOMES, "unfinished"))
    assert ended == closed["requested"] == 3


def test_runs_are_numbered_one_by_one(store: Store) -> None:
    first, second = store.runs.begin(SITE, {}, NOW), store.runs.begin("other", {}, NOW)
    assert second == first + 1
    store.runs.finish(second, {"new": 1}, "finished", NOW)
    assert row(store.path, "SELECT new, finish_reason FROM runs WHERE id = ?", first) == {
        "new": 0,
        "finish_reason": None,
    }


def test_a_site_is_summed_up_by_its_articles_and_its_last_crawl(store: Store) -> None:
    store.runs.begin(SITE, {}, NOW)
    store.runs.begin(SITE, {}, later(days=2))
    store.runs.begin("empty", {}, later(days=1))
    put(store, an_article("a"))
    put(store, an_article("b"))
    put(store, an_article("c", site="never crawled"))
    sums = store.sites.summaries()
    assert {site: (sums[site]["articles"], sums[site]["last_crawl"]) for site in sums} == {
        SITE: (2, "2026-03-03T12:00:00Z"),
        "empty": (0, "2026-03-02T12:00:00Z"),
        "never crawled": (1, None),
    }


def test_a_new_store_has_no_sites(store: Store) -> None:
    assert store.sites.summaries() == {}


def test_a_run_that_is_killed_has_the_outcomes_of_its_pages(store: Store) -> None:
    run, other = store.runs.begin(SITE, {}, NOW), store.runs.begin("other", {}, NOW)
    first, copy = an_article("a"), an_article("b")
    ends = [PageResult(page=made.page, article=made) for made in (first, copy) if made.page]
    ends.append(PageResult(page=Page(url="c", site=SITE), outcome="failed", reason="http_404"))
    store.record_outcomes(ends, NOW, run_id=run)
    store.record_outcomes(
        [PageResult(page=Page(url="d", site=SITE), outcome="failed", reason="timeout")], NOW, run_id=run
    )
    store.record_outcomes([], NOW, run_id=run)
    killed = row(store.path, "SELECT requested, new, duplicate, failed, updated, finished FROM runs WHERE id = ?", run)
    assert killed == {"requested": 4, "new": 1, "duplicate": 1, "failed": 2, "updated": 0, "finished": None}
    assert row(store.path, "SELECT requested FROM runs WHERE id = ?", other) == {"requested": 0}


def test_the_record_at_the_end_of_a_run_counts_nothing_twice(store: Store) -> None:
    run, stats = store.runs.begin(SITE, {}, NOW), CrawlStats(Collected())
    end = PageResult(page=Page(url="a", site=SITE), outcome="dropped", reason="no_body")
    stats.request("a")
    store.record_outcomes([end], NOW, run_id=run)
    stats.record_outcome(end, "validate")
    store.runs.finish(run, stats.columns(), "finished", NOW)
    assert row(store.path, "SELECT requested, dropped FROM runs") == {"requested": 1, "dropped": 1}
