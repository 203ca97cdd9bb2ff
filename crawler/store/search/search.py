"""Search: the index is asked, its answers are ranked and shown with marks."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from crawler.store.read.articles import ArticleFilter, conditions
from crawler.store.search.index import match_expression, query_terms
from crawler.store.search.query import QueryError, Term
from crawler.store.search.snippet import Segments, marked, snippet

# title, subtitle, body, authors, tags: a word of the headline says more of an article than one of its text.
FACETS = ("site", "language", "category", "day")
_RANK = "bm25(articles_fts, 8.0, 3.0, 1.0, 4.0, 2.0)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One article that was found."""

    id: int
    url: str
    site: str
    title: Segments
    snippet: Segments
    published: str | None
    first_seen: str
    language: str | None
    category: str | None
    duplicate_of: int | None
    score: float
    """Higher is better."""


def search(db: Database, query: str, wanted: ArticleFilter, limit: int, offset: int = 0) -> list[Hit]:
    """The best `limit` articles after the first `offset`, best first. Raises QueryError."""
    asked = query_terms(db, query)
    where, values = conditions(db, wanted)
    # Ranked first and read afterwards: sorting must not carry the texts along.
    try:
        ranked = db.execute(
            f"""SELECT a.id, {_RANK} AS rank FROM articles_fts JOIN search_docs AS d ON d.doc_id = articles_fts.rowid
                JOIN articles AS a ON a.id = d.article_id
                WHERE articles_fts MATCH ? AND {where} ORDER BY rank, a.id LIMIT ? OFFSET ?""",
            [match_expression(asked), *values, limit, offset],
        ).fetchall()
    except sqlite3.OperationalError as error:
        if "fts5" in str(error):  # no query is known that gets here, but a user's query is no reason to say more
            raise QueryError(f"the query cannot be searched for ({error}); write words alone") from error
        raise
    return [_hit(db, article_id, -rank, asked) for article_id, rank in ranked]


def count_found(db: Database, query: str, wanted: ArticleFilter, facet: str | None = None) -> dict[str | None, int]:
    """How many articles a query finds, by the values of a facet (site, language, category, day); one count under None
    if no facet is asked for. Raises QueryError."""
    where, values = conditions(db, wanted)
    column = {"day": "substr(coalesce(a.published, a.first_seen), 1, 10)", None: "NULL"}.get(facet, f"a.{facet}")
    assert facet is None or facet in FACETS
    rows = db.execute(
        f"""SELECT {column} AS value, count(*) AS found FROM articles_fts
            JOIN search_docs AS d ON d.doc_id = articles_fts.rowid JOIN articles AS a ON a.id = d.article_id
            WHERE articles_fts MATCH ? AND {where} GROUP BY value ORDER BY found DESC, value""",
        [match_expression(query_terms(db, query)), *values],
    )
    return dict(rows.fetchall())


def _hit(db: Database, article_id: int, score: float, asked: list[Term]) -> Hit:
    names = "id, url, site, published, first_seen, language, category, duplicate_of"
    columns = [name.strip() for name in names.split(",")]
    found = db.execute(f"SELECT title, body, subtitle, authors, tags, {names} FROM articles WHERE id = ?", [article_id])
    title, body, subtitle, authors, tags, *rest = found.fetchone()
    shown = _first_with_a_hit(asked, body, subtitle or "", *(", ".join(json.loads(text)) for text in (authors, tags)))
    fields: dict[str, Any] = dict(zip(columns, rest, strict=True))
    return Hit(title=marked(title, asked), snippet=shown, score=score, **fields)


def _first_with_a_hit(asked: list[Term], *texts: str) -> Segments:
    """The snippet of the first text that holds a found word; of the first one if none does."""
    made = (snippet(text, asked) for text in texts)
    return next((part for part in made if any(is_hit for _, is_hit in part)), None) or snippet(texts[0], asked)
