"""What a crawl of many sites does once for each: copies of the settings, and parts that are off."""

from __future__ import annotations

import subprocess
import sys

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.settings import BaseSettings, Settings
from scrapy.utils.misc import build_from_crawler
from scrapy.utils.project import get_project_settings
from scrapy.utils.test import get_crawler

from crawler.fetch.meta_refresh import DeclaredMetaRefreshMiddleware
from crawler.scrapyext.site_settings import CopiedSettings
from crawler.scrapyext.unused_parts import UnusedParts
from tests.conftest import PROJECT

URL = "https://daily.example/a.html"
REFRESH = '<html><head><meta http-equiv="Refresh" content="0; url=/b.html"></head><body>{}</body></html>'


def as_lists(settings: BaseSettings) -> dict[str, object]:
    """Values and priorities, of nested settings as well."""
    values = {name: (attribute.value, attribute.priority) for name, attribute in settings.attributes.items()}
    return {
        name: (as_lists(value), priority) if isinstance(value, BaseSettings) else (value, priority)
        for name, (value, priority) in values.items()
    }


def test_a_copy_has_the_values_and_priorities_of_scrapys_copy() -> None:
    settings = get_project_settings()
    settings.set("NEWS_DB", "other.db", priority="cmdline")
    assert as_lists(CopiedSettings.of(settings).copy()) == as_lists(settings.copy())


def test_what_is_changed_in_a_copy_stays_as_it_is_in_the_original() -> None:
    given = Settings({"FEEDS": {"out.csv": {"fields": ["url"]}}, "SPIDER_MODULES": ["spiders"]})
    original = CopiedSettings.of(given)
    before = as_lists(original.copy())
    changed = original.copy()
    changed["FEEDS"]["out.csv"]["fields"].append("title")
    changed["SPIDER_MODULES"].append("mine")
    changed["EXTENSIONS_BASE"]["mine.Extension"] = 1
    changed.set("DOWNLOAD_DELAY", 7, priority="cmdline")
    changed.freeze()
    assert as_lists(original) == before == as_lists(CopiedSettings.of(given))
    original.set("DOWNLOAD_DELAY", 8)
    assert original.copy().getint("DOWNLOAD_DELAY") == 8


@pytest.mark.parametrize("encoding", ["utf-8", "cp1256", "utf-16"])
def test_a_page_that_refreshes_at_once_is_followed_in_any_encoding(encoding: str) -> None:
    middleware = build_from_crawler(DeclaredMetaRefreshMiddleware, get_crawler())
    response = HtmlResponse(URL, body=REFRESH.format("خبر").encode(encoding), encoding=encoding)
    found = middleware.process_response(Request(URL), response)
    assert found.url.startswith("https://daily.example/b.html")
    assert isinstance(found, Request)


def test_a_page_without_a_refresh_is_not_decoded() -> None:
    middleware = build_from_crawler(DeclaredMetaRefreshMiddleware, get_crawler())
    response = HtmlResponse(URL, body="<html><p>خبر 🙂</p></html>".encode())
    assert middleware.process_response(Request(URL), response) is response
    assert response._cached_ubody is None


@pytest.mark.parametrize("is_on", [False, True])
def test_the_remote_control_is_left_out_unless_it_is_on(is_on: bool) -> None:
    settings = get_project_settings()
    settings.set("REMOTE_CONTROL_ENABLED", is_on)
    UnusedParts().update_settings(settings)
    path = "scrapy.extensions.remote_control.RemoteControl"
    assert (settings["EXTENSIONS_BASE"][path] is not None) is is_on


def test_a_crawl_does_not_import_what_is_off() -> None:
    program = (
        "import sys\nfrom scrapy.cmdline import execute\n"
        "try: execute(['scrapy', 'crawl', 'archive', '-a', 'files=*.none'])\n"
        "finally: sys.exit(str({'aiohttp'} & sys.modules.keys() or ''))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert "aiohttp" not in done.stderr
