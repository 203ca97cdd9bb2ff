"""The library. It imports nothing of spiders/ and pipelines/, which use it.

`from crawler import extract, crawl_site, Store` gives the Python API of crawler/api/, which is imported only then: all
commands import this package.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.2.0"

_API = (
    "Article",
    "CrawlError",
    "CrawlResult",
    "HomeError",
    "ProfileError",
    "QueryError",
    "RelatedArticle",
    "SiteProfile",
    "Store",
    "StoreError",
    "crawl_site",
    "read_profile",
)


def __getattr__(name: str) -> object:
    if name == "extract":
        return import_module("crawler.extract")
    if name in _API:
        return getattr(import_module("crawler.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_API, "extract"})
