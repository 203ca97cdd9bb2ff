"""Revisions: what an article was before it changed, and why it changed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from crawler.store.times import to_text

RevisionKind = Literal["update", "extraction", "embedded", "boilerplate"]
"""update: the site changed its page. extraction: the page was read better. embedded: another article's text moved out.
boilerplate: lines that the site repeats moved out."""

# A change in one of these makes a revision. The others (image, provenance ...) follow the page silently.
REVISED = ("title", "subtitle", "body", "authors", "source", "category", "published", "language")
# A revision keeps these too as they were; a change in them alone makes none.
_BESIDE = (
    "tags",
    "modified",
    "image_url",
    "published_raw",
    "published_from",
    "published_precision",
    "paywalled",
    "extractor",
)
KEPT = (*REVISED, *_BESIDE)


def note_revision(db: Database, article_id: int, kind: RevisionKind, previous: dict[str, Any], now: datetime) -> None:
    """Keep the fields that are about to change, as they were."""
    db.table("revisions").insert(
        {
            "article_id": article_id,
            "replaced": to_text(now),
            "kind": kind,
            "previous": json.dumps(previous, ensure_ascii=False),
        }
    )


def versions(db: Database, article_id: int) -> list[dict[str, Any]]:
    """All versions of an article, oldest first, each exactly as it was: the fields of KEPT, `seen` (when it was
    first seen) and `kind` (why it replaced the one before it; `new` for the first)."""
    columns = ", ".join(KEPT)
    row = next(iter(db.query(f"SELECT first_seen, {columns} FROM articles WHERE id = ?", [article_id])))
    first_seen = row.pop("first_seen")
    current: dict[str, Any] = row
    newest_first: list[dict[str, Any]] = []
    for revision in db.query(
        "SELECT replaced, kind, previous FROM revisions WHERE article_id = ? ORDER BY id DESC", [article_id]
    ):
        newest_first.append(current | {"seen": revision["replaced"], "kind": revision["kind"]})
        current = current | json.loads(revision["previous"])
    newest_first.append(current | {"seen": first_seen, "kind": "new"})
    return newest_first[::-1]
