"""Signs each request, if the crawler has an identity (Web Bot Auth)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings

from crawler import clock
from crawler.home import absolute

if TYPE_CHECKING:
    from crawler.identity.keys import Identity


class SignatureMiddleware:
    """Downloader middleware, the last before the network: what a retry or a redirect takes over from an earlier request
    is replaced, since a signature is for one host and one moment."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy. Raises NotConfigured without an identity, IdentityError for one that cannot be used."""
        path = identity_path(crawler.settings)
        if path is None:
            raise NotConfigured
        from crawler.identity.keys import read_identity  # heavy, and most crawls need no keys

        return cls(read_identity(path))

    def process_request(self, request: Request) -> None:
        """Add the headers. Raises IdentityError if no key is valid any more."""
        from crawler.identity.signing import signature_headers

        for name, value in signature_headers(self._identity, request.url, clock.now()).items():
            request.headers[name] = value


def identity_path(settings: BaseSettings) -> Path | None:
    """The key file of the settings; None if requests are not signed. A relative path starts at the home."""
    name = str(settings["NEWS_IDENTITY"] or "")
    if not name:
        return None
    return absolute(Path(str(settings["NEWS_HOME"] or ".")) / Path(name).expanduser())
