"""A better extraction of a page that is kept: what it changes in the stored article, and making that change.

It goes through the same function as an article that comes from the network: what the store itself does to a text after
its extraction is done to this one too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlite_utils import Database

from crawler.items import Article
from crawler.store.archive import KeptArticle
from crawler.store.articles import write as articles

Changes = dict[str, tuple[Any, Any]]
"""Field → what is stored, what the new extraction gives. `related` is a list of texts, the others are columns."""

# What the store knows of an article beside its text, and what follows from another column.
_NOT_EXTRACTED = frozenset(
    {
        "id",
        "url",
        "page_url",
        "site",
        "first_seen",
        "last_seen",
        "duplicate_of",
        "story_id",
        "word_count",
        "fingerprint",
        "extractor",
    }
)


def reextract(
    db: Database, kept: KeptArticle, article: Article, now: datetime, *, apply: bool, boilerplate_pages: int = 0
) -> Changes | None:
    """Compare a stored article with a new extraction of its page; with `apply`, store it as a revision.

    None if the record is no longer the one that the stored text came from: a crawl was here meanwhile.
    """
    current = db.execute("SELECT 1 FROM archive WHERE id = ? AND current = 1", [kept.archive_id]).fetchone()
    if current is None:
        return None
    before = _fields(db, kept.article_id)
    db.execute("SAVEPOINT reextraction")
    try:
        articles.improve_article(db, article, now, boilerplate_pages=boilerplate_pages)
        after = _fields(db, kept.article_id)
        changes = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
        if not (apply and changes):
            db.execute("ROLLBACK TO reextraction")
        if apply:  # also where nothing changed: this extractor vouches for the text now
            db.execute("UPDATE articles SET extractor = ? WHERE id = ?", [article.extractor, kept.article_id])
    except BaseException:
        db.execute("ROLLBACK TO reextraction")
        raise
    finally:
        db.execute("RELEASE reextraction")
    return changes


def _fields(db: Database, article_id: int) -> dict[str, Any]:
    [row] = db.execute_returning_dicts("SELECT * FROM articles WHERE id = ?", [article_id])
    related = db.execute(
        "SELECT kind, title, url, text FROM related_articles WHERE article_id = ? ORDER BY position", [article_id]
    ).fetchall()
    fields = {name: value for name, value in row.items() if name not in _NOT_EXTRACTED}
    return fields | {"related": [" ".join(str(part) for part in parts if part) for parts in related]}
