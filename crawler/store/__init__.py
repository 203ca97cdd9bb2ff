"""The store: articles, their pages, channels and runs in one SQLite file."""

# ruff: noqa: E402
import sys
from typing import Any

# sqlite-utils imports pandas and numpy wherever they are installed, to recognise their types, of which we use none:
# most of a second on every call of a command.
_MODULES: dict[str, Any] = sys.modules
_HIDDEN = [name for name in ("pandas", "numpy") if name not in _MODULES]
_MODULES.update(dict.fromkeys(_HIDDEN))
import sqlite_utils.db  # noqa: F401

for _name in _HIDDEN:
    del _MODULES[_name]

from crawler.store.archive import ArchivedArticle, RecordSink, StoredPage
from crawler.store.articles.restore import HarmedArticle
from crawler.store.channels import ChannelState, Completion, Reading
from crawler.store.database import StoreError
from crawler.store.pages import EnqueueResult, PendingPage
from crawler.store.read.articles import ArticleFilter
from crawler.store.read.exports import ExportStateError
from crawler.store.rights import StoredRights
from crawler.store.search.query import QueryError
from crawler.store.search.search import Hit
from crawler.store.store import OutcomeBatch, Store

__all__ = [
    "ArchivedArticle",
    "ArticleFilter",
    "ChannelState",
    "Completion",
    "EnqueueResult",
    "ExportStateError",
    "HarmedArticle",
    "Hit",
    "OutcomeBatch",
    "PendingPage",
    "QueryError",
    "Reading",
    "RecordSink",
    "Store",
    "StoreError",
    "StoredPage",
    "StoredRights",
]
