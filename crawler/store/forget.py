"""Forgetting: pages and channels are asked again as if for the first time. What is stored of them stays."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from crawler.store.pages import make_due
from crawler.urls import canonical_url


def forget(db: Database, *, url: str | None, site: str | None, failed: bool, dry: bool) -> int:
    """How many pages became due again, or with `dry` would become. At least one of the others must be given."""
    clauses: list[str] = []
    values: list[Any] = []
    if url is not None:
        canonical = canonical_url(url)
        clauses.append("(url = ? OR final_url = ? OR article_id IN (SELECT id FROM articles WHERE url = ?))")
        values += [canonical, canonical, canonical]
    if site is not None:
        clauses.append("site = ?")
        values.append(site)
    if failed:
        clauses.append("(state = 'given_up' OR outcome IN ('blocked', 'failed'))")
    if not clauses:
        raise ValueError("name what to forget")
    where = " AND ".join(clauses)
    if dry:
        return int(db.execute(f"SELECT count(*) FROM pages WHERE {where}", values).fetchone()[0])
    count = make_due(db, where, values)
    if site is not None and not failed and url is None:
        db.execute(
            "UPDATE channels SET etag = NULL, last_modified = NULL, body_hash = NULL, completed = NULL WHERE site = ?",
            [site],
        )
    if site is None:
        db.execute(f"UPDATE sites SET next_poll = NULL WHERE site IN (SELECT site FROM pages WHERE {where})", values)
    else:
        db.execute("UPDATE sites SET next_poll = NULL, failures = 0 WHERE site = ?", [site])
    return count
