"""What the outcome of a request changes in its page's row: state, validators, and when the page is requested again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from crawler.items import PageResult
from crawler.schedule.revisit import RevisitPolicy, recheck_pace
from crawler.store.articles.suspect import SuspectTexts
from crawler.store.database import Database
from crawler.store.times import from_text, to_text

_NO_PAGE = ("blocked", "failed")
"""Outcomes of requests that gave no page to read: what is known of the page remains valid."""

_GONE_STATUSES = (404, 410)
_CONFIRM_GONE = timedelta(days=1)
"""A page that answers 404 or 410 is requested once more, because it may have been a mistake of the server."""

_REMEMBERED_RECHECKS = 200
"""Number of rechecks at which the counts of a site are halved, so that recent ones count most. Chosen by hand; no
measurement."""


class PageOutcomes:
    """Records outcomes in the tables `pages` and `sites`, inside the transaction that stores their articles."""

    def __init__(self, db: Database, policy: RevisitPolicy) -> None:
        self._db = db
        self._policy = policy

    def record(self, result: PageResult, article_id: int | None, now: datetime) -> None:
        """Save an outcome, and when the page is requested again. A page that no channel listed has no row."""
        page = result.page
        rows = self._db.execute_returning_dicts("SELECT * FROM pages WHERE site = ? AND url = ?", [page.site, page.url])
        if not rows:
            return
        before = rows[0]
        article_id = article_id or before["article_id"]
        change: dict[str, Any] = {
            "outcome": result.outcome,
            "reason": result.reason,
            "status": page.status,
            "final_url": page.final_url,
            "fetched": to_text(page.fetched),
            "article_id": article_id,
            "attempts": before["attempts"] + 1,
        }
        if result.outcome in _NO_PAGE:
            change |= self._after_failure(before, result, article_id, now)
        else:
            change |= self._after_answer(before, result, article_id, now)
        self._record_gone(article_id, change.get("gone", before["gone"]))
        self._db.table("pages").update(before["id"], change)

    def _after_failure(
        self, before: dict[str, Any], result: PageResult, article_id: int | None, now: datetime
    ) -> dict[str, Any]:
        """A page that did not come is requested again if the failure may be transient, up to the policy's limit."""
        failures = before["attempts"] + 1
        if before["state"] == "done" and before["outcome"] not in _NO_PAGE:
            failures = 1  # the requests that its first fetch took are not failures of this recheck
        next_attempt = None
        if result.retry and failures < self._policy.max_attempts:
            next_attempt = self._policy.retry_at(failures, now)
            if result.page.not_before is not None:
                next_attempt = max(next_attempt, result.page.not_before)
        change: dict[str, Any] = {"attempts": failures}
        if before["state"] == "done" and article_id is not None:
            change |= {"state": "done", "recheck_at": to_text(next_attempt)}
        else:
            change |= {"state": "pending" if next_attempt else "given_up", "next_attempt": to_text(next_attempt)}
        if result.page.status in _GONE_STATUSES and article_id is not None:
            since = before["gone"] or to_text(now)
            confirm = None if before["gone"] else to_text(now + _CONFIRM_GONE)
            change |= {"state": "done", "gone": since, "recheck_at": confirm}
        return change

    def _after_answer(
        self, before: dict[str, Any], result: PageResult, article_id: int | None, now: datetime
    ) -> dict[str, Any]:
        page = result.page
        change: dict[str, Any] = {"state": "done", "next_attempt": None, "gone": None}
        change["certificate_problem"] = page.certificate_problem
        if page.body_hash is not None:  # not for a 304, after which the earlier ones remain valid
            change["directives"] = " ".join(page.directives) or None
            # What was dropped must be read again, also when only the extraction has changed by then.
            is_dropped = result.outcome == "dropped"
            for name in ("etag", "last_modified", "body_hash"):
                change[name] = None if is_dropped else getattr(page, name)
        if before["state"] == "done":
            is_correction = result.outcome == "updated"
            change |= {"attempts": 0, "rechecks": 0 if is_correction else before["rechecks"] + 1}
            self._count_recheck(page.site, is_correction=is_correction)
            if result.article is None and article_id is not None and result.outcome == "unchanged":
                SuspectTexts(self._db, now).forget(article_id)
                self._db.execute("UPDATE articles SET last_seen = ? WHERE id = ?", [to_text(now), article_id])
        return change | {"recheck_at": self._next_recheck(page.site, before, article_id, now)}

    def _next_recheck(self, site: str, before: dict[str, Any], article_id: int | None, now: datetime) -> str | None:
        if article_id is None or not self._policy.recheck_ages:
            return None
        published, precision = self._db.execute(
            "SELECT published, published_precision FROM articles WHERE id = ?", [article_id]
        ).fetchone()
        # A date without a time says nothing about the hours that follow the publication.
        moment = from_text(published if precision != "day" else None) or from_text(before["published"])
        moment = min(moment or from_text(before["discovered"]) or now, now)
        counts = self._db.execute("SELECT rechecks, corrections FROM sites WHERE site = ?", [site]).fetchone()
        return to_text(self._policy.recheck_at(moment, now, recheck_pace(*(counts or (0, 0)))))

    def _count_recheck(self, site: str, *, is_correction: bool) -> None:
        self._db.execute("INSERT INTO sites (site) VALUES (?) ON CONFLICT (site) DO NOTHING", [site])
        self._db.execute(
            "UPDATE sites SET rechecks = rechecks + 1, corrections = corrections + ? WHERE site = ?",
            [int(is_correction), site],
        )
        self._db.execute(
            "UPDATE sites SET rechecks = rechecks / 2, corrections = corrections / 2 WHERE site = ? AND rechecks >= ?",
            [site, _REMEMBERED_RECHECKS],
        )

    def _record_gone(self, article_id: int | None, since: str | None) -> None:
        """Mark an article as gone from its site, or as there again."""
        if article_id is not None:
            self._db.execute("UPDATE articles SET gone = ? WHERE id = ? AND gone IS NOT ?", [since, article_id, since])
