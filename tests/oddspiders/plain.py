"""A plain spider of Scrapy that yields articles of its own making."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import scrapy

from crawler.items import Article


class PlainSpider(scrapy.Spider):
    """Needs no profile."""

    name = "plain"

    async def start(self) -> AsyncIterator[Article]:
        """One article."""
        text = "The harbour board said on Tuesday that the old north pier will open again before winter. " * 3
        yield Article(url=os.environ["ARTICLE"], site="plain", title="The north pier", paragraphs=[text.strip()])
