"""Articles: whether the store has one already, its new row, its revision, and what it says of others.

All of this runs inside the write transaction: two crawls may write at once, and each must see what the other did.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from crawler.items import Article, Outcome, RelatedArticle
from crawler.store.database import insert_row
from crawler.store.times import to_text
from crawler.urls import canonical_url

# A change in one of these makes a new revision. The others (image, provenance ...) follow the page silently.
_REVISED = ("title", "subtitle", "body", "authors", "source", "category", "published", "language")
# Shorter texts are the same story only when their titles agree as well: "the video is loading" is nobody's copy.
_MIN_COPY_WORDS = 40


def write_article(db: Database, article: Article, now: datetime) -> tuple[Outcome, int]:
    """Store an article and find what it was to the store: new, updated, unchanged or duplicate. Gives its row's id.

    A text that another article has already is stored and marked (`duplicate_of`), never dropped. A page that leads to
    the article of another page, with the same text, adds no row and changes none.
    """
    row = _row(article)
    stored = db.execute_returning_dicts("SELECT * FROM articles WHERE url = ?", [article.url])
    if not stored:
        row |= {"first_seen": to_text(now), "last_seen": to_text(now), "duplicate_of": _copied_from(db, row)}
        article_id = insert_row(db, "articles", row)
        _tell_story(db, article_id)
        _write_related(db, article_id, article.related)
        _point_to(db, article_id, article)
        return ("duplicate" if row["duplicate_of"] else "new"), article_id
    before = stored[0]
    article_id = int(before["id"])
    if before["page_url"] != row["page_url"]:
        if before["fingerprint"] == row["fingerprint"]:
            _point_to(db, article_id, article)
            return "duplicate", article_id
        own_url = _own_url(article)
        if own_url != article.url:  # two texts under one canonical link: the link is wrong, the address is not
            return write_article(db, replace(article, url=own_url), now)
    return _update(db, before, row, article, now), article_id


def _update(db: Database, before: dict[str, Any], row: dict[str, Any], article: Article, now: datetime) -> Outcome:
    changed = [key for key in _REVISED if before[key] != row[key]]
    if changed:
        db.table("revisions").insert(
            {
                "article_id": before["id"],
                "replaced": to_text(now),
                "kind": "update",
                "previous": json.dumps({key: before[key] for key in changed}, ensure_ascii=False),
            }
        )
        row["duplicate_of"] = _copied_from(db, row | {"id": before["id"]})
        if row["duplicate_of"] or before["fingerprint"] != row["fingerprint"]:
            _hand_over_copies(db, before["id"])
    db.table("articles").update(before["id"], row | {"last_seen": to_text(now)})
    _tell_story(db, before["id"])
    db.execute("DELETE FROM related_articles WHERE article_id = ?", [before["id"]])
    _write_related(db, before["id"], article.related)
    return "updated" if changed else "unchanged"


def _tell_story(db: Database, article_id: int) -> None:
    """An article belongs to the story of the article it copies, or begins one."""
    db.execute("UPDATE articles SET story_id = coalesce(duplicate_of, id) WHERE id = ?", [article_id])


def _own_url(article: Article) -> str:
    """Where the article's page was found in the end."""
    page = article.page
    return canonical_url(page.final_url or page.url) if page else article.url


def _row(article: Article) -> dict[str, Any]:
    return {
        "url": article.url,
        "page_url": article.page.url if article.page else article.url,
        "site": article.site,
        "title": article.title or "",
        "subtitle": article.subtitle,
        "body": article.body,
        "authors": json.dumps(article.authors, ensure_ascii=False),
        "source": article.source,
        "category": article.category,
        "tags": json.dumps(article.tags, ensure_ascii=False),
        "language": article.language,
        "published": to_text(article.published),
        "published_raw": article.published_raw,
        "published_from": article.published_from,
        "published_precision": article.published_precision,
        "modified": to_text(article.modified),
        "image_url": article.image_url,
        "word_count": len(article.body.split()),
        "paywalled": int(article.paywalled),
        "fingerprint": article.fingerprint,
        "provenance": json.dumps(article.provenance, ensure_ascii=False, sort_keys=True),
    }


def _copied_from(db: Database, row: dict[str, Any]) -> int | None:
    """The first stored article with the same text, or None."""
    found = db.execute(
        """SELECT coalesce(duplicate_of, id) FROM articles
           WHERE fingerprint = ? AND id != ? AND (? >= ? OR title = ?) ORDER BY id LIMIT 1""",
        [row["fingerprint"], row.get("id", -1), row["word_count"], _MIN_COPY_WORDS, row["title"]],
    ).fetchone()
    return int(found[0]) if found and found[0] != row.get("id") else None


def _hand_over_copies(db: Database, article_id: int) -> None:
    """The copies of an article that has another text now: the first of them becomes the original of the others."""
    first = db.execute("SELECT min(id) FROM articles WHERE duplicate_of = ?", [article_id]).fetchone()[0]
    db.execute(
        "UPDATE articles SET duplicate_of = nullif(?, id), story_id = ? WHERE duplicate_of = ?",
        [first, first, article_id],
    )


def _write_related(db: Database, article_id: int, related: list[RelatedArticle]) -> None:
    for position, other in enumerate(related):
        url = _canonical_or_none(other.url)
        db.table("related_articles").insert(
            {
                "article_id": article_id,
                "position": position,
                "kind": other.kind,
                "title": other.title,
                "url": url,
                "text": other.text,
                "target_id": _article_at(db, url, article_id),
            }
        )


def _article_at(db: Database, url: str | None, other_than: int) -> int | None:
    """The stored article behind a link: by its own URL, or by that of a page that led to it."""
    if url is None:
        return None
    found = db.execute(
        """SELECT id FROM articles WHERE url = :url UNION SELECT article_id FROM pages
           WHERE (url = :url OR final_url = :url) AND article_id IS NOT NULL LIMIT 1""",
        {"url": url},
    ).fetchone()
    return int(found[0]) if found and found[0] != other_than else None


def _point_to(db: Database, article_id: int, article: Article) -> None:
    """Earlier articles that named this one before it was stored now point to its row."""
    for url in {article.url, article.page.url if article.page else article.url, _own_url(article)}:
        db.execute(
            "UPDATE related_articles SET target_id = ? WHERE url = ? AND target_id IS NULL AND article_id != ?",
            [article_id, url, article_id],
        )


def _canonical_or_none(url: str | None) -> str | None:
    try:
        return canonical_url(url) if url else None
    except ValueError:
        return None
