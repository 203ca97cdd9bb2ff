"""The store: the narrow interface to the database. Nothing outside crawler/store/ contains table names or SQL.

Its parts are nouns, their methods verbs: `store.pages.enqueue(...)`, `store.hosts.record_robots(...)`. Each part has
the open `Database`. A method reads inside `db.reading()` or writes inside `db.writing()`, which is one transaction or a
part of the one that the caller has begun; both raise StoreError. Every public method is in tests/test_store_errors.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Self

from crawler.items import PageResult
from crawler.schedule.revisit import RevisitPolicy
from crawler.store.archive import Archive, RecordSink
from crawler.store.articles.articles import Articles
from crawler.store.articles.write import ArticleWriter
from crawler.store.channels import Channels
from crawler.store.database import Database, open_database
from crawler.store.doubts import Doubts
from crawler.store.findings import Findings
from crawler.store.future_times import FutureTimes
from crawler.store.hosts import Hosts
from crawler.store.ledger import Ledger
from crawler.store.outages import Outages
from crawler.store.pages import Pages
from crawler.store.read.exports import Exports
from crawler.store.rights import Rights
from crawler.store.runs import Runs
from crawler.store.scheduled_exports import ScheduledExports
from crawler.store.search.search import Search
from crawler.store.set_aside import SetAside
from crawler.store.site_notices import SiteNotices
from crawler.store.sites import Sites
from crawler.store.stale_channels import StaleChannels
from crawler.store.templates import Templates


class OutcomeBatch(NamedTuple):
    """How pages of one run ended."""

    results: Sequence[PageResult]
    run_id: int | None = None
    """The run for which they are counted."""

    archive: RecordSink | None = None
    """Writes the pages of accepted articles."""


class Store:
    """One open database."""

    def __init__(
        self,
        path: Path | str,
        *,
        timeout: float = 30.0,
        policy: RevisitPolicy | None = None,
        boilerplate_pages: int = 5,
        create: bool = True,
    ) -> None:
        """`timeout`: seconds to wait for another writer. `policy`: when pages are requested again. `boilerplate_pages`:
        articles of a site on which a line must be to be removed as boilerplate; 0 for never. Without `create`, a file
        that this process cannot write is opened for reading. Raises StoreError."""
        self._use(open_database(Path(path), timeout=timeout, create=create), policy, boilerplate_pages)

    @classmethod
    def of(cls, db: Database) -> Self:
        """The store of a database that is open already, for reading; closing it closes the database."""
        store = cls.__new__(cls)
        store._use(db, None, 0)
        return store

    def _use(self, db: Database, policy: RevisitPolicy | None, boilerplate_pages: int) -> None:
        self.path = db.path
        self._boilerplate_pages = boilerplate_pages
        self._db = db
        policy = policy or RevisitPolicy()
        self.pages = Pages(db, policy)
        self.outages = Outages(db, policy)
        self.ledger = Ledger(db, policy)
        self.stale_channels = StaleChannels(db)
        self.channels = Channels(db, self.pages, self.ledger)
        self.set_aside = SetAside(db)
        self.hosts = Hosts(db)
        self.rights = Rights(db)
        self.sites = Sites(db)
        self.templates = Templates(db)
        self.findings = Findings(db)
        self.doubts = Doubts(db)
        self.notices = SiteNotices(db)
        self.runs = Runs(db)
        self.future_times = FutureTimes(db)
        self.articles = Articles(db, boilerplate_pages=boilerplate_pages)
        self.archive = Archive(db, self.pages)
        self.search = Search(db)
        self.exports = Exports(db)
        self.scheduled_exports = ScheduledExports(db, self.exports)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_read_only(self) -> bool:
        """Whether this process cannot write the file: every method that writes raises StoreError."""
        return self._db.is_read_only

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def record_outcomes(
        self,
        results: Sequence[PageResult],
        now: datetime,
        *,
        run_id: int | None = None,
        archive: RecordSink | None = None,
    ) -> None:
        """Save how pages ended, an article together with the outcome of its page, set the outcome of each result, and
        count them for the run. `archive`: writes the pages of accepted articles."""
        self.record_batches([OutcomeBatch(results, run_id, archive)], now)

    def record_batches(self, batches: Sequence[OutcomeBatch], now: datetime) -> None:
        """The same for the pages of several runs, in one transaction."""
        with self._db.writing():
            for batch in batches:
                self._record_batch(batch, now)
            self.search.index_batch()  # last, see SearchIndex.add_pending

    def _record_batch(self, batch: OutcomeBatch, now: datetime) -> None:
        writer = ArticleWriter(self._db, now, boilerplate_pages=self._boilerplate_pages)
        for result in batch.results:
            article_id = None
            if result.article is not None:
                written = writer.write(result.article)
                result.outcome, article_id, result.article = written.outcome, written.id, written.article
                if written.outcome == "blocked":
                    result.reason, result.retry, result.article = written.reason, True, None
                    result.shown = f"notice {written.notice_id}"
            self.archive.record_page(result, article_id, now, batch.archive)
            self.pages.record_outcome(result, article_id, now)
        if batch.run_id is not None and batch.results:
            self.runs.count_outcomes(batch.run_id, Counter(str(result.outcome) for result in batch.results))
