"""Pages: every URL that a channel ever listed, the outcome of its last request, and when it is requested again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from crawler.items import Candidate, PageResult, Validators, candidate_from_json, candidate_to_json
from crawler.schedule.revisit import RevisitPolicy, is_modification_credible
from crawler.store.articles.urls import ArticleUrls, KnownUrl
from crawler.store.database import Database
from crawler.store.page_outcomes import PageOutcomes
from crawler.store.times import from_text, to_text
from crawler.urls import canonical_url

_CONFIRM_CANONICAL = timedelta(days=1)
"""A URL that only another page's canonical link leads to an article is requested once, with the rechecks; see
docs/decisions.md#a-requested-url-is-known-a-canonical-link-is-checked-a-day-later."""

_MAX_WAIT = timedelta(days=4)
"""A next attempt further in the future was written under a wrong clock and is ignored. Longer than the longest retry
and the longest Retry-After."""


@dataclass(frozen=True, slots=True)
class EnqueueResult:
    """What became of the candidates of one channel document."""

    new: int = 0
    """Not known before."""

    pending: int = 0
    """Known before, not finished yet."""

    done: frozenset[str] = frozenset()
    """URLs of those that are finished: fetched, or given up."""

    ids: tuple[int, ...] = ()
    """Their rows, in the order of the document."""

    new_ids: frozenset[int] = frozenset()
    """The rows of those that were not known before."""

    gap: bool = False
    """Whether articles may be missing between this answer of the channel and the one before."""

    def __add__(self, other: EnqueueResult) -> EnqueueResult:
        """The result for the candidates of both; these come first in the document."""
        return EnqueueResult(
            self.new + other.new,
            self.pending + other.pending,
            self.done | other.done,
            self.ids + other.ids,
            self.new_ids | other.new_ids,
            self.gap or other.gap,
        )


@dataclass(frozen=True, slots=True)
class PendingPage:
    """A page to be requested, with what a channel listed with it."""

    url: str
    candidate: Candidate
    validators: Validators = field(default_factory=Validators)
    """Of the last good answer, or of the last one that was dropped; empty for a page that must be read completely."""

    dropped: str | None = None
    """Why the answer with these validators was dropped."""

    is_retry: bool = False
    """Whether earlier requests gave no article."""

    is_recheck: bool = False
    """Whether its article is stored and may have changed."""


class _Enqueued(NamedTuple):
    id: int
    url: str
    state: Literal["new", "pending", "done"]


class Pages:
    """The table `pages`."""

    def __init__(self, db: Database, policy: RevisitPolicy) -> None:
        self._db = db
        self._urls = ArticleUrls(db)
        self._outcomes = PageOutcomes(db, policy)

    def enqueue(
        self, site: str, candidates: Sequence[Candidate], now: datetime, *, again: bool = False
    ) -> EnqueueResult:
        """Save the pages that a channel listed; new ones become pending. With `again`, finished ones become pending
        once more. A finished page that the channel dates later than its last request becomes due for a recheck. A URL
        that is known to lead to a stored article is finished from the start."""
        with self._db.writing():
            enqueued = [self._enqueue_one(site, candidate, now, again=again) for candidate in candidates]
        states = Counter(page.state for page in enqueued)
        return EnqueueResult(
            new=states["new"],
            pending=states["pending"],
            done=frozenset(page.url for page in enqueued if page.state == "done"),
            ids=tuple(page.id for page in enqueued),
            new_ids=frozenset(page.id for page in enqueued if page.state == "new"),
        )

    def add_fetched(self, site: str, candidate: Candidate, now: datetime) -> None:
        """Save a page that was fetched although no channel has listed it, unless it is there."""
        url = canonical_url(candidate.url)
        with self._db.writing():
            if not self._db.execute("SELECT 1 FROM pages WHERE site = ? AND url = ?", [site, url]).fetchone():
                self._insert(site, url, candidate, now)

    def record_outcome(self, result: PageResult, article_id: int | None, now: datetime) -> None:
        """Save the outcome of a request, and when the page is requested again."""
        with self._db.writing():
            self._outcomes.record(result, article_id, now)

    def pending(self, site: str, now: datetime | None = None) -> Iterator[PendingPage]:
        """The pages of a site still to be fetched, newest first, as of now; read one by one. With `now`, without those
        that failed and are to be tried again later."""
        with self._db.reading():
            ids = self._pending_ids(site, now)
        for page_id in ids:
            self._finish_known(page_id)
            yield from self._pending_page(page_id, is_recheck=False)

    def rechecks(self, site: str, now: datetime) -> Iterator[PendingPage]:
        """The finished pages of a site that are to be requested again; read one by one."""
        with self._db.reading():
            ids = self._recheck_ids(site, now)
        for page_id in ids:
            yield from self._pending_page(page_id, is_recheck=True)

    def count_due(self, site: str, now: datetime) -> int:
        """Number of pages that are to be requested now, including rechecks."""
        with self._db.reading():
            return len(self._pending_ids(site, now)) + len(self._recheck_ids(site, now))

    def count_waiting(self, site: str, now: datetime) -> int:
        """Number of pages that failed and are to be tried again later."""
        return int(self._waiting(site, now, "count(*)"))

    def next_attempt(self, site: str, now: datetime) -> datetime | None:
        """When the first of the pages that failed is to be tried again; None if there is none."""
        return from_text(self._waiting(site, now, "min(next_attempt)"))

    def reasons(self, site: str) -> dict[str, str]:
        """URL → why there is no article, of the pages of a site whose last request gave none."""
        with self._db.reading():
            rows = self._db.execute(
                """SELECT url, coalesce(reason, outcome) FROM pages
                   WHERE site = ? AND outcome IN ('dropped', 'blocked', 'priced', 'failed') ORDER BY id""",
                [site],
            ).fetchall()
        return dict(rows)

    def is_fetched(self, urls: Sequence[str], at: datetime) -> bool:
        """Whether a page with one of these URLs was fetched at that moment or later, and its outcome is neither
        `failed` nor `blocked` nor `priced`."""
        values = ", ".join("?" * len(urls))
        with self._db.reading():
            row = self._db.execute(
                f"""SELECT 1 FROM pages WHERE (url IN ({values}) OR final_url IN ({values})) AND fetched >= ?
                    AND (state != 'pending' OR attempts > 0)
                    AND outcome NOT IN ('blocked', 'priced', 'failed') LIMIT 1""",
                [*urls, *urls, to_text(at)],
            ).fetchone()
        return row is not None

    def reset(self, *, url: str | None = None, site: str | None = None, failed: bool = False, dry: bool = False) -> int:
        """Make pages pending as if they had never been requested: that with a URL, those of a site, those that failed;
        their number. With `dry`, only count them. Articles remain stored; a page that has not changed is `unchanged`.
        """
        where, values = _reset_condition(url, site, failed=failed)
        if dry:
            with self._db.reading():
                return int(self._db.execute(f"SELECT count(*) FROM pages WHERE {where}", values).fetchone()[0])
        with self._db.writing():
            count = self._make_pending(where, values)
            if site is None:
                self._db.execute(
                    f"UPDATE sites SET next_poll = NULL WHERE site IN (SELECT site FROM pages WHERE {where})", values
                )
                return count
            self._db.execute("UPDATE sites SET next_poll = NULL, failures = 0 WHERE site = ?", [site])
            if url is None and not failed:
                self._db.execute(
                    """UPDATE channels SET etag = NULL, last_modified = NULL, body_hash = NULL, completed = NULL
                       WHERE site = ?""",
                    [site],
                )
            return count

    def _enqueue_one(self, site: str, candidate: Candidate, now: datetime, *, again: bool) -> _Enqueued:
        url = canonical_url(candidate.url)
        row = self._db.execute(
            "SELECT id, state, fetched, rechecks, article_id FROM pages WHERE site = ? AND url = ?", [site, url]
        ).fetchone()
        if row is None:
            known = self._urls.get(site, url)
            page_id = self._insert(site, url, candidate, now)
            if known is None or known.is_gone:
                return _Enqueued(page_id, url, "new")
            self._finish(page_id, known, None if known.is_confirmed else now + _CONFIRM_CANONICAL)
            return _Enqueued(page_id, url, "done")
        page_id, state, fetched, rechecks, article_id = row
        self._db.execute("UPDATE pages SET last_listed = ? WHERE id = ?", [to_text(now), page_id])
        if state == "set_aside" and candidate.is_listed_as_article:
            change = {"state": "pending", "candidate": candidate_to_json(candidate)}
            self._db.update("pages", page_id, change | {"published": to_text(candidate.published)})
            state = "pending"
        if again:
            self._make_pending("id = ?", [page_id])
        elif article_id is not None and is_modification_credible(candidate.modified, from_text(fetched), rechecks, now):
            self._db.execute("UPDATE pages SET recheck_at = ? WHERE id = ?", [to_text(now), page_id])
        if again or state == "pending":
            return _Enqueued(page_id, url, "pending")
        return _Enqueued(page_id, url, "done")

    def _insert(self, site: str, url: str, candidate: Candidate, now: datetime) -> int:
        # By plain SQL: a sitemap may list 50,000 pages, and an insert by sqlite-utils takes ten times as long.
        published = to_text(candidate.published or candidate.modified)
        page_id = self._db.execute(
            """INSERT INTO pages (site, url, state, discovered, last_listed, published, candidate)
               VALUES (?, ?, 'pending', ?, ?, ?, ?)""",
            [site, url, to_text(now), to_text(now), published, candidate_to_json(candidate)],
        ).lastrowid
        assert isinstance(page_id, int)
        return page_id

    def _finish_known(self, page_id: int) -> None:
        """Finish a pending page without a request if its URL has led to a stored article meanwhile, as the target of a
        redirect does."""
        with self._db.reading():
            if self._known(page_id) is None:
                return
        with self._db.writing():
            if known := self._known(page_id):
                self._finish(page_id, known, None)

    def _known(self, page_id: int) -> KnownUrl | None:
        row = self._db.execute(
            "SELECT site, url FROM pages WHERE id = ? AND state = 'pending' AND outcome IS NULL", [page_id]
        ).fetchone()
        known = self._urls.get(*row) if row else None
        return known if known and known.is_confirmed and not known.is_gone else None

    def _finish(self, page_id: int, known: KnownUrl, recheck_at: datetime | None) -> None:
        """`fetched` is when the article was last seen: a later date in a channel is a reason for a recheck."""
        change = {"state": "done", "article_id": known.article_id, "fetched": known.last_seen}
        self._db.update("pages", page_id, change | {"recheck_at": to_text(recheck_at)})

    def _make_pending(self, where: str, values: list[Any]) -> int:
        return self._db.execute(
            f"""UPDATE pages SET state = 'pending', attempts = 0, next_attempt = NULL, recheck_at = NULL, rechecks = 0,
                    etag = NULL, last_modified = NULL, body_hash = NULL WHERE {where}""",
            values,
        ).rowcount

    def _pending_ids(self, site: str, now: datetime | None) -> list[int]:
        """Newest first; those without a date last, in the order in which they were listed."""
        rows = self._db.execute(
            """SELECT id FROM pages WHERE site = :site AND state = 'pending'
                   AND (:now IS NULL OR next_attempt IS NULL OR next_attempt NOT BETWEEN :now AND :furthest)
               ORDER BY published DESC NULLS LAST, id""",
            {"site": site, "now": to_text(now), "furthest": to_text(now and now + _MAX_WAIT)},
        )
        return [page_id for (page_id,) in rows]

    def _recheck_ids(self, site: str, now: datetime) -> list[int]:
        """Those that have waited longest first."""
        rows = self._db.execute(
            """SELECT id FROM pages WHERE site = ? AND state = 'done' AND recheck_at IS NOT NULL AND recheck_at <= ?
               ORDER BY recheck_at, id""",
            [site, to_text(now)],
        )
        return [page_id for (page_id,) in rows]

    def _pending_page(self, page_id: int, *, is_recheck: bool) -> Iterable[PendingPage]:
        """One page, or none if another crawl has finished it meanwhile."""
        with self._db.reading():
            row = self._db.execute(
                """SELECT url, candidate, etag, last_modified, body_hash, outcome, reason, attempts FROM pages
                   WHERE id = ? AND state = ? AND (NOT ? OR recheck_at IS NOT NULL)""",
                [page_id, "done" if is_recheck else "pending", is_recheck],
            ).fetchone()
        if row is None:
            return ()
        is_dropped = not is_recheck and row[5] == "dropped" and row[4] is not None
        known = Validators(etag=row[2], last_modified=row[3], body_hash=row[4]) if is_recheck or is_dropped else None
        pending = PendingPage(
            row[0],
            candidate_from_json(row[1]),
            known or Validators(),
            dropped=row[6] if is_dropped else None,
            is_retry=not is_recheck and row[7] > 0,
            is_recheck=is_recheck,
        )
        return (pending,)

    def _waiting(self, site: str, now: datetime, aggregate: str) -> Any:
        with self._db.reading():
            return self._db.execute(
                f"""SELECT {aggregate} FROM pages
                    WHERE site = ? AND state = 'pending' AND next_attempt BETWEEN ? AND ?""",
                [site, to_text(now), to_text(now + _MAX_WAIT)],
            ).fetchone()[0]


def _reset_condition(url: str | None, site: str | None, *, failed: bool) -> tuple[str, list[Any]]:
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
        clauses.append("(state = 'given_up' OR outcome IN ('blocked', 'priced', 'failed'))")
    if not clauses:
        raise ValueError("reset needs a URL, a site or `failed`")
    return " AND ".join(clauses), values
