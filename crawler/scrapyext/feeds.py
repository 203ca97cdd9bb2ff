"""Scrapy's feed exports with an end that tells: what could not be written is reported, and the exit code is not 0."""

from __future__ import annotations

import logging
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.extensions.feedexport import FeedExporter, FeedSlot

from crawler.text import counted

logger = logging.getLogger(__name__)

FEED_ERRORS = "feedexport/errors"
"""Stat key: items that could not be written, and files that could not be completed."""


class UnusableFeeds(Exception):
    """No item would be exported; the message says why."""


class CheckedFeedExporter(FeedExporter):
    """Extension in place of Scrapy's, which reports that an item cannot be written as an error of a signal handler, and
    goes on without any export if one feed is wrong."""

    def __init__(self, crawler: Crawler) -> None:
        """Raises UnusableFeeds, and NotConfigured if there are no feeds."""
        try:
            super().__init__(crawler)
        except NotConfigured:
            if crawler.settings.getdict("FEEDS"):
                raise UnusableFeeds(
                    "FEEDS, -o or -O cannot be used, for the reason above; nothing was crawled"
                ) from None
            raise
        self._seen: dict[int, FeedSlot] = {}
        """Every file of the crawl, by the id of its slot."""

        self._failed: dict[str, int] = {}
        """Address of a feed → items that could not be written."""

        self._closed: set[int] = set()
        crawler.signals.connect(self._slot_closed, signals.feed_slot_closed)

    def item_scraped(self, item: Any, spider: Spider) -> None:
        """Signal: write an item to each feed. A feed that cannot take it does not keep others from doing so."""
        slots, after = self.slots, []
        for slot in slots:
            self._seen[id(slot)] = slot
            self.slots = [slot]
            try:
                super().item_scraped(item, spider)
            except Exception as error:  # whatever an exporter, a serializer or a storage raises
                self._record(slot, error)
            after += self.slots
        self.slots = after

    async def close_spider(self, spider: Spider) -> None:
        """Signal: complete the files."""
        for slot in self.slots:
            self._seen[id(slot)] = slot
        self.slots = [slot for slot in self.slots if self._can_complete(slot)]
        await super().close_spider(spider)
        stats = self.crawler.stats
        for slot in self._seen.values():
            if _is_written(slot) and id(slot) not in self._closed:
                logger.error("feed %s: the file could not be completed", slot.uri)
                stats.inc_value(FEED_ERRORS)
        for uri, count in self._failed.items():
            logger.error("feed %s: %s could not be written", uri, counted(count, "item"))
        for key, count in list(stats.get_stats().items()):
            if key.startswith("feedexport/failed_count/"):  # Scrapy has logged why
                stats.inc_value(FEED_ERRORS, count)

    def _can_complete(self, slot: FeedSlot) -> bool:
        """Whether the end of a file can be written, or an empty file begun. Scrapy loses the error of that."""
        try:
            if slot.itemcount:
                slot.finish_exporting()
            elif _is_written(slot):
                slot.start_exporting()
        except Exception as error:  # whatever an exporter or a storage raises
            if slot.uri not in self._failed:
                logger.error("feed %s: the file cannot be written: %s: %s", slot.uri, type(error).__name__, error)
                self.crawler.stats.inc_value(FEED_ERRORS)
            self._closed.add(id(slot))  # it is reported
            return False
        return True

    def _slot_closed(self, slot: FeedSlot) -> None:
        self._closed.add(id(slot))

    def _record(self, slot: FeedSlot, error: Exception) -> None:
        if slot.uri not in self._failed:
            logger.error(
                "feed %s: an item cannot be written as %s: %s: %s", slot.uri, slot.format, type(error).__name__, error
            )
            logger.debug("the traceback", exc_info=error)
        self._failed[slot.uri] = self._failed.get(slot.uri, 0) + 1
        self.crawler.stats.inc_value(FEED_ERRORS)


def _is_written(slot: FeedSlot) -> bool:
    """Whether Scrapy stores the file of a slot."""
    return bool(slot.itemcount) or (slot.store_empty and slot.batch_id == 1)


def has_feed_errors(crawler: Crawler) -> bool:
    """Whether an export of a crawl that has ended is incomplete."""
    return bool(crawler.stats.get_value(FEED_ERRORS))
