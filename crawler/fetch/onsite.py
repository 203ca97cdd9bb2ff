"""A crawl stays on its site: requests to other hosts are refused, those that a redirect asks for as well."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest


class OffSite(IgnoreRequest):
    """The URL is not one of the site's own. Unlike Scrapy's filter, this reaches the request's errback."""


class OnSiteMiddleware:
    """Downloader middleware that asks the spider's profile."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises OffSite for a URL that is not the site's own."""
        profile = getattr(self._crawler.spider, "profile", None)
        if profile is not None and not profile.owns(request.url):
            raise OffSite(f"{request.url} is not on {profile.name}'s own hosts")
