"""The headers and the proxy of a profile, on each request of its crawl, also for robots.txt and data of scripts."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.environment import with_variables
from crawler.fetch.resolver import ADDRESSES
from crawler.profile import SiteProfile

_ADDED = "headers_of_profile"
"""Key of a request's meta: names of the headers that were added, which a request that it is redirected to has too."""


class SiteHeadersMiddleware:
    """Downloader middleware, before those that set default headers, the user agent and the proxy. A header or proxy
    that the spider has set itself stays. The headers are sent to the hosts of the site only: those that a redirect
    would take elsewhere are removed."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Add the headers, or remove those that the request may not have. Raises KeyError for a missing variable."""
        profile = profile_of(self._crawler)
        if profile is None:
            return
        for name in request.meta.pop(_ADDED, ()):
            request.headers.pop(name, None)
        if profile.headers and profile.is_sent_secrets(request.url):
            added = [name for name in profile.headers if name not in request.headers]
            for name in added:
                request.headers[name] = with_variables(profile.headers[name])
            request.meta[_ADDED] = added
        if profile.proxy is not None and "proxy" not in request.meta:
            proxy = with_variables(profile.proxy)
            ADDRESSES.allowed.add(urlsplit(proxy).hostname or "")  # the user has named it
            request.meta["proxy"] = proxy


def profile_of(crawler: Crawler) -> SiteProfile | None:
    """The profile whose site a crawl is of, or that it inspects; None if there is none."""
    spider = crawler.spider
    profile = getattr(spider, "profile", None) or getattr(spider, "inspected", None)
    return profile if isinstance(profile, SiteProfile) else None
