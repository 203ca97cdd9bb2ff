"""A spider whose callback raises on one page, as a spider of somebody's own may."""

from __future__ import annotations

from collections.abc import AsyncIterator

from scrapy import Request
from scrapy.http import Response

from crawler.items import Article, Candidate, Page
from spiders.news import NewsSpider


class RaisingSpider(NewsSpider):
    """For the profile `raising`."""

    name = "raising"

    async def parse_article(
        self, response: Response, page: Page, candidate: Candidate
    ) -> AsyncIterator[Article | Request]:
        """Raises for every page that has bad in its name."""
        if "bad" in response.url:
            raise LookupError("the page has no such table")
        async for article in super().parse_article(response, page, candidate):
            yield article
