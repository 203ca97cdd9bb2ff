"""Crawls of a small local site, each with a setting of Scrapy, all in one process: `python -m tests.settings_crawls
FILE` writes what each case found wrong. `tests/test_scrapy_settings.py` reports them one by one."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import sqlite3
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.utils.project import get_project_settings
from scrapy.utils.reactor import install_reactor

from tests.newssite import PARAGRAPHS, NewsSite, article_page, serve

Settings = dict[str, Any]

_SECONDS = 20.0
"""Time that a crawl may take; each takes less than one on an idle machine."""


@dataclass(kw_only=True)
class Crawled:
    """A crawl that has ended."""

    site: NewsSite
    folder: Path
    crawler: Crawler
    finish_reason: str
    pages: dict[str, str]
    """Path → reason, outcome or state of the page."""

    log: list[str] = field(default_factory=list)

    def stat(self, key: str) -> Any:
        """A value of Scrapy's stats."""
        assert self.crawler.stats is not None
        return self.crawler.stats.get_value(key)

    def header(self, name: str, path: str = "/0.html") -> str | None:
        """A header of the first request for a path."""
        return next(seen for seen in self.site.seen if seen.path == path).headers.get(name.lower())

    def gaps(self) -> list[float]:
        """Seconds between the requests."""
        times = [seen.at for seen in self.site.seen]
        return [after - before for before, after in itertools.pairwise(times)]

    def logged(self, text: str) -> bool:
        """Whether a line of the log contains a text."""
        return any(text in line for line in self.log)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A crawl, or several of one site, and what must hold."""

    tries: str
    """The settings that it tries, separated by spaces."""

    settings: Settings | Callable[[Path, NewsSite], Settings]
    check: Callable[[Crawled], object]
    """Called after the last crawl; raises AssertionError."""

    arrange: Callable[[NewsSite], dict[str, Any] | None] = lambda site: None
    """Changes the site; returns keys of the profile."""

    arguments: tuple[dict[str, str], ...] = ({},)
    """What -a gives, for each crawl."""


def report(n: int) -> str:
    """The page of an article; no two have the same text."""
    return article_page(f"Report {n}", tuple(f"{p} Watch {n} saw {n * 7} ships." for p in PARAGRAPHS))


def reports(site: NewsSite, number: int = 3) -> list[str]:
    """Put articles on the site; their URLs."""
    return [site.put(f"/{n}.html", report(n)) for n in range(number)]


async def crawl_all(cases: dict[str, Case]) -> dict[str, str | None]:
    """Name of each case → what is wrong, None if nothing is."""
    from crawler.extract.workers.pool import ExtractionPool

    pool = ExtractionPool(workers=1, seconds=20)
    results: dict[str, str | None] = {}
    try:
        for name, case in cases.items():
            try:
                await _crawl(case, pool)
                results[name] = None
            except Exception:
                results[name] = traceback.format_exc()
    finally:
        pool.close()
    return results


async def _crawl(case: Case, pool: Any) -> None:
    with tempfile.TemporaryDirectory() as name, serve() as site:
        folder = Path(name)
        (folder / "sites").mkdir()
        keys: dict[str, Any] = {"delay": 0, "allow_private": True, "feeds": [site.feed("/feed.xml", reports(site))]}
        keys |= case.arrange(site) or {}
        lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items() if value is not None]
        (folder / "sites" / "local.toml").write_text(
            "\n".join([f'title = "Local"\nurl = "{site.url}"', *lines]), "utf-8"
        )
        for arguments in case.arguments:
            site.seen.clear()
            crawled = await _crawl_once(case, folder, site, arguments, pool)
        case.check(crawled)


async def _crawl_once(case: Case, folder: Path, site: NewsSite, arguments: dict[str, str], pool: Any) -> Crawled:
    from crawler.crawl.context import RunContext
    from crawler.crawl.progress import Progress
    from crawler.crawl.store_thread import StoreThread

    settings = get_project_settings()
    base = {"NEWS_SITES": str(folder / "sites"), "NEWS_DB": str(folder / "news.db"), "NEWS_BATCH_SECONDS": 0.02}
    own = case.settings(folder, site) if callable(case.settings) else case.settings
    settings.setdict(base | {"HTTPCACHE_DIR": str(folder / "cache"), "LOG_ENABLED": False} | own, "cmdline")
    handler = _Lines()
    logging.getLogger().addHandler(handler)
    with closing(StoreThread.from_settings(settings)) as thread:
        context = RunContext.from_settings(settings, thread, Progress("local"))
        context.pool.close()
        context.pool = pool
        crawler = AsyncCrawlerRunner(settings).create_crawler("local")
        try:
            crawl = AsyncCrawlerRunner(settings).crawl(crawler, context=context, **arguments)
            await asyncio.wait_for(crawl, _SECONDS)
        finally:
            logging.getLogger().removeHandler(handler)
            await asyncio.wait_for(crawler.stop_async(), _SECONDS)
    with closing(sqlite3.connect(folder / "news.db")) as db:
        rows = db.execute("SELECT url, coalesce(reason, outcome, state) FROM pages").fetchall()
        (reason,) = db.execute("SELECT finish_reason FROM runs ORDER BY id DESC").fetchone()
    pages = {"/" + url.split("/", 3)[3]: outcome for url, outcome in rows}
    return Crawled(site=site, folder=folder, crawler=crawler, finish_reason=reason, pages=pages, log=handler.lines)


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


def main() -> None:
    """Run all cases and write the results as JSON."""
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor

    from tests.settings_cases import CASES

    loop: Any = reactor  # the type that it is imported with is that of a module
    tasks: list[asyncio.Task[None]] = []
    logging.getLogger().setLevel(logging.DEBUG)

    async def run() -> None:
        try:
            Path(sys.argv[1]).write_text(json.dumps(await crawl_all(CASES)), "utf-8")
        finally:
            loop.stop()

    loop.callWhenRunning(lambda: tasks.append(asyncio.ensure_future(run())))
    loop.run()


if __name__ == "__main__":
    main()
