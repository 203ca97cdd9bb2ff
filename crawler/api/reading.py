"""The stored articles, for reading."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Self

from crawler.home import Home, HomeError, find_home, no_home
from crawler.items import Article, RelatedArticle
from crawler.store import ArticleFilter
from crawler.store import Store as Database
from crawler.store.read.articles import ChangeRange
from crawler.store.times import from_text
from crawler.user_settings import read_settings

_FIELDS = {field.name for field in fields(Article)}
_TIMES = ("published", "modified", "first_seen", "last_seen", "gone")


class Store:
    """The stored articles of a database. Use it in the thread that opened it, and close it, or use it with `with`.

    The iterators read row by row: memory does not grow with the database. A crawl may write meanwhile.
    """

    def __init__(self, database: Database) -> None:
        """Call `Store.open` instead."""
        self._database = database

    @classmethod
    def open(cls, path: str | Path | None = None) -> Self:
        """Open a database file, or that of a home's folder; without `path`, that of the home which `rasid` would use.
        Raises StoreError if the database cannot be read, HomeError if no home is found."""
        return cls(Database(_database_file(path), create=False))

    @property
    def path(self) -> Path:
        """The database file."""
        return self._database.path

    def articles(
        self,
        *,
        site: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        language: str | None = None,
        min_confidence: float | None = None,
        query: str | None = None,
        copies: bool = False,
    ) -> Iterator[Article]:
        """The articles, in the order in which they were stored.

        `since` and `until`: published, or first seen if they have no date, at this moment or later, and before that
        one; aware datetimes. `min_confidence`: at least this sure, 0 to 1. `query`: what `rasid search` would find.
        `copies`: also articles that copy the text of another one. Raises QueryError, StoreError.
        """
        yield from self._articles(_filter(site, since, until, language, min_confidence, query, copies))

    def rows(
        self,
        *,
        site: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        language: str | None = None,
        min_confidence: float | None = None,
        query: str | None = None,
        copies: bool = False,
    ) -> Iterator[dict[str, Any]]:
        """The same articles as dictionaries: the columns of `rasid export`, with times as datetimes, ready for
        `pandas.DataFrame(store.rows())`. Raises QueryError, StoreError."""
        for row in self._database.exports.articles(
            _filter(site, since, until, language, min_confidence, query, copies)
        ):
            yield row | {name: from_text(row[name]) for name in _TIMES}

    def article(self, url: str) -> Article | None:
        """The article behind a URL: its own, or one that led to it. None if it is not stored. Raises StoreError."""
        number = self._database.articles.find(url)
        detail = self._database.articles.detail(number) if number is not None else None
        return _article(detail, detail["related"]) if detail is not None else None

    def changed(self, first: int, last: int) -> Iterator[Article]:
        """The articles that were stored or changed by the changes after number `first`, up to `last`."""
        yield from self._articles(ArticleFilter(changes=ChangeRange((first, last)), with_duplicates=True))

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _articles(self, article_filter: ArticleFilter) -> Iterator[Article]:
        with self._database.exports.snapshot():  # both queries have the same articles, in the same order
            exports = self._database.exports
            groups = groupby(exports.related_articles(article_filter), lambda row: int(row["article_id"]))
            related = next(groups, None)
            for row in exports.articles(article_filter):
                if related is not None and related[0] == row["id"]:
                    yield _article(row, related[1])
                    related = next(groups, None)
                else:
                    yield _article(row, ())


def _filter(
    site: str | None,
    since: datetime | None,
    until: datetime | None,
    language: str | None,
    min_confidence: float | None,
    query: str | None,
    copies: bool,
) -> ArticleFilter:
    for name, moment in (("since", since), ("until", until)):
        if moment is not None and moment.tzinfo is None:
            raise ValueError(f"{name}={moment!r} has no time zone; write datetime(..., tzinfo=UTC)")
    sites = (site,) if site is not None else ()
    return ArticleFilter(
        sites=sites,
        since=since,
        until=until,
        language=language,
        min_confidence=min_confidence,
        query=query,
        with_duplicates=copies,
    )


def _article(row: Mapping[str, Any], related: Iterable[Mapping[str, Any]]) -> Article:
    """A row of the table with those of its related articles."""
    values = {name: value for name, value in row.items() if name in _FIELDS}
    values |= {name: from_text(row[name]) for name in ("published", "modified")}
    values["paywalled"] = bool(row["paywalled"])
    values["paragraphs"] = row["body"].split("\n") if row["body"] else []
    names = ("kind", "title", "url", "text", "paragraph_index")
    values["related"] = [
        RelatedArticle(position=position, **{name: each[name] for name in names})
        for position, each in enumerate(related)
    ]
    return Article(**values)


def _database_file(path: str | Path | None) -> Path:
    """The file that `rasid` would use, by the environment before the home's settings; or the file itself."""
    if path is None:
        home = find_home()
        if home is None:
            raise HomeError(no_home())
    else:
        home = Home(Path(path).expanduser())
        if not home.exists:
            return home.folder
    return Path(os.environ.get("NEWS_DB") or read_settings(home).get("NEWS_DB", home.database))
