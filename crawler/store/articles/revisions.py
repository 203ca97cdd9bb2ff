"""Revisions: an article as it was before a change, and why it changed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Literal

from crawler.store.database import Database
from crawler.store.times import to_text

RevisionKind = Literal["update", "extraction", "embedded", "boilerplate", "restored"]
"""update: the site changed its page. extraction: a better extraction. embedded: another article's text was removed.
boilerplate: lines that the site repeats were removed. restored: an earlier version was put back."""

# A change in one of these makes a revision. The others (image, provenance ...) follow the page silently.
REVISED = ("title", "subtitle", "body", "authors", "source", "category", "published", "language")
# A revision keeps these too as they were; a change in them alone makes none.
_BESIDE = (
    "structure", "tags", "modified", "image_url", "published_raw", "published_from", "published_precision",
    "published_zone", "paywalled", "confidence", "extractor",
)  # fmt: skip
SAVED = (*REVISED, *_BESIDE)


class Revisions:
    """The table `revisions`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, article_id: int, kind: RevisionKind, previous: dict[str, Any], now: datetime) -> None:
        """Save the fields that are about to change, inside the caller's transaction."""
        self._db.insert(
            "revisions",
            {
                "article_id": article_id,
                "replaced": to_text(now),
                "kind": kind,
                "previous": json.dumps(previous, ensure_ascii=False),
            },
        )

    def versions(self, article_id: int) -> list[dict[str, Any]]:
        """All versions of an article, oldest first: the fields of SAVED, `seen` (when it was first seen) and `kind`
        (why it replaced the version before; `new` for the first)."""
        columns = ", ".join(SAVED)
        row = next(iter(self._db.query(f"SELECT first_seen, {columns} FROM articles WHERE id = ?", [article_id])))
        first_seen = row.pop("first_seen")
        current: dict[str, Any] = row
        newest_first: list[dict[str, Any]] = []
        for revision in self._db.query(
            "SELECT replaced, kind, previous FROM revisions WHERE article_id = ? ORDER BY id DESC", [article_id]
        ):
            newest_first.append(current | {"seen": revision["replaced"], "kind": revision["kind"]})
            current = current | json.loads(revision["previous"])
        newest_first.append(current | {"seen": first_seen, "kind": "new"})
        return newest_first[::-1]
