"""What the outcome of a request changes in its page's row: state, validators, and when the page is requested again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from crawler.items import PUBLISHED_IN_FUTURE, PageResult
from crawler.schedule.revisit import ROBOTS_DISALLOW_ALL, RevisitPolicy, recheck_pace
from crawler.store.articles.suspect import SuspectTexts
from crawler.store.database import Database
from crawler.store.rights import Rights
from crawler.store.set_aside import SetAside
from crawler.store.times import from_text, to_text

_NO_PAGE = ("blocked", "priced", "failed")
"""Outcomes of requests that gave no page to read: what is known of the page remains valid."""

_HARD = ("no_web_address", "too_large", "not_news")
"""Reasons that no later request changes: the address is not one, the file is too large, the page is something else."""

_ROBOTS_WAIT = timedelta(hours=1)
"""Until robots.txt is consulted again; that sends a request only once in NEWS_ROBOTS_HOURS. Chosen by hand."""

_GONE_STATUSES = (404, 410)
_CONFIRM_GONE = (timedelta(days=1), timedelta(days=7))
"""After its first 404 or 410 the page of an article is requested again at these times, because it may have been a
mistake of the server, or an outage of a site with few other pages. Chosen by hand."""

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
        if result.outcome in _NO_PAGE or (result.outcome == "dropped" and article_id is None):
            change |= self._after_failure(before, result, article_id, now)
        else:
            change |= self._after_answer(before, result, article_id, now)
        if before["state"] == "pending" and before["attempts"] == 0:
            SetAside(self._db).learn(result, is_stored=article_id is not None)
        self._record_gone(article_id, change.get("gone", before["gone"]))
        self._db.update("pages", before["id"], change)
        if page.rights is not None:
            Rights(self._db).record_page(before["id"], page.rights, page.fetched or now)

    def _after_failure(
        self, before: dict[str, Any], result: PageResult, article_id: int | None, now: datetime
    ) -> dict[str, Any]:
        """A page that gave no article is requested again: see `_next_attempt`."""
        failures = before["attempts"] + 1
        if before["state"] == "done" and before["outcome"] not in _NO_PAGE:
            failures = 1  # the requests that its first fetch took are not failures of this recheck
        is_waiting = result.reason == ROBOTS_DISALLOW_ALL and self._waits_for_robots(result.page.site, now)
        next_attempt = now + _ROBOTS_WAIT if is_waiting else self._next_attempt(before, result, failures, now)
        change: dict[str, Any] = {"attempts": failures - 1 if is_waiting else failures}
        if before["state"] == "done" and article_id is not None:
            change |= {"state": "done", "recheck_at": to_text(next_attempt)}
        else:
            end = "done" if result.outcome == "dropped" else "given_up"
            change |= {"state": "pending" if next_attempt else end, "next_attempt": to_text(next_attempt)}
        if result.outcome == "dropped":
            change |= _validators(result)
        if result.page.status in _GONE_STATUSES and article_id is not None:
            since = from_text(before["gone"]) or now
            confirm = next((since + wait for wait in _CONFIRM_GONE if since + wait > now), None)
            change |= {"state": "done", "gone": to_text(since), "recheck_at": to_text(confirm)}
        return change

    def _next_attempt(
        self, before: dict[str, Any], result: PageResult, failures: int, now: datetime
    ) -> datetime | None:
        """When a page is requested again; None: never. A failure is temporary (timeout, 5xx, a wall), hard, or soft:
        the page is missing, refused or dropped, as during an outage, or because its feed lists it too early."""
        if result.retry and failures < self._policy.max_attempts:
            retry = self._policy.retry_at(failures, now)
            return max(retry, result.page.not_before) if result.page.not_before else retry
        discovered = from_text(before["discovered"]) or now
        is_archived = result.page.fetched is not None and result.page.fetched < discovered  # it came out of a WARC file
        if before["article_id"] is not None or result.reason in _HARD or is_archived:
            return None
        return self._policy.young_retry_at(failures, discovered, now)

    def _waits_for_robots(self, site: str, now: datetime) -> bool:
        """Whether a site's robots.txt has not yet forbidden everything for as long as its pages wait."""
        row = self._db.execute(
            "SELECT outage_since FROM sites WHERE site = ? AND outage_reason = ?", [site, ROBOTS_DISALLOW_ALL]
        ).fetchone()
        since = from_text(row[0]) if row else None
        return since is None or now - since < self._policy.robots_wait

    def _after_answer(
        self, before: dict[str, Any], result: PageResult, article_id: int | None, now: datetime
    ) -> dict[str, Any]:
        page = result.page
        change: dict[str, Any] = {"state": "done", "next_attempt": None, "gone": None}
        change["certificate_problem"] = page.certificate_problem
        if page.body_hash is not None:  # not for a 304, after which the earlier ones remain valid
            change["directives"] = " ".join(page.directives) or None
            # What was dropped must be read again, also when only the extraction has changed by then; and so must an
            # article whose date is in the future: the same page gives it the date when that has come.
            is_read_again = result.outcome == "dropped" or (
                result.article is not None and PUBLISHED_IN_FUTURE in result.article.provenance
            )
            for name in ("etag", "last_modified", "body_hash"):
                change[name] = None if is_read_again else getattr(page, name)
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


def _validators(result: PageResult) -> dict[str, Any]:
    """Those of a page that was dropped, for its retries. A 304 has none: the earlier ones remain valid."""
    page = result.page
    if page.body_hash is None:
        return {}
    return {
        "etag": page.etag,
        "last_modified": page.last_modified,
        "body_hash": page.body_hash,
        "directives": " ".join(page.directives) or None,
        "certificate_problem": page.certificate_problem,
    }
