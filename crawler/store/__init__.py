"""The store: articles, their pages, channels and runs in one SQLite file."""

from crawler.store.archive import KeptArticle
from crawler.store.batch import BatchWriter
from crawler.store.channels import ChannelState
from crawler.store.database import StoreError
from crawler.store.exports import ExportStateError
from crawler.store.frontier import Advertised, PendingPage
from crawler.store.query import ArticleFilter
from crawler.store.search import Hit
from crawler.store.store import Store
from crawler.store.terms import QueryError

__all__ = [
    "Advertised",
    "ArticleFilter",
    "BatchWriter",
    "ChannelState",
    "ExportStateError",
    "Hit",
    "KeptArticle",
    "PendingPage",
    "QueryError",
    "Store",
    "StoreError",
]
