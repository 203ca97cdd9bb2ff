"""Wait for what the responses of a crawl bring, without a wait for ever where none is to come."""

from __future__ import annotations

import asyncio
import contextlib

from scrapy.crawler import Crawler

from crawler.scrapyext.private import awaits_start_only

_CHECK_SECONDS = 1.0
"""How often it is checked that something is still to come. Chosen by hand."""


async def is_set_in_time(event: asyncio.Event, crawler: Crawler) -> bool:
    """Wait in the spider's `start` until an event is set. False if nothing can set it any more: a request was dropped
    before it was sent, as by a spider middleware, so that no response comes and no errback is called."""
    while not event.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), _CHECK_SECONDS)
        if not event.is_set() and awaits_start_only(crawler):
            return False
    return True
