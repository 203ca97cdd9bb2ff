"""A short form of the month whose channels lie, break and overlap (bench.year.month)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bench.year.channels import BREAKS, break_of
from bench.year.checks import Checks
from bench.year.month import Month, estimate_problems, health_problems, live, table


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("month")


@pytest.fixture(scope="module")
def month(folder: Path) -> Month:
    return live(folder, seed=1, sites=3, days=20, articles=3, rounds=1)


def test_every_announced_article_is_accounted_for_and_the_silent_are_found(month: Month) -> None:
    assert month.problems == [], "\n".join(table(month.rows))
    assert {"patchy", "sectioned", "lying", "broken", "stale"} <= month.result.met.keys()
    assert [row.announced for row in month.rows] == [row.ledger for row in month.rows]
    assert all(row.truth > 0 and row.is_held for row in month.rows)
    site = month.result.served.sites["site_00"]
    polls = [month.result.served.now.replace(day=day) for day in range(2, 21)]
    kinds = {break_of(site, path, now) for now in polls for path in ("/feed.xml", "/sitemap.xml", "/news/")}
    assert kinds >= BREAKS.keys() - {"stalled"}, "channels have failed in many ways"


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        (
            "DELETE FROM listings WHERE page_id IN (SELECT id FROM pages WHERE url LIKE '%/900002.html')",
            "which is dead",
        ),
        ("DELETE FROM listings WHERE page_id IN (SELECT id FROM pages WHERE site = 'site_00')", "is in it 0 times"),
        ("UPDATE pages SET url = 'https://elsewhere.example/news/1.html' WHERE id = 5", "is of another site"),
        ("DELETE FROM findings WHERE rule = 'stale'", "site_02 is stale and not found"),
        ("UPDATE findings SET last_notified = '2028-01-01T00:00:00Z'", "was reported as silent more than once"),
        ("UPDATE findings SET site = 'site_01' WHERE rule = 'silent'", "site_01 counts as silent"),
    ],
)
def test_the_checks_see_what_is_wrong(month: Month, folder: Path, tmp_path: Path, sql: str, problem: str) -> None:
    changed = tmp_path / "changed.db"
    with closing(sqlite3.connect(folder / "news.db")) as db, closing(sqlite3.connect(changed)) as copy:
        db.backup(copy)
        with copy:
            copy.execute(sql)
    served = month.result.served
    found = [*Checks(changed, served).final(0), *health_problems(served, changed)]
    assert any(problem in each for each in found), found


def test_more_than_one_miss_in_twelve_is_a_problem(month: Month) -> None:
    row = month.rows[0]
    missed = type(row)(row.site, row.published, row.announced, row.ledger, row.stored, 10_000, row.unnamed)
    assert list(estimate_problems([missed, *[row] * 11])) == []
    assert list(estimate_problems([missed, missed, *[row] * 10])) != []
