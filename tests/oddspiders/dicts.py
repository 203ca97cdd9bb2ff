"""A spider of a site that yields dicts with the fields of articles."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy.http import Response

from crawler.items import Candidate, Page
from spiders.news import NewsSpider


class DictsSpider(NewsSpider):
    """For the profile `dicts`: a page has an article, and may have a short one beside it."""

    name = "dicts"

    async def parse_article(self, response: Response, page: Page, candidate: Candidate) -> AsyncIterator[Any]:
        """An item for each headline of the page."""
        for number, headline in enumerate(response.css("h1, h2")):
            yield {
                "url": response.url if number == 0 else f"{response.url}?part={number}",
                "title": headline.css("::text").get(),
                "paragraphs": response.css("p::text").getall()[number:],
                "published": candidate.published if "bad" not in response.url else "soon",
            }
