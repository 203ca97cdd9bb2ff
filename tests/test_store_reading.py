"""What is read from a store: filters, canned queries, links between articles, and what becomes of a wrong URL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Page, PageResult, RelatedArticle
from crawler.similarity.identity import with_paragraph_index
from crawler.similarity.parsed import parsed_text
from crawler.store import ArticleFilter, Store
from crawler.store.articles.related import with_shifted_index
from crawler.store.database import Database
from crawler.store.read.browse import CANNED_QUERIES, Browse
from crawler.store.times import from_text, parse_day, to_text
from tests.made_up import HOME, NOW, SITE, a_candidate, an_article, later, put, row, rows
from tests.test_embedded_store import OTHER, OWN, THIRD


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        yield opened


def pointing(path: str, *urls: str, text: str = "", **fields: Any) -> Any:
    related = [
        RelatedArticle(kind="inline", position=position, title=f"To {url}", url=HOME + url)
        for position, url in enumerate(urls)
    ]
    return an_article(path, text or f"text of {path}", related=related, **fields)


def query(store: Store, name: str, *columns: str) -> list[tuple[Any, ...]]:
    records = rows(store.path, CANNED_QUERIES[name].sql)
    return [tuple(each[column] for column in columns) for each in records]


def test_times_are_written_so_that_they_sort_and_are_read_back() -> None:
    moments = [datetime(1, 1, 1, tzinfo=UTC), NOW, datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)]
    texts = [to_text(moment) for moment in moments]
    assert texts == sorted(texts) == ["0001-01-01T00:00:00Z", "2026-03-01T12:00:00Z", "9999-12-31T23:59:59Z"]
    assert [from_text(text) for text in texts] == moments
    assert (to_text(None), from_text(None)) == (None, None)


def test_a_day_is_two_moments_and_anything_else_has_nothing_between() -> None:
    assert parse_day("2026-03-01") == (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))
    assert parse_day("2026-03-01T12:00") == parse_day("2026-03-01")
    for text in ("", "yesterday", "2026-02-30", "9999-12-31"):
        begin, end = parse_day(text)
        assert begin == end


def test_a_category_is_chosen_in_any_spelling(store: Store) -> None:
    for path, category in (("a", "إقتصاد"), ("b", "اقتصاد "), ("c", "رياضة"), ("d", None)):
        put(store, an_article(path, f"text of {path}", category=category))

    def chosen(*categories: str) -> list[str]:
        return [each["url"][-1] for each in store.exports.articles(ArticleFilter(categories=categories))]

    assert chosen("اقتصاد") == ["a", "b"]
    assert chosen("رياضة", "إقتصاد") == ["a", "b", "c"]
    assert chosen("Sport") == []
    assert chosen() == ["a", "b", "c", "d"]


def test_a_filter_as_text_says_what_is_chosen_and_no_more() -> None:
    assert ArticleFilter().as_text() == "{}"
    text = ArticleFilter(sites=("a",), since=NOW, categories=("رياضة",), only_stories=True).as_text()
    assert text == '{"categories": ["رياضة"], "only_stories": true, "since": "2026-03-01T12:00:00Z", "sites": ["a"]}'


def test_the_reason_for_which_an_article_is_not_chosen(store: Store) -> None:
    put(store, an_article("a", "\n".join(OWN)))
    put(store, an_article("b", "\n".join(OWN), site="x"))
    reasons = [store.exports.removal_reason(HOME + path) for path in ("a", "b", "never")]
    assert reasons == ["filtered", "copy", "deleted"]


def test_stories_are_listed_by_the_number_of_their_sites_and_copiers_by_that_of_their_copies(store: Store) -> None:
    for path, text, site, hours in (
        ("a", OWN, "one", 0), ("a2", OWN, "one", 1), ("a3", OWN, "one", 3),
        ("b", OTHER, "two", 0), ("b2", OTHER, "one", 2), ("b3", OTHER, "three", 6), ("single", THIRD, "two", 0),
    ):  # fmt: skip
        put(store, an_article(path, "\n".join(text), site=site, published=later(hours=hours)))
    assert query(store, "most_published_stories", "title", "articles", "sites", "first_site") == [
        ("Title of b", 3, 3, "two"),
        ("Title of a", 3, 1, "one"),
    ]
    assert query(store, "who_copies_whom", "site", "first_site", "copies", "mean_lag_hours")[0] == (
        "one",
        "one",
        2,
        2.0,
    )
    assert sorted(query(store, "who_copies_whom", "site", "first_site", "copies", "mean_lag_hours"))[1:] == [
        ("one", "two", 1, 2.0),
        ("three", "two", 1, 6.0),
    ]


def test_of_more_than_200_stories_those_on_most_sites_are_listed(store: Store) -> None:
    put(store, an_article("0", "text"))
    with closing(sqlite3.connect(store.path)) as db, db:
        own = ("id", "url", "site", "story_id")
        others = ", ".join(name for _, name, *_ in db.execute("PRAGMA table_info(articles)") if name not in own)
        for story in range(2, 204):
            for member in (story, 1000 + story):
                site = "second" if story == 203 and member > 1000 else "first"
                db.execute(
                    f"""INSERT INTO articles (id, url, site, story_id, {others})
                        SELECT ?, ?, ?, ?, {others} FROM articles LIMIT 1""",
                    [member, f"{HOME}{member}", site, story],
                )
    result = query(store, "most_published_stories", "story_id", "sites")
    assert (result[0], len(result)) == ((203, 2), 200)


def test_the_articles_with_most_changes_come_first(store: Store) -> None:
    for path, changes in (("a", 1), ("b", 2), ("c", 0)):
        for change in range(changes + 1):
            put(store, an_article(path, f"text of {path} number {change} " * 9), later(hours=change))
    assert query(store, "most_changed", "title", "revisions", "last_change") == [
        ("Title of b", 2, "2026-03-01T14:00:00Z"),
        ("Title of a", 1, "2026-03-01T13:00:00Z"),
    ]


def test_linked_articles_that_are_not_stored_and_why_pages_gave_none(store: Store) -> None:
    put(store, pointing("a", "x", "y", "b"))
    put(store, pointing("b", "y"))
    assert query(store, "linked_but_not_stored", "url", "title", "links") == [
        (HOME + "y", "To y", 2),
        (HOME + "x", "To x", 1),
    ]
    for path, outcome, reason in (("d", "dropped", "short"), ("e", "dropped", "short"), ("f", "failed", "timeout")):
        store.channels.record_answer(SITE, "feed", HOME, [], NOW, status=200)
        store.pages.add_fetched(SITE, a_candidate(path), NOW)
        page = Page(url=HOME + path, site=SITE, fetched=NOW)
        store.record_outcomes([PageResult(page=page, outcome=outcome, reason=reason)], NOW)  # type: ignore[arg-type]
    assert query(store, "drops_and_failures", "site", "outcome", "reason", "pages") == [
        (SITE, "dropped", "short", 2),
        (SITE, "failed", "timeout", 1),
    ]


def test_the_newest_articles_link_to_an_article_once_each(store: Store) -> None:
    put(store, an_article("target", "text of the target"))
    for number in range(22):
        put(store, pointing(f"p{number}", "target", "target?utm_source=x"))
    put(store, pointing("elsewhere", "unknown"))
    with closing(sqlite3.connect(store.path)) as db:
        browse = Browse(Database(db, store.path))
        result = browse.linking_articles(1)
        assert [each["title"] for each in result] == [f"Title of p{number}" for number in range(21, 1, -1)]
        assert browse.linking_articles(2) == []


def test_a_link_leads_to_the_article_whichever_was_stored_first(store: Store) -> None:
    put(store, pointing("early", "b", "early", "at"))
    put(store, an_article("b", "text of b"))
    put(store, an_article("c", "text of c", at="at"))
    put(store, pointing("late", "b"))
    links = rows(store.path, "SELECT article_id, url, target_id FROM related_articles ORDER BY article_id, position")
    assert [(link["article_id"], link["target_id"]) for link in links] == [(1, 2), (1, None), (1, 3), (4, 2)]


def test_a_paragraph_index_is_that_behind_the_text_it_names_and_moves_with_what_is_kept() -> None:
    def at(index: int | None, after: str | None = None) -> RelatedArticle:
        return RelatedArticle(kind="inline", position=0, title="T", url=None, after=after, paragraph_index=index)

    def indexes(related: list[RelatedArticle]) -> list[int | None]:
        return [each.paragraph_index for each in related]

    text = parsed_text("One.\nTwo!\ntwo")
    assert indexes(with_paragraph_index(text, [at(None, "TWO"), at(None, "none"), at(7)])) == [
        2,
        None,
        7,
    ]
    related = [at(0), at(1), at(2), at(3), at(None)]
    assert indexes(with_shifted_index(related, [True, False, True])) == [0, 1, 1, 2, None]


def test_a_reset_without_a_condition_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="URL, a site or"):
        store.pages.reset()


def test_an_article_that_is_not_stored_has_no_detail(store: Store) -> None:
    assert store.articles.find(HOME + "a") is None
    assert store.articles.find("no url") is None
    assert store.articles.detail(7) is None
    put(store, an_article("a", at="b"))
    assert store.articles.find(HOME + "a") == store.articles.find(HOME + "b?utm_source=x") == 1
    assert row(store.path, "SELECT url FROM articles")["url"] == HOME + "a"
