"""A crawl stays on its site and out of private networks, also where a redirect would lead it."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawler.fetch.resolver import ADDRESSES, is_private_literal
from crawler.profile import SiteProfile
from crawler.urls import host_of, origin_of


class OffSite(IgnoreRequest):
    """The URL is not one of the site's own. Unlike Scrapy's filter, this reaches the request's errback."""


class PrivateAddress(IgnoreRequest):
    """The URL leads to a private address, or to a port that the profile does not name."""


class OnSiteMiddleware:
    """Downloader middleware that asks the spider's profile."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises OffSite for a URL that is not the site's own, PrivateAddress for one on a private network."""
        spider = self._crawler.spider
        profile = getattr(spider, "profile", None)
        if profile is None:
            check_address(request.url, allowed=origin_of(request.url) == getattr(spider, "given_origin", None))
            return
        if not profile.owns(request.url):
            raise OffSite(f"{request.url} is not on {profile.name}'s own hosts")
        check_address(request.url, allowed=may_be_private(profile), ports=ports_of(profile))


def may_be_private(profile: SiteProfile) -> bool:
    """Whether a site may be at a private address: its profile says so, or the address was given by hand."""
    return profile.allow_private or profile.moved_to is not None


def ports_of(profile: SiteProfile) -> frozenset[int | None]:
    """The ports that a profile names, in its home page and channels."""
    urls = (profile.url, *(channel.url for channel in profile.channels()))
    return frozenset(_port(url) for url in urls)


def check_address(url: str, *, allowed: bool, ports: frozenset[int | None] = frozenset()) -> None:
    """Raises PrivateAddress for a private address, or a port that is neither the scheme's own nor in `ports`, unless
    that is `allowed`. Names are checked when they are resolved."""
    host = host_of(url)
    if allowed:
        ADDRESSES.allowed.add(host)
    elif is_private_literal(host):
        raise PrivateAddress(f"{url} is on a private network; allow_private = true in the profile would allow it")
    elif _port(url) not in (None, *ports):
        raise PrivateAddress(f"{url} is on a port that the profile does not name")


def _port(url: str) -> int | None:
    """The port of a URL; None for the one of its scheme."""
    parts = urlsplit(url)
    return None if parts.port == {"http": 80, "https": 443}.get(parts.scheme) else parts.port
