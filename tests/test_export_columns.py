"""The columns of the exports."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.export import ARTICLE_COLUMNS, FURTHER_COLUMNS, RELATED_COLUMNS, ColumnError, parse_columns
from crawler.store import ArticleFilter, Store
from tests.made_up import HOME, put
from tests.test_store_articles import pointing


def test_the_usual_columns_in_their_released_order() -> None:
    assert parse_columns(None) == [
        "id",
        "url",
        "site",
        "title",
        "subtitle",
        "body",
        "authors",
        "source",
        "category",
        "tags",
        "language",
        "published",
        "published_raw",
        "published_from",
        "published_precision",
        "published_zone",
        "modified",
        "image_url",
        "word_count",
        "paywalled",
        "first_seen",
        "last_seen",
        "duplicate_of",
        "story_id",
        "confidence",
        "body_markdown",
    ]


def test_columns_are_chosen_by_name_in_any_order() -> None:
    assert parse_columns("title, url ,provenance,") == ["title", "url", "provenance"]


@pytest.mark.parametrize("names", ["headline", "title,headline", "Title", "title;url"])
def test_an_unknown_column_is_reported_with_the_known_ones(names: str) -> None:
    with pytest.raises(ColumnError) as caught:
        parse_columns(names)
    wrong = names.split(",")[-1]
    assert str(caught.value).startswith(f"--columns: unknown column {wrong!r}; the columns are id, url, site")
    assert "provenance" in str(caught.value)


@pytest.mark.parametrize("names", ["", " ", ",", " , "])
def test_an_empty_list_of_columns_is_reported(names: str) -> None:
    with pytest.raises(ColumnError, match="--columns is empty"):
        parse_columns(names)


def test_every_column_is_one_that_the_store_gives_and_none_is_left_out(tmp_path: Path) -> None:
    with Store(tmp_path / "news.db") as store:
        put(store, pointing("a", "b"))
        [article] = store.exports.articles(ArticleFilter())
        [related] = store.exports.related_articles(ArticleFilter())
    assert set(article) - {"copied_url"} == ARTICLE_COLUMNS.keys() | FURTHER_COLUMNS.keys()
    assert set(related) - {"article_id"} == RELATED_COLUMNS.keys()
    assert related["article_url"] == HOME + "a"


def test_every_column_is_explained() -> None:
    for columns in (ARTICLE_COLUMNS, FURTHER_COLUMNS, RELATED_COLUMNS):
        assert all(column.description for column in columns.values())
    assert not ARTICLE_COLUMNS.keys() & FURTHER_COLUMNS.keys()
