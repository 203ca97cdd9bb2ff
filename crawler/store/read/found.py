"""What the search page shows of all articles that a filter chooses: their order, their number, facets and time line.

Whatever is searched, at most COUNTED articles are looked at, so that a page costs the same for every query.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from crawler.store.database import Database
from crawler.store.read.articles import FOUND, ArticleFilter, ArticleQuery, search_expression
from crawler.store.schema.views import day_of
from crawler.store.search.index import RANK
from crawler.store.times import to_text

COUNTED = 10_000
"""Articles that are counted and sorted; of more hits, these are the ones that were published or stored last. Chosen by
hand: on 100,000 generated articles a page of this many takes about 100 ms of CPU time."""

_AHEAD = timedelta(days=1)
"""A date further in the future is a mistake of the site: the article counts by when it was first seen."""

_DAYS, _MONTHS = 92, 36
"""A time line of more days has a bar for a month, of more months a bar for a year. Chosen by hand: three months of days
are as many bars as can be hit with a finger."""

_COLUMNS = "a.id, a.published, a.first_seen, a.site, a.language, a.category, a.story_id"


class FoundArticle(NamedTuple):
    """An article, without its text."""

    id: int
    moment: str
    """Of its publication, otherwise of its first fetch."""

    site: str
    language: str | None
    category: str | None
    story_id: int | None
    score: float
    """Higher is better; 0 without words to search for, or if the order is that of time."""


class Period(NamedTuple):
    """A bar of a time line."""

    since: str
    """First day: 2026-03-01."""

    until: str
    """Last day."""

    label: str
    """The day, the month (2026-03) or the year."""

    articles: int


@dataclass(frozen=True, slots=True)
class Found:
    """Articles in their order."""

    articles: Sequence[FoundArticle]
    is_all: bool
    """False: there are more than COUNTED, and these are only the ones that were published or stored last."""

    def facet(self, name: str, count: int) -> list[tuple[str, int]]:
        """The most frequent values of `site`, `language` or `category`, with the number of articles."""
        place = FoundArticle._fields.index(name)
        counts = Counter(article[place] for article in self.articles)
        del counts[None]
        ranked = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
        return [(str(value), number) for value, number in ranked[:count]]

    def time_line(self) -> list[Period]:
        """The number of articles for each day, month or year from the first to the last, those without articles too."""
        return time_line(article.moment[:10] for article in self.articles)


class FoundArticles:
    """Finds articles by a filter."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, article_filter: ArticleFilter, now: datetime, *, by_date: bool = False) -> Found:
        """The articles of a filter, the best first; with `by_date`, or without a query, the newest first. Raises
        QueryError."""
        with self._db.reading():
            rows = self._rows(article_filter, by_date=by_date or article_filter.query is None)
        last = to_text(now + _AHEAD)
        articles = [
            FoundArticle(
                id_, published if published and published <= last else seen, site, language, category, story, -rank
            )
            for id_, published, seen, site, language, category, story, rank in rows[:COUNTED]
        ]
        if article_filter.only_stories:
            articles = _first_of_stories(articles)
        articles.sort(key=lambda article: (article.score, article.moment, article.id), reverse=True)
        return Found(articles, is_all=len(rows) <= COUNTED)

    def _rows(self, article_filter: ArticleFilter, *, by_date: bool) -> list[tuple[Any, ...]]:
        expression = search_expression(self._db, article_filter)
        rest = replace(article_filter, query=None, author=None, only_stories=False)
        if article_filter.only_stories:
            rest = replace(rest, with_duplicates=True)
        chosen = ArticleQuery(self._db, rest)
        newest = f"ORDER BY {day_of('a')} DESC LIMIT {COUNTED + 1}"
        if expression is None:
            sql = f"SELECT {_COLUMNS}, 0 FROM articles AS a WHERE {chosen.where} {newest}"
            return self._db.execute(sql, chosen.values).fetchall()
        if by_date and self._is_frequent(expression):
            # By the index of the days, which has all the columns; the plus keeps SQLite from reading the rows instead.
            sql = f"SELECT {_COLUMNS}, 0 FROM articles AS a WHERE +a.id IN ({FOUND}) AND {chosen.where} {newest}"
            return self._db.execute(sql, [expression, *chosen.values]).fetchall()
        sql = f"""SELECT {_COLUMNS}, {0 if by_date else RANK} FROM articles_fts
            JOIN search_docs AS d ON d.doc_id = articles_fts.rowid CROSS JOIN articles AS a ON a.id = d.article_id
            WHERE articles_fts MATCH ? AND {chosen.where} ORDER BY articles_fts.rowid DESC LIMIT {COUNTED + 1}"""
        return self._db.execute(sql, [expression, *chosen.values]).fetchall()

    def _is_frequent(self, expression: str) -> bool:
        sql = f"SELECT count(*) FROM (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT {COUNTED + 1})"
        return int(self._db.execute(sql, [expression]).fetchone()[0]) > COUNTED


def time_line(days: Iterable[str]) -> list[Period]:
    """The bars for these days (2026-03-01)."""
    counts = Counter(days)
    if not counts:
        return []
    first, last = min(counts), max(counts)
    length = next((n for n, most in ((10, _DAYS), (7, _MONTHS)) if _steps(first[:n], last[:n]) < most), 4)
    totals: Counter[str] = Counter()
    for day, number in counts.items():
        totals[day[:length]] += number
    label, bars = first[:length], []
    while label <= last[:length]:
        bars.append(Period(_first_day(label), _last_day(label), label, totals[label]))
        label = _next(label)
    return bars


def _first_of_stories(articles: Sequence[FoundArticle]) -> list[FoundArticle]:
    """Of each story the article that was stored first."""
    first: dict[int, FoundArticle] = {}
    for article in articles:
        story = article.story_id if article.story_id is not None else article.id
        if story not in first or article.id < first[story].id:
            first[story] = article
    return list(first.values())


def _steps(first: str, last: str) -> int:
    """Days or months from one to the other."""
    begin, end = (datetime.fromisoformat(_first_day(label)) for label in (first, last))
    return (end - begin).days if len(first) > 7 else (end.year - begin.year) * 12 + end.month - begin.month


def _first_day(label: str) -> str:
    return label + "-01-01"[len(label) - 4 :]


def _last_day(label: str) -> str:
    following = _next(label)
    if len(label) == 10 or following > "9999":
        return label if len(label) == 10 else label + "-12-31"[len(label) - 4 :]
    return f"{datetime.fromisoformat(_first_day(following)) - timedelta(days=1):%Y-%m-%d}"


def _next(label: str) -> str:
    """The next day, month or year. What follows the year 9999 is greater than all others."""
    if len(label) == 10:
        day = datetime.fromisoformat(label)
        return f"{day + timedelta(days=1):%Y-%m-%d}" if label < "9999-12-31" else "A"
    year, month = int(label[:4]), int(label[5:7] or 12)
    year, month = (year, month + 1) if len(label) == 7 and month < 12 else (year + 1, 1)
    return "A" if year > 9999 else f"{year:04}-{month:02}"[: len(label)]
