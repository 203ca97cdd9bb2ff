"""The full-text index: kept up to date by our writers, and searched with expressions of FTS5."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from crawler.similarity.parsed import parsed_text
from crawler.store.database import Database
from crawler.store.search.query import Term, terms
from crawler.text import fold

RANK = "bm25(articles_fts, 8, 3, 1, 4, 2)"
"""Lower is better. The weights of title, subtitle, body, authors and tags: a word of the headline says more about an
article than one of its text. Chosen by hand, checked on the queries of tests/test_search_newsroom.py."""

_BATCH = 200
"""Articles that another tool wrote are indexed by whoever writes next, but must not hold up that write."""


class SearchIndex:
    """The tables `articles_fts`, `search_docs` and `search_pending`. Writes run inside the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add_pending(self, limit: int = _BATCH) -> int:
        """Index articles whose text is new or changed; the number of these. Call it last in a transaction: every other
        write after it makes FTS5 write out what it has gathered, article by article; see
        docs/decisions.md#the-search-index-holds-no-text-and-is-written-last."""
        # CROSS JOIN: without it, SQLite may scan all articles for those that are pending.
        rows = self._db.execute(
            """SELECT a.id, a.title, a.subtitle, a.body, a.authors, a.tags
               FROM search_pending AS p CROSS JOIN articles AS a ON a.id = p.article_id LIMIT ?""",
            [limit],
        ).fetchall()
        docs = [self._new_doc(article_id) for article_id, *_ in rows]
        self._db.conn.executemany(
            "DELETE FROM search_pending WHERE article_id = ?", [(article_id,) for article_id, *_ in rows]
        )
        self._db.conn.executemany(
            "INSERT INTO articles_fts (rowid, title, subtitle, body, authors, tags) VALUES (?, ?, ?, ?, ?, ?)",
            (
                [doc, _folded(title), _folded(subtitle), parsed_text(body).folded, _folded(authors), _folded(tags)]
                for doc, (_, title, subtitle, body, authors, tags) in zip(docs, rows, strict=True)
            ),
        )
        return len(rows)

    def has_pending(self) -> bool:
        """Whether an article is not in the index yet."""
        sql = "SELECT 1 FROM search_pending CROSS JOIN articles ON id = article_id LIMIT 1"
        return self._db.execute(sql).fetchone() is not None

    def clear(self) -> None:
        """Empty the index and make every article pending."""
        self._db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
        self._db.execute("DELETE FROM search_docs")
        self._db.execute("INSERT OR IGNORE INTO search_pending (article_id) SELECT id FROM articles")

    def query_terms(self, query: str) -> list[Term]:
        """The terms of a query, which depend on the words in the index. Raises QueryError."""
        self._db.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.indexed_words USING fts5vocab ('main', 'articles_fts', 'row')"
        )

        @cache
        def count(word: str) -> int:
            row = self._db.execute("SELECT doc FROM temp.indexed_words WHERE term = ?", [word]).fetchone()
            return int(row[0]) if row else 0

        return terms(query, count)

    def _new_doc(self, article_id: int) -> int:
        self._db.execute("DELETE FROM search_docs WHERE article_id = ?", [article_id])
        sql = "INSERT INTO search_docs (article_id) VALUES (?) RETURNING doc_id"
        return int(self._db.execute(sql, [article_id]).fetchone()[0])


def match_expression(query: Sequence[Term]) -> str:
    """The terms as one FTS5 expression: each must occur."""
    return " AND ".join(term.match() for term in query)


def _folded(text: str | None) -> str:
    return fold(text) if text else ""
