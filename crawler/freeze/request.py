"""Request the pages of a site as a crawl does, by the site's own spider, and record nothing of it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler import clock
from crawler.crawl.context import RunContext
from crawler.crawl.progress import Progress
from crawler.crawl.run import run_of
from crawler.crawl.store_thread import StoreThread
from crawler.freeze.page_files import FrozenError
from crawler.items import Article, Candidate, Page
from crawler.profile import Channel
from crawler.store import Store
from crawler.urls import canonical_url

# A crawl of its own, in a database that is deleted. Nothing of it may reach the user's files, pipelines and extensions.
_UNRECORDED: dict[str, Any] = {
    "NEWS_ARCHIVE": "",
    "NEWS_RESULT_FILE": "",
    "ITEM_PIPELINES": {},
    "ITEM_PIPELINES_BASE": {},
    "EXTENSIONS": {},
    "FEEDS": {},
    "JOBDIR": None,
    "LOG_ENABLED": False,
    "NEWS_EXTRACT_WORKERS": 1,
}

_NO_PAGE = (
    "the spider of the site makes the article itself, so there is no page to extract again; test it with contracts"
)


@dataclass(slots=True)
class TakenPages:
    """The result of the crawl."""

    pages: dict[str, Page] = field(default_factory=dict)
    """By their URLs, in the order of the responses; each has its capture."""

    problems: dict[str, str] = field(default_factory=dict)
    """URL → why there is no page. That of a channel, if no channel could be used."""


def take_pages(
    spider: type[Spider],
    settings: Settings,
    *,
    candidates: Sequence[Candidate],
    newest: int,
    hosts: Store | None,
) -> TakenPages:
    """Request the pages of these candidates; without candidates, the `newest` pages that the site's channels list. It
    runs its own event loop, which a process can do once. `hosts`: the store with what hosts asked for in earlier
    crawls. Raises StoreError, FrozenError."""
    taken = TakenPages()
    with tempfile.TemporaryDirectory(prefix="rasid-freeze-") as folder:
        own = settings.copy()
        own.setdict(_UNRECORDED | {"NEWS_DB": str(Path(folder) / "news.db")}, priority="cmdline")
        with StoreThread.from_settings(own) as thread:
            name = spider.name
            if hosts is not None:
                thread.call_blocking(thread.store.hosts.add, hosts.hosts.all())
            thread.call_blocking(thread.store.pages.enqueue, name, candidates, clock.now())
            with RunContext.from_settings(own, thread, Progress(name)) as context:
                process = AsyncCrawlerProcess(own)
                crawler = process.create_crawler(_taking(spider, taken.pages, reads_channels=not candidates))
                arguments = {"force": "1"} if candidates else {"max_articles": str(newest)}
                crawl = process.crawl(crawler, context=context, **arguments)
                assert isinstance(crawl, asyncio.Task)
                crawl.add_done_callback(_failure)  # otherwise its traceback is logged
                process.start()
                if (error := _failure(crawl)) is not None:
                    raise FrozenError(f"{name}: the crawl could not begin: {type(error).__name__}: {error}") from error
            _add_problems(taken, crawler, thread, candidates)
            thread.drain()
    return taken


def _failure(crawl: asyncio.Task[None]) -> BaseException | None:
    return crawl.exception() if crawl.done() and not crawl.cancelled() else None


def _taking(spider: type[Any], pages: dict[str, Page], *, reads_channels: bool) -> type[Spider]:
    """The spider of a site, which keeps what it extracts. Without `reads_channels`, it requests pending pages only."""

    async def article_of(self: Any, response: Any, *, page: Page, **known: Any) -> Article | None:
        article: Article | None = await spider.article_of(self, response, page=page, **known)
        if article is not None:  # of a page that is rendered after all, the last one counts
            pages[page.url] = page
        return article

    async def first_channels(self: Any) -> list[Channel]:
        channels: list[Channel] = await spider.first_channels(self)
        return channels if reads_channels else []

    return type(spider.__name__, (spider,), {"article_of": article_of, "first_channels": first_channels})


def _add_problems(taken: TakenPages, crawler: Crawler, thread: StoreThread, candidates: Sequence[Candidate]) -> None:
    run, site = run_of(crawler), str(crawler.spidercls.name)
    for url, reason in thread.call_blocking(thread.store.pages.reasons, site).items():
        if url not in taken.pages:
            taken.problems[url] = reason.replace("_", " ")
    stats = run.recorder.stats
    skipped = ", ".join(stats.skipped).replace("_", " ")
    why = _NO_PAGE if stats.requested > len(taken.pages) + len(taken.problems) else f"was not requested ({skipped})"
    for candidate in candidates:
        url = canonical_url(candidate.url)
        if url not in taken.pages and url not in taken.problems:
            taken.problems[url] = why
    if not candidates and not taken.pages and not taken.problems and stats.requested:
        taken.problems[site] = _NO_PAGE
    if run.discovery is not None and run.discovery.first_problem is not None and not taken.pages:
        url, _, problem = run.discovery.first_problem.partition(": ")
        taken.problems[url] = problem.replace("_", " ")
