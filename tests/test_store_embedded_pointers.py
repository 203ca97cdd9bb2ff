"""The related article that replaces an embedded text, and its position."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Article, RelatedArticle
from crawler.store import Store
from tests.made_up import HOME, an_article, later, put, row, rows
from tests.test_boilerplate_store import BOX, bodies, put_with
from tests.test_embedded_store import OTHER, OWN, THIRD, TITLE


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        put(opened, an_article("tram", "\n".join(OTHER), title=TITLE, published=later(days=-2)))
        yield opened


def pointer(path: str | None, title: str | None, position: int = 0) -> RelatedArticle:
    return RelatedArticle(kind="inline", position=position, title=title, url=path and HOME + path, after=OWN[-1])


def host(*paragraphs: str, related: list[RelatedArticle]) -> Article:
    return an_article("market", "\n".join(paragraphs), related=related, published=later(days=-1))


def related(store: Store) -> list[dict[str, Any]]:
    sql = """SELECT kind, title, url, paragraph_index FROM related_articles
             WHERE article_id = (SELECT id FROM articles WHERE url = ?) ORDER BY position"""
    return rows(store.path, sql, HOME + "market")


@pytest.mark.parametrize(
    ("heading", "title", "shown"),
    [
        ([], "The tram of 1961", "The tram of 1961"),
        ([], None, TITLE),
        ([TITLE.upper()], None, TITLE),
        ([TITLE], "The tram of 1961", "The tram of 1961"),
    ],
)
def test_the_title_is_the_pointers_else_the_other_articles(
    store: Store, heading: list[str], title: str | None, shown: str
) -> None:
    put(store, host(*OWN, *heading, *OTHER, related=[pointer("tram?utm_source=x", title)]))
    [embedded] = related(store)
    assert (embedded["kind"], embedded["title"], embedded["paragraph_index"]) == ("embedded", shown, 4)
    assert embedded["url"].startswith(HOME + "tram")
    assert row(store.path, "SELECT body FROM articles WHERE url = ?", HOME + "market")["body"] == "\n".join(OWN)


def test_an_embedded_text_takes_the_place_of_its_pointer_among_the_others(store: Store) -> None:
    pointers = [pointer("first", "First"), pointer("tram", TITLE, 1), pointer("last", "Last", 2)]
    put(store, host(*OWN, *OTHER, related=pointers))
    assert [(each["kind"], each["title"]) for each in related(store)] == [
        ("inline", "First"),
        ("embedded", TITLE),
        ("inline", "Last"),
    ]


def test_paragraph_indexes_behind_an_embedded_text_move_up(store: Store) -> None:
    before = RelatedArticle(kind="inline", position=0, title="Before", url=HOME + "b", after=OWN[0])
    behind = RelatedArticle(kind="inline", position=1, title="Behind", url=HOME + "c", after=OWN[3])
    put(store, host(*OWN[:2], TITLE, *OTHER, *OWN[2:], related=[before, behind]))
    values = [(each["title"], each["kind"], each["paragraph_index"]) for each in related(store)]
    assert values == [("Before", "inline", 1), (TITLE, "embedded", 2), ("Behind", "inline", 4)]


def test_a_pointer_to_the_page_itself_or_to_nothing_stored_removes_nothing(store: Store) -> None:
    put(store, host(*OWN, *THIRD, related=[pointer("market", "Itself"), pointer("unknown", "Unknown", 1)]))
    assert [each["kind"] for each in related(store)] == ["inline", "inline"]
    assert row(store.path, "SELECT word_count FROM articles WHERE url = ?", HOME + "market")["word_count"] > 70


def test_a_line_that_one_site_repeats_stays_in_the_articles_of_another(tmp_path: Path) -> None:
    with Store(tmp_path / "boxes.db", boilerplate_pages=5) as store:
        for number in range(5):
            put_with(store, number, BOX)
        put_with(store, 9, BOX, site="other")
        assert [BOX in body for body in bodies(store)] == [False] * 5 + [True]
