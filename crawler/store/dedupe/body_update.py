"""Correcting a stored body: the row gets the better text, the old one becomes a revision."""

from __future__ import annotations

from datetime import datetime

from crawler.similarity.parsed import parsed_text
from crawler.store.articles.revisions import RevisionKind, Revisions
from crawler.store.database import Database
from crawler.store.dedupe.copies import Stories
from crawler.structure import structure_of_part


def body_columns(paragraphs: list[str], structure: str | None) -> dict[str, str | int | None]:
    """The columns of `articles` that follow from the body."""
    body = "\n".join(paragraphs)
    return {
        "body": body,
        "structure": structure,
        "word_count": len(body.split()),
        "fingerprint": parsed_text(body).identity.fingerprint,
    }


class BodyUpdate:
    """Gives stored articles another body, inside the caller's transaction."""

    def __init__(self, db: Database, now: datetime, stories: Stories) -> None:
        self._db = db
        self._now = now
        self._revisions = Revisions(db)
        self._stories = stories

    def replace(self, article_id: int, paragraphs: list[str], kind: RevisionKind | None) -> None:
        """Replace a body by some of its paragraphs, and find again what the article copies and what copies it. Without
        a `kind` the old body leaves no revision: it was never more than a step of this transaction."""
        [(body, structure)] = self._db.execute("SELECT body, structure FROM articles WHERE id = ?", [article_id])
        own = structure_of_part(structure, body.split("\n"), paragraphs)
        if kind is not None:
            before = {"body": body} if structure == own else {"body": body, "structure": structure}
            self._revisions.add(article_id, kind, before, self._now)
        self._db.update("articles", article_id, body_columns(paragraphs, own))
        self._stories.reassign(article_id)
