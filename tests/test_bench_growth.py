"""The databases of bench.growth are as crawls would leave them."""

from __future__ import annotations

from pathlib import Path

from bench.growth import database
from bench.growth.measure import first_article, result
from crawler import clock
from crawler.health import examine_sites
from crawler.profiles import read_profiles
from crawler.store import ArticleFilter, Store
from tests.made_up import row, rows
from tests.test_store_counters import assert_counters_agree

ARTICLES, SITES = 300, 3


def test_a_database_in_bulk_is_sound_and_takes_what_a_crawl_writes(tmp_path: Path) -> None:
    path, now = tmp_path / "news.db", clock.now()
    database.fill(path, ARTICLES, SITES, now)
    database.write_profiles(tmp_path / "sites", SITES)
    profiles, problems = read_profiles(tmp_path / "sites")
    assert (len(profiles), problems) == (SITES, {})
    with Store(path) as store:
        store.record_outcomes([result(n, now) for n in range(5)], now)
        store.record_outcomes([first_article(store, now)], now)
        assert examine_sites(store, profiles.values(), now) == []
        assert store.search.count("report", ArticleFilter(with_duplicates=True)) == {None: ARTICLES}
        assert {site: each["articles"] for site, each in store.sites.summaries().items()} == {
            "site_00000": 105,
            "site_00001": 100,
            "site_00002": 100,
        }
    assert_counters_agree(path)
    assert row(path, "PRAGMA integrity_check") == {"integrity_check": "ok"}
    assert rows(path, "PRAGMA foreign_key_check") == []
    assert row(path, "SELECT sum(runs) AS n FROM run_days") == row(path, "SELECT count(*) AS n FROM runs")
    assert rows(path, "SELECT count(*) AS n FROM revisions") == [{"n": 1}]
