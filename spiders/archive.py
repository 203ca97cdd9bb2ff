"""The spider of archives: pages out of WARC files go the way of all pages, but for the network."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any, ClassVar, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.archive import archive_folder
from crawler.archive.reader import ArchivedPage, Skipped, foreign_format, read_archive
from crawler.archive.site_of_page import SiteOfPage
from crawler.crawl.arguments import ArchiveArguments
from crawler.crawl.context import RunContext
from crawler.fetch.replay import REPLAY_SETTINGS, replay_meta
from crawler.items import Article, Candidate, Page
from crawler.profile import SiteProfile
from crawler.profiles import read_profiles
from crawler.site_names import find_site, named
from crawler.store import StoreError
from crawler.urls import canonical_url
from spiders.extracting import ExtractingSpider, is_html

logger = logging.getLogger(__name__)

# Warnings about broken records; a file that is broken throughout would fill the log. Chosen by hand.
_WARNINGS_PER_FILE = 3


class ArchiveSpider(ExtractingSpider):
    """`rasid crawl archive -a files=…`: our own archives or others', as Common Crawl's CC-NEWS."""

    name = "archive"
    arguments_class: ClassVar[type[ArchiveArguments]] = ArchiveArguments
    custom_settings = REPLAY_SETTINGS
    sites: SiteOfPage

    own_folder: Path | None
    """Of our own archive, whose records are named by their file alone."""

    max_bytes: int

    def __init__(self, name: str | None = None, *, context: RunContext | None = None, **raw_arguments: object) -> None:
        super().__init__(name, context=context)
        self.arguments = ArchiveArguments.parse(raw_arguments)
        self._requested = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Called by Scrapy."""
        spider, settings = super().from_crawler(crawler, *args, **kwargs), crawler.settings
        profiles = read_profiles(Path(str(settings["NEWS_SITES"])))[0]
        spider.sites = SiteOfPage(profiles)
        known = [*map(named, profiles.values())]
        chosen = frozenset(find_site(site, known).name or site for site in spider.arguments.sites)
        spider.arguments = replace(spider.arguments, sites=chosen)
        spider.own_folder = archive_folder(str(settings["NEWS_DB"]), str(settings["NEWS_ARCHIVE"]))
        spider.max_bytes = settings.getint("DOWNLOAD_MAXSIZE")
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """A request for each page to be taken, as fast as the engine takes them; the response is in the file."""
        with contextlib.suppress(StoreError):  # CrawlRun ends the crawl
            for path in self.arguments.files:
                try:
                    async for request in self._requests(path):
                        yield request
                except OSError as error:
                    self._report(path, f"{error.strerror or error}; its other pages are left out")

    async def parse_page(
        self, response: Response, page: Page, profile: SiteProfile, candidate: Candidate
    ) -> AsyncIterator[Article]:
        """The article of a page, for the pipelines; a failure is recorded with its reason."""
        article = await self.article_of(response, page=page, profile=profile, candidate=candidate)
        if article is not None:
            yield article

    async def _requests(self, path: Path) -> AsyncIterator[Request]:
        if (problem := foreign_format(path)) is not None:
            self._report(path, problem)
            return
        records = self._read(path)
        broken = readable = pages = 0
        # Read in a thread: the records that are skipped would hold up the pages in progress.
        while (record := await asyncio.to_thread(next, records, None)) is not None:
            if isinstance(record, Skipped):
                self.recorder.stats.skip(record.reason)
                readable += record.reason != "broken_record"
                broken += record.reason == "broken_record"
                if record.reason == "broken_record" and broken <= _WARNINGS_PER_FILE:
                    logger.warning("%s: the record at byte %d is broken (%s)", path, record.offset, record.detail)
                continue
            pages += 1
            request = await self._request(record)
            if request is not None:
                await self._make_room(request.cb_kwargs["page"])
                yield request
        if not readable and not pages:
            self._report(path, "is not a WARC file, or is damaged throughout: no record can be read")
        elif broken and not pages:
            self._report(path, f"is damaged: no page can be read, {broken} records are broken")

    def _report(self, path: Path, problem: str) -> None:
        """Report a file that cannot be used; the exit code will be 1."""
        logger.error("%s: %s", path, problem)
        self.recorder.stats.count("run/errors")

    def _read(self, path: Path) -> Iterator[ArchivedPage | Skipped]:
        path = path.resolve()
        is_own = self.own_folder is not None and path.parent == self.own_folder.resolve()
        return read_archive(path, max_bytes=self.max_bytes, name=path.name if is_own else str(path))

    async def _request(self, archived: ArchivedPage) -> Request | None:
        """The request for an archived page; None, and counted, if it is not to be taken. Raises StoreError."""
        profile = self.sites.find(archived)
        try:
            page = Page(url=canonical_url(archived.page_url or archived.url), site=profile.name)
            reason = await self._skip_reason(archived, [page.url, canonical_url(archived.url)], profile)
        except ValueError:
            reason = "no_web_address"
        if reason is not None:
            self.recorder.stats.skip(reason)
            return None
        self._requested += 1
        page.final_url, page.status = archived.url, archived.status
        page.fetched, page.location = archived.fetched, archived.location
        candidate = archived.candidate or Candidate(url=page.url, channel="sitemap", channel_url="")
        return Request(
            archived.url,
            callback=self.parse_page,
            cb_kwargs={"page": page, "profile": profile, "candidate": candidate},
            meta=replay_meta(archived),
        )

    async def _skip_reason(self, archived: ArchivedPage, urls: list[str], profile: SiteProfile) -> str | None:
        """Why a page is not to be taken; None if it is."""
        if archived.status != HTTPStatus.OK:
            return "no_success"
        if not is_html(archived.content_type or ""):
            return "not_html"
        if self.arguments.sites and profile.name not in self.arguments.sites:
            return "other_site"
        if self.arguments.max_articles is not None and self._requested >= self.arguments.max_articles:
            return "over_max_articles"
        thread = self.run.context.store_thread
        if not self.arguments.force and await thread.call(thread.store.pages.is_fetched, urls, archived.fetched):
            return "known"
        return None

    async def _make_room(self, page: Page) -> None:
        """Wait until the engine can take the page, and until an earlier version of it is stored."""
        stats = self.recorder.stats
        while self.crawler.engine.needs_backout() or stats.is_in_progress(page.url):
            await asyncio.sleep(0.01)
        stats.request(page.url)
