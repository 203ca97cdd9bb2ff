"""One article with all that the store knows of it."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from crawler.store.articles.revisions import versions

_LISTS = ("authors", "tags", "provenance")


def whole_article(db: Database, article_id: int) -> dict[str, Any] | None:
    """An article's columns, with `related` (what it says of others), `story` (the other articles of its story, the
    first seen first, each with its similarity and lag), `aliases` (addresses that led to it) and `versions`."""
    found = list(db.query("SELECT * FROM articles WHERE id = ?", [article_id]))
    if not found:
        return None
    article = found[0] | {name: json.loads(found[0][name]) for name in _LISTS}
    article["related"] = list(
        db.query(
            """SELECT r.kind, r.title, r.url, r.text, r.paragraph_index, r.target_id, t.title AS target_title
               FROM related_articles AS r LEFT JOIN articles AS t ON t.id = r.target_id
               WHERE r.article_id = ? ORDER BY r.position""",
            [article_id],
        )
    )
    article["story"] = list(
        db.query(
            """SELECT a.id, a.site, a.url, a.title, a.published, a.duplicate_of, e.similarity, e.lag,
                      s.first_id = a.id AS is_first_published
               FROM articles AS a LEFT JOIN story_edges AS e ON e.article_id = a.id
               LEFT JOIN stories AS s ON s.id = a.story_id WHERE a.story_id = ? AND a.id != ? ORDER BY a.id""",
            [article["story_id"], article_id],
        )
    )
    article["aliases"] = [
        url
        for (url,) in db.execute(
            "SELECT url FROM url_aliases WHERE article_id = ? AND url != ? ORDER BY url", [article_id, article["url"]]
        )
    ]
    article["versions"] = versions(db, article_id)
    return article
