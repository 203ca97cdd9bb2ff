"""Times later than the present: which clock was wrong, that of an earlier run or the present one, and their correction.

A run whose clock was ahead leaves times that no later run may wait for. They are set to the present: they were written
before it. If the present clock is behind, they are right and must stay. See
docs/decisions.md#two-ways-in-which-a-clock-is-wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.store.database import Database
from crawler.store.times import from_text, to_text

_SLACK = timedelta(minutes=10)
"""Differences up to this are those of two processes or machines, not a wrong clock. Chosen by hand."""

_LATEST_RUNS = 100
"""Runs of which one must be after the present: the next run corrects what the last ones wrote, and this is read at the
start of every crawl. Chosen by hand."""

_LISTED_LATER = timedelta(days=1)
"""Channels may list dates that are this much ahead, because of time zones."""

CORRECTED = {
    "runs": ("started", "finished"),
    "scheduler_runs": ("started", "finished"),
    "sites": ("last_poll", "last_success", "outage_since", "examined", "set_aside_tried", "ledger_closed"),
    "site_templates": ("since",),
    "channels": ("checked", "succeeded", "failing_since", "completed", "last_new", "received", "validators_wrong"),
    "gaps": ("noticed", "closed"),
    "pages": ("discovered", "last_listed", "fetched", "gone"),
    "listing_channels": ("since", "last_added"),
    "ledger_days": ("closed",),
    "hosts": ("last_request", "robots_fetched", "tdm_fetched"),
    "rights_files": ("first_fetched", "last_fetched"),
    "page_rights": ("since", "last_seen"),
    "findings": ("since", "last_notified", "problem_since"),
    "doubtful_spans": ("since", "until", "mended"),
    "articles": ("first_seen", "last_seen", "gone"),
    "revisions": ("replaced",),
    "suspect_texts": ("since", "seen"),
    "notices": ("first_seen", "last_seen"),
    "notice_pages": ("since",),
    "boilerplate": ("learned",),
    "archive": ("fetched",),
    "exports": ("exported",),
}
"""Table → columns with times that were the present when they were written."""

_PLANS = (
    "UPDATE sites SET next_poll = :now WHERE last_poll > :now",
    "UPDATE hosts SET not_before = NULL WHERE last_request > :now",
    "UPDATE pages SET next_attempt = :now WHERE state = 'pending' AND next_attempt > :now AND fetched > :now",
    # Also those without a next recheck: by that clock the article was too old for one.
    "UPDATE pages SET recheck_at = :now WHERE state = 'done' AND article_id IS NOT NULL AND fetched > :now",
    # By that clock they were too old to be tried again.
    """UPDATE pages SET state = 'pending', next_attempt = :now WHERE article_id IS NULL AND (
           (fetched > :now AND state = 'done' AND outcome IN ('dropped', 'blocked', 'priced', 'failed'))
           OR (state = 'given_up' AND (fetched > :now OR reason = 'robots_disallow_all')))""",
    # These days are still to come; their runs count as runs of now.
    "DELETE FROM run_days WHERE finished > :now",
)
"""What was planned under the wrong clock is done now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FutureRuns:
    """The runs with times after the present."""

    newest: datetime
    are_wrong: bool
    """Whether their clock was wrong, and not the present one."""


class FutureTimes:
    """All tables with times."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, now: datetime) -> FutureRuns | None:
        """The runs that began or finished after `now`; None if there are none."""
        limit = to_text(now + _SLACK)
        with self._db.reading():
            (text,) = self._one(
                """SELECT max(max(started), coalesce(max(finished), ''))
                   FROM (SELECT started, finished FROM runs ORDER BY id DESC LIMIT :count)""",
                count=_LATEST_RUNS,
            )
            newest = from_text(text)
            if newest is None or newest <= now + _SLACK:
                return None
            first_id, first = self._one(
                """SELECT id, CASE WHEN started > :limit THEN started ELSE finished END FROM runs
                   WHERE started > :limit OR finished > :limit ORDER BY id LIMIT 1""",
                limit=limit,
            )
            (before,) = self._one(
                "SELECT max(started) FROM runs WHERE id <= :first AND started <= :limit", first=first_id, limit=limit
            )
            is_behind = self._most_channels_list_later(now)
        # A clock that was ahead went on at the usual speed: since the last run before it, as much time has passed as
        # between its own runs. A clock that has fallen back shows a time soon after some run, long before the last one.
        span = newest - datetime.fromisoformat(first)
        last = from_text(before)
        return FutureRuns(newest=newest, are_wrong=not is_behind and (last is None or now - last + _SLACK >= span))

    def correct(self, now: datetime) -> int:
        """Set the times after `now` to it, and let be done now what was planned after it; the number of times."""
        values = {"now": to_text(now)}
        with self._db.writing():
            for statement in _PLANS:
                self._db.execute(statement, values)
            return sum(
                self._db.execute(f"UPDATE {table} SET {column} = :now WHERE {column} > :now", values).rowcount
                for table, columns in CORRECTED.items()
                for column in columns
            )

    def _most_channels_list_later(self, now: datetime) -> bool:
        """Whether most channels list articles with later dates. These are not of our clock."""
        later, all_dated = self._one(
            "SELECT coalesce(sum(newest_listed > :moment), 0), count(newest_listed) FROM channels",
            moment=to_text(now + _LISTED_LATER),
        )
        return bool(2 * later > all_dated)

    def _one(self, sql: str, **values: Any) -> Any:
        return self._db.execute(sql, values).fetchone()
