"""The outcomes of one run: each is committed, then counted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crawler import clock
from crawler.crawl.batch import BatchWriter
from crawler.crawl.context import RunContext
from crawler.crawl.outage import OutageWatch
from crawler.crawl.stats import CrawlStats, Stage
from crawler.items import Candidate, PageResult
from crawler.profile import Channel
from crawler.store import Completion, EnqueueResult, StoreError

if TYPE_CHECKING:
    from crawler.crawl.page_archive import PageArchive

logger = logging.getLogger(__name__)


class OutcomeRecorder:
    """What spiders and pipelines use to record what they found and how its pages ended."""

    def __init__(
        self, site: str, context: RunContext, stats: CrawlStats, batch: BatchWriter, archive: PageArchive | None
    ) -> None:
        self.stats = stats
        self.archive = archive
        """None if pages are not archived."""

        self.outage = OutageWatch()
        """Whether all pages of this run fail alike."""

        self.recorded = asyncio.Event()
        """Set when an outcome was recorded, or will not be because the crawl is stopped."""

        self._site = site
        self._context = context
        self._batch = batch
        self._archive_failure_is_counted = False

    def begin(self, run_id: int) -> None:
        """The record of the run has begun."""
        self._batch.run_id = run_id

    async def enqueue(
        self,
        channel: Channel,
        candidates: Sequence[Candidate],
        *,
        order: Sequence[str] = (),
        status: int | None,
        problem: str | None,
        again: bool = False,
        is_conditional: bool = True,
        completion: Completion | None = None,
        foreign_hosts: dict[str, int] | None = None,
        listed_by: Channel | None = None,
    ) -> EnqueueResult:
        """Commit and count what a channel lists; with `completion`, the channel is read from then on. `order`: the
        candidates' URLs in the order of the document. `is_conditional`: whether the request had validators.
        `foreign_hosts`: see `record_foreign_hosts` of the stats. `listed_by`: the channel of the profile that led to
        this one. Raises StoreError."""
        thread = self._context.store_thread
        result = await thread.call(
            thread.store.channels.record_answer,
            self._site,
            channel.kind,
            channel.url,
            candidates,
            clock.now(),
            order=order,
            status=status,
            problem=problem,
            again=again,
            is_conditional=is_conditional,
            completion=completion,
            foreign_hosts=foreign_hosts,
            listed_by=listed_by,
        )
        self.stats.record_foreign_hosts(foreign_hosts or {})
        self._count(candidates, result)
        if result.gap:
            logger.warning(
                "channel %s: lists none of the newest articles of the last poll; requesting the channels that reach "
                "further back",
                channel.url,
            )
            self.stats.count("discover/gaps")
        return result

    async def enqueue_further(
        self, channel: Channel, candidates: Sequence[Candidate], *, again: bool = False
    ) -> EnqueueResult:
        """Commit and count what a further page of a feed or section, `channel`, lists. Raises StoreError."""
        thread = self._context.store_thread
        result = await thread.call(
            thread.store.channels.record_further_page, self._site, channel, candidates, clock.now(), again=again
        )
        self._count(candidates, result)
        return result

    def _count(self, candidates: Sequence[Candidate], result: EnqueueResult) -> None:
        self.stats.count("discover/candidates", len(candidates))
        self.stats.count("discover/new", result.new)
        self.stats.skip_known(result.done)

    async def record_outcome(self, result: PageResult, stage: Stage) -> bool:
        """Commit and count the outcome of a page; the only way to an outcome.

        False if it is not recorded: the store failed, so that the page stays pending and the crawl ends; or the page
        has an outcome already.
        """
        page, had_location = result.page, result.page.location is not None
        if page.is_finished:  # an error in a spider, as two articles of one page; counting both would hide it
            logger.error(
                "%s finished a second time (%s); only the first outcome counts", page.url, result.outcome or "article"
            )
            self.stats.count("run/errors")
            return False
        page.is_finished = True  # before anything is awaited
        self.stats.request(page.url)  # for a request that robots.txt or the site's hosts did not allow
        if is_known := result.article is None:
            self.outage.record(result)  # not only when its batch is committed: the run is to stop soon
        try:
            await self._batch.write(result)
        except StoreError:
            return False
        except Exception:
            page.is_finished = False  # the database refused the row: the page is to fail
            raise
        if result.article is not None:
            self.stats.quality.record_article(result.article)
        self.stats.request(page.url)  # again, if another article with this URL was recorded meanwhile
        self.stats.record_outcome(result, stage)
        self.recorded.set()
        if not is_known:
            self.outage.record(result)
        self.stats.count("archive/records", int(page.location is not None and not had_location))
        self.count_archive_failure()
        self._context.progress.show()
        return True

    async def delete_outdated(self) -> None:
        """Delete the oldest archive files beyond the limits. Raises StoreError."""
        if self.archive is not None:
            await self._context.store_thread.call(self.archive.delete_outdated)

    def count_archive_failure(self) -> None:
        """Count the first failure of the archive."""
        if self.archive is not None and self.archive.failure is not None and not self._archive_failure_is_counted:
            self._archive_failure_is_counted = True
            self.stats.count("archive/errors")
            self.stats.count("run/errors")

    def flush_immediately(self) -> None:
        """The crawl is stopping: results no longer wait for a full batch."""
        self.recorded.set()
        self._batch.flush_immediately()
