"""What the store does with a new extraction of an archived page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from crawler.items import Article, Page, RecordLocation, RelatedArticle
from crawler.store import ArchivedArticle, Store
from crawler.store.articles.articles import FieldChanges
from tests import test_boilerplate_store as boilerplate_store
from tests import test_embedded_store as embedded_store
from tests.made_up import LONG, NOW, ArchivingStore, an_article, later, put, row, rows

BETTER = LONG.replace("كلمة0 ", "")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ArchivingStore]:
    """A store that archives pages."""

    class Shelf:
        locations: ClassVar[list[RecordLocation]] = []

        def append(self, page: Page) -> RecordLocation:
            offset = 100 * len(self.locations)
            self.locations.append(RecordLocation(file="a.warc.gz", offset=offset, length=100, digest="sha1:X"))
            return self.locations[-1]

    with ArchivingStore(tmp_path / "news.db", boilerplate_pages=5) as store:
        store.sink = Shelf()
        yield store


def reextract(store: Store, article: Article, *, apply: bool = True) -> FieldChanges | None:
    [archived] = [archived for archived in store.archive.articles() if archived.url == article.url]
    save = store.articles.update_extraction if apply else store.articles.compare_extraction
    [changes] = save([(archived, article)], later(days=9))
    return changes


def test_the_earlier_text_is_a_revision_of_kind_extraction(store: Store) -> None:
    put(store, an_article())
    assert reextract(store, an_article(text=BETTER)) == {"body": (LONG, BETTER)}
    revision = row(store.path, "SELECT * FROM revisions")
    assert (revision["kind"], json.loads(revision["previous"])) == ("extraction", {"body": LONG})


def test_an_article_that_is_extracted_again_was_not_seen_again(store: Store) -> None:
    put(store, an_article())
    reextract(store, an_article(text=BETTER))
    seen = row(store.path, "SELECT first_seen, last_seen FROM articles")
    assert seen == {"first_seen": "2026-03-01T12:00:00Z", "last_seen": "2026-03-01T12:00:00Z"}


def test_without_apply_nothing_is_written(store: Store) -> None:
    put(store, an_article())
    related = [RelatedArticle(kind="block", position=0, title="T", url="https://example.org/t")]
    changes = reextract(store, an_article(text=BETTER, tags=["new"], related=related), apply=False)
    assert changes is not None
    assert set(changes) == {"body", "tags", "related"}
    assert row(store.path, "SELECT body, tags FROM articles") == {"body": LONG, "tags": "[]"}
    assert rows(store.path, "SELECT * FROM revisions") == []
    assert rows(store.path, "SELECT * FROM related_articles") == []


def test_a_field_that_makes_no_revision_is_corrected_too(store: Store) -> None:
    put(store, an_article())
    assert reextract(store, an_article(tags=["new"])) == {"tags": ("[]", '["new"]')}
    assert row(store.path, "SELECT tags FROM articles")["tags"] == '["new"]'


def test_an_extractor_that_finds_the_same_is_saved(store: Store) -> None:
    put(store, an_article(extractor="rasid 0.0.9"))
    [archived] = store.archive.articles()
    again = an_article(extractor="rasid 0.1.0")
    assert store.articles.compare_extraction([(archived, again)], later(days=1)) == [{}]
    assert row(store.path, "SELECT extractor FROM articles")["extractor"] == "rasid 0.0.9"
    assert store.articles.update_extraction([(archived, again)], later(days=1)) == [{}]
    assert row(store.path, "SELECT extractor FROM articles")["extractor"] == "rasid 0.1.0"
    assert rows(store.path, "SELECT * FROM revisions") == []


def test_a_text_that_a_crawl_replaced_meanwhile_is_left_alone(store: Store) -> None:
    put(store, an_article())
    [archived] = store.archive.articles()
    put(store, an_article(text=LONG + " changed"), later(hours=1))
    assert store.articles.update_extraction([(archived, an_article(text=BETTER))], NOW) == [None]
    assert row(store.path, "SELECT body FROM articles")["body"] == LONG + " changed"


def test_an_article_of_which_only_an_earlier_version_is_archived_is_not_extracted_again(store: ArchivingStore) -> None:
    put(store, an_article())
    store.sink = None
    put(store, an_article(text=LONG + " changed"))
    assert list(store.archive.articles()) == []


def test_archived_articles_come_in_the_order_of_the_disk(store: Store) -> None:
    for name in "cab":
        put(store, an_article(name, text=f"{LONG} {name}"))
    archived: list[ArchivedArticle] = list(store.archive.articles())
    assert [one.location.offset for one in archived] == [0, 100, 200]
    assert [one.url[-1] for one in archived] == ["c", "a", "b"]
    assert list(store.archive.articles(site="other")) == []
    assert list(store.archive.articles(since=later(days=1))) == []


def test_a_copy_that_is_no_longer_a_copy_is_not_marked(store: Store) -> None:
    put(store, an_article("a"))
    put(store, an_article("b"))
    reextract(store, an_article("a", text=" ".join(f"لفظ{n}" for n in range(60))))
    assert [r["duplicate_of"] for r in rows(store.path, "SELECT duplicate_of FROM articles")] == [None, None]


def test_another_articles_text_that_the_store_removed_stays_removed(store: Store) -> None:
    put(store, embedded_store.other())
    pages = ([*embedded_store.OWN, embedded_store.TITLE, *embedded_store.OTHER], [embedded_store.pointer()])
    put(store, embedded_store.host_article(*pages[0], related=pages[1]))
    assert embedded_store.body(store) == embedded_store.OWN
    assert reextract(store, embedded_store.host_article(*pages[0], related=pages[1])) == {}
    assert embedded_store.body(store) == embedded_store.OWN


def test_lines_of_the_site_that_the_store_removed_stay_out(store: Store) -> None:
    for number in range(6):
        boilerplate_store.put_with(store, number, boilerplate_store.BOX)
    before = boilerplate_store.bodies(store)
    assert not any(boilerplate_store.BOX in body for body in before)
    for number in (0, 5):
        paragraphs = [*boilerplate_store.text(number), boilerplate_store.BOX]
        assert reextract(store, an_article(f"a{number}", "\n".join(paragraphs))) == {}
    assert boilerplate_store.bodies(store) == before


def test_the_search_finds_the_better_text(store: Store) -> None:
    put(store, an_article())
    reextract(store, an_article(text=BETTER + " lighthouse"))
    assert row(store.path, "SELECT count(*) AS n FROM search_pending")["n"] == 0
    record = row(store.path, "SELECT count(*) AS n FROM articles_fts WHERE articles_fts MATCH 'lighthouse'")
    assert record["n"] == 1
