"""The schema: one ordered list of migrations, which brings every file to the same schema."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from crawler.store import Store, StoreError
from crawler.store.schema import migrations
from crawler.store.schema.migrations import MIGRATIONS, Migration
from tests.made_up import an_article, put, row, rows


@pytest.fixture
def appended(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Appends migrations to the list for the length of a test."""

    def append(*more: Migration) -> None:
        monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, *more))

    return append


def schema(path: Path) -> list[dict[str, Any]]:
    """All that a file declares, with its version."""
    records = rows(
        path, "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 2"
    )
    return [*records, *rows(path, "PRAGMA user_version")]


def opened(path: Path) -> list[dict[str, Any]]:
    Store(path).close()
    return schema(path)


def m_next(db: Database) -> None:
    """A migration of a later version, one that touches tables of every module of the schema."""
    db.execute("CREATE INDEX pages_recheck ON pages (recheck_at)")
    db.execute("ALTER TABLE articles ADD COLUMN colour TEXT")
    db.execute("CREATE INDEX articles_colour ON articles (colour)")
    db.execute("ALTER TABLE exports ADD COLUMN colour TEXT")
    db.execute("DROP VIEW v_related")
    db.execute("CREATE VIEW v_related AS SELECT * FROM related_articles")


def m_after_next(db: Database) -> None:
    """One that needs what the one before it made."""
    db.execute("UPDATE articles SET colour = 'red'")
    db.execute("ALTER TABLE articles RENAME COLUMN colour TO shade")


def test_migrations_are_numbered_in_their_order() -> None:
    numbers = [migration.__name__.split("_")[0] for migration in MIGRATIONS]
    assert numbers == [f"m{number:03}" for number in range(1, len(MIGRATIONS) + 1)]


def test_every_prefix_of_the_list_opens_and_upgrades_to_the_same_schema(
    tmp_path: Path, appended: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    appended(m_next, m_after_next)
    complete = migrations.MIGRATIONS
    fresh = opened(tmp_path / "fresh.db")
    for count in range(1, len(complete) + 1):
        path = tmp_path / f"{count}.db"
        monkeypatch.setattr(migrations, "MIGRATIONS", complete[:count])
        earlier = opened(path)
        assert earlier[-1] == {"user_version": count}
        monkeypatch.setattr(migrations, "MIGRATIONS", complete)
        assert opened(path) == fresh, f"after the first {count}"


def test_a_migration_that_is_appended_works_on_a_file_with_articles(tmp_path: Path, appended: Any) -> None:
    path = tmp_path / "news.db"
    with Store(path) as store:
        put(store, an_article())
    appended(m_next, m_after_next)
    with Store(path) as store:
        assert row(path, "SELECT title, shade FROM articles") == {"title": "Title of a", "shade": "red"}
        put(store, an_article("b", "Another text."))


def test_opening_again_migrates_nothing(tmp_path: Path, appended: Any) -> None:
    calls: list[Database] = []
    appended(calls.append)
    path = tmp_path / "news.db"
    first = opened(path)
    assert opened(path) == first
    assert len(calls) == 1


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path, appended: Any) -> None:
    path = tmp_path / "news.db"
    before = opened(path)

    def fails(db: Database) -> None:
        db.execute("CREATE TABLE colours (name TEXT)")
        db.execute("CREATE TABLE articles (url TEXT)")

    appended(m_next, fails)
    with pytest.raises(StoreError, match="articles already exists"):
        Store(path)
    assert schema(path) == before


def test_the_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    Store(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = schema(path)
    with pytest.raises(StoreError, match=r"news\.db was written by a newer version \(.*\); update this project$"):
        Store(path)
    assert schema(path) == before


def test_the_database_of_a_development_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, name TEXT)")
        db.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, url TEXT, title TEXT)")
    before = schema(path)
    with pytest.raises(
        StoreError, match=r"news\.db was written by a development version before the first release.* -s NEWS_DB=FILE"
    ) as refused:
        Store(path)
    assert str(refused.value).count("\n") == 0
    assert schema(path) == before
