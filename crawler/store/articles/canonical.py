"""Canonical links that turn out wrong: two texts claim one address, and each goes back to its own.

Which of them is stored first must make no difference: a site that gives one article's address as the canonical one of
all would else lose the article that claimed it first when that address is fetched itself.
"""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from crawler.items import Article
from crawler.similarity.parsed import parsed_text
from crawler.similarity.similarity import compare, is_copy
from crawler.store.articles.urls import known_address
from crawler.urls import canonical_or_none, variant_key


def is_disproved(db: Database, row: dict[str, Any], article: Article) -> bool:
    """Whether an article with the same URL shows that the stored one, which was found at another address, only claims
    that URL: nobody has found it there, and the texts are two."""
    known = known_address(db, row["site"], row["url"])
    if known is None or known.is_confirmed or known.article_id != row["id"]:
        return False
    stored, other = parsed_text(row["body"]), parsed_text(article.body)
    return not is_copy(stored, other, compare(stored, other))


def give_own_address(db: Database, row: dict[str, Any]) -> None:
    """Let a stored article have the address where it was found, in place of the one that it claimed."""
    article_id, claimed = row["id"], row["url"]
    final = db.execute(
        "SELECT final_url FROM pages WHERE site = ? AND url = ?", [row["site"], row["page_url"]]
    ).fetchone()
    own = (canonical_or_none(final[0]) if final else None) or row["page_url"]
    if db.execute("SELECT 1 FROM articles WHERE url = ?", [own]).fetchone():
        return  # somebody else claims that one; a wrong address is better than none
    db.execute("DELETE FROM url_aliases WHERE url = ?", [claimed])
    db.execute("UPDATE articles SET url = ? WHERE id = ?", [own, article_id])
    db.execute(
        """INSERT INTO url_aliases (url, article_id, kind, variant_key) VALUES (?, ?, 'own', ?)
           ON CONFLICT (url) DO UPDATE SET article_id = excluded.article_id, kind = 'own'""",
        [own, article_id, variant_key(own)],
    )
    # What was known of the claimed address was known of another article.
    db.execute("UPDATE related_articles SET target_id = NULL WHERE url = ? AND target_id = ?", [claimed, article_id])
    db.execute(
        """UPDATE pages SET state = 'pending', article_id = NULL, recheck_at = NULL, fetched = NULL
           WHERE url = ? AND article_id = ? AND outcome IS NULL""",
        [claimed, article_id],
    )
