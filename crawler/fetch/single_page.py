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
from crawler.fetch.user_agent import user_agent
from crawler.urls import origin_of


@dataclass(slots=True)
class SinglePage:
    """What came back."""

    url: str
    """After redirects."""

    body: bytes = b""
    content_type: str | None = None
    problem: str | None = "no answer"
    """Why there is no page; None if there is one."""


def fetch_page(url: str, settings: Settings) -> SinglePage:
    """Fetch one page. Runs an event loop of its own, once a process."""
    page = SinglePage(url)

    class OnePage(scrapy.Spider):
        name = "one_page"
        given_origin = origin_of(url)

        async def start(self) -> AsyncIterator[Request]:
            yield Request(url, callback=self.keep, errback=self.complain)

        def keep(self, response: Response) -> None:
            page.url, page.body, page.problem = response.url, response.body, None
            page.content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None

        def complain(self, failure: Failure) -> None:
            reason = failure_reason(failure)
            page.problem = f"{reason.word.replace('_', ' ')} {reason.detail}".rstrip()

    own = settings.copy()
    own.set("USER_AGENT", user_agent(settings), priority="spider")
    own.setdict({"ITEM_PIPELINES": {}, "LOG_ENABLED": False}, priority="spider")
    process = AsyncCrawlerProcess(own)
    process.crawl(OnePage)
    process.start()
    return page
