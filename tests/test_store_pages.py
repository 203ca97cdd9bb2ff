"""Pages: which are known, which are due, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Candidate, Page, PageResult
from crawler.schedule.revisit import RevisitPolicy
from crawler.store import Store
from tests.made_up import (
    FEED,
    HOME,
    NOW,
    SITE,
    a_candidate,
    an_article,
    enqueue,
    fail,
    later,
    pending,
    put,
    row,
    rows,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db", policy=RevisitPolicy(max_attempts=3, young=timedelta())) as opened:
        yield opened


def page(store: Store, path: str) -> dict[str, Any]:
    return row(store.path, "SELECT * FROM pages WHERE url = ?", HOME + path)


def test_a_page_that_a_channel_lists_is_due_until_it_is_done(store: Store) -> None:
    enqueue(store, a_candidate("a"), a_candidate("b"))
    assert pending(store) == ["a", "b"]
    put(store, an_article("a"))
    assert pending(store) == ["b"]


def test_pages_are_due_newest_first_and_undated_ones_last_in_the_order_they_were_listed(store: Store) -> None:
    enqueue(
        store,
        a_candidate("undated 2"),
        a_candidate("old", published=later(days=-9)),
        a_candidate("undated 1"),
        a_candidate("new", published=later(hours=1)),
        a_candidate("changed", modified=NOW),
        a_candidate("ancient", published=datetime(1, 1, 1, tzinfo=UTC)),
    )
    assert pending(store) == ["new", "changed", "old", "ancient", "undated%202", "undated%201"]


def test_a_pending_page_has_what_its_channel_listed_with_it(store: Store) -> None:
    candidate = Candidate(
        url=HOME + "قصة",
        channel="wordpress",
        channel_url=FEED,
        title="عنوان \u200c «مقتبس»",
        published=datetime(2026, 2, 28, 9, 30, 15, tzinfo=UTC),
        published_raw="2026-02-28 11:30:15",
        modified=datetime(1, 1, 1, tzinfo=UTC),
        authors=["سلمى", "Omar"],
        categories=["محليات"],
        language="ar",
    )
    enqueue(store, candidate, a_candidate("plain"))
    first, second = store.pages.pending(SITE)
    assert first.candidate == candidate
    assert first.url == HOME + "%D9%82%D8%B5%D8%A9"
    assert second.candidate == a_candidate("plain")


def test_one_page_is_one_page_however_a_channel_writes_its_url(store: Store) -> None:
    result = enqueue(store, a_candidate("قصة"), a_candidate("%D9%82%D8%B5%D8%A9?utm_source=feed#top"))
    assert (result.new, result.pending) == (1, 1)
    assert len(pending(store)) == 1


def test_the_result_says_what_is_new_what_is_pending_and_what_is_done(store: Store) -> None:
    put(store, an_article("done"))
    fail(store, "done", retry=False)
    enqueue(store, a_candidate("due"), a_candidate("gone"))
    fail(store, "gone", retry=False)
    result = enqueue(store, a_candidate("done"), a_candidate("due"), a_candidate("gone"), a_candidate("new"))
    assert (result.new, result.pending, result.done) == (1, 1, {HOME + "done", HOME + "gone"})
    assert pending(store) == ["due", "new"]


def test_with_again_finished_pages_are_due_once_more(store: Store) -> None:
    enqueue(store, a_candidate("gone"))
    for _ in range(3):
        fail(store, "gone", retry=True)
    put(store, an_article("done"))
    assert pending(store) == []
    result = enqueue(store, a_candidate("done"), a_candidate("gone"), a_candidate("new"), again=True)
    assert (result.new, result.pending, result.done) == (1, 2, frozenset())
    assert sorted(pending(store)) == ["done", "gone", "new"]
    fail(store, "gone", retry=True)
    assert "gone" in pending(store), "its attempts begin anew"


def test_a_transient_failure_leaves_a_page_due_until_its_attempts_are_used_up(store: Store) -> None:
    enqueue(store, a_candidate("a"))
    for attempt in (1, 2):
        fail(store, "a", retry=True)
        assert pending(store) == ["a"]
        assert page(store, "a")["attempts"] == attempt
    fail(store, "a", retry=True)
    assert pending(store) == []
    assert page(store, "a")["state"] == "given_up"


def test_a_permanent_failure_gives_a_page_up_at_once(store: Store) -> None:
    enqueue(store, a_candidate("a"))
    fail(store, "a", retry=False, reason="http_404")
    assert pending(store) == []
    assert (page(store, "a")["state"], page(store, "a")["reason"]) == ("given_up", "http_404")


def test_a_page_that_comes_after_failures_is_done(store: Store) -> None:
    enqueue(store, a_candidate("a"))
    fail(store, "a", retry=True)
    put(store, an_article("a"))
    stored = page(store, "a")
    assert (stored["state"], stored["outcome"], stored["reason"], stored["attempts"]) == ("done", "new", None, 2)
    assert stored["article_id"] is not None


def test_an_article_stays_with_its_page_when_a_later_request_fails(store: Store) -> None:
    put(store, an_article("a"))
    enqueue(store, a_candidate("a"), again=True)
    fail(store, "a", retry=False, reason="http_410")
    assert page(store, "a")["article_id"] == row(store.path, "SELECT id FROM articles")["id"]


def test_a_dropped_page_is_done_with_its_reason(store: Store) -> None:
    enqueue(store, a_candidate("a"))
    ended = Page(url=HOME + "a", site=SITE, final_url=HOME + "b?x=1", status=200, fetched=NOW)
    store.record_outcomes([PageResult(page=ended, outcome="dropped", reason="list_page")], NOW)
    stored = page(store, "a")
    assert (stored["state"], stored["outcome"], stored["reason"]) == ("done", "dropped", "list_page")
    assert (stored["final_url"], stored["status"], stored["fetched"]) == (HOME + "b?x=1", 200, "2026-03-01T12:00:00Z")
    assert stored["article_id"] is None


def test_a_page_has_the_time_it_was_first_and_last_listed(store: Store) -> None:
    enqueue(store, a_candidate("a"))
    enqueue(store, a_candidate("a"), now=later(days=1))
    assert page(store, "a")["discovered"] == "2026-03-01T12:00:00Z"
    assert page(store, "a")["last_listed"] == "2026-03-02T12:00:00Z"


def test_a_page_stays_due_when_its_channel_has_dropped_it(store: Store) -> None:
    enqueue(store, a_candidate("a"))
    enqueue(store, a_candidate("b"), now=later(days=1))
    assert sorted(pending(store)) == ["a", "b"]


def test_two_sites_may_list_one_page_and_each_requests_it(store: Store) -> None:
    enqueue(store, a_candidate("a"))
    store.channels.record_answer("other", "feed", FEED, [a_candidate("a")], NOW, status=200)
    put(store, an_article("a"))
    assert pending(store) == []
    assert [due.url for due in store.pages.pending("other")] == [HOME + "a"]


def test_a_page_that_another_crawl_finished_meanwhile_is_not_pending(store: Store) -> None:
    enqueue(store, a_candidate("a"), a_candidate("b"), a_candidate("c"))
    due = store.pages.pending(SITE)
    assert next(due).url == HOME + "a"
    with Store(store.path) as other:
        put(other, an_article("b"))
    assert [left.url for left in due] == [HOME + "c"]


def test_the_last_answer_of_a_channel_is_saved_with_its_problem(store: Store) -> None:
    enqueue(store, a_candidate("a"), a_candidate("b"))
    store.channels.record_answer(SITE, "feed", FEED, [], later(hours=1), status=503, problem="http_503")
    channel = row(store.path, "SELECT site, url, kind, checked, status, problem, candidates, new FROM channels")
    assert channel == {
        "site": SITE,
        "url": FEED,
        "kind": "feed",
        "checked": "2026-03-01T13:00:00Z",
        "status": 503,
        "problem": "http_503",
        "candidates": 0,
        "new": 0,
    }
    enqueue(store, a_candidate("b"), a_candidate("c"), now=later(hours=2))
    channel = row(store.path, "SELECT candidates, new, problem FROM channels")
    assert channel == {"candidates": 2, "new": 1, "problem": None}


def test_an_invalid_url_costs_the_channel_nothing_it_has_committed(store: Store) -> None:
    enqueue(store, a_candidate("a"))
    with pytest.raises(ValueError, match="is not an http or https URL"):
        enqueue(store, a_candidate("b"), Candidate(url="mailto:x", channel="feed", channel_url=FEED))
    assert pending(store) == ["a"]
    assert rows(store.path, "SELECT url FROM pages") == [{"url": HOME + "a"}]


def test_a_sitemap_of_thousands_lets_other_crawls_write_in_between_and_is_counted_as_one(store: Store) -> None:
    statements: list[str] = []
    store._db.conn.set_trace_callback(statements.append)
    candidates = [a_candidate(f"{n:04}") for n in range(2500)]
    result = enqueue(store, *candidates)
    store._db.conn.set_trace_callback(None)
    longest = count = 0
    for statement in statements:
        count = 0 if statement.startswith("BEGIN") else count + ("INTO pages" in statement)
        longest = max(longest, count)
    assert 0 < longest <= 1000
    assert (result.new, result.pending, len(result.ids), len(set(result.ids))) == (2500, 0, 2500, 2500)
    again = enqueue(store, *candidates)
    assert (again.new, again.pending, again.ids) == (0, 2500, result.ids)
    channel = row(store.path, "SELECT candidates, new, newest FROM channels")
    assert channel == {"candidates": 2500, "new": 0, "newest": str(list(result.ids[:3]))}


def test_the_pages_of_an_outage_are_due_when_it_ends_however_close_the_runs_are(store: Store) -> None:
    """Times are stored in seconds, and a short run fits into one."""
    paths = [f"{n}" for n in range(4)]
    enqueue(store, *map(a_candidate, paths))
    for path in paths:
        fail(store, path, retry=True)
    store.outages.record(SITE, "timeout", [HOME + path for path in paths], NOW, run_started=NOW)
    assert list(store.pages.pending(SITE, NOW)) == []
    store.outages.end(SITE, [HOME + "2"])
    assert {page.url for page in store.pages.pending(SITE, NOW)} == {HOME + path for path in ("0", "1", "3")}
