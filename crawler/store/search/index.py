"""The full-text index: kept up to date by one writer, and asked in FTS5's own words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlite_utils import Database

from crawler.store.search.query import Term, terms
from crawler.text import fold

# Articles that another tool wrote are indexed by whoever writes next, but must not hold up that write.
_DUE_AT_ONCE = 200


def index_due(db: Database, limit: int = _DUE_AT_ONCE) -> int:
    """Index articles whose text is new or changed, inside the caller's transaction; how many there were."""
    # CROSS JOIN: left to itself, SQLite may look through all articles for those that are due.
    rows = db.execute(
        """SELECT a.id, a.title, a.subtitle, a.body, a.authors, a.tags
           FROM search_pending AS due CROSS JOIN articles AS a ON a.id = due.article_id LIMIT ?""",
        [limit],
    ).fetchall()
    # The index last, and all of it at once: every other write after it in the transaction makes FTS5 write out what it
    # has gathered, article by article, which took 15 ms each in an index of 20,000.
    docs = [_new_doc(db, article_id) for article_id, *_ in rows]
    db.conn.executemany("DELETE FROM search_pending WHERE article_id = ?", [(article_id,) for article_id, *_ in rows])
    db.conn.executemany(
        "INSERT INTO articles_fts (rowid, title, subtitle, body, authors, tags) VALUES (?, ?, ?, ?, ?, ?)",
        ([doc, *map(_folded, texts)] for doc, (_, *texts) in zip(docs, rows, strict=True)),
    )
    return len(rows)


def is_due(db: Database) -> bool:
    """Whether some article is not in the index yet."""
    found = db.execute("SELECT 1 FROM search_pending CROSS JOIN articles ON id = article_id LIMIT 1").fetchone()
    return found is not None


def forget_index(db: Database) -> None:
    """Empty the index and make every article due."""
    db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    db.execute("DELETE FROM search_docs")
    db.execute("INSERT OR IGNORE INTO search_pending (article_id) SELECT id FROM articles")


def query_terms(db: Database, query: str) -> list[Term]:
    """What a query asks for, by what the index knows of its words. Raises QueryError."""
    db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.indexed_words USING fts5vocab ('main', 'articles_fts', 'row')")

    @cache
    def count(word: str) -> int:
        found = db.execute("SELECT doc FROM temp.indexed_words WHERE term = ?", [word]).fetchone()
        return int(found[0]) if found else 0

    return terms(query, count)


def match_expression(wanted: Sequence[Term]) -> str:
    """The terms as one FTS5 expression: each must occur."""
    return " AND ".join(term.match() for term in wanted)


def _new_doc(db: Database, article_id: int) -> int:
    db.execute("DELETE FROM search_docs WHERE article_id = ?", [article_id])
    return int(
        db.execute("INSERT INTO search_docs (article_id) VALUES (?) RETURNING doc_id", [article_id]).fetchone()[0]
    )


def _folded(text: str | None) -> str:
    return fold(text) if text else ""
