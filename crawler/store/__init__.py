"""The store: articles, their pages, channels and runs in one SQLite file."""

from crawler.store.archive import KeptArticle
from crawler.store.batch import BatchWriter
from crawler.store.database import StoreError
from crawler.store.frontier import Advertised, PendingPage
from crawler.store.query import ArticleFilter
from crawler.store.store import Store

__all__ = ["Advertised", "ArticleFilter", "BatchWriter", "KeptArticle", "PendingPage", "Store", "StoreError"]
