"""The views: what they count, and that the questions people ask of them are answered by indexes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bench.generated import fill
from bench.views import QUESTIONS, answered_by
from crawler.store import Store
from crawler.store.schema.views import INDEXES, VIEW_DESCRIPTIONS, VIEWS
from tests.made_up import HOME, NOW, an_article, later, put, row, rows
from tests.test_store_articles import OTHER, pointing


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Store(tmp_path / "news.db") as store:
        put(store, pointing("a", "b", "x", published=NOW, language="ar", authors=["سلمى"]))
        put(store, an_article("b", "text of b", language="en", category="World"), later(days=1))
        put(store, an_article("c", f"a {OTHER}", published=later(hours=2), language="ar", site="other"), later(days=1))
        put(store, an_article("b", "text of b, corrected", language="en", category="World"), later(days=2))
    return tmp_path / "news.db"


def test_articles_say_what_is_known_of_them(path: Path) -> None:
    records = rows(path, "SELECT id, day, is_copy, story_id, revisions, related FROM v_articles ORDER BY id")
    assert [tuple(r.values()) for r in records] == [
        (1, "2026-03-01", 0, 1, 0, 2),
        (2, "2026-03-02", 0, 2, 1, 0),
        (3, "2026-03-01", 1, 1, 0, 0),
    ]


def test_stories_count_their_articles_and_sites(path: Path) -> None:
    record = row(path, "SELECT * FROM v_stories WHERE story_id = 1")
    assert record == {
        "story_id": 1,
        "title": "Title of a",
        "articles": 2,
        "sites": 2,
        "first_published": "2026-03-01T12:00:00Z",
        "last_published": "2026-03-01T14:00:00Z",
        "first_site": "example",
        "publisher": "example",
        "language": "ar",
        "first_url": HOME + "a",
    }


def test_daily_counts_add_up_to_the_articles(path: Path) -> None:
    records = rows(path, "SELECT day, site, language, articles, copies FROM v_daily_counts ORDER BY day, site")
    assert [tuple(r.values()) for r in records] == [
        ("2026-03-01", "example", "ar", 1, 0),
        ("2026-03-01", "other", "ar", 1, 1),
        ("2026-03-02", "example", "en", 1, 0),
    ]


def test_notices_are_no_articles(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE articles SET is_notice = 1 WHERE id = 2")
    assert [r["id"] for r in rows(path, "SELECT id FROM v_articles ORDER BY id")] == [1, 3]
    assert [r["story_id"] for r in rows(path, "SELECT story_id FROM v_stories")] == [1]
    assert [r["day"] for r in rows(path, "SELECT DISTINCT day FROM v_daily_counts")] == ["2026-03-01"]


def test_related_has_both_titles(path: Path) -> None:
    records = rows(path, "SELECT article_title, title, target_id, target_title FROM v_related ORDER BY position")
    assert [tuple(r.values()) for r in records] == [
        ("Title of a", "To b", 2, "Title of b"),
        ("Title of a", "To x", None, None),
    ]


def test_every_view_is_explained(path: Path) -> None:
    assert VIEW_DESCRIPTIONS.keys() == VIEWS.keys()
    for name, (_, meanings) in VIEW_DESCRIPTIONS.items():
        columns = {r["name"] for r in rows(path, "SELECT name FROM pragma_table_info(?)", name)}
        assert meanings.keys() <= columns


# -- indexes ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("many") / "news.db"
    fill(path, 10_000, words=8)
    with closing(sqlite3.connect(path)) as db:
        yield db


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_answered_by_its_index(many: sqlite3.Connection, question: str) -> None:
    assert answered_by(many, question) == (QUESTIONS[question], [])


def test_every_index_of_the_views_answers_a_question() -> None:
    assert INDEXES.keys() <= set(QUESTIONS.values())


def test_no_table_holds_blobs(many: sqlite3.Connection) -> None:
    tables = [name for (name,) in many.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    declared = {
        (table, name)
        for table in tables
        if not table.startswith("articles_fts")
        for _, name, kind, *_ in many.execute(f"PRAGMA table_info({table})")
        if kind.upper() == "BLOB"
    }
    assert ("articles", "body") not in declared
    assert not [column for column in declared if column[0] in ("articles", "related_articles", "revisions", "pages")]
