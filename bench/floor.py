"""The floor to beat: a plain Scrapy spider that calls trafilatura in its callback and inserts each row."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
import trafilatura
from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.utils.sitemap import Sitemap


class FloorSpider(scrapy.Spider):
    """Run it with `scrapy runspider bench/floor.py -a sitemaps=URL,URL -a database=FILE`; `-a extract=0` only requests
    the pages."""

    name = "floor"

    def __init__(self, sitemaps: str, database: str, extract: str = "1", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sitemaps = sitemaps.split(",")
        self.extract = extract == "1"
        self.db = sqlite3.connect(database)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("CREATE TABLE articles (url TEXT PRIMARY KEY, title TEXT, date TEXT, body TEXT)")

    async def start(self) -> AsyncIterator[Request]:
        """The sitemaps."""
        for url in self.sitemaps:
            yield Request(url, callback=self.parse_sitemap)

    def parse_sitemap(self, response: Response) -> Iterator[Request]:
        """Its pages."""
        for entry in Sitemap(response.body):
            yield Request(entry["loc"], callback=self.parse_article)

    def parse_article(self, response: Response) -> None:
        """One row a page."""
        assert isinstance(response, TextResponse)
        if not self.extract:
            return
        document = trafilatura.bare_extraction(response.text, url=response.url, with_metadata=True)
        if document is not None and not isinstance(document, dict):
            with self.db:
                row = (response.url, document.title, document.date, document.text)
                self.db.execute("INSERT INTO articles VALUES (?, ?, ?, ?)", row)

    def closed(self, reason: str) -> None:
        """Close the database."""
        self.db.close()
