"""What we need of Scrapy and cannot have through its public API.

No other module uses a private name of Scrapy. `tests/test_scrapyext_private.py` has the versions of Scrapy for which
this was checked, and fails for another one.
"""

from __future__ import annotations

from scrapy.crawler import Crawler


def flush_download_queues(crawler: Crawler) -> None:
    """Hand all requests that wait in download slots to their download handler now, without delays between them.

    Scrapy waits for them when a crawl is stopped: with a delay of a minute, that takes minutes.
    """
    assert crawler.engine is not None
    downloader = crawler.engine.downloader
    for slot in downloader.slots.values():
        slot.delay = slot.jitter = 0.0
        slot.close()  # cancels the timer of the next request
        downloader._process_queue(slot)
