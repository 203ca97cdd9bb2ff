"""The ledger: what the channels of a site announced for each day, what became of it, and which days are closed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from crawler.items import ChannelKind
from crawler.schedule.revisit import RevisitPolicy
from crawler.store.database import Database
from crawler.store.schema.views import LEDGER_COUNTS, RESULT, ledger_day
from crawler.store.stale_channels import pause_columns
from crawler.store.times import to_text

RESULTS = ("stored", "dropped", "forbidden", "blocked", "failed", "set_aside", "waiting")
"""What may become of an announced page, each page once: their counts add up to `announced`."""

COUNTS = tuple(LEDGER_COUNTS)
"""The counts of `v_ledger`."""

_CLOSED_AGAIN = timedelta(days=1)
"""Days are closed once in this time: what waits, waits for hours."""

_LOOKS_BACK = timedelta(days=60)
"""Days are reopened for new outcomes for this time; a page that is listed later reopens any day. Chosen by hand: the
last recheck is four weeks after the publication."""

_MARGIN = timedelta(days=1)
"""A day is closed this long after the retries of its last page. Chosen by hand."""


class Ledger:
    """The tables `listings`, `listing_channels` and `ledger_days`, and the view `v_ledger`."""

    def __init__(self, db: Database, policy: RevisitPolicy) -> None:
        self._db = db
        self._wait = policy.young + _MARGIN

    def record_listed(self, site: str, kind: ChannelKind, url: str, page_ids: Sequence[int], now: datetime) -> None:
        """Save that a channel of the profile lists these pages, and when it last listed one for the first time."""
        if not page_ids:
            return
        with self._db.writing():
            self._db.execute(
                """INSERT INTO listing_channels (site, url, kind, since, last_added)
                   VALUES (:site, :url, :kind, :now, :now)
                   ON CONFLICT (site, url) DO UPDATE SET kind = :kind WHERE kind != :kind""",
                {"site": site, "url": url, "kind": kind, "now": to_text(now)},
            )
            [row] = self._db.execute(
                "SELECT id, since, last_added, longest_pause FROM listing_channels WHERE site = ? AND url = ?",
                [site, url],
            ).fetchall()
            added = self._db.conn.executemany(
                "INSERT INTO listings VALUES (?, ?) ON CONFLICT DO NOTHING", [(page_id, row[0]) for page_id in page_ids]
            )
            if added.rowcount > 0:
                self._db.update("listing_channels", row[0], pause_columns(row[1], row[2], row[3], now))

    def days(self, site: str, first: str, last: str) -> list[dict[str, Any]]:
        """The days from `first` to `last` for which something is known, ascending: `day`, the counts of `COUNTS`,
        `closed` (when; None if it is open), `counts_closed` (those when it was closed) and `reopened`."""
        with self._db.reading():
            rows = list(
                self._db.query(
                    f"""SELECT v.day, {", ".join(f"v.{name}" for name in COUNTS)}, d.closed, d.reopened,
                               d.counts AS counts_closed
                        FROM v_ledger AS v LEFT JOIN ledger_days AS d ON d.site = :site AND d.day = v.day
                        WHERE v.site = :site AND v.day BETWEEN :first AND :last ORDER BY v.day""",
                    {"site": site, "first": first, "last": last},
                )
            )
        return [row | {"counts_closed": json.loads(row["counts_closed"] or "null")} for row in rows]

    def sites(self) -> list[str]:
        """The sites of which a channel has listed a page, ascending."""
        with self._db.reading():
            return [site for (site,) in self._db.execute("SELECT DISTINCT site FROM listing_channels ORDER BY site")]

    def pages(self, site: str, first: str, last: str) -> Iterator[dict[str, Any]]:
        """The announced pages of these days, ordered by day and URL: `url`, `site`, `day`, `published` (according to
        the channel), `first_listed`, `result` (one of `RESULTS`), `reason` and `status`."""
        with self._db.reading():
            yield from self._db.query(
                f"""SELECT p.url, p.site, {ledger_day("p.")} AS day, p.published, p.discovered AS first_listed,
                           {RESULT} AS result, p.reason, p.status
                    FROM pages AS p LEFT JOIN articles AS a ON a.id = p.article_id
                    WHERE p.site = ? AND {ledger_day("p.")} BETWEEN ? AND ?
                        AND EXISTS (SELECT 1 FROM listings AS l WHERE l.page_id = p.id)
                    ORDER BY 3, 1""",
                [site, first, last],
            )

    def polls(self, site: str, first: str, last: str) -> dict[str, int]:
        """Day → number of runs that began on it; days without a run are left out."""
        with self._db.reading():
            rows = self._db.execute(
                "SELECT day, runs FROM run_days WHERE site = ? AND day BETWEEN ? AND ?", [site, first, last]
            ).fetchall()
        return dict(rows)

    def channels(self, site: str, first: str, last: str) -> list[dict[str, Any]]:
        """The channels that announced pages of these days: `url`, `kind`, `announced`, `alone`: pages that no other
        channel announced, and `last_added`: when it last listed a page for the first time. Most pages first."""
        with self._db.reading():
            return list(
                self._db.query(
                    f"""SELECT c.url, c.kind, c.last_added, count(*) AS announced,
                               sum((SELECT count(*) FROM listings AS o WHERE o.page_id = l.page_id) = 1) AS alone
                        FROM pages AS p JOIN listings AS l ON l.page_id = p.id
                        JOIN listing_channels AS c ON c.id = l.channel_id
                        WHERE p.site = ? AND {ledger_day("p.")} BETWEEN ? AND ? GROUP BY c.id ORDER BY 4 DESC, 1""",
                    [site, first, last],
                )
            )

    def overlap(self, site: str, first: str, last: str) -> Counter[frozenset[str]]:
        """Kinds of channels → number of the articles of these days that channels of just these kinds announced. Pages
        that turned out to be no articles do not count, nor those that never existed: a channel that lists dead
        addresses would seem to know articles that the others miss."""
        with self._db.reading():
            rows = self._db.execute(
                f"""SELECT kinds, count(*) FROM (
                        SELECT group_concat(DISTINCT c.kind) AS kinds
                        FROM pages AS p JOIN listings AS l ON l.page_id = p.id
                        JOIN listing_channels AS c ON c.id = l.channel_id
                        WHERE p.site = ? AND {ledger_day("p.")} BETWEEN ? AND ? AND p.outcome IS NOT 'dropped'
                            AND p.state != 'set_aside'
                            AND NOT (p.article_id IS NULL AND coalesce(p.status, 0) IN (404, 410))
                        GROUP BY p.id
                    ) GROUP BY kinds""",
                [site, first, last],
            ).fetchall()
        overlap: Counter[frozenset[str]] = Counter()
        for kinds, pages in rows:
            overlap[frozenset(kinds.split(","))] += pages
        return overlap

    def gaps(self, site: str, first: str, last: str) -> list[dict[str, Any]]:
        """The gaps that touch these days: `channel_url`, `since`, `until`, `noticed`, `closed_by`, `new`."""
        with self._db.reading():
            return list(
                self._db.query(
                    """SELECT channel_url, since, coalesce(until, noticed) AS until, noticed, closed_by, new FROM gaps
                       WHERE site = ? AND substr(coalesce(since, noticed), 1, 10) <= ?
                           AND substr(coalesce(until, noticed), 1, 10) >= ? ORDER BY noticed, id""",
                    [site, last, first],
                )
            )

    def close_days(self, site: str, now: datetime) -> int:
        """Close the days of which nothing is expected any more: the retries of their pages have ended, no page waits,
        no gap is being filled, and a channel answered later. A closed day whose counts have changed is closed anew,
        with the reason. The number of these days. Does nothing within a day after the last time."""
        with self._db.reading():
            row = self._db.execute("SELECT ledger_closed, last_success FROM sites WHERE site = ?", [site]).fetchone()
        if row is None or row[1] is None or (row[0] is not None and row[0] > to_text(now - _CLOSED_AGAIN)):
            return 0
        last = min(now - self._wait, datetime.fromisoformat(row[1])) - timedelta(days=1)
        with self._db.writing():
            since = row[0] or ""
            changed = 0
            for day in self._days_to_close(site, since, to_text(now - _LOOKS_BACK), to_text(last)):
                changed += self._close(site, day, now)
            self._db.execute("UPDATE sites SET ledger_closed = ? WHERE site = ?", [to_text(now), site])
        return changed

    def _days_to_close(self, site: str, since: str, back: str, last: str) -> list[str]:
        """The days up to `last` that may have to be closed: the recent ones, and those for which pages were listed
        since the last time."""
        rows = self._db.execute(
            f"""SELECT DISTINCT day FROM (
                    SELECT {ledger_day()} AS day FROM pages WHERE site = :site AND {ledger_day()} >= :back
                    UNION ALL SELECT {ledger_day()} FROM pages WHERE site = :site AND discovered >= :since)
                WHERE day <= :last AND day NOT IN (
                    SELECT {ledger_day()} FROM pages WHERE site = :site AND state = 'pending')
                ORDER BY day""",
            {"site": site, "since": since, "back": back[:10], "last": last[:10]},
        ).fetchall()
        open_gaps = self._db.execute(
            "SELECT substr(coalesce(since, noticed), 1, 10) FROM gaps WHERE site = ? AND closed IS NULL", [site]
        ).fetchall()
        first_open = min((day for (day,) in open_gaps), default="9999")
        return [day for (day,) in rows if day < first_open]

    def _close(self, site: str, day: str, now: datetime) -> int:
        [row] = self.days(site, day, day)
        counts = {name: row[name] for name in COUNTS}
        if row["counts_closed"] == counts:
            return 0
        reopened = difference(row["counts_closed"], counts) if row["counts_closed"] else None
        self._db.execute(
            """INSERT INTO ledger_days (site, day, counts, closed, reopened) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT (site, day) DO UPDATE
               SET counts = excluded.counts, closed = excluded.closed, reopened = excluded.reopened""",
            [site, day, json.dumps(counts), to_text(now), reopened],
        )
        return 1


def difference(closed: dict[str, int], counts: dict[str, int]) -> str:
    """What has changed since a day was closed, in words."""
    added = counts["announced"] - closed["announced"]
    changes = [f"{_pages(added)} announced later"] if added > 0 else []
    changes += [f"{_pages(-added)} deleted"] if added < 0 else []
    changes += [
        f"{name.replace('_', ' ')} {closed[name]} to {counts[name]}"
        for name in COUNTS
        if name != "announced" and counts[name] != closed[name]
    ]
    return ", ".join(changes)


def _pages(number: int) -> str:
    return f"{number} page{'s' if number != 1 else ''}"
