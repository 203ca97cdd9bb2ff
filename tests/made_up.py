"""Articles, pages and stores of our own making, for the tests that need one and care for a field or two of it."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.items import Article, Candidate, Outcome, Page, PageResult
from crawler.store import RecordSink, Store
from crawler.store.articles.write import ArticleWriter
from crawler.store.database import open_database
from crawler.text import fingerprint

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SITE = "example"
HOME = "https://example.org/"
FEED = HOME + "feed"
LONG = " ".join(f"كلمة{n}" for n in range(60))
SHORT = "الفيديو قيد التحميل"


def later(**delta: float) -> datetime:
    """A moment after NOW."""
    return NOW + timedelta(**delta)


def an_article(path: str = "a", text: str = LONG, *, at: str | None = None, **fields: Any) -> Article:
    """An article as it comes out of dedupe. `path`: its own URL; `at`: its page's, if that is another one."""
    page = Page(url=HOME + (at or path), site=SITE, final_url=HOME + (at or path), status=200, fetched=NOW)
    made = Article(url=HOME + path, site=SITE, title=f"Title of {path}", paragraphs=text.split("\n"), page=page)
    for name, value in fields.items():
        setattr(made, name, value)
    made.fingerprint = fingerprint(made.body)
    return made


def a_candidate(path: str = "a", **fields: Any) -> Candidate:
    """What a feed says of a page."""
    return replace(Candidate(url=HOME + path, channel="feed", channel_url=FEED), **fields)


def enqueue(store: Store, *candidates: Candidate, now: datetime = NOW, again: bool = False) -> Any:
    """Let a feed list pages."""
    return store.channels.record_answer(SITE, "feed", FEED, list(candidates), now, status=200, again=again)


class Collected(Counter[str]):
    """What is used of Scrapy's stats, without a crawler."""

    def inc_value(self, key: str, count: int = 1, start: int = 0) -> None:
        """Add to the value of a key."""
        self[key] += count


class ArchivingStore(Store):
    """A store that hands each batch an archive, as the crawl does."""

    sink: RecordSink | None = None

    def record_outcomes(
        self,
        results: Sequence[PageResult],
        now: datetime,
        *,
        run_id: int | None = None,
        archive: RecordSink | None = None,
    ) -> None:
        """Record with the archive `sink`."""
        super().record_outcomes(results, now, run_id=run_id, archive=archive or self.sink)


def put(store: Store, article: Article, now: datetime = NOW) -> Outcome:
    """Enqueue the page of an article and record its outcome; the outcome."""
    page = article.page
    assert page is not None
    enqueue(store, Candidate(url=page.url, channel="feed", channel_url=FEED), now=now)
    result = PageResult(page=page, article=article)
    store.record_outcomes([result], now)
    assert result.outcome is not None
    return result.outcome


def replace_text(store: Store, article: Article, now: datetime) -> Outcome:
    """Let the page of an article show a text of its own that shares nothing with the stored one, daily for three days
    up to `now`, until it is accepted. The outcome."""
    outcome = put(store, article, now - timedelta(days=3))
    assert outcome == "blocked"
    for days in (2, 1, 0):
        if outcome == "blocked":
            outcome = put(store, article, now - timedelta(days=days))
    return outcome


def improve(store: Store, article: Article, now: datetime) -> bool | None:
    """Give a stored article a better extraction of its page, as `scrapy reextract` does; whether it changed."""
    with closing(open_database(store.path, timeout=30)) as db, db.writing():
        return ArticleWriter(db, now).update_extraction(article)


def fail(store: Store, path: str, *, retry: bool, reason: str = "timeout") -> None:
    """Let a page's request fail."""
    page = Page(url=HOME + path, site=SITE, fetched=NOW)
    store.record_outcomes([PageResult(page=page, outcome="failed", reason=reason, retry=retry)], NOW)


def pending(store: Store) -> list[str]:
    """Paths of the pages that are due, in order."""
    return [page.url.removeprefix(HOME) for page in store.pages.pending(SITE)]


def rows(path: Path, sql: str, *values: Any) -> list[dict[str, Any]]:
    """The rows of a query, read over a separate connection."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(sql, values)]


def row(path: Path, sql: str, *values: Any) -> dict[str, Any]:
    """The only row of a query."""
    [record] = rows(path, sql, *values)
    return record


def decoded(record: dict[str, Any], *names: str) -> dict[str, Any]:
    """A row with these columns read as JSON."""
    return record | {name: json.loads(record[name]) for name in names}
