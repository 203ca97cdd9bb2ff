"""A spider that brings a page to its end more than once, as a spider of somebody's own may."""

from __future__ import annotations

from collections.abc import AsyncIterator
from copy import copy

from scrapy import Request
from scrapy.http import Response

from crawler.items import Article, Candidate, Page
from spiders.news import NewsSpider


class TwiceSpider(NewsSpider):
    """For the profile `twice`."""

    name = "twice"

    async def parse_article(
        self, response: Response, page: Page, candidate: Candidate
    ) -> AsyncIterator[Article | Request]:
        """Two articles of one page; and an error on top for one that has bad in its name."""
        async for article in super().parse_article(response, page, candidate):
            yield article
            yield copy(article)
        if "bad" in response.url:
            raise LookupError("the page has no such table")
