"""Putting a stored text right: the row gets the better text, the old one becomes a revision."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from crawler.similarity.parsed import parsed_text
from crawler.store.articles.revisions import RevisionKind, note_revision
from crawler.store.dedupe.copies import place_again


def text_columns(paragraphs: list[str]) -> dict[str, str | int]:
    """The columns of `articles` that follow from the body."""
    body = "\n".join(paragraphs)
    return {"body": body, "word_count": len(body.split()), "fingerprint": parsed_text(body).fingerprint}


def rewrite_body(
    db: Database, article_id: int, paragraphs: list[str], kind: RevisionKind | None, now: datetime
) -> None:
    """Give a stored article another body, and find anew what it copies and what copies it. Without a
    `kind` the old one leaves no revision: it was never more than a step of this transaction."""
    body = db.execute("SELECT body FROM articles WHERE id = ?", [article_id]).fetchone()[0]
    if kind is not None:
        note_revision(db, article_id, kind, {"body": body}, now)
    db.table("articles").update(article_id, text_columns(paragraphs))
    place_again(db, article_id)
