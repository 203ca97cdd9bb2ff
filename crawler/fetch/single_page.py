"""One page, fetched as a crawl would fetch it: robots.txt, limits, user agent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import scrapy
from scrapy import Request
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler.fetch.failures import failure_reason
from crawler.fetch.user_agent import set_user_agent
from crawler.profile import SiteProfile
from crawler.urls import origin_of


@dataclass(slots=True)
class SinglePage:
    """A page, or why there is none."""

    url: str
    """After redirects."""

    body: bytes = b""
    content_type: str | None = None
    problem: str | None = "no response"
    """Why there is no page; None if there is one."""


def fetch_page(url: str, settings: Settings, profile: SiteProfile | None = None) -> SinglePage:
    """Fetch one page. `profile`: that of its site, for headers, cookies and proxy; `settings` has its
    settings. It runs its own event loop, which a process can do once."""
    page = SinglePage(url)

    class SinglePageSpider(scrapy.Spider):
        name = "single_page"
        allowed_origins = frozenset({origin_of(url)})
        inspected = profile

        async def start(self) -> AsyncIterator[Request]:
            yield Request(url, callback=self.record_page, errback=self.record_failure)

        def record_page(self, response: Response) -> None:
            page.url, page.body, page.problem = response.url, response.body, None
            page.content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None

        def record_failure(self, failure: Failure) -> None:
            reason = failure_reason(failure)
            page.problem = f"{reason.code.replace('_', ' ')} {reason.detail}".rstrip()

    own = settings.copy()
    set_user_agent(own)
    own.setdict({"ITEM_PIPELINES_BASE": {}, "ITEM_PIPELINES": {}, "LOG_ENABLED": False}, priority="spider")
    process = AsyncCrawlerProcess(own)
    process.crawl(SinglePageSpider)
    process.start()
    return page
