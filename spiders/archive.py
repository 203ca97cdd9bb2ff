"""The spider of archives: pages out of WARC files go the way of all pages, but for the network."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, ClassVar, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.archive import archive_folder
from crawler.archive.reader import ArchivedPage, Skipped, read_archive
from crawler.archive.sites import SiteOfPage
from crawler.crawl.arguments import ArchiveArguments
from crawler.fetch.replay import REPLAY_SETTINGS, replay_meta
from crawler.items import Article, Candidate, Page
from crawler.profile import SiteProfile, read_profiles
from crawler.urls import canonical_url
from spiders.extracting import ExtractingSpider, is_html

logger = logging.getLogger(__name__)

_WARNINGS_PER_FILE = 3


class ArchiveSpider(ExtractingSpider):
    """`scrapy crawl archive -a files=…`: our own archives or others', as Common Crawl's CC-NEWS."""

    name = "archive"
    standalone: ClassVar[bool] = True
    arguments_class: ClassVar[type[ArchiveArguments]] = ArchiveArguments
    custom_settings = REPLAY_SETTINGS
    sites: SiteOfPage

    def __init__(self, name: str | None = None, **given: str) -> None:
        super().__init__(name)
        self.given = given
        self.arguments = ArchiveArguments.parse(given)
        self._taken = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Called by Scrapy."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.sites = SiteOfPage(read_profiles(Path(str(crawler.settings["NEWS_SITES"])))[0])
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """A request for each page that is to be taken, as the engine has room; it is answered from the file."""
        for path in self.arguments.files:
            try:
                async for request in self._requests(path):
                    yield request
            except OSError as error:
                logger.error("%s: %s; its other pages are left out", path, error.strerror or error)
                self.crawler.stats.inc_value("run/errors")

    async def parse_page(
        self, response: Response, page: Page, profile: SiteProfile, candidate: Candidate
    ) -> AsyncIterator[Article]:
        """The article of a page, for the pipelines; a page without one ends here, with its reason."""
        article = await self.article_of(response, page=page, profile=profile, candidate=candidate)
        if article is not None:
            yield article

    async def _requests(self, path: Path) -> AsyncIterator[Request]:
        found = self._read(path)
        problems: Counter[str] = Counter()
        # Read in a thread: the records that are passed over would hold up what is under way.
        while (record := await asyncio.to_thread(next, found, None)) is not None:
            if isinstance(record, Skipped):
                self._skip(record.why)
                problems[record.why] += record.why == "broken_record"
                if record.why == "broken_record" and problems[record.why] <= _WARNINGS_PER_FILE:
                    logger.warning("%s: the record at byte %d is broken (%s)", path, record.offset, record.detail)
                continue
            request = self._request(record)
            if request is not None:
                await self._make_room(request.cb_kwargs["page"])
                yield request

    def _read(self, path: Path) -> Iterator[ArchivedPage | Skipped]:
        settings = self.crawler.settings
        own = archive_folder(str(settings["NEWS_DB"]), str(settings["NEWS_ARCHIVE"]))
        path = path.resolve()
        name = path.name if own is not None and path.parent == own.resolve() else str(path)
        return read_archive(path, max_bytes=settings.getint("DOWNLOAD_MAXSIZE"), name=name)

    def _request(self, archived: ArchivedPage) -> Request | None:
        """The request for an archived page; None, and counted, if it is not to be taken."""
        profile = self.sites.find(archived)
        try:
            page = Page(url=canonical_url(archived.page_url or archived.url), site=profile.name)
            why = self._why_not(archived, [page.url, canonical_url(archived.url)], profile)
        except ValueError:
            why = "no_web_address"
        if why is not None:
            self._skip(why)
            return None
        self._taken += 1
        page.final_url, page.status = archived.url, archived.status
        page.fetched, page.location = archived.fetched, archived.location
        candidate = archived.candidate or Candidate(url=page.url, channel="sitemap", channel_url="")
        return Request(
            archived.url,
            callback=self.parse_page,
            cb_kwargs={"page": page, "profile": profile, "candidate": candidate},
            meta=replay_meta(archived),
        )

    def _why_not(self, archived: ArchivedPage, urls: list[str], profile: SiteProfile) -> str | None:
        """Why a page is not to be taken; None if it is."""
        if archived.status != HTTPStatus.OK:
            return "no_success"
        if not is_html(archived.content_type or ""):
            return "not_html"
        if self.arguments.sites and profile.name not in self.arguments.sites:
            return "other_site"
        if self.arguments.max_articles is not None and self._taken >= self.arguments.max_articles:
            return "over_max_articles"
        if not self.arguments.force and self.run.store.is_fetched(urls, archived.fetched):
            return "known"
        return None

    async def _make_room(self, page: Page) -> None:
        """Wait until the engine can take the page, and until an earlier version of it is stored."""
        outcomes = self.run.outcomes
        while self.crawler.engine.needs_backout() or outcomes.is_under_way(page.url):
            await asyncio.sleep(0.01)
        outcomes.request(page.url)

    def _skip(self, why: str) -> None:
        self.run.outcomes.skipped[why] += 1
