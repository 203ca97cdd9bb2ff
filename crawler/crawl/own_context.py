"""Contexts of crawls that were given none: those of CrawlerProcess, CrawlerRunner and their asynchronous variants in a
script. `rasid crawl` and `rasid due` make theirs themselves."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from crawler.crawl.admission import Admission
from crawler.crawl.context import RecordedSpider, RunContext
from crawler.crawl.progress import Progress
from crawler.crawl.store_thread import StoreThread
from crawler.scrapyext.spider_modules import is_plain

_SINGLE_PAGE = ("scrapy.commands.", "crawler.commands.")
"""Modules with the `start` that `fetch`, `view`, `parse` and `check` put in the place of the spider's."""

_JOINING = threading.Lock()
"""Held while a context gets or loses a user: of two crawls, one may end while the other begins."""


@dataclass(slots=True)
class _Shared:
    path: Path
    context: RunContext
    users: int = 0


@dataclass(frozen=True, slots=True)
class ProcessContexts:
    """What the crawls of this process have in common. The first crawl of a database opens it, the last closes it."""

    shared: list[_Shared] = field(default_factory=list)

    def join(self, settings: BaseSettings) -> RunContext:
        """A context for one more crawl, which must `leave` it. Raises StoreError. May be called in any thread."""
        with _JOINING:
            return self._join(settings)

    def _join(self, settings: BaseSettings) -> RunContext:
        path = Path(str(settings["NEWS_DB"])).absolute()
        usable = (each for each in self.shared if each.path == path and each.context.store_thread.failure is None)
        shared = next(usable, None)
        if shared is None:
            thread = StoreThread.from_settings(settings)
            context = RunContext.from_settings(settings, thread, Progress("", is_shown=False))
            shared = _Shared(path, replace(context, is_one_of_many=True))
            self.shared.append(shared)
        shared.users += 1
        return replace(shared.context, stopping=asyncio.Event(), answered=asyncio.Event())

    async def leave(self, context: RunContext) -> None:
        """End a crawl's use of its context."""
        await asyncio.to_thread(self._leave, context)

    def _leave(self, context: RunContext) -> None:
        with _JOINING:
            shared = next(each for each in self.shared if each.context.pool is context.pool)
            shared.users -= 1
            if shared.users:
                return
            self.shared.remove(shared)
        _close(shared.context)


# One object for the process: its crawls would wait for each other's locks with a connection each, and a host would get
# the requests of all of them at once.
CONTEXTS = ProcessContexts()


def needs_context(crawler: Crawler, spider: Spider) -> bool:
    """Whether a spider without a context is to have one of its own: it records its crawl, and crawls more than the page
    of a command."""
    if is_plain(type(spider)) or not isinstance(spider, RecordedSpider) or not crawler.crawling:
        return False  # `scrapy shell` crawls nothing
    return not (getattr(type(spider).start, "__module__", None) or "").startswith(_SINGLE_PAGE)


def give_context(crawler: Crawler, spider: Spider) -> RunContext:
    """Give a spider a context of its own, which is a share in that of the process. Raises StoreError."""
    context = CONTEXTS.join(crawler.settings)
    context.admission = Admission(crawler, spider, context.store_thread)
    context.raw_arguments = getattr(spider, "raw_arguments", {})
    vars(spider)["context"] = context
    return context


async def give_back(context: RunContext) -> None:
    """End the use of a context that `give_context` gave; another one is left alone."""
    if context.admission is not None:
        context.admission.release()
        await CONTEXTS.leave(context)


def _close(context: RunContext) -> None:
    context.close()
    context.store_thread.close()
