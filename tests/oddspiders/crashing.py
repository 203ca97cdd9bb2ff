"""Spiders that crash before their first page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.profile import Channel
from spiders.news import NewsSpider


class DeafSpider(NewsSpider):
    """For the profile `deaf`: it cannot read one of its channels."""

    name = "deaf"

    async def parse_channel(self, response: Response, channel: Channel) -> AsyncIterator[Request]:
        """Raises for a channel that has bad in its name."""
        if "bad" in response.url:
            raise LookupError("the channel has no such list")
        async for request in super().parse_channel(response, channel):
            yield request


class StillbornSpider(NewsSpider):
    """For the profile `stillborn`: it cannot even be made."""

    name = "stillborn"

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Raises."""
        raise LookupError("it cannot be made")


class StuckSpider(NewsSpider):
    """For the profile `stuck`: it does not get as far as its channels."""

    name = "stuck"

    async def start(self) -> Any:
        """Raises."""
        raise LookupError("it cannot start")
        yield
