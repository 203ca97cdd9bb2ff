"""Which pages are archived, and which record an article has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.items import Page, RecordLocation
from crawler.store import Store
from tests.made_up import LONG, ArchivingStore, an_article, later, put, rows


class Shelf:
    """Keeps nothing but count."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.is_full = False

    def append(self, page: Page) -> RecordLocation | None:
        if self.is_full:
            return None
        self.kept.append(page.url)
        return RecordLocation(file="a.warc.gz", offset=100 * len(self.kept), length=100, digest="sha1:X")


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def store(tmp_path: Path, shelf: Shelf) -> Iterator[Store]:
    with ArchivingStore(tmp_path / "news.db") as store:
        store.sink = shelf
        yield store


def locations(store: Store) -> list[tuple[int, int, int]]:
    records = rows(store.path, "SELECT article_id, offset, current FROM archive ORDER BY id")
    return [(row["article_id"], row["offset"], row["current"]) for row in records]


def test_an_unchanged_page_is_not_archived_again(store: Store, shelf: Shelf) -> None:
    assert [put(store, an_article()), put(store, an_article(), later(hours=1))] == ["new", "unchanged"]
    assert len(shelf.kept) == 1
    assert locations(store) == [(1, 100, 1)]


def test_a_changed_page_is_archived_again_and_its_record_is_the_current_one(store: Store) -> None:
    put(store, an_article())
    assert put(store, an_article(text=LONG + " changed")) == "updated"
    assert locations(store) == [(1, 100, 0), (1, 200, 1)]


def test_an_unchanged_page_that_was_not_archived_before_is_archived(store: Store, shelf: Shelf) -> None:
    shelf.is_full = True
    put(store, an_article())
    shelf.is_full = False
    assert put(store, an_article()) == "unchanged"
    assert locations(store) == [(1, 100, 1)]


def test_a_page_that_could_not_be_archived_leaves_no_earlier_record_as_the_current_one(
    store: Store, shelf: Shelf
) -> None:
    put(store, an_article())
    shelf.is_full = True
    put(store, an_article(text=LONG + " changed"))
    assert locations(store) == [(1, 100, 0)]


def test_a_copy_with_its_own_page_is_archived_and_another_url_is_not(store: Store, shelf: Shelf) -> None:
    put(store, an_article("a"))
    assert put(store, an_article("copy")) == "duplicate"
    assert put(store, an_article("a", at="other-address")) == "duplicate"
    assert locations(store) == [(1, 100, 1), (2, 200, 1)]


def test_the_end_of_a_file_is_that_of_its_last_record(store: Store) -> None:
    assert store.archive.committed_end("a.warc.gz") is None
    put(store, an_article("a"))
    put(store, an_article("b", text=LONG + " other"))
    assert store.archive.committed_end("a.warc.gz") == 300
    assert store.archive.committed_end("b.warc.gz") is None


def test_a_removed_file_has_no_locations_and_its_articles_stay(store: Store) -> None:
    put(store, an_article())
    store.archive.remove_file("a.warc.gz")
    assert locations(store) == []
    assert len(rows(store.path, "SELECT id FROM articles")) == 1


def test_archived_articles_are_read_in_the_order_of_their_records_by_site_and_time(store: Store) -> None:
    for path, site, hours in (("a", "one", 0), ("b", "two", 1), ("c", "one", 2)):
        article = an_article(path, text=LONG + f" {path}", site=site)
        assert article.page is not None
        article.page.site, article.page.fetched = site, later(hours=hours)
        put(store, article)
    by_name = {archived.url[-1]: archived for archived in store.archive.articles()}
    assert list(by_name) == ["a", "b", "c"]
    first = by_name["a"]
    assert (first.article_id, first.site, first.page_url) == (1, "one", first.url)
    assert first.location == RecordLocation(file="a.warc.gz", offset=100, length=100, digest="sha1:X")
    assert [archived.url[-1] for archived in store.archive.articles("one")] == ["a", "c"]
    assert [archived.url[-1] for archived in store.archive.articles(since=later(hours=1))] == ["b", "c"]
    assert list(store.archive.articles("two", later(hours=2))) == []


def test_a_record_that_is_no_longer_current_while_they_are_read_is_left_out(store: Store) -> None:
    for path in "abc":
        put(store, an_article(path, text=LONG + f" {path}"))
    reading = store.archive.articles()
    assert next(reading).url.endswith("a")
    put(store, an_article("b", text=LONG + " b changed"))
    assert [archived.url[-1] for archived in reading] == ["c"]
