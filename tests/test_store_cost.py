"""What is read does not grow with the history: no time is measured, but the plans of the statements that run, and the
steps of SQLite's virtual machine."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from crawler.crawl.due import due_sites, is_site_due
from crawler.crawl.from_settings import check_clock
from crawler.crawl.next_poll import finish_poll, plan_next_poll
from crawler.health import examine_sites, new_findings
from crawler.profile import SiteProfile
from crawler.store import ArticleFilter, Store
from crawler.store.database import open_database
from crawler.store.future_times import FutureTimes
from tests.made_up import HOME, LONG, NOW, SITE, an_article, fail, later, put, rows

PROFILE = SiteProfile(name=SITE, title="E", url="https://example.org/")
BOUNDS = (timedelta(minutes=5), timedelta(hours=6))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with an article."""
    with Store(tmp_path / "news.db") as store:
        put(store, an_article())
        store.sites.record_poll(SITE, NOW, success=True, next_poll=later(hours=1))
        store._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield store


@contextmanager
def traced(store: Store) -> Iterator[list[str]]:
    """The statements that run inside, with their values."""
    statements: list[str] = []
    store._db.conn.set_trace_callback(statements.append)
    try:
        yield statements
    finally:
        store._db.conn.set_trace_callback(None)


def plans(store: Store, statements: list[str]) -> list[str]:
    """The steps of the plans of these statements: SCAN reads all of a table or index, SEARCH a part of it."""
    with closing(sqlite3.connect(store.path)) as db:
        return [
            step
            for statement in statements
            if statement.lstrip().startswith(("SELECT", "WITH", "UPDATE", "DELETE"))
            for _, _, _, step in db.execute(f"EXPLAIN QUERY PLAN {statement}")
        ]


def scans(store: Store, statements: list[str], *tables: str) -> list[str]:
    """The steps that read all of one of these tables."""
    steps = plans(store, statements)
    assert any(f" {table} " in f"{step} " for step in steps for table in tables), steps  # the test looks at something
    return [step for step in steps for table in tables if f"{step} ".startswith(f"SCAN {table} ")]


def test_whether_a_site_is_due_reads_the_state_of_this_site_alone(store: Store) -> None:
    with traced(store) as statements:
        assert is_site_due(PROFILE, store, BOUNDS[1])  # NOW is long ago
        plan_next_poll(store, PROFILE, NOW, success=False, bounds=BOUNDS)
    assert scans(store, statements, "sites") == []


def test_the_rhythm_of_a_site_is_read_from_its_newest_pages(store: Store) -> None:
    with traced(store) as statements:
        plan_next_poll(store, PROFILE, NOW, success=True, bounds=BOUNDS)
    steps = plans(store, statements)
    assert any("pages_discovered (site=? AND discovered>?)" in step for step in steps), steps


def test_the_history_of_a_site_is_read_from_an_index_without_the_texts(store: Store) -> None:
    with traced(store) as statements:
        store.runs.history(SITE, NOW)
    assert scans(store, statements, "articles", "runs") == []
    of_articles = [step for step in plans(store, statements) if " articles " in step]
    assert all("COVERING INDEX articles_first_seen (site=?" in step for step in of_articles), of_articles


_ARTICLE = ("site", "title", "body", "authors", "tags", "word_count", "last_seen", "provenance")


_LONG = 2_000
"""Rows of a long history."""


def add_history(store: Store, count: int) -> None:
    """Articles, pages, runs and gaps of more than half a year ago: what the rules no longer look at."""
    day = "'2025-' || printf('%02d', 1 + n % 6) || '-' || printf('%02d', 1 + n % 28) || 'T10:00:00Z'"
    numbers = f"WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {count})"
    columns = ", ".join(_ARTICLE)
    with closing(sqlite3.connect(store.path)) as db, db:
        db.executescript(f"""
            {numbers} INSERT INTO articles (url, page_url, fingerprint, first_seen, published, {columns})
                SELECT 'https://example.org/old' || n, 'https://example.org/old' || n, n, {day}, {day}, {columns}
                FROM n, (SELECT * FROM articles LIMIT 1);
            UPDATE articles SET story_id = id;
            DELETE FROM search_pending;
            INSERT INTO pages (site, url, state, discovered, last_listed, candidate, article_id)
                SELECT site, url, 'done', first_seen, first_seen, '{{}}', id FROM articles WHERE id > 1;
            {numbers} INSERT INTO runs (site, started, finished, arguments)
                SELECT '{SITE}', {day}, {day}, '{{}}' FROM n;
            {numbers} INSERT INTO scheduler_runs (started, finished) SELECT {day}, {day} FROM n;
            {numbers} INSERT INTO gaps (site, channel_url, noticed, closed, closed_by)
                SELECT '{SITE}', 'feed', {day}, {day}, 'nothing' FROM n;""")


def steps_of(store: Store, work: Callable[[], object]) -> int:
    """The steps of SQLite's virtual machine that some work takes, in hundreds."""
    hundreds = [0]

    def count() -> int:
        hundreds[0] += 1
        return 0

    store._db.conn.set_progress_handler(count, 100)
    work()
    store._db.conn.set_progress_handler(None, 100)
    return hundreds[0]


def idle_due(store: Store) -> None:
    """What `scrapy due` does with the database when no site is due."""
    check_clock(store, Settings({"NEWS_CLOCK_HOURS": 24}))
    due_sites({SITE: PROFILE}, store, BOUNDS[1])
    new_findings(store, [PROFILE], NOW)


@pytest.mark.parametrize(
    "work",
    [
        idle_due,
        lambda store: examine_sites(store, [PROFILE], NOW),
        lambda store: store.sites.overview(NOW),
        lambda store: store.sites.summaries(),
        lambda store: (store.runs.latest(10), store.runs.latest_scheduler_runs(10)),
        lambda store: finish_poll(store, PROFILE, NOW, success=True, bounds=BOUNDS),
        lambda store: store.runs.finish(store.runs.begin(SITE, {}, NOW), {"new": 1}, "finished", NOW),
        lambda store: store.runs.begin_scheduler_run(NOW),
        lambda store: put(store, an_article("b", f"{LONG} b")),
        lambda store: put(store, an_article("a", f"{LONG} changed"), later(days=1)),
        lambda store: list(store.exports.articles(ArticleFilter(since=NOW - timedelta(days=7)))),
        lambda store: store.channels.open_gaps(SITE),
        lambda store: [*store.pages.pending(SITE), *store.pages.rechecks(SITE, NOW)],
        lambda store: (store.pages.count_due(SITE, NOW), store.pages.count_waiting(SITE, NOW)),
        lambda store: store.outages.record(SITE, "http_403", [HOME + "a"], NOW, run_started=NOW),
        lambda store: store.outages.end(SITE, []),
        lambda store: fail(store, "a", retry=True),
        lambda store: store.pages.is_fetched([HOME + "a", HOME + "b"], NOW),
        lambda store: store.channels.readings(SITE),
        lambda store: store.search.find("كلمة1", ArticleFilter(), 10),
        lambda store: store.articles.detail(1),
    ],
    ids=lambda work: "idle due" if work is idle_due else "",
)
def test_the_work_does_not_grow_with_the_history(store: Store, tmp_path: Path, work: Callable[[Store], object]) -> None:
    steps = []
    for name, count in (("short", 30), ("long", _LONG)):
        shutil.copy(store.path, tmp_path / name)
        with Store(tmp_path / name) as copy:
            add_history(copy, count)
            work(copy)  # whatever is done once
            steps.append(steps_of(copy, partial(work, copy)))
    assert steps[1] - steps[0] < _LONG / 100, "less than one step for each row of the history"


@pytest.mark.parametrize(
    ("article_filter", "index"),
    [
        (ArticleFilter(sites=(SITE,)), "(site=?"),
        (ArticleFilter(sites=(SITE,), with_duplicates=True), "(site=?"),
        (ArticleFilter(since=NOW), "articles_day (<expr>>?"),
        (ArticleFilter(since=NOW, until=later(days=7)), "articles_day (<expr>>? AND <expr><?"),
        (ArticleFilter(sites=(SITE,), only_stories=True), "(site=?"),
    ],
)
def test_an_export_reads_what_it_writes_and_sorts_no_texts(
    store: Store, article_filter: ArticleFilter, index: str
) -> None:
    with traced(store) as statements:
        list(store.exports.articles(article_filter))
    steps = plans(store, statements)
    assert "SEARCH a USING INTEGER PRIMARY KEY (rowid=?)" in steps, steps
    assert any(index in step for step in steps), steps
    assert not any("ORDER BY" in step or step.startswith("SCAN") for step in steps), steps


def test_an_export_by_time_has_the_articles_of_the_whole_range(store: Store) -> None:
    for hour in (0, 11, 12, 13, 24):
        put(store, an_article(f"h{hour}", f"Text of the hour {hour}", published=NOW - timedelta(hours=12 - hour)))
    found = store.exports.articles(ArticleFilter(since=NOW - timedelta(hours=1), until=later(hours=12)))
    assert {row["url"][-3:] for row in found if row["url"][-3] == "h"} == {"h11", "h12", "h13"}


def finish_run(store: Store, hours: float, counts: dict[str, Any], reason: str = "finished") -> None:
    """A run of one minute."""
    run_id = store.runs.begin(SITE, {}, later(hours=hours))
    store.runs.finish(run_id, counts, reason, later(hours=hours, minutes=1))


def test_older_runs_of_a_day_are_one_in_the_history_with_their_sums(store: Store) -> None:
    page = "https://example.org/bad"
    quality = {"pages": 2, "title": 1, "chars": 10, "without": {"title": page}}
    finish_run(store, -75, {"requested": 2, "dropped": 1, "reasons": {"short": 1}, "quality": quality})
    finish_run(store, -74, {"requested": 3, "failed": 1, "reasons": {"short": 2}, "quality": quality})
    finish_run(store, -73, {"reasons": {"timeout": 1}, "examples": {"timeout": page}, "unreachable": 1})
    finish_run(store, -72.5, {}, "shutdown")
    finish_run(store, -26, {"requested": 1})
    finish_run(store, -25, {"requested": 1})
    day, *single = store.runs.history(SITE, NOW).runs
    assert [run["requested"] for run in single] == [1, 1]
    assert {name: day[name] for name in ("requested", "dropped", "failed", "blocked", "unfinished")} == {
        "requested": 5,
        "dropped": 1,
        "failed": 1,
        "blocked": 0,
        "unfinished": 0,
    }
    assert (day["started"], day["finished"]) == (later(hours=-75), later(hours=-74, minutes=1))
    assert (day["reasons"], day["examples"]) == ({"short": 3, "timeout": 1}, {"timeout": page})
    assert day["quality"] == {"pages": 4, "title": 2, "chars": 20, "without": {"title": page}}
    assert (day["finish_reason"], day["unreachable"]) == ("finished", 0)


def test_a_day_on_which_no_channel_answered_is_none_on_which_the_site_was_polled(store: Store) -> None:
    finish_run(store, -74, {"unreachable": 1})
    finish_run(store, -73, {}, "failed")
    [day] = store.runs.history(SITE, NOW).runs
    assert (day["finished"], day["unreachable"]) == (later(hours=-73, minutes=1), 1)


def test_the_history_reads_as_many_rows_for_a_thousand_runs_a_day_as_for_one(store: Store) -> None:
    for minutes in range(50):
        finish_run(store, -80 + minutes / 60, {"requested": 1})
    with traced(store) as statements:
        assert len(store.runs.history(SITE, NOW).runs) == 1
    steps = [step for step in plans(store, statements) if "runs" in step or "run_days" in step]
    assert steps == [
        "SEARCH run_days USING PRIMARY KEY (site=? AND day>? AND day<?)",
        "SEARCH runs USING INDEX runs_site (site=? AND started>?)",
    ]


def test_a_line_just_under_the_threshold_is_judged_only_when_enough_articles_have_been_added(tmp_path: Path) -> None:
    read_at = []
    with Store(tmp_path / "news.db", boilerplate_pages=5) as store:
        for number in range(1, 41):
            words = " ".join(f"word{number}x{n}" for n in range(40))
            line = "\nEvery Friday the old lamplighter tells what he saw." if number % 4 == 0 else ""
            after = "".join(f"\n{n} {words}" for n in range(3))
            with traced(store) as statements:
                put(store, an_article(f"n{number}", f"{words}\n1 {words}{line}{after}"))
            read_at += [number // 4 for statement in statements if "length(a.body)" in statement]
        [boilerplate] = rows(store.path, "SELECT articles FROM boilerplate")
    assert read_at == [5, 8, 9, 10]
    assert boilerplate == {"articles": 10}, "as without the memory"


@pytest.mark.parametrize("text", [f"{LONG} changed", "Another text that shares nothing with the earlier one."])
def test_an_update_of_the_first_article_of_a_story_updates_the_story_once(store: Store, text: str) -> None:
    for number in range(30):
        put(store, an_article(f"copy{number}", LONG, site=f"site{number}"))
    if "changed" not in text:
        for day in (1, 2, 3):  # suspect until it has been seen for days
            put(store, an_article("a", text), later(days=day))
    with traced(store) as statements:
        assert put(store, an_article("a", text), later(days=4)) == "updated"
    updated = [statement for statement in statements if "WHERE story_id = " in statement]
    assert len(updated) <= 2, "the story before, and the one after"
    stories = rows(store.path, "SELECT story_id, count(*) AS articles FROM articles GROUP BY 1 ORDER BY 2")
    assert stories[-1]["articles"] == (31 if "changed" in text else 30)
    assert rows(store.path, "SELECT articles FROM stories") == [{"articles": stories[-1]["articles"]}]


def test_the_days_of_a_clock_that_was_ahead_are_not_those_of_the_right_one(store: Store) -> None:
    finish_run(store, -74, {"requested": 1})
    finish_run(store, 24 * 400, {"requested": 2})
    with closing(open_database(store.path, timeout=30)) as db:
        FutureTimes(db).correct(NOW)
    assert [run["requested"] for run in store.runs.history(SITE, NOW).runs] == [1, 2]
    later_on = store.runs.history(SITE, later(days=403)).runs
    assert later_on == []


def test_whether_a_page_shows_a_notice_is_looked_up_in_indexes(store: Store) -> None:
    put(store, an_article("copy"))
    with traced(store) as statements:
        put(store, an_article("another", title="A third title of the text"))
    assert any("FROM notices" in statement for statement in statements)
    assert scans(store, statements, "articles", "notices", "notice_pages") == []
