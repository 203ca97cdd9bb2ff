"""What we need of Scrapy and cannot have through its public API.

No other module uses a private name of Scrapy. `tests/test_scrapyext_private.py` has the versions of Scrapy for which
this was checked, and fails for another one.
"""

from __future__ import annotations

from typing import Any, NoReturn

import scrapy.cmdline
import scrapy.commands.shell
from scrapy.crawler import Crawler
from scrapy.shell import Shell


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


def awaits_start_only(crawler: Crawler) -> bool:
    """Whether nothing is left to do for a crawl but what its `start` may still yield: no request waits or is in
    progress, and no response is being read."""
    assert crawler.engine is not None
    slot, scraper = crawler.engine._slot, crawler.engine.scraper.slot
    if slot is None or scraper is None or slot.scheduler is None:
        return False
    return not slot.inprogress and not slot.scheduler.has_pending_requests() and scraper.is_idle()


def finish_idle_scraper(crawler: Crawler) -> None:
    """Let the scraper of a spider that is being closed end, if it has nothing left to do. Scrapy checks that after each
    response, but not after the items of `start`: a stop while they are in the pipelines would never end."""
    assert crawler.spider is not None
    slot = crawler.engine.scraper.slot
    if slot is not None and slot.closing is not None and not slot.closing.called and slot.is_idle():
        slot.closing.callback(crawler.spider)


def name_program(name: str) -> None:
    """Make the help and the errors of all commands call the program by this name: Scrapy writes `scrapy` into it."""

    class Parser(scrapy.cmdline.ScrapyArgumentParser):
        def __init__(self, *, usage: str, **arguments: Any) -> None:
            super().__init__(prog=name, usage=name + usage.removeprefix("scrapy"), **arguments)

        def error(self, message: str) -> NoReturn:
            self.exit(2, f"{name}: error: {message}\n")  # one sentence, without the usage

    vars(scrapy.cmdline)["ScrapyArgumentParser"] = Parser


def use_shell(shell: type[Shell]) -> None:
    """Make the command `shell` start this subclass: it creates Scrapy's own by name."""
    vars(scrapy.commands.shell)["Shell"] = shell
