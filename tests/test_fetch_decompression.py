"""Bodies compressed by gzip: what Scrapy makes of them, in less time."""

from __future__ import annotations

import gzip
from typing import Any

import brotli
import pytest
from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.fetch.decompression import GunzipMiddleware

PAGE = b"<!DOCTYPE html><title>Harbour</title>" + b"".join(
    b"<p>Paragraph %d of the page.</p>" % n for n in range(2_000)
)
PACKED = gzip.compress(PAGE)
HTML = {"Content-Type": "text/html; charset=utf-8"}
BODIES: dict[str, tuple[bytes, dict[str, str]]] = {
    "a page": (PACKED, HTML),
    "without a type": (PACKED, {}),
    "a picture": (gzip.compress(b"\x89PNG\r\n\x1a\n" + bytes(99)), {"Content-Type": "image/png"}),
    "nothing": (gzip.compress(b""), HTML),
    "two members": (gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:]), HTML),
    "cut off": (PACKED[:-20], HTML),
    "a wrong checksum": (PACKED[:-8] + bytes(8), HTML),
    "padding": (PACKED + bytes(9), HTML),
    "not gzip": (PAGE, HTML),
    "brotli": (brotli.compress(PAGE), HTML | {"Content-Encoding": "br"}),
    "twice": (gzip.compress(brotli.compress(PAGE)), HTML | {"Content-Encoding": "br, gzip"}),
    "larger than the limit": (gzip.compress(bytes(300_000)), HTML),
    "large enough for a warning": (gzip.compress(bytes(150_000)), HTML),
}


def read(body: bytes, headers: dict[str, str], *, ours: bool, method: str = "GET", meta: Any = None) -> dict[str, Any]:
    """What the spider gets of a response, with Scrapy's decompression alone or behind ours."""
    crawler = get_crawler(settings_dict={"DOWNLOAD_MAXSIZE": 200_000, "DOWNLOAD_WARNSIZE": 100_000})
    request = Request("https://news.test/a.html", method=method, meta=meta)
    response = Response(request.url, headers={"Content-Encoding": "gzip"} | headers, body=body, request=request)
    if ours:
        response = GunzipMiddleware.from_crawler(crawler).process_response(request, response)
    try:
        result = HttpCompressionMiddleware.from_crawler(crawler).process_response(request, response)
    except (IgnoreRequest, OSError) as error:
        return {"error": type(error)}
    assert crawler.stats is not None
    assert isinstance(result, Response)
    return {"body": result.body, "class": type(result), "headers": result.headers, "stats": crawler.stats.get_stats()}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_what_scrapy_alone_makes_of_it(name: str, caplog: pytest.LogCaptureFixture) -> None:
    body, headers = BODIES[name]
    alone = read(body, headers, ours=False)
    warnings = [record.levelname for record in caplog.records]
    caplog.clear()
    assert read(body, headers, ours=True) == alone
    assert [record.levelname for record in caplog.records] == warnings


def test_a_head_request_and_the_limit_of_one_request_are_left_to_scrapy() -> None:
    options: dict[str, Any]
    for options in ({"method": "HEAD"}, {"meta": {"download_maxsize": 1_000}}):
        assert read(PACKED, HTML, ours=True, **options) == read(PACKED, HTML, ours=False, **options)


@pytest.mark.parametrize(
    "settings",
    [
        {"COMPRESSION_ENABLED": False},
        {"DOWNLOADER_MIDDLEWARES": {"scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None}},
        {"DOWNLOADER_MIDDLEWARES": {HttpCompressionMiddleware: 10}},
    ],
)
def test_who_wants_compressed_bodies_gets_them(settings: dict[str, Any]) -> None:
    with pytest.raises(NotConfigured):
        GunzipMiddleware.from_crawler(get_crawler(settings_dict=settings))
