"""What exports, releases and searches ask of the store: reading, all of it at one moment if need be."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from crawler.store.database import store_errors, transaction
from crawler.store.read import articles as query
from crawler.store.read import exports
from crawler.store.read.articles import ArticleFilter, Changes
from crawler.store.search import index as textindex
from crawler.store.search import search
from crawler.store.search.search import Hit


class Datasets:
    """The part of Store that gives out what is stored. Raises StoreError if the file fails it."""

    path: Path
    _db: Database

    def articles(self, wanted: ArticleFilter) -> Iterator[dict[str, Any]]:
        """Stored articles, see crawler.store.read.articles.articles."""
        with store_errors(self.path):
            yield from query.articles(self._db, wanted)

    def related_articles(self, wanted: ArticleFilter) -> Iterator[dict[str, Any]]:
        """What stored articles say of others, see crawler.store.read.articles.related_articles."""
        with store_errors(self.path):
            yield from query.related_articles(self._db, wanted)

    def stories(self, wanted: ArticleFilter) -> Iterator[dict[str, Any]]:
        """The stories of stored articles, see crawler.store.read.articles.stories."""
        with store_errors(self.path):
            yield from query.stories(self._db, wanted)

    def story_edges(self, wanted: ArticleFilter) -> Iterator[dict[str, Any]]:
        """Which stored article copies which, see crawler.store.read.articles.story_edges."""
        with store_errors(self.path):
            yield from query.story_edges(self._db, wanted)

    def fate(self, url: str) -> str:
        """Why an article is not among those chosen, see crawler.store.read.articles.fate."""
        with store_errors(self.path):
            return query.fate(self._db, url)

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside is of one moment, whatever crawls write meanwhile. Nothing may be written inside."""
        with store_errors(self.path):
            self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.rollback()

    def changes_since(self, name: str, wanted: ArticleFilter, **parts: bool) -> Changes:
        """What the next export of this name is to hold, see crawler.store.read.exports.changes_since."""
        with store_errors(self.path):
            return exports.changes_since(self._db, name, wanted, **parts)

    def note_export(self, name: str, wanted: ArticleFilter, changes: Changes, rows: int, now: datetime) -> None:
        """Remember an export whose files are in their places, see crawler.store.read.exports.note_export."""
        with store_errors(self.path), transaction(self._db):
            exports.note_export(self._db, name, wanted, changes, rows, now)

    def index_due(self) -> int:
        """Bring the search index up to date, in short transactions; how many articles were missing from it."""
        indexed = 0
        with store_errors(self.path):
            while textindex.is_due(self._db):
                with transaction(self._db):
                    indexed += textindex.index_due(self._db, limit=1000)
        return indexed

    def reindex(self) -> int:
        """Make the search index anew; how many articles it holds."""
        with store_errors(self.path), transaction(self._db):
            textindex.forget_index(self._db)
        return self.index_due()

    def search(self, text: str, wanted: ArticleFilter, limit: int) -> list[Hit]:
        """The best articles for a query, see crawler.store.search.search."""
        with store_errors(self.path):
            return search.search(self._db, text, wanted, limit)
