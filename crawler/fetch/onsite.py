"""A crawl stays on its site and out of private networks, also when a page redirects."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawler.fetch.resolver import ADDRESSES, is_private_literal
from crawler.profile import SiteProfile
from crawler.urls import host_of, origin_of

PAGE_RESOURCE = "page_resource"
"""Key of a request's meta: what a page needs to be rendered may be on any public host, like a script."""
ROBOTS_REQUEST = "robots_request"
"""Key of a request's meta: robots.txt may redirect to any host (RFC 9309, 2.3.1.2)."""
RIGHTS_FILE = "rights_file"
"""Key of a request's meta: an RSL document may be on any host, as that of a collecting society."""


class OffSite(IgnoreRequest):
    """The URL is not on a host of the site. Unlike with Scrapy's filter, the request's errback is called."""


class PrivateAddress(IgnoreRequest):
    """The URL has a private address, or a port that is not in the profile."""


class OnSiteMiddleware:
    """Downloader middleware: each URL must be allowed by the profile of the spider."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises OffSite, PrivateAddress."""
        if origin_of(request.url) in ADDRESSES.typed:
            check_address(request.url, allowed=True)
            return
        spider = self._crawler.spider
        profile = getattr(spider, "profile", None)
        if profile is None:
            self._check_without_profile(request.url, getattr(spider, "allowed_origins", None))
            return
        owns = profile.owns(request.url)
        if not owns and request.meta.get(PAGE_RESOURCE):
            check_address(request.url, allowed=False)
            return
        if not owns and (request.meta.get(ROBOTS_REQUEST) or request.meta.get(RIGHTS_FILE)):
            check_address(request.url, allowed=may_be_private(profile))
            return
        if not owns:
            raise OffSite(f"{request.url} is not on a host of {profile.name}; `hosts` in the profile may list more")
        check_address(request.url, allowed=may_be_private(profile), ports=ports_of(profile))

    def _check_without_profile(self, url: str, origins: frozenset[str] | None) -> None:
        """`origins`: those to which a spider of our commands may go; None for a plain spider, whose author knows the
        ports."""
        if origins is not None:
            check_address(url, allowed=origin_of(url) in origins)
        elif self._crawler.settings.getbool("NEWS_ALLOW_PRIVATE"):
            ADDRESSES.allowed.add(host_of(url))
        elif is_private_literal(host_of(url)):
            raise PrivateAddress(f"{url} is on a private network; NEWS_ALLOW_PRIVATE = True allows it")
        elif _port(url) is not None and any(host_of(typed) == host_of(url) for typed in ADDRESSES.typed):
            # The name of a typed URL may lead to a private address, and this is another server there.
            raise PrivateAddress(f"{url} has another port than the URL that was typed")


def may_be_private(profile: SiteProfile) -> bool:
    """Whether a site may have a private address: by its profile, or because its URL was set with -a url=."""
    return profile.allow_private or profile.moved_to is not None


def ports_of(profile: SiteProfile) -> frozenset[int | None]:
    """The ports in the URLs of a profile: home page and channels."""
    urls = (profile.url, *(channel.url for channel in profile.channels()))
    return frozenset(_port(url) for url in urls)


def check_address(url: str, *, allowed: bool, ports: frozenset[int | None] = frozenset()) -> None:
    """Raises PrivateAddress for a private address, or a port that is neither the scheme's own nor in `ports`, unless
    that is `allowed`. Names are checked when they are resolved."""
    host = host_of(url)
    if allowed:
        ADDRESSES.allowed.add(host)
    elif is_private_literal(host):
        raise PrivateAddress(f"{url} is on a private network; allow_private = true in the profile allows it")
    elif _port(url) not in (None, *ports):
        raise PrivateAddress(f"{url} has a port that no URL of the profile has")


def _port(url: str) -> int | None:
    """The port of a URL; None for the default of its scheme."""
    parts = urlsplit(url)
    return None if parts.port == {"http": 80, "https": 443}.get(parts.scheme) else parts.port
