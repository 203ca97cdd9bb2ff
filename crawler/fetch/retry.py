"""Retries inside a crawl, for hosts that answer at all."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.urls import netloc_of


class AnsweringHostsRetryMiddleware(RetryMiddleware):
    """Scrapy's middleware, but a timeout of a host that has not answered in this crawl is not retried: a dead host must
    not hold its place in `rasid due` for three time limits. What was requested waits for the next poll. Failures that
    are known at once, as a refused connection, are retried as usual.

    The settings (RETRY_ENABLED, RETRY_TIMES ...) and the request meta (`max_retry_times`, `dont_retry` ...) are those
    of Scrapy's.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._answering: set[str] = set()
        """Hosts that have given a response in this crawl."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Called by Scrapy."""
        self._answering.add(netloc_of(request.url))
        return super().process_response(request, response)

    def process_exception(  # type: ignore[override]  # its decorator
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        """Called by Scrapy."""
        if isinstance(exception, DownloadTimeoutError) and netloc_of(request.url) not in self._answering:
            return None
        return super().process_exception(request, exception)
