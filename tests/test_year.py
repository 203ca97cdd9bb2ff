"""A simulated month of bad days (bench/year): nothing is missed, harmed or stored twice. The checks see it if it is."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.year.checks import Checks
from bench.year.faults import LASTING_FAULTS, MACHINE_FAULTS, SITE_FAULTS, Faults
from bench.year.server import Request, Served
from bench.year.simulate import Result, Year, simulate
from bench.year.world import make_sites

MONTH = Year(
    seed=1,
    sites=5,
    days=30,
    articles=1,
    rounds=1,
    quiet_days=12,
    kinds={*SITE_FAULTS, *LASTING_FAULTS, *MACHINE_FAULTS},
)
"""All kinds of faults."""


@dataclass(frozen=True)
class Month:
    """A simulated month, with its database."""

    result: Result
    served: Served
    database: Path

    def problems_after(self, sql: str) -> set[str]:
        """Kinds of problems that the checks find once the database is changed."""
        with closing(sqlite3.connect(self.database)) as db:
            copy = self.database.with_name("changed.db")
            copy.unlink(missing_ok=True)
            with closing(sqlite3.connect(copy)) as changed:
                db.backup(changed)
                with changed:
                    changed.execute(sql)
        return {
            problem.split(":")[0] for problem in Checks(copy, self.served).final(len(self.served.faults.of_machine))
        }


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    folder = tmp_path_factory.mktemp("month")
    result = simulate(MONTH, folder)
    return Month(result, result.served, folder / "news.db")


def test_a_month_of_bad_days_misses_and_harms_nothing(month: Month) -> None:
    assert month.result.problems == []
    assert month.result.announced >= 0.95 * month.result.published, "few are removed before a poll"
    assert len(month.result.met) >= 8, "most kinds of faults have concerned the crawl"


NOTICE = """INSERT INTO revisions SELECT 9999, id, last_seen, 'update', '{"body": "Sign in"}' FROM articles LIMIT 1"""
OTHER_ADDRESS = """
    UPDATE articles SET url = (
        SELECT replace(replace(url, '/news/', '/2027/01/story-'), '.html', '/') FROM articles AS other
        WHERE site = articles.site AND id < articles.id AND duplicate_of IS NULL AND url LIKE '%.html'
    ) WHERE id = (SELECT max(id) FROM articles WHERE duplicate_of IS NULL AND url LIKE '%.html')"""


@pytest.mark.parametrize(
    ("kind", "sql"),
    [
        ("missed", "DELETE FROM articles WHERE id < 30"),
        ("harmed", "UPDATE articles SET body = body || ' more' WHERE id = 3"),
        ("harmed", "UPDATE articles SET title = 'Sign in' WHERE id = 3"),
        ("harmed", NOTICE),
        ("twice", OTHER_ADDRESS),
        ("date", "UPDATE articles SET published = '2027-03-01T00:00:00Z' WHERE id = 30"),
        ("gone", "UPDATE articles SET gone = last_seen WHERE id < 30"),
        ("copy", "UPDATE articles SET story_id = id"),
        ("ledger", "DELETE FROM listings WHERE page_id < 30"),
        ("runs", "UPDATE runs SET finish_reason = NULL WHERE id = 5"),
        ("runs", "UPDATE scheduler_runs SET finished = NULL"),
        ("runs", "UPDATE scheduler_runs SET exit_code = NULL WHERE id = 5"),
    ],
)
def test_the_checks_see_what_is_wrong(month: Month, kind: str, sql: str) -> None:
    assert month.problems_after("SELECT 1") == set()
    assert kind in month.problems_after(sql)


def test_a_seed_determines_the_year() -> None:
    one, other = (make_sites(random.Random(7), sites=2, days=3, articles=2.5) for _ in range(2))
    assert one == other
    assert one != make_sites(random.Random(8), sites=2, days=3, articles=2.5)


def test_the_server_keeps_what_it_announced() -> None:
    sites = make_sites(random.Random(7), sites=1, days=3, articles=2)
    served = Served(sites, Faults([], {}))
    served.origins = {"site_00": "http://127.0.0.1:1"}
    served.now = sites[0].stories[2].published
    answer = served.answer(sites[0], Request("/feed.xml"))
    assert answer is not None
    assert answer.status == 200
    assert sorted(number for _, number in served.announced) == [1, 2, 3]
    etag = answer.headers["ETag"]
    served.now = sites[0].stories[5].published
    again = served.answer(sites[0], Request("/feed.xml", etag=etag))
    assert again is not None
    assert again.status == 200
    assert sorted(number for _, number in served.announced) == [1, 2, 3, 4, 5, 6]
