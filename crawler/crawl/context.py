"""What one crawl uses besides its settings and its profile."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, Self, runtime_checkable

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from crawler.crawl.from_settings import make_throttle
from crawler.crawl.progress import Progress
from crawler.crawl.store_thread import StoreThread
from crawler.fetch.throttle import Throttle
from crawler.render import Browser

if TYPE_CHECKING:
    from crawler.crawl.admission import Admission
    from crawler.extract.workers.pool import ExtractionPool


@dataclass(kw_only=True, slots=True)
class RunContext:
    """One object for one crawl. `rasid crawl` and `rasid due` make it and hand it to the spider as the argument
    `context`; the crawls of `rasid due` have the same store thread, pool, throttle and progress line."""

    store_thread: StoreThread
    pool: ExtractionPool
    throttle: Throttle
    progress: Progress
    browser: Browser
    """Not started before the first page is rendered."""

    raw_arguments: dict[str, str] = field(default_factory=dict)
    """The arguments of the crawl as -a gave them."""

    scheduler_run_id: int | None = None
    """The `rasid due` that runs the crawl."""

    is_one_of_many: bool = False
    """Whether other sites are crawled in the same process, so that one line on this one is enough."""

    is_trial: bool = False
    """Whether a command only shows what the callbacks make of a page: its store is a temporary one, and nothing is
    reported."""

    admission: Admission | None = None
    """Of a crawl that neither `rasid crawl` nor `rasid due` has checked; it closes its context."""

    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a stop was requested or the store has failed: nothing more is requested."""

    answered: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the first response was received, whatever it says."""

    @classmethod
    def from_settings(cls, settings: BaseSettings, store_thread: StoreThread, progress: Progress) -> Self:
        """A context with a pool and a throttle of its own."""
        from crawler.extract.workers.pool import ExtractionPool  # heavy, and the modules of commands import this one

        pool = ExtractionPool(
            workers=settings.getint("NEWS_EXTRACT_WORKERS"), seconds=settings.getfloat("NEWS_EXTRACT_SECONDS")
        )
        browser = Browser(str(settings["NEWS_CHROMIUM"]), pages=settings.getint("NEWS_RENDER_PAGES"))
        return cls(
            store_thread=store_thread,
            pool=pool,
            throttle=make_throttle(settings),
            progress=progress,
            browser=browser,
        )

    def close(self) -> None:
        """Stop the worker processes. The thread belongs to its maker."""
        self.pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@runtime_checkable
class RecordedSpider(Protocol):
    """A spider that was given a context."""

    context: RunContext | None


def context_of(crawler: Crawler) -> RunContext | None:
    """The context of a crawl; None for a crawl that records nothing, as that of `scrapy shell` and `scrapy fetch`."""
    context = getattr(crawler.spider, "context", None)  # a plain spider may have an argument of this name
    return context if isinstance(context, RunContext) else None
