"""URLs that are known to lead to a stored article, and what becomes of their pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from crawler.items import Page, PageResult
from crawler.store import Store
from tests.made_up import HOME, NOW, SITE, a_candidate, an_article, enqueue, later, pending, put, row


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        yield opened


def rechecks(store: Store, now: datetime) -> list[str]:
    """Paths of the pages that are due for a recheck by then."""
    return [page.url.removeprefix(HOME) for page in store.pages.rechecks(SITE, now)]


def test_a_url_that_led_to_a_stored_article_is_not_requested_again_as_a_new_one(store: Store) -> None:
    article = an_article("a", at="short")
    assert article.page is not None
    article.page.redirects, article.page.final_url = [HOME + "hop"], HOME + "a/?utm_source=feed"
    put(store, replace(article, url=HOME + "a/"))
    result = enqueue(store, a_candidate("hop"), a_candidate("a/"), a_candidate("b"), now=later(hours=1))
    assert (result.new, result.pending, result.done) == (1, 0, frozenset({HOME + "hop", HOME + "a/"}))
    assert pending(store) == ["b"]
    assert set(rechecks(store, later(days=300))) <= {"short"}, "its own page tells of its changes"


def test_an_alias_that_a_channel_dates_later_is_rechecked(store: Store) -> None:
    article = an_article("a", at="short")
    assert article.page is not None
    article.page.final_url = HOME + "a"
    put(store, article)
    enqueue(store, a_candidate("a"), now=later(hours=1))
    assert rechecks(store, later(hours=3)) == []
    enqueue(store, a_candidate("a", modified=later(hours=2)), now=later(hours=3))
    assert rechecks(store, later(hours=3)) == ["a"]


def test_a_url_that_is_only_a_canonical_link_is_requested_once_with_the_rechecks(store: Store) -> None:
    put(store, an_article("a", at="b"))
    assert enqueue(store, a_candidate("a"), now=later(hours=1)).new == 0
    assert pending(store) == []
    assert rechecks(store, later(hours=24)) == []
    assert rechecks(store, later(hours=26)) == ["a"]
    other = an_article("a", "Another text altogether.")
    assert other.page is not None
    result = PageResult(page=other.page, article=other)
    store.record_outcomes([result], later(hours=26))
    assert result.outcome == "new", "the claim was wrong, and nothing is lost by it"
    assert rechecks(store, later(hours=26)) == []


def test_a_url_whose_canonical_link_turned_out_wrong_is_due_again(store: Store) -> None:
    put(store, an_article("a", at="b"))
    enqueue(store, a_candidate("a"), now=later(hours=1))
    put(store, an_article("a", "Another text altogether.", at="c"), later(hours=2))
    assert pending(store) == ["a"]


def test_an_article_that_has_gone_is_requested_at_its_other_urls(store: Store) -> None:
    article = an_article("a", at="short")
    assert article.page is not None
    article.page.final_url = HOME + "a"
    put(store, article)
    page = Page(url=HOME + "short", site=SITE, status=404, fetched=later(days=1))
    store.record_outcomes([PageResult(page=page, outcome="failed", reason="http_404")], later(days=1))
    enqueue(store, a_candidate("a"), now=later(days=2))
    assert pending(store) == ["a"]


def test_an_amp_page_and_its_canonical_one_are_requested_once(store: Store) -> None:
    put(store, an_article("a", at="a/amp"))
    enqueue(store, a_candidate("a"), now=later(hours=1))
    assert pending(store) == []
    assert set(rechecks(store, later(days=300))) <= {"a/amp"}


def test_a_pending_page_is_finished_when_another_one_led_to_it(store: Store) -> None:
    enqueue(store, a_candidate("short"), a_candidate("a"))
    article = an_article("a", at="short")
    assert article.page is not None
    article.page.final_url = HOME + "a"
    store.record_outcomes([PageResult(page=article.page, article=article)], NOW)
    assert pending(store) == []
    record = row(store.path, "SELECT state, outcome, article_id FROM pages WHERE url = ?", HOME + "a")
    assert record == {"state": "done", "outcome": None, "article_id": 1}
