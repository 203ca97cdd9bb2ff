"""Outages: a site whose pages all fail alike. Its pages wait, and their attempts are not counted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.schedule.revisit import ROBOTS_DISALLOW_ALL, RevisitPolicy
from crawler.store.database import Database
from crawler.store.times import from_text, to_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Outage:
    """Why all pages of a site fail, and since when."""

    reason: str
    since: datetime
    is_over_limit: bool
    """Whether it has lasted so long that failures count again."""


class Outages:
    """The columns `outage_since` and `outage_reason` of the table `sites`, and the pages that wait for the end."""

    def __init__(self, db: Database, policy: RevisitPolicy) -> None:
        self._db = db
        self._policy = policy

    def get(self, site: str, now: datetime) -> Outage | None:
        """The outage of a site; None if its pages were received at the last poll."""
        with self._db.reading():
            row = self._db.execute("SELECT outage_since, outage_reason FROM sites WHERE site = ?", [site]).fetchone()
        since = from_text(row[0]) if row else None
        if since is None:
            return None
        limit = self._policy.robots_wait if row[1] == ROBOTS_DISALLOW_ALL else self._policy.young
        return Outage(reason=row[1], since=since, is_over_limit=not since <= now < since + limit)

    def record(self, site: str, reason: str, urls: Sequence[str], now: datetime, *, run_started: datetime) -> None:
        """Save that all requested pages of a run failed alike, and undo what their failures changed: they are requested
        again later, with the attempts that they had before."""
        with self._db.writing():
            self._db.execute(
                """INSERT INTO sites (site, outage_since, outage_reason) VALUES (:site, :since, :reason)
                   ON CONFLICT (site) DO UPDATE
                   SET outage_since = coalesce(outage_since, excluded.outage_since), outage_reason = :reason""",
                {"site": site, "since": to_text(run_started), "reason": reason},
            )
            outage = self.get(site, now)
            assert outage is not None
            values: dict[str, str | None] = {
                "site": site,
                "retry": to_text(now + self._policy.outage_wait(now - outage.since)),
                "started": to_text(run_started),
            }
            for url in urls:
                self._return_page(values | {"url": url})

    def end(self, site: str, failed: Sequence[str]) -> None:
        """A page was received: what the outage delayed is due at once, but for the URLs that failed in this run."""
        with self._db.writing():
            self._db.execute(
                """UPDATE pages SET next_attempt = NULL
                   WHERE site = :site AND state = 'pending' AND next_attempt IS NOT NULL
                       AND reason IS (SELECT outage_reason FROM sites WHERE site = :site)
                       AND url NOT IN (SELECT value FROM json_each(:failed))""",
                {"site": site, "failed": json.dumps(failed)},
            )
            self._db.execute(
                "UPDATE sites SET outage_since = NULL, outage_reason = NULL WHERE site = ? AND outage_since NOT NULL",
                [site],
            )

    def _return_page(self, values: dict[str, str | None]) -> None:
        self._db.execute(
            """UPDATE articles SET gone = NULL WHERE gone >= :started
                   AND id = (SELECT article_id FROM pages WHERE site = :site AND url = :url)""",
            values,
        )
        self._db.execute(
            """UPDATE pages SET attempts = max(attempts - 1, 0),
                   state = CASE WHEN article_id IS NULL THEN 'pending' ELSE 'done' END,
                   next_attempt = CASE WHEN article_id IS NULL THEN :retry END,
                   recheck_at = CASE WHEN article_id IS NOT NULL THEN :retry END,
                   gone = CASE WHEN gone >= :started THEN NULL ELSE gone END
               WHERE site = :site AND url = :url""",
            values,
        )
