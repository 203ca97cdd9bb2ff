"""What type checkers and editors read of `crawler/__init__.py`."""

from crawler.api import Article as Article
from crawler.api import CrawlError as CrawlError
from crawler.api import CrawlResult as CrawlResult
from crawler.api import HomeError as HomeError
from crawler.api import ProfileError as ProfileError
from crawler.api import QueryError as QueryError
from crawler.api import RelatedArticle as RelatedArticle
from crawler.api import SiteProfile as SiteProfile
from crawler.api import Store as Store
from crawler.api import StoreError as StoreError
from crawler.api import crawl_site as crawl_site
from crawler.api import extract as extract
from crawler.api import read_profile as read_profile

__version__: str
