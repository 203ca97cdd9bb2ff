"""What the crawls have done so far, for scrapy status and scrapy health."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crawler.store.database import insert_row
from crawler.store.part import Part
from crawler.store.times import from_text, to_text

_FIRST_CRAWL = timedelta(hours=6)
_JSON = ("arguments", "reasons", "skipped", "examples", "quality")


@dataclass(frozen=True, kw_only=True, slots=True)
class FailingChannel:
    """A channel that gives nothing of use."""

    url: str
    problem: str
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteHistory:
    """What there is to judge a site by."""

    runs: list[dict[str, Any]]
    """Rows of the table `runs` that have ended, oldest first; JSON columns are read, times are datetimes."""

    discoveries: list[datetime]
    """When articles were first seen, ascending; without the backlog that the first crawl found."""

    failing: list[FailingChannel] = field(default_factory=list)
    channels: int = 0
    unfilled_gap: str | None = None
    """Channel of a gap for which the site had nothing to fill it with, closed of late."""


class History(Part):
    """Reads `runs`, `rounds`, `sites`, `channels`, `articles`."""

    def begin_round(self, now: datetime) -> int:
        """Open the record of a `scrapy due`; its id."""
        with self._writing() as db:
            return insert_row(db, "scheduler_runs", {"started": to_text(now)})

    def end_round(self, round_id: int, now: datetime, *, exit_code: int, said: str) -> None:
        """Close the record of a `scrapy due`."""
        with self._writing() as db:
            row = {"finished": to_text(now), "exit_code": exit_code, "message": said or None}
            db.table("scheduler_runs").update(round_id, row)

    def last_runs(self, count: int) -> list[dict[str, Any]]:
        """The last crawls, newest first; JSON columns are read."""
        with self._reading() as db:
            rows = list(db.query("SELECT * FROM runs ORDER BY id DESC LIMIT ?", [count]))
        return [row | {name: json.loads(row[name]) for name in _JSON} for row in rows]

    def last_rounds(self, count: int) -> list[dict[str, Any]]:
        """The last `scrapy due`, newest first."""
        with self._reading() as db:
            return list(db.query("SELECT * FROM scheduler_runs ORDER BY id DESC LIMIT ?", [count]))

    def site_states(self, now: datetime) -> dict[str, dict[str, Any]]:
        """For each site ever crawled: `articles`, `last_article`, articles of the last `week` and `month`, `pending`
        pages, and the columns of the table `sites`."""
        week, month = (to_text(now - timedelta(days=days)) for days in (7, 28))
        with self._reading() as db:
            states = {row.pop("site"): row for row in db.query("SELECT * FROM sites")}
            counts = db.query(
                """SELECT site, count(*) AS articles, max(first_seen) AS last_article, sum(first_seen >= ?) AS week,
                          sum(first_seen >= ?) AS month, min(first_seen) AS first_article
                   FROM articles GROUP BY site""",
                [week, month],
            )
            for row in counts:
                states.setdefault(row["site"], {}).update(row)
            for row in db.query("SELECT site, count(*) AS pending FROM pages WHERE state = 'pending' GROUP BY site"):
                states.setdefault(row["site"], {}).update(row)
            for row in db.query("SELECT site, max(started) AS last_crawl FROM runs GROUP BY site"):
                states.setdefault(row["site"], {}).update(row)
        return states

    def site(self, name: str, now: datetime, *, days: int = 56) -> SiteHistory:
        """What there is to judge a site by, of so many days."""
        since = to_text(now - timedelta(days=days))
        with self._reading() as db:
            runs = list(
                db.query(
                    "SELECT * FROM runs WHERE site = ? AND finished IS NOT NULL AND started >= ? ORDER BY id",
                    [name, since],
                )
            )
            # Not the backlog of a first crawl, nor what fills a gap: these say nothing of when a site publishes.
            first = from_text(db.execute("SELECT min(first_seen) FROM articles WHERE site = ?", [name]).fetchone()[0])
            seen = db.execute(
                """SELECT first_seen FROM articles WHERE site = ? AND first_seen >= ? AND first_seen > ?
                       AND (published IS NULL OR julianday(first_seen) - julianday(published) < 3) ORDER BY 1""",
                [name, since, to_text(first and first + _FIRST_CRAWL) or ""],
            ).fetchall()
            channels = list(
                db.query("SELECT url, problem, failing_since, checked FROM channels WHERE site = ?", [name])
            )
            gap = db.execute(
                "SELECT channel_url FROM gaps WHERE site = ? AND closed_by = 'nothing' AND closed >= ? LIMIT 1",
                [name, to_text(now - timedelta(days=1))],
            ).fetchone()
        failing = [
            FailingChannel(
                url=row["url"], problem=row["problem"] or "", since=datetime.fromisoformat(row["failing_since"])
            )
            for row in channels
            if row["failing_since"]
        ]
        return SiteHistory(
            runs=[_read(run) for run in runs],
            discoveries=[datetime.fromisoformat(row[0]) for row in seen],
            failing=failing,
            channels=len(channels),
            unfilled_gap=gap[0] if gap else None,
        )


def _read(run: dict[str, Any]) -> dict[str, Any]:
    times = {name: from_text(run[name]) for name in ("started", "finished")}
    return run | {name: json.loads(run[name]) for name in _JSON} | times
