"""What is read does not grow with the history: no time is measured, but the plans of the statements that run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.crawl.due import is_site_due
from crawler.crawl.next_poll import plan_next_poll
from crawler.profile import SiteProfile
from crawler.store import Store
from tests.made_up import NOW, SITE, an_article, later, put

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
