"""The narrow interface behind which the database stands. Nothing outside crawler/store/ knows tables or SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from crawler.items import Article, Candidate, ChannelKind, PageResult
from crawler.schedule.revisit import RevisitPolicy
from crawler.store import archive, channels, forget, runs
from crawler.store import pages as frontier
from crawler.store.archive import RecordSink, note_record
from crawler.store.articles import compare_extraction as reextract
from crawler.store.articles import detail as whole
from crawler.store.articles import urls as aliases
from crawler.store.articles import write as articles
from crawler.store.channels import Channels
from crawler.store.complaints import Complaints
from crawler.store.database import open_database, store_errors, transaction
from crawler.store.history import History
from crawler.store.hosts import Hosts
from crawler.store.pages import Advertised, PendingPage
from crawler.store.read.datasets import Datasets
from crawler.store.search import index as textindex
from crawler.store.sites import Sites
from crawler.urls import canonical_or_none

# Pages that a channel named and that are committed together: a sitemap of 50,000 must not keep other crawls waiting.
_ADVERTISED_AT_ONCE = 1000


class Store(Datasets):
    """One open database. Every method that writes is one transaction; all raise StoreError if the file fails them."""

    def __init__(
        self,
        path: Path | str,
        *,
        timeout: float = 30.0,
        policy: RevisitPolicy | None = None,
        boilerplate_pages: int = 5,
        create: bool = True,
    ) -> None:
        """`timeout`: seconds to wait for another writer. `policy`: when pages are asked again. `boilerplate_pages`:
        articles on which a line must stand to be its site's; 0 to learn none."""
        self.path = Path(path)
        self.policy = policy or RevisitPolicy()
        self._boilerplate_pages = boilerplate_pages
        self._db = open_database(self.path, timeout=timeout, create=create)
        self.channels = Channels(self._db, self.path)
        self.hosts = Hosts(self._db, self.path)
        self.sites = Sites(self._db, self.path)
        self.history = History(self._db, self.path)
        self.complaints = Complaints(self._db, self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def begin_run(
        self, site: str, arguments: dict[str, str], now: datetime, *, scheduler_run_id: int | None = None
    ) -> int:
        """Open the record of a run; its id. `scheduler_run_id`: the `scrapy due` that runs it."""
        with store_errors(self.path), transaction(self._db):
            return runs.begin_run(self._db, site, arguments, now, scheduler_run_id)

    def end_run(self, run_id: int, counts: dict[str, Any], ended: str, now: datetime) -> None:
        """Close the record of a run; `counts` has columns of the table `runs`."""
        with store_errors(self.path), transaction(self._db):
            runs.end_run(self._db, run_id, counts, ended, now)

    def advertise(
        self,
        site: str,
        kind: ChannelKind,
        url: str,
        candidates: Sequence[Candidate],
        now: datetime,
        *,
        status: int | None,
        problem: str | None = None,
        again: bool = False,
    ) -> Advertised:
        """Note a channel's answer and the pages it named; how many of them are new, pending and done. With `again`,
        finished ones become pending once more. A long answer is more than one transaction, the answer noted last:
        other crawls write in between, and after a kill the channel is read again."""
        found = frontier.Advertised(0, 0, frozenset())
        first, rest = candidates[:_ADVERTISED_AT_ONCE], candidates[_ADVERTISED_AT_ONCE:]
        while rest:
            with store_errors(self.path), transaction(self._db):
                found += frontier.advertise(self._db, site, first, now, again=again)
            first, rest = rest[:_ADVERTISED_AT_ONCE], rest[_ADVERTISED_AT_ONCE:]
        with store_errors(self.path), transaction(self._db):
            found += frontier.advertise(self._db, site, first, now, again=again)
            row = {"site": site, "url": url, "kind": kind, "status": status, "problem": problem}
            return replace(found, gap=channels.note_answer(self._db, row, candidates, found, now))

    def pending(self, site: str, now: datetime | None = None) -> Iterator[PendingPage]:
        """The pages of a site still to be fetched, newest first, as of now; read one by one. With `now`, without those
        that failed and are to be tried again later."""
        with store_errors(self.path):
            ids = frontier.pending_ids(self._db, site, now)
        yield from self._pages(ids, is_look=False)

    def looks(self, site: str, now: datetime) -> Iterator[PendingPage]:
        """The finished pages of a site that are to be looked at again; read one by one."""
        with store_errors(self.path):
            ids = frontier.look_ids(self._db, site, now)
        yield from self._pages(ids, is_look=True)

    def count_waiting(self, site: str, now: datetime) -> int:
        """How many pages failed and are to be tried again later."""
        with store_errors(self.path):
            return frontier.count_waiting(self._db, site, now)

    def next_attempt(self, site: str, now: datetime) -> datetime | None:
        """When the first of the pages that failed is to be tried again; None if none is."""
        with store_errors(self.path):
            return frontier.next_attempt(self._db, site, now)

    def count_due(self, site: str, now: datetime) -> int:
        """How many pages are to be requested now, second looks included."""
        with store_errors(self.path):
            return len(frontier.pending_ids(self._db, site, now)) + len(frontier.look_ids(self._db, site, now))

    def forget(
        self, *, url: str | None = None, site: str | None = None, failed: bool = False, dry: bool = False
    ) -> int:
        """Make pages due again as if they had never been asked for: that with a URL, those of a site, those that
        failed; how many. With `dry`, only count them. Articles stay; a page that is the same again is unchanged."""
        with store_errors(self.path), transaction(self._db):
            return forget.forget(self._db, url=url, site=site, failed=failed, dry=dry)

    def _pages(self, ids: list[int], *, is_look: bool) -> Iterator[PendingPage]:
        for page_id in ids:
            with store_errors(self.path):
                if not is_look and frontier.is_known(self._db, page_id):
                    with transaction(self._db):
                        frontier.finish_known(self._db, page_id)
                page = frontier.page_to_fetch(self._db, page_id, is_look=is_look)
            if page is not None:
                yield page

    def settle(
        self,
        results: Sequence[PageResult],
        now: datetime,
        *,
        run_id: int | None = None,
        archive: RecordSink | None = None,
    ) -> None:
        """Write how pages ended, an article together with its page's outcome, set each result's outcome, and count them
        in the run's record. `archive`: where the pages of accepted articles are written."""
        with store_errors(self.path), transaction(self._db):
            for result in results:
                article_id = None
                if result.article is not None:
                    written = articles.write_article(
                        self._db, result.article, now, boilerplate_pages=self._boilerplate_pages
                    )
                    result.outcome, article_id, result.article = written.outcome, written.id, written.article
                note_record(self._db, result, article_id, now, archive)
                frontier.settle_page(self._db, result, article_id, now, policy=self.policy)
            if run_id is not None and results:
                runs.count_outcomes(self._db, run_id, Counter(str(result.outcome) for result in results))
            textindex.index_due(self._db)  # last: see there

    def article_at(self, url: str) -> int | None:
        """The article behind an address: its own, one that led to it, or a form of one of these."""
        with store_errors(self.path):
            return aliases.article_at(self._db, canonical_or_none(url))

    def whole_article(self, article_id: int) -> dict[str, Any] | None:
        """One article with all that is known of it, its versions too; see articles/detail.py."""
        with store_errors(self.path):
            return whole.whole_article(self._db, article_id)

    def newest_time(self) -> datetime | None:
        """The latest moment at which a crawl began or ended."""
        with store_errors(self.path):
            return runs.newest_time(self._db)

    def site_summaries(self) -> dict[str, dict[str, Any]]:
        """For each site ever crawled: `articles` and `last_crawl`."""
        with store_errors(self.path):
            return runs.site_summaries(self._db)

    def archive_end(self, file: str) -> int | None:
        """Where the last record of an archive file ends that an article has; None if there is none."""
        with store_errors(self.path):
            return archive.committed_end(self._db, file)

    def forget_archive_file(self, file: str) -> None:
        """No article points into this file any more."""
        with store_errors(self.path), transaction(self._db):
            archive.forget_file(self._db, file)

    def is_fetched(self, urls: Sequence[str], at: datetime) -> bool:
        """Whether a page with one of these URLs was fetched at that moment or later, and not in vain."""
        with store_errors(self.path):
            return archive.is_known(self._db, list(urls), at)

    def kept_articles(self, site: str | None = None, since: datetime | None = None) -> Iterator[archive.KeptArticle]:
        """Articles whose page is kept, see crawler.store.archive.kept_articles."""
        with store_errors(self.path):
            yield from archive.kept_articles(self._db, site, since)

    def reextract(
        self, found: Sequence[tuple[archive.KeptArticle, Article]], now: datetime, *, apply: bool
    ) -> list[reextract.Changes | None]:
        """Compare stored articles with new extractions of their pages, and with `apply` store these; see
        crawler.store.articles.compare_extraction.reextract."""
        with store_errors(self.path), transaction(self._db):
            settings: dict[str, Any] = {"apply": apply, "boilerplate_pages": self._boilerplate_pages}
            changes = [reextract.reextract(self._db, kept, article, now, **settings) for kept, article in found]
            textindex.index_due(self._db)
            return changes
