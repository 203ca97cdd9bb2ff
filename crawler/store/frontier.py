"""Pages and channels: every URL ever heard of, what became of it, and what is still to be fetched."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from crawler.items import Candidate, PageResult
from crawler.store.times import from_text, to_text
from crawler.urls import canonical_url

_DATES = ("published", "modified")


@dataclass(frozen=True, slots=True)
class Advertised:
    """What became of the candidates of one channel document."""

    new: int
    """Never heard of before."""

    pending: int
    """Heard of before, not finished yet."""

    done: frozenset[str]
    """URLs of those that are finished: fetched, or given up."""


@dataclass(frozen=True, slots=True)
class PendingPage:
    """A page to be fetched, with what a channel said of it."""

    url: str
    candidate: Candidate


def advertise(db: Database, site: str, candidates: Iterable[Candidate], now: datetime, *, again: bool) -> Advertised:
    """Note what a channel named. With `again`, pages that were finished become pending once more."""
    new = pending = 0
    done: set[str] = set()
    for candidate in candidates:
        url = canonical_url(candidate.url)
        row = db.execute("SELECT id, state FROM pages WHERE site = ? AND url = ?", [site, url]).fetchone()
        if row is None:
            new += 1
            _insert_page(db, site, url, candidate, now)
            continue
        page_id, state = row
        if again or state == "pending":
            pending += 1
        else:
            done.add(url)
        db.execute("UPDATE pages SET advertised = ? WHERE id = ?", [to_text(now), page_id])
        if again and state != "pending":
            db.execute("UPDATE pages SET state = 'pending', attempts = 0 WHERE id = ?", [page_id])
    return Advertised(new, pending, frozenset(done))


def pending_ids(db: Database, site: str) -> list[int]:
    """The pages still to be fetched, newest first; those without a date last, in the order they were named."""
    rows = db.execute(
        "SELECT id FROM pages WHERE site = ? AND state = 'pending' ORDER BY published DESC NULLS LAST, id", [site]
    )
    return [page_id for (page_id,) in rows]


def pending_page(db: Database, page_id: int) -> PendingPage | None:
    """One page of `pending_ids`, or None if another crawl finished it meanwhile."""
    row = db.execute("SELECT url, candidate FROM pages WHERE id = ? AND state = 'pending'", [page_id]).fetchone()
    return PendingPage(row[0], _candidate_from_json(row[1])) if row else None


def settle_page(db: Database, result: PageResult, article_id: int | None, *, max_attempts: int) -> None:
    """Write the outcome of a request to its page. A passing failure leaves it pending, `max_attempts` times in all."""
    page = result.page
    state = "done"
    if result.outcome == "failed":
        attempts = db.execute("SELECT attempts FROM pages WHERE site = ? AND url = ?", [page.site, page.url]).fetchone()
        state = "pending" if result.retry and attempts and attempts[0] + 1 < max_attempts else "given_up"
    values = [state, result.outcome, result.reason, page.status, page.final_url, to_text(page.fetched), article_id]
    db.execute(
        """UPDATE pages SET state = ?, outcome = ?, reason = ?, status = ?, final_url = ?, fetched = ?,
               article_id = coalesce(?, article_id), attempts = attempts + 1 WHERE site = ? AND url = ?""",
        [*values, page.site, page.url],
    )


def note_channel(db: Database, row: dict[str, Any]) -> None:
    """The last answer of a channel; `row` has the columns of the table."""
    db.table("channels").upsert(row, pk=("site", "url"))


def _insert_page(db: Database, site: str, url: str, candidate: Candidate, now: datetime) -> None:
    db.table("pages").insert(
        {
            "site": site,
            "url": url,
            "state": "pending",
            "discovered": to_text(now),
            "advertised": to_text(now),
            "published": to_text(candidate.published or candidate.modified),
            "candidate": _candidate_to_json(candidate),
        }
    )


def _candidate_to_json(candidate: Candidate) -> str:
    said = {key: value for key, value in asdict(candidate).items() if value not in (None, [])}
    return json.dumps(said | {k: to_text(said[k]) for k in _DATES if k in said}, ensure_ascii=False)


def _candidate_from_json(text: str) -> Candidate:
    said = json.loads(text)
    return Candidate(**(said | {k: from_text(said[k]) for k in _DATES if k in said}))
