"""Why a request gave no page, and whether the next run may try it again."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from scrapy import Request, exceptions
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils._download_handlers import get_maxsize_msg
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from crawler.fetch.failures import FailureReason, ForbiddenByRobots, failure_reason
from crawler.fetch.onsite import ROBOTS_REQUEST, OffSite, OnSiteMiddleware
from crawler.profile import SiteProfile

URL = "https://example.org/a"


def reason_of(error: BaseException) -> FailureReason:
    return failure_reason(Failure(error))  # type: ignore[no-untyped-call]


def raised_by(step: Any, *args: Any) -> FailureReason:
    """What Scrapy's own middleware raises."""
    with pytest.raises(IgnoreRequest) as caught:
        step(*args)
    return reason_of(caught.value)


def crawler(**settings: Any) -> Crawler:
    made = get_crawler(settings_dict={"ROBOTSTXT_OBEY": True, **settings})
    assert isinstance(made, Crawler)
    return made


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 522])
def test_a_status_that_may_pass_is_transient(status: int) -> None:
    result = reason_of(HttpError(Response(URL, status=status)))
    assert result == FailureReason(f"http_{status}", is_transient=True, status=status)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 406, 410, 451])
def test_a_status_that_stays_is_hard(status: int) -> None:
    result = reason_of(HttpError(Response(URL, status=status)))
    assert result == FailureReason(f"http_{status}", is_transient=False, status=status)


@pytest.mark.parametrize(
    ("error", "code", "is_transient"),
    [
        (exceptions.DownloadTimeoutError("Getting it took longer than 30 seconds."), "timeout", True),
        (exceptions.CannotResolveHostError("DNS lookup failed"), "no_such_host", True),
        (exceptions.DownloadConnectionRefusedError("refused"), "connection_refused", True),
        (exceptions.ResponseDataLossError("cut"), "cut_off", True),
        (exceptions.DownloadFailedError("reset"), "connection_failed", True),
        (exceptions.UnsupportedURLSchemeError("ftp"), "no_web_address", False),
        (exceptions.DownloadCancelledError("CancelledError"), "cancelled", True),
        (ForbiddenByRobots("Forbidden by robots.txt"), "robots", False),
        (OffSite("not ours"), "off_site", False),
        (IgnoreRequest("a middleware of somebody's"), "refused", False),
        (OSError("anything else"), "download_error", True),
        (ValueError("anything else"), "download_error", True),
    ],
)
def test_each_failure_has_its_code(error: Exception, code: str, is_transient: bool) -> None:
    result = reason_of(error)
    assert (result.code, result.is_transient, result.status) == (code, is_transient, None)
    assert str(error) in result.detail


@pytest.mark.parametrize("expected", [True, False])
def test_a_page_over_the_size_limit_is_too_large_for_good(expected: bool) -> None:
    message = get_maxsize_msg(20_000_000, 10_000_000, Request(URL), expected=expected)
    result = reason_of(exceptions.DownloadCancelledError(message))
    assert (result.code, result.is_transient) == ("too_large", False)


def test_redirects_without_end_are_a_redirect_loop() -> None:
    middleware = RedirectMiddleware.from_crawler(crawler(REDIRECT_MAX_TIMES=1))
    response = Response(URL, status=302, headers={"Location": URL})
    again = middleware.process_response(Request(URL), response)
    assert isinstance(again, Request)
    result = raised_by(middleware.process_response, again, response)
    assert (result.code, result.is_transient) == ("redirect_loop", False)


def test_a_decompression_bomb_is_too_large() -> None:
    middleware = HttpCompressionMiddleware.from_crawler(crawler(DOWNLOAD_MAXSIZE=100_000))
    bomb = Response(URL, body=gzip.compress(b"0" * 5_000_000), headers={"Content-Encoding": "gzip"})
    result = raised_by(middleware.process_response, Request(URL), bomb)
    assert (result.code, result.is_transient) == ("too_large", False)


def test_a_request_that_leaves_the_site_is_off_site() -> None:
    made = crawler()
    made.spider = made._create_spider("one")
    made.spider.profile = SiteProfile(name="one", title="One", url="https://example.org/")  # type: ignore[attr-defined]
    middleware = OnSiteMiddleware.from_crawler(made)
    middleware.process_request(Request(URL))
    middleware.process_request(Request("https://news.example.org/a"))
    result = raised_by(middleware.process_request, Request("https://example.net/a"))
    assert (result.code, result.is_transient) == ("off_site", False)
    assert "https://example.net/a" in result.detail


def test_robots_txt_may_redirect_to_another_host_but_not_to_a_private_address_or_an_odd_port() -> None:
    made = crawler()
    made.spider = made._create_spider("one")
    made.spider.profile = SiteProfile(name="one", title="One", url="https://example.org/")  # type: ignore[attr-defined]
    middleware = OnSiteMiddleware.from_crawler(made)
    meta = {ROBOTS_REQUEST: "https://example.org"}
    middleware.process_request(Request("https://example.net/robots.txt", meta=meta))
    for url in ("http://192.168.0.1/robots.txt", "https://[fd00::1]/robots.txt", "https://example.net:8443/robots.txt"):
        assert raised_by(middleware.process_request, Request(url, meta=meta)).code == "private_address"
