"""Pages: every URL ever heard of, what became of it, and when it is asked again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from crawler.items import Candidate, PageResult, Validators, candidate_from_json, candidate_to_json
from crawler.schedule.revisit import RevisitPolicy
from crawler.store import rechecks as looks
from crawler.store.articles.urls import Known, known_address
from crawler.store.times import from_text, to_text
from crawler.urls import canonical_url

# Outcomes of requests that gave no page to read: what is known of the page holds.
_NO_PAGE = ("blocked", "failed")
# An address that only another page's canonical link leads to an article is looked at once, with the second looks.
_CONFIRM_CANONICAL = timedelta(days=1)
# A time to wait for that lies further ahead was written under a wrong clock: it is waited for no longer.
_FURTHEST = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Advertised:
    """What became of the candidates of one channel document."""

    new: int
    """Never heard of before."""

    pending: int
    """Heard of before, not finished yet."""

    done: frozenset[str]
    """URLs of those that are finished: fetched, or given up."""

    ids: tuple[int, ...] = ()
    """Their rows, in the order of the document."""

    gap: bool = False
    """Whether articles may be missing between this answer of the channel and the one before."""

    def __add__(self, other: Advertised) -> Advertised:
        """What became of the candidates of both, of which these stand first in the document."""
        return Advertised(
            self.new + other.new,
            self.pending + other.pending,
            self.done | other.done,
            self.ids + other.ids,
            self.gap or other.gap,
        )


@dataclass(frozen=True, slots=True)
class PendingPage:
    """A page to be fetched, with what a channel said of it."""

    url: str
    candidate: Candidate
    validators: Validators = field(default_factory=Validators)
    """Of the answer that is stored; empty for a page that must come whole."""

    is_look: bool = False
    """Whether its article is stored and only looked at again."""


def advertise(db: Database, site: str, candidates: Iterable[Candidate], now: datetime, *, again: bool) -> Advertised:
    """Note what a channel named. With `again`, pages that were finished become pending once more. A finished page that
    the channel dates later than it was fetched becomes due for a second look. An address that is known to lead to a
    stored article is finished from the start."""
    new = pending = 0
    done: set[str] = set()
    ids: list[int] = []
    for candidate in candidates:
        url = canonical_url(candidate.url)
        row = db.execute(
            "SELECT id, state, fetched, rechecks, article_id FROM pages WHERE site = ? AND url = ?", [site, url]
        ).fetchone()
        if row is None:
            known = known_address(db, site, url)
            ids.append(_insert_page(db, site, url, candidate, now))
            if known is None or known.is_gone:
                new += 1
            else:
                _settle_as_known(db, ids[-1], known, now)
                done.add(url)
            continue
        page_id, state, fetched, looked, article_id = row
        ids.append(page_id)
        if again or state == "pending":
            pending += 1
        else:
            done.add(url)
        db.execute("UPDATE pages SET last_listed = ? WHERE id = ?", [to_text(now), page_id])
        if again:
            make_due(db, "id = ?", [page_id])
        elif article_id is not None and looks.was_modified(candidate.modified, from_text(fetched), looked, now):
            db.execute("UPDATE pages SET recheck_at = ? WHERE id = ?", [to_text(now), page_id])
    return Advertised(new, pending, frozenset(done), tuple(ids))


def enter_page(db: Database, site: str, candidate: Candidate, now: datetime) -> None:
    """Note a page that was fetched though no channel has named it."""
    _insert_page(db, site, canonical_url(candidate.url), candidate, now)


def is_known(db: Database, page_id: int) -> bool:
    """Whether a pending page that was never asked has an address that led to a stored article meanwhile, as the target
    of a redirect does."""
    return _known_page(db, page_id) is not None


def finish_known(db: Database, page_id: int) -> None:
    """Finish a page for which `is_known` holds, without a request."""
    if known := _known_page(db, page_id):
        _settle_as_known(db, page_id, known)


def _known_page(db: Database, page_id: int) -> Known | None:
    row = db.execute(
        "SELECT site, url FROM pages WHERE id = ? AND state = 'pending' AND outcome IS NULL", [page_id]
    ).fetchone()
    known = known_address(db, *row) if row else None
    return known if known and known.is_confirmed and not known.is_gone else None


def _settle_as_known(db: Database, page_id: int, known: Known, now: datetime | None = None) -> None:
    """Finish a page without a request. `fetched` is when its article was: a channel's later date is reason to look."""
    recheck_at = to_text(now + _CONFIRM_CANONICAL) if now and not known.is_confirmed else None
    change = {"state": "done", "article_id": known.article_id, "fetched": known.last_seen, "recheck_at": recheck_at}
    db.table("pages").update(page_id, change)


def make_due(db: Database, where: str, values: list[Any]) -> int:
    """Make pages pending as if they had never been asked for; how many. What is stored of them stays."""
    return db.execute(
        f"""UPDATE pages SET state = 'pending', attempts = 0, next_attempt = NULL, recheck_at = NULL, rechecks = 0,
                etag = NULL, last_modified = NULL, body_hash = NULL WHERE {where}""",
        values,
    ).rowcount


def pending_ids(db: Database, site: str, now: datetime | None = None) -> list[int]:
    """The pages still to be fetched, newest first; those without a date last, in the order they were named. With
    `now`, without those whose time to be tried again has not come."""
    rows = db.execute(
        """SELECT id FROM pages WHERE site = :site AND state = 'pending'
               AND (:now IS NULL OR next_attempt IS NULL OR next_attempt NOT BETWEEN :now AND :furthest)
           ORDER BY published DESC NULLS LAST, id""",
        {"site": site, "now": to_text(now), "furthest": to_text(now and now + _FURTHEST)},
    )
    return [page_id for (page_id,) in rows]


def look_ids(db: Database, site: str, now: datetime) -> list[int]:
    """The finished pages that are to be looked at again, those that wait longest first."""
    rows = db.execute(
        """SELECT id FROM pages WHERE site = ? AND state = 'done' AND recheck_at IS NOT NULL AND recheck_at <= ?
           ORDER BY recheck_at, id""",
        [site, to_text(now)],
    )
    return [page_id for (page_id,) in rows]


def page_to_fetch(db: Database, page_id: int, *, is_look: bool) -> PendingPage | None:
    """One page of `pending_ids` or `look_ids`, or None if another crawl finished it meanwhile."""
    row = db.execute(
        """SELECT url, candidate, etag, last_modified, body_hash FROM pages
           WHERE id = ? AND state = ? AND (NOT ? OR recheck_at IS NOT NULL)""",
        [page_id, "done" if is_look else "pending", is_look],
    ).fetchone()
    if row is None:
        return None
    known = Validators(etag=row[2], last_modified=row[3], body_hash=row[4]) if is_look else Validators()
    return PendingPage(row[0], candidate_from_json(row[1]), known, is_look)


def count_waiting(db: Database, site: str, now: datetime) -> int:
    """Pending pages whose time to be tried again has not come."""
    return int(
        db.execute(
            "SELECT count(*) FROM pages WHERE site = ? AND state = 'pending' AND next_attempt BETWEEN ? AND ?",
            [site, to_text(now), to_text(now + _FURTHEST)],
        ).fetchone()[0]
    )


def next_attempt(db: Database, site: str, now: datetime) -> datetime | None:
    """When the first of the pages that wait for another attempt is to be tried."""
    row = db.execute(
        "SELECT min(next_attempt) FROM pages WHERE site = ? AND state = 'pending' AND next_attempt BETWEEN ? AND ?",
        [site, to_text(now), to_text(now + _FURTHEST)],
    ).fetchone()
    return from_text(row[0])


def settle_page(
    db: Database, result: PageResult, article_id: int | None, now: datetime, *, policy: RevisitPolicy
) -> None:
    """Write the outcome of a request to its page, and when it is asked again."""
    page = result.page
    rows = db.execute_returning_dicts("SELECT * FROM pages WHERE site = ? AND url = ?", [page.site, page.url])
    if not rows:  # a page that no channel named, as one given by hand
        return
    before = rows[0]
    known = article_id or before["article_id"]
    change: dict[str, Any] = {
        "outcome": result.outcome,
        "reason": result.reason,
        "status": page.status,
        "final_url": page.final_url,
        "fetched": to_text(page.fetched),
        "article_id": known,
        "attempts": before["attempts"] + 1,
    }
    if result.outcome in _NO_PAGE:
        if before["state"] == "done" and before["outcome"] not in _NO_PAGE:
            change["attempts"] = 1  # what its first fetch took is no failure of this look
        change |= _after_failure(before, result, known, change["attempts"], now, policy=policy)
    else:
        change |= {"state": "done", "next_attempt": None, "gone": None}
        change |= looks.after_answer(db, before, result, known, now, policy)
    looks.note_gone(db, known, change.get("gone", before["gone"]))
    db.table("pages").update(before["id"], change)


def _after_failure(
    before: dict[str, Any],
    result: PageResult,
    article_id: int | None,
    failures: int,
    now: datetime,
    *,
    policy: RevisitPolicy,
) -> dict[str, Any]:
    """State and next time of a page that did not come, for so many times in a row; what may pass is tried again."""
    again = None
    if result.retry and failures < policy.max_attempts:
        again = policy.retry_at(failures, now)
        if result.page.not_before is not None:
            again = max(again, result.page.not_before)
    is_look = before["state"] == "done" and article_id is not None
    change: dict[str, Any] = {"recheck_at" if is_look else "next_attempt": to_text(again)}
    change["state"] = "done" if is_look else "pending" if again else "given_up"
    if result.page.status in (404, 410) and article_id is not None:
        change |= looks.gone(before, now)
    return change


def _insert_page(db: Database, site: str, url: str, candidate: Candidate, now: datetime) -> int:
    # By plain SQL: a sitemap may name 50,000 pages, and an insert by sqlite-utils takes ten times as long.
    published = to_text(candidate.published or candidate.modified)
    key = db.execute(
        """INSERT INTO pages (site, url, state, discovered, last_listed, published, candidate)
           VALUES (?, ?, 'pending', ?, ?, ?, ?)""",
        [site, url, to_text(now), to_text(now), published, candidate_to_json(candidate)],
    ).lastrowid
    assert isinstance(key, int)
    return key
