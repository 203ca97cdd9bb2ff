"""What is read does not grow with the history: no time is measured, but the plans of the statements that run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.crawl.due import is_site_due
from crawler.crawl.next_poll import plan_next_poll
from crawler.profile import SiteProfile
from crawler.store import ArticleFilter, Store
from crawler.store.database import open_database
from crawler.store.future_times import FutureTimes
from tests.made_up import LONG, NOW, SITE, an_article, later, put, rows

PROFILE = SiteProfile(name=SITE, title="E", url="https://example.org/")
BOUNDS = (timedelta(minutes=5), timedelta(hours=6))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with an article."""
    with Store(tmp_path / "news.db") as store:
        put(store, an_article())
        store.sites.record_poll(SITE, NOW, success=True, next_poll=later(hours=1))
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


@pytest.mark.parametrize("read", ["overview", "summaries"])
def test_the_summary_of_all_sites_reads_no_rows_of_articles_and_few_entries_of_runs(store: Store, read: str) -> None:
    with traced(store) as statements:
        store.sites.overview(NOW) if read == "overview" else store.sites.summaries()
    for step in plans(store, statements):
        if step.startswith(("SCAN articles", "SEARCH a ", "SEARCH articles", "SCAN runs", "SEARCH r ", "SEARCH runs")):
            assert "COVERING INDEX" in step, step
        assert "SCAN r" not in step or "runs_site" in step, step


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
        put(store, an_article("a", text), later(days=1))  # suspect until it is seen again
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
