"""Findings: what is wrong with each site, as its last examination saw it, and when it was last reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.store.database import Database
from crawler.store.times import from_text, to_text

_NOTIFY_AGAIN = timedelta(days=1)
"""See docs/decisions.md#a-finding-is-reported-when-it-is-new-then-once-a-day."""

_ONCE = frozenset({"silent", "stale"})
"""Rules whose findings are reported when they are new and not again: they last until somebody changes the profile, or
for good."""

_EXAMINE_AGAIN = timedelta(hours=1)
"""Age of an examination after which a site is examined again although it was not polled: some rules look at the time.
Chosen by hand: their times are days."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedFinding:
    """One thing that is wrong with a site."""

    site: str
    rule: str
    """One of title, body, date, authors, body_length, confidence, doubtful, blocked, dropped, failed, slow, silent,
    stale, quiet, template, unreachable, outage, notice, channel, validators, gap, hosts, not_crawled."""

    message: str
    since: datetime | None = None
    example: str | None = None
    """URL of a page or channel that shows it."""


class Findings:
    """The table `findings`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def examined_sites(self, now: datetime) -> set[str]:
        """The sites that were examined within the last hour and not polled since then: what was found still holds."""
        with self._db.reading():
            rows = self._db.execute(
                """SELECT site FROM sites
                   WHERE examined BETWEEN ? AND ? AND (last_poll IS NULL OR last_poll < examined)""",
                [to_text(now - _EXAMINE_AGAIN), to_text(now)],
            )
            return {site for (site,) in rows}

    def all(self) -> list[RecordedFinding]:
        """What the last examination of each site found."""
        with self._db.reading():
            rows = self._db.execute(
                "SELECT site, rule, message, problem_since, example FROM findings ORDER BY site, rule"
            ).fetchall()
        return [
            RecordedFinding(site=site, rule=rule, message=message, since=from_text(since), example=example)
            for site, rule, message, since, example in rows
        ]

    def record(self, found: Mapping[str, Sequence[RecordedFinding]], now: datetime) -> set[tuple[str, str]]:
        """Save what is wrong with some sites, in place of what was saved before; site and rule of those findings that
        are to be reported now: new ones, and those that were last reported a day ago."""
        due: set[tuple[str, str]] = set()
        with self._db.writing():
            rows = self._db.execute("SELECT site, rule, last_notified FROM findings").fetchall()
            notified = {(site, rule): from_text(moment) for site, rule, moment in rows}
            current = {(finding.site, finding.rule): finding for findings in found.values() for finding in findings}
            for site, rule in notified.keys() - current.keys():
                if site in found:
                    self._db.execute("DELETE FROM findings WHERE site = ? AND rule = ?", [site, rule])
            for key, finding in current.items():
                if is_due := _is_notification_due(finding.rule, notified.get(key), now):
                    due.add(key)
                self._save(finding, now if is_due else None, now)
            moment = to_text(now)
            self._db.conn.executemany(
                "UPDATE sites SET examined = ? WHERE site = ?", [(moment, site) for site in found]
            )
        return due

    def _save(self, finding: RecordedFinding, notified: datetime | None, now: datetime) -> None:
        self._db.execute(
            """INSERT INTO findings (site, rule, since, last_notified, message, problem_since, example)
               VALUES (:site, :rule, :now, :now, :message, :since, :example)
               ON CONFLICT (site, rule) DO UPDATE SET last_notified = coalesce(:notified, last_notified),
                   message = excluded.message, problem_since = excluded.problem_since, example = excluded.example""",
            {
                "site": finding.site,
                "rule": finding.rule,
                "now": to_text(now),
                "notified": to_text(notified),
                "message": finding.message,
                "since": to_text(finding.since),
                "example": finding.example,
            },
        )


def _is_notification_due(rule: str, last: datetime | None, now: datetime) -> bool:
    """A time in the future was written under a wrong clock."""
    return last is None or (now - last >= _NOTIFY_AGAIN and rule not in _ONCE) or last > now
