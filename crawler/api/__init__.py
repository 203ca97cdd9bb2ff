"""The Python API, which scripts and notebooks import as `from rasid import extract, crawl_site, Store`: docs/python.md.

`crawler` and `rasid` import this package when a name of it is first used.
"""

from crawler.api.crawl import CrawlError, CrawlResult, crawl_site
from crawler.api.reading import Store
from crawler.extract.article import extract
from crawler.home import HomeError
from crawler.items import Article, RelatedArticle
from crawler.profile import ProfileError, SiteProfile
from crawler.profiles import read_profile
from crawler.store.database import StoreError
from crawler.store.search.query import QueryError

__all__ = [
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
    "extract",
    "read_profile",
]
