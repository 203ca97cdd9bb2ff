"""Counters agree with what they count, after whatever has added, deleted or moved rows; old runs stay in their sums."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.items import Page, PageResult
from crawler.store import Store
from crawler.store.articles.write import ArticleWriter
from tests.made_up import HOME, LONG, NOW, SITE, an_article, improve, later, put, row, rows

SITES = (SITE, "other", "renamed")
DAYS_KEPT = 60


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        yield opened


def assert_counters_agree(path: Path) -> None:
    """Compare each counter with a count."""
    articles = rows(
        path, "SELECT site, count(*) AS articles FROM articles WHERE NOT is_notice GROUP BY site ORDER BY site"
    )
    assert rows(path, "SELECT site, articles FROM site_counts ORDER BY site") == articles
    stories = """SELECT story_id AS id, count(*) AS articles FROM articles GROUP BY story_id
                 HAVING count(*) > 1 ORDER BY story_id"""
    assert rows(path, "SELECT id, articles FROM stories ORDER BY id") == rows(path, stories)
    changed = rows(path, "SELECT article_id FROM article_changes ORDER BY 1")
    assert changed == rows(path, "SELECT id AS article_id FROM articles ORDER BY 1")


def words(chance: random.Random) -> str:
    """One of few texts, so that some are copies, with or without a word of its own."""
    topic = chance.randrange(6)
    return " ".join(f"topic{topic}word{n}" for n in range(60)) + chance.choice(("", f" own{chance.random()}"))


def do_something(store: Store, chance: random.Random, step: int) -> None:
    """Something that a crawl, a command or another tool does to articles."""
    now, url, site = later(hours=step), f"n{chance.randrange(12)}", chance.choice(SITES)
    match chance.randrange(9):
        case 0 | 1 | 2 | 3:
            put(store, an_article(f"{site}/{url}", words(chance), site=site), now)
        case 4:
            improve(store, an_article(f"{site}/{url}", words(chance), site=site), now)
        case 5:
            store.sites.rename(site, chance.choice(SITES))
        case 6:
            with store._db.writing():
                store.articles.restore(now - timedelta(hours=9), site=site)
        case 7:
            with closing(sqlite3.connect(store.path)) as db, db:
                db.execute("UPDATE articles SET site = ? WHERE site = ? AND id % 3 = 0", [chance.choice(SITES), site])
        case 8:
            with closing(sqlite3.connect(store.path)) as db, db:
                db.execute("UPDATE articles SET is_notice = NOT is_notice WHERE site = ? AND id % 2 = 0", [site])


@pytest.mark.parametrize("seed", range(4))
def test_counters_agree_after_anything_that_adds_deletes_or_moves_articles(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    for step in range(60):
        do_something(store, chance, step)
    assert_counters_agree(store.path)
    assert len(rows(store.path, "SELECT * FROM site_counts")) > 1
    with closing(sqlite3.connect(store.path)) as db, db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DELETE FROM articles WHERE story_id = id AND id NOT IN (SELECT id FROM stories)")
    with closing(sqlite3.connect(store.path)) as db:
        counted = "SELECT site, count(*) FROM articles WHERE NOT is_notice GROUP BY site ORDER BY site"
        counts = db.execute("SELECT site, articles FROM site_counts ORDER BY site").fetchall()
        assert counts == db.execute(counted).fetchall()


def test_a_transaction_that_is_taken_back_counts_nothing(store: Store) -> None:
    put(store, an_article())
    articles = [an_article("b", "Another text. " * 20), an_article("c", "And another. " * 20, title="\ud800")]
    with pytest.raises(UnicodeEncodeError):
        store.record_outcomes([PageResult(page=Page(url=HOME, site=SITE), article=each) for each in articles], NOW)
    assert rows(store.path, "SELECT site, articles FROM site_counts") == [{"site": SITE, "articles": 1}]
    assert store.sites.summaries()[SITE]["articles"] == 1


def run(store: Store, days: float, site: str = SITE, *, finish: bool = True, **counts: int) -> int:
    """A run of one minute that began some days after NOW; its id."""
    run_id = store.runs.begin(site, {}, later(days=days))
    if finish:
        store.runs.finish(run_id, counts, "finished", later(days=days, minutes=1))
    elif counts:
        store.runs.count_outcomes(run_id, Counter(counts))
    return run_id


def test_old_runs_are_deleted_and_their_days_keep_the_sums(store: Store) -> None:
    scheduler_run = store.runs.begin_scheduler_run(NOW)
    run(store, 0, requested=3, new=2, dropped=1, requests=5, bytes=100, discovered=4)
    run(store, 0.1, finish=False, new=7)  # killed
    run(store, 0.2, requested=2, unchanged=2, requests=3, bytes=50)
    run(store, 0.3, "abandoned", finish=False)  # perhaps it runs still
    for n in range(99):
        run(store, 1 + n / 1000)
    assert len(rows(store.path, "SELECT * FROM runs")) == 103
    for n in range(5):
        run(store, DAYS_KEPT + 0.5 + n / 100)
    left = rows(store.path, "SELECT id, site FROM runs ORDER BY id")
    assert left[0]["site"] == "abandoned"
    assert [run["id"] for run in left[1:]] == list(range(5, 109)), "the others are not as old"
    day = row(store.path, "SELECT * FROM run_days WHERE day = '2026-03-01'")
    sums = {"runs": 3, "requested": 12, "new": 9, "dropped": 1, "unchanged": 2, "requests": 8, "bytes": 150}
    assert {name: day[name] for name in sums} == sums
    assert (day["started"], day["finished"], day["discovered"]) == (
        "2026-03-01T12:00:00Z",
        "2026-03-01T16:49:00Z",
        4,
    )
    assert scheduler_run == 1
    assert store.runs.latest(1)[0]["id"] == 108


def test_scheduler_runs_are_deleted_with_their_runs(store: Store) -> None:
    first = store.runs.begin_scheduler_run(NOW)
    store.runs.begin("abandoned", {}, NOW, scheduler_run_id=first)
    for n in range(105):
        store.runs.begin_scheduler_run(later(days=1 + n / 1000))
    for n in range(3):
        store.runs.begin_scheduler_run(later(days=DAYS_KEPT + 2 + n))
    left = [run["id"] for run in rows(store.path, "SELECT id FROM scheduler_runs ORDER BY id")]
    assert left == [first, *range(8, 110)]


def test_a_site_whose_runs_are_deleted_was_crawled_all_the_same(store: Store) -> None:
    run(store, 0, "retired")
    run(store, 1, "retired")
    for n in range(101):
        run(store, DAYS_KEPT + 2 + n / 1000)
    assert rows(store.path, "SELECT * FROM runs WHERE site = 'retired'") == []
    for summary in (store.sites.summaries(), store.sites.overview(later(days=70))):
        assert summary["retired"]["last_crawl"] == "2026-03-02T12:00:00Z"
        assert summary["retired"]["articles"] == 0


def test_a_run_during_which_the_clock_was_set_ahead_is_not_deleted(store: Store) -> None:
    run_id = store.runs.begin(SITE, {}, NOW)
    store.runs.finish(run_id, {"new": 1, "requested": 1}, "finished", later(days=400))
    assert row(store.path, "SELECT id, new FROM runs") == {"id": run_id, "new": 1}


def test_renamed_sites_have_the_articles_of_both(store: Store) -> None:
    put(store, an_article("a"))
    put(store, an_article("b", f"{LONG} b", site="renamed"))
    store.sites.rename(SITE, "renamed")
    assert rows(store.path, "SELECT site, articles FROM site_counts") == [{"site": "renamed", "articles": 2}]


def test_a_frequent_line_of_a_site_that_has_only_notices_is_judged(store: Store) -> None:
    line = "The harbour office answers all questions of readers on Friday mornings."
    for number in range(8):
        text = f"{' '.join(f'w{number}x{n}' for n in range(40))}\n{line}"
        put(store, an_article(f"n{number}", text, site="other" if number % 2 else SITE))
    with store._db.writing():
        store._db.execute("UPDATE articles SET is_notice = 1 WHERE site = ?", [SITE])
        store._db.execute("DELETE FROM boilerplate")
        store._db.execute("DELETE FROM line_checks")
        ArticleWriter(store._db, NOW, boilerplate_pages=5)._boilerplate.learn(1, SITE, [line])
    [check] = rows(store.path, "SELECT site, articles FROM line_checks")
    assert check["site"] == SITE
