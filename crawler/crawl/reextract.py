"""Extract the archived pages again, compare the result with what is stored, and store it."""

from __future__ import annotations

import asyncio
import difflib
import logging
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy.exceptions import DropItem

from crawler import clock
from crawler.archive.reader import ArchivedPage, RecordError, read_archived_page
from crawler.archive.site_of_page import SiteOfPage
from crawler.crawl.checks import SiteChecks
from crawler.crawl.date_order import with_proven_order
from crawler.extract.workers.pool import ExtractionFailed, ExtractionPool, FetchedPage
from crawler.items import Article, Page
from crawler.profile import DateOrder, SiteProfile
from crawler.store import ArchivedArticle, Store
from crawler.store.articles.articles import FieldChanges

logger = logging.getLogger(__name__)

# Articles of one transaction: short enough for a crawl that waits for the lock. Chosen by hand; no measurement.
_BATCH = 20
# What of each changed field is shown: enough to judge a change, on one screen. Chosen by hand.
_EXAMPLES_PER_FIELD = 3
_LINES_PER_EXAMPLE = 6
_LINE_WIDTH = 160


@dataclass(slots=True)
class Example:
    """One changed field, for people."""

    url: str
    field: str
    diff: list[str]


@dataclass(slots=True)
class Report:
    """The result. `articles` is the sum of the five numbers after it."""

    articles: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    """Not an article any more for the present extractor. They are not changed."""

    failed: int = 0
    """The extraction raised or hung, the record cannot be read, or the profile does not exist any more. They are not
    changed."""

    overtaken: int = 0
    """A crawl stored a new text in the meantime."""

    reasons: Counter[str] = field(default_factory=Counter)
    """Of the rejected and failed articles."""

    fields: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)
    stopped: bool = False

    def as_json(self) -> dict[str, Any]:
        """The report as JSON, with the names of this class."""
        numbers = {f.name: getattr(self, f.name) for f in fields(self)}
        texts = [{"url": e.url, "field": e.field, "diff": e.diff} for e in self.examples]
        return numbers | {"reasons": dict(self.reasons), "fields": dict(self.fields), "examples": texts}


class Reextraction:
    """One pass over the archived pages."""

    def __init__(
        self,
        store: Store,
        pool: ExtractionPool,
        sites: SiteOfPage,
        checks: SiteChecks,
        folder: Path,
        *,
        max_bytes: int,
        ahead: int,
        apply: bool,
        page_done: Callable[[], None],
        excluded: frozenset[str] = frozenset(),
    ) -> None:
        """`checks`: the pipelines between extraction and store. `ahead`: pages to extract at a time. `apply`: store
        what has changed. `page_done`: called after each page. `excluded`: sites whose articles stay as they are."""
        self.report = Report()
        self.stop = asyncio.Event()
        """Set it to end after the pages in progress."""

        self._store, self._pool, self._sites, self._checks, self._folder = store, pool, sites, checks, folder
        self._max_bytes, self._ahead, self._apply, self._page_done = max_bytes, ahead, apply, page_done
        self._excluded = excluded
        self._orders: dict[str, DateOrder | None] = {}
        self._batch: list[tuple[ArchivedArticle, Article]] = []

    async def run(
        self, site: str | None, since: datetime | None, below: float | None = None, *, doubtful: bool = False
    ) -> Report:
        """Extract the archived pages of a site (None: of all sites) fetched since then, the least sure first; `below`:
        only those of articles with less confidence; `doubtful`: only those of the doubtful spans. Raises StoreError."""
        waiting: deque[tuple[ArchivedArticle, asyncio.Task[Article]]] = deque()
        for stored in self._store.archive.articles(site, since, below, doubtful=doubtful):
            if self.stop.is_set():
                self.report.stopped = True
                break
            if stored.site in self._excluded:
                self._page_done()
                continue
            waiting.append((stored, asyncio.ensure_future(self._extract(stored))))
            if len(waiting) >= self._ahead:
                await self._take(*waiting.popleft())
        while waiting:
            await self._take(*waiting.popleft())
        self._write_batch()
        return self.report

    async def run_doubtful(self, site: str | None, since: datetime | None, below: float | None = None) -> Report:
        """The same for the pages of the doubtful spans. A span whose pages were read
        is recorded as read, unless none of them was accepted: then the profile is wrong or missing."""
        for span in self._store.doubts.all():
            if site not in (None, span.site) or span.site in self._excluded:
                continue
            changed, accepted = self.report.changed, self._accepted()
            await self.run(span.site, since, below, doubtful=True)
            if self.report.stopped:
                break
            if self._apply and since is None and below is None and self._accepted() > accepted:
                has_changed = self.report.changed > changed
                self._store.doubts.record_reading(span.site, clock.now(), has_changed=has_changed)
        return self.report

    def _accepted(self) -> int:
        return self.report.changed + self.report.unchanged + self.report.overtaken

    async def _extract(self, stored: ArchivedArticle) -> Article:
        """The article as the present extractor finds it. Raises RecordError, ExtractionFailed, DropItem."""
        archived = await asyncio.to_thread(
            read_archived_page, self._folder / stored.location.file, stored.location, max_bytes=self._max_bytes
        )
        if archived.site is not None and not self._sites.has(archived.site):
            raise ExtractionFailed("no_profile", f"the profile {archived.site} does not exist or is broken")
        profile = self._profile(archived)
        article = await self._pool.extract(
            FetchedPage(
                body=archived.body,
                content_type=archived.content_type,
                url=archived.url,
                profile=profile,
                candidate=archived.candidate,
                fetched=archived.fetched,
            )
        )
        article.url, article.site = stored.url, stored.site  # the identity is that of the stored article
        article.page = Page(url=stored.page_url, site=stored.site, final_url=archived.url, status=archived.status)
        article.page.fetched = archived.fetched
        for check in self._checks.of(profile):
            article = check(article)
        return article

    def _profile(self, archived: ArchivedPage) -> SiteProfile:
        """The profile of a page's site, with the order of its numeric dates, which is read once for a site."""
        profile = self._sites.find(archived)
        if profile.name not in self._orders:
            self._orders[profile.name] = with_proven_order(profile, self._store).dates
        return replace(profile, dates=self._orders[profile.name])

    async def _take(self, stored: ArchivedArticle, extracted: asyncio.Task[Article]) -> None:
        self.report.articles += 1
        try:
            self._batch.append((stored, await extracted))
        except DropItem as error:
            self.report.rejected += 1
            self.report.reasons[str(getattr(error, "reason", type(error).__name__))] += 1
            logger.info("not an article any more: %s (%s)", stored.url, error)
        except ExtractionFailed as error:
            self._fail(stored, error.reason, error)
        except RecordError as error:
            self._fail(stored, "no_record", error)
        self._page_done()
        if len(self._batch) >= _BATCH:
            self._write_batch()

    def _fail(self, stored: ArchivedArticle, reason: str, error: Exception) -> None:
        self.report.failed += 1
        self.report.reasons[reason] += 1
        logger.warning("cannot extract %s again: %s", stored.url, error)

    def _write_batch(self) -> None:
        batch, self._batch = self._batch, []
        articles = self._store.articles
        save = articles.update_extraction if self._apply else articles.compare_extraction
        compared = save(batch, clock.now())
        for (stored, _), changes in zip(batch, compared, strict=True):
            if changes is None:
                self.report.overtaken += 1
            elif changes:
                self._count(stored, changes)
            else:
                self.report.unchanged += 1

    def _count(self, stored: ArchivedArticle, changes: FieldChanges) -> None:
        self.report.changed += 1
        for name, (before, after) in changes.items():
            self.report.fields[name] += 1
            if self.report.fields[name] <= _EXAMPLES_PER_FIELD:
                self.report.examples.append(Example(stored.url, name, short_diff(before, after)))


def short_diff(before: Any, after: Any) -> list[str]:
    """The lines that differ, `- ` before old and `+ ` before new ones, shortened."""
    lines = [
        line[:2] + _shorten(line[2:])
        for line in difflib.ndiff(_lines(before), _lines(after), charjunk=None)
        if line.startswith(("- ", "+ "))
    ]
    left_out = len(lines) - _LINES_PER_EXAMPLE
    return lines[:_LINES_PER_EXAMPLE] + ([f"… {left_out} more lines"] if left_out > 0 else [])


def _lines(value: Any) -> list[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else str(value).split("\n")


def _shorten(line: str) -> str:
    return line if len(line) <= _LINE_WIDTH else line[: _LINE_WIDTH - 1] + "…"
