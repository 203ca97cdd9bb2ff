"""Search: ranked articles with the matches marked in title and snippet, and counts by facet."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.store.database import Database
from crawler.store.json_columns import json_list
from crawler.store.read.articles import ArticleFilter, ArticleQuery
from crawler.store.search.index import RANK, SearchIndex, match_expression
from crawler.store.search.query import QueryError, Term
from crawler.store.search.snippet import Segments, marked, snippet

FACETS = ("site", "language", "category", "day")

_REBUILD_BATCH = 1000
"""Articles that are indexed in one transaction when nothing else is written."""

_SHOWN = (
    "id", "url", "site", "published", "published_precision", "first_seen", "language", "category", "duplicate_of",
    "story_id",
)  # fmt: skip

_READ_CHARS = 200_000
"""Characters of a text that are read for its snippet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One article that was found."""

    id: int
    url: str
    site: str
    title: Segments
    snippet: Segments
    published: str | None
    published_precision: str | None
    first_seen: str
    language: str | None
    category: str | None
    duplicate_of: int | None
    story_id: int | None
    story_articles: int
    """Number of articles in its story."""

    score: float
    """Higher is better."""


class Search:
    """Searches the articles, and maintains the index."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._index = SearchIndex(db)

    def find(self, text: str, article_filter: ArticleFilter, limit: int, offset: int = 0) -> list[Hit]:
        """The best `limit` articles for a query after the first `offset`, best first. Raises QueryError."""
        with self._db.reading():
            query = self._index.query_terms(text)
            chosen = ArticleQuery(self._db, article_filter)
            # Ranked first and read afterwards: sorting must not carry the texts along.
            try:
                ranked = self._db.execute(
                    f"""SELECT a.id, {RANK} AS rank FROM articles_fts
                        JOIN search_docs AS d ON d.doc_id = articles_fts.rowid JOIN articles AS a ON a.id = d.article_id
                        WHERE articles_fts MATCH ? AND {chosen.where} ORDER BY rank, a.id LIMIT ? OFFSET ?""",
                    [match_expression(query), *chosen.values, limit, offset],
                ).fetchall()
            except sqlite3.OperationalError as error:
                if "fts5" in str(error):  # no query is known that causes this, but it would be the query's fault
                    raise QueryError(f"the query cannot be searched for ({error}); use words only") from error
                raise
            return [self._hit(article_id, -rank, query) for article_id, rank in ranked]

    def count(self, text: str, article_filter: ArticleFilter, facet: str | None = None) -> dict[str | None, int]:
        """The number of articles that a query finds, by the values of a facet (one of FACETS); without a facet, one
        number under None. Raises QueryError."""
        assert facet is None or facet in FACETS
        column = {"day": "substr(coalesce(a.published, a.first_seen), 1, 10)", None: "NULL"}.get(facet, f"a.{facet}")
        with self._db.reading():
            chosen = ArticleQuery(self._db, article_filter)
            rows = self._db.execute(
                f"""SELECT {column} AS value, count(*) AS found FROM articles_fts
                    JOIN search_docs AS d ON d.doc_id = articles_fts.rowid JOIN articles AS a ON a.id = d.article_id
                    WHERE articles_fts MATCH ? AND {chosen.where} GROUP BY value ORDER BY found DESC, value""",
                [match_expression(self._index.query_terms(text)), *chosen.values],
            )
            return dict(rows.fetchall())

    def hits(self, text: str | None, scores: Sequence[tuple[int, float]]) -> list[Hit]:
        """These articles (numbers with scores) in this order, with the words of a query marked. Raises QueryError."""
        with self._db.reading():
            query = self._index.query_terms(text) if text is not None else []
            return [self._hit(article_id, score, query) for article_id, score in scores]

    def index_batch(self) -> int:
        """Index some of the articles that are not in the index yet; the number of these."""
        with self._db.writing():
            return self._index.add_pending()

    def index_pending(self) -> int:
        """Bring the index up to date, in short transactions; the number of articles that were missing."""
        indexed = 0
        while self.has_pending():
            with self._db.writing():
                indexed += self._index.add_pending(_REBUILD_BATCH)
        return indexed

    def rebuild(self) -> int:
        """Build the index again; the number of articles in it."""
        with self._db.writing():
            self._index.clear()
        return self.index_pending()

    def has_pending(self) -> bool:
        """Whether articles are missing in the index, because another tool wrote them."""
        with self._db.reading():
            return self._index.has_pending()

    def _hit(self, article_id: int, score: float, query: list[Term]) -> Hit:
        columns = ", ".join(f"a.{name}" for name in _SHOWN)
        [row] = self._db.query(
            f"""SELECT {columns}, substr(a.title, 1, 2000) AS title, substr(a.subtitle, 1, 2000) AS subtitle,
                       a.authors, a.tags, substr(a.body, 1, {_READ_CHARS}) AS body,
                       coalesce(s.articles, 1) AS story_articles
                FROM articles AS a LEFT JOIN stories AS s ON s.id = a.story_id WHERE a.id = ?""",
            [article_id],
        )
        texts = [
            row["body"],
            row["subtitle"] or "",
            *(", ".join(map(str, json_list(row[name]))) for name in ("authors", "tags")),
        ]
        shown = {name: row[name] for name in (*_SHOWN, "story_articles")}
        return Hit(title=marked(row["title"], query), snippet=_first_match(query, texts), score=score, **shown)


def _first_match(query: list[Term], texts: list[str]) -> Segments:
    """The snippet of the first text with a match; of the first text if none has one."""
    snippets = (snippet(text, query) for text in texts)
    return next((each for each in snippets if any(is_hit for _, is_hit in each)), None) or snippet(texts[0], query)
