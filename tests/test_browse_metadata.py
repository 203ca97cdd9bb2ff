"""Datasette's metadata: it agrees with the schema, and its queries run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from bench.generated import fill
from crawler.browse.metadata import METADATA_FILE, as_yaml, metadata
from crawler.store.read.browse import CANNED_QUERIES, FILTER
from crawler.store.schema.descriptions import TABLE_DESCRIPTIONS, column_descriptions, fresh_schema
from crawler.store.schema.views import VIEWS


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("db") / "news.db"
    fill(path, 2_000, words=8)
    with closing(sqlite3.connect(path)) as opened:
        opened.create_function("fts_query", 1, lambda words: f'"{words}"')
        yield opened


def test_the_file_beside_the_code_is_up_to_date() -> None:
    assert METADATA_FILE.read_text("utf-8") == as_yaml(metadata()), "run `make docs`"


def test_the_file_is_yaml_that_says_the_same() -> None:
    yaml = pytest.importorskip("yaml", reason="needs PyYAML")
    assert yaml.safe_load(METADATA_FILE.read_text("utf-8")) == metadata()


@pytest.mark.parametrize("name", ["100000", "on", "no", "news-2026", "أخبار", 'a"b: c', "1e3"])
def test_a_database_of_any_name_is_described(name: str) -> None:
    yaml = pytest.importorskip("yaml", reason="needs PyYAML")
    assert list(yaml.safe_load(as_yaml(metadata(name)))["databases"]) == [name]


def test_every_table_of_the_schema_is_explained_and_no_other() -> None:
    with closing(fresh_schema()) as db:
        tables = {name for name in db.table_names() if not name.startswith(("sqlite_", "_", "articles_fts_"))}
    assert tables == TABLE_DESCRIPTIONS.keys()


def test_every_column_that_is_explained_or_a_facet_exists(db: sqlite3.Connection) -> None:
    tables = metadata()["databases"]["news"]["tables"]
    assert tables.keys() == TABLE_DESCRIPTIONS.keys() | VIEWS.keys()
    for name, table in tables.items():
        columns = {column for _, column, *_ in db.execute(f"PRAGMA table_info({name})")}
        assert set(table.get("columns", {})) <= columns, name
        assert set(table.get("facets", [])) <= columns, name
        assert {table.get("sort_desc", "")} - {""} <= columns


def test_the_comments_of_the_schema_are_read() -> None:
    with closing(fresh_schema()) as db:
        meanings = column_descriptions(db)
    assert meanings["articles"]["language"] == "ISO 639-1"
    assert meanings["pages"]["status"] == "HTTP status of the last answer"


@pytest.mark.parametrize("name", CANNED_QUERIES)
def test_a_canned_query_runs(db: sqlite3.Connection, name: str) -> None:
    result = db.execute(CANNED_QUERIES[name].sql, {"q": "x"} if ":q" in CANNED_QUERIES[name].sql else {})
    assert len(result.fetchall()) <= 200
    assert all(column[0] for column in result.description)


def test_most_published_stories_are_those_of_most_sites(db: sqlite3.Connection) -> None:
    rows = db.execute(CANNED_QUERIES["most_published_stories"].sql).fetchall()
    assert rows
    assert [row[3] for row in rows] == sorted((row[3] for row in rows), reverse=True)


def test_the_filter_of_the_tables_is_a_condition(db: sqlite3.Connection) -> None:
    assert db.execute(f"SELECT count(*) FROM v_articles WHERE {FILTER.format(key='id')}", {"q": "x"}).fetchone() == (0,)
