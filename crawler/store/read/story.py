"""A story: its articles in the order of their publication, and when each was changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crawler.store.articles.revisions import Revisions
from crawler.store.database import Database

MAX_ARTICLES = 200
"""Articles of a story that are read. Chosen by hand: an agency's text that every site takes has a few hundred."""

_MAX_CHARS = 200_001
"""Characters of a text that are read: one more than are compared."""


@dataclass(frozen=True, slots=True)
class Story:
    """What the page of a story shows."""

    id: int
    count: int
    """Number of its articles."""

    sites: int
    """Number of sites with one of them."""

    first_id: int
    """The article that was published first."""

    articles: list[dict[str, Any]]
    """The first MAX_ARTICLES by publication, with their texts, and `versions` (as Revisions.versions) if the site has
    changed it."""


class Stories:
    """Reads stories."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def story_of(self, article_id: int) -> int | None:
        """The story of an article; None if the article is not stored."""
        with self._db.reading():
            row = self._db.execute("SELECT coalesce(story_id, id) FROM articles WHERE id = ?", [article_id]).fetchone()
        return int(row[0]) if row else None

    def story(self, story_id: int) -> Story | None:
        """A story by its number; None if there is none."""
        with self._db.reading():
            rows = list(
                self._db.query(
                    f"""SELECT a.id, a.site, substr(a.title, 1, 2000) AS title,
                               substr(a.body, 1, {_MAX_CHARS}) AS body, a.url, a.language,
                               a.published, a.published_precision, a.first_seen, a.gone, a.word_count, a.duplicate_of,
                               e.similarity, e.copy_of, e.lag
                        FROM articles AS a LEFT JOIN story_edges AS e ON e.article_id = a.id
                        WHERE a.story_id = ? ORDER BY coalesce(a.published, a.first_seen), a.id LIMIT {MAX_ARTICLES}""",
                    [story_id],
                )
            )
            if not rows:
                return None
            count, sites = self._db.execute(
                "SELECT count(*), count(DISTINCT site) FROM articles WHERE story_id = ?", [story_id]
            ).fetchone()
            first = self._db.execute("SELECT first_id FROM stories WHERE id = ?", [story_id]).fetchone()
            changed = "SELECT 1 FROM revisions WHERE article_id = ? AND kind = 'update' LIMIT 1"
            for row in rows:
                is_changed = self._db.execute(changed, [row["id"]]).fetchone() is not None
                row["versions"] = Revisions(self._db).versions(row["id"]) if is_changed else []
        return Story(story_id, count, sites, first[0] if first else story_id, rows)
