"""Sites: how their last polls went, and when the next one is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.store.database import Database
from crawler.store.times import from_text, to_text

_STATE = "site, last_poll, last_success, failures, interval, next_poll, outage_since, outage_reason"

# The sites of a table with an index that begins with the site: one look into the index for each, whatever the number of
# rows. The last row is NULL.
_SITES_OF = """WITH RECURSIVE s (site) AS (
    SELECT min(site) FROM {table}
    UNION ALL SELECT (SELECT min(site) FROM {table} AS t WHERE t.site > s.site) FROM s WHERE site IS NOT NULL)"""

_WEEK, _MONTH = timedelta(days=7), timedelta(days=28)


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteState:
    """One site, as the crawls so far left it."""

    last_poll: datetime | None = None
    last_success: datetime | None = None
    failures: int = 0
    """Consecutive crawls in which no channel answered."""

    interval: timedelta | None = None
    next_poll: datetime | None = None
    outage_since: datetime | None = None
    outage_reason: str | None = None
    """Why all its pages fail, if it is in an outage."""


class Sites:
    """The table `sites`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def states(self) -> dict[str, SiteState]:
        """All sites that were ever crawled."""
        with self._db.reading():
            rows = self._db.execute(f"SELECT {_STATE} FROM sites").fetchall()
        return {row[0]: _state(row) for row in rows}

    def state(self, site: str) -> SiteState | None:
        """One site; None if it was never crawled."""
        with self._db.reading():
            row = self._db.execute(f"SELECT {_STATE} FROM sites WHERE site = ?", [site]).fetchone()
        return _state(row) if row else None

    def record_poll(self, site: str, now: datetime, *, success: bool, next_poll: datetime) -> None:
        """Save how a crawl went and when the next one is due."""
        row = {
            "site": site,
            "last_poll": to_text(now),
            "interval": (next_poll - now).total_seconds(),
            "next_poll": to_text(next_poll),
        }
        with self._db.writing():
            self._db.table("sites").upsert(row, pk="site")
            if success:
                self._db.execute("UPDATE sites SET last_success = ?, failures = 0 WHERE site = ?", [to_text(now), site])
            else:
                self._db.execute("UPDATE sites SET failures = failures + 1 WHERE site = ?", [site])

    def rename(self, old: str, new: str) -> dict[str, int]:
        """Give everything of a site to another one, in one transaction; table → rows. Where both have a row, as for a
        page that both have crawled, that of the old name stays: it is the one with a past. Of two rows of a page, the
        finished one stays."""
        with self._db.writing():
            self._db.execute(
                """DELETE FROM pages WHERE site = :old AND state = 'pending'
                   AND url IN (SELECT url FROM pages WHERE site = :new AND state = 'done')""",
                {"old": old, "new": new},
            )
            tables = self._db.execute(
                """SELECT t.name FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c
                   WHERE t.type = 'table' AND c.name = 'site' AND t.name != 'site_counts' ORDER BY t.name"""
            ).fetchall()
            return {
                name: self._db.execute(f"UPDATE OR REPLACE {name} SET site = ? WHERE site = ?", [new, old]).rowcount
                for (name,) in tables
            }

    def publications(self, site: str, since: datetime) -> list[datetime]:
        """When the articles that the site's channels listed were published, as far as that is known to the hour,
        otherwise when they were discovered; ascending."""
        with self._db.reading():
            rows = self._db.execute(
                """SELECT coalesce(CASE WHEN a.published_precision != 'day' THEN a.published END,
                                   p.published, p.discovered) AS moment
                   FROM pages AS p LEFT JOIN articles AS a ON a.id = p.article_id
                   WHERE p.site = ? AND p.discovered >= ? AND moment >= ? AND p.outcome IS NOT 'failed'
                   ORDER BY moment""",
                [site, to_text(since), to_text(since)],
            ).fetchall()
        return [datetime.fromisoformat(row[0]) for row in rows]

    def summaries(self) -> dict[str, dict[str, Any]]:
        """For each site ever crawled: `articles` and `last_crawl`."""
        summaries: dict[str, dict[str, Any]] = {}
        with self._db.reading():
            for table, newest in (("run_days", "day"), ("runs", "started")):  # a site may have no run of its last weeks
                for row in self._db.query(
                    f"""{_SITES_OF.format(table=table)}
                        SELECT site, (SELECT started FROM {table} AS r WHERE r.site = s.site
                                      ORDER BY {newest} DESC LIMIT 1) AS last_crawl, 0 AS articles
                        FROM s WHERE site IS NOT NULL"""
                ):
                    summaries[row["site"]] = row
            for row in self._db.query("SELECT site, articles FROM site_counts"):
                summaries.setdefault(row["site"], {"last_crawl": None}).update(row)
        return summaries

    def overview(self, now: datetime) -> dict[str, dict[str, Any]]:
        """For each site ever crawled: `articles`, `first_article`, `last_article`, articles of the last `week` and
        `month`, `pending` pages, `last_crawl`, and the columns of the table `sites`."""
        with self._db.reading():
            states = {row.pop("site"): row for row in self._db.query("SELECT * FROM sites")}
            for sql, values in (
                (
                    f"""{_SITES_OF.format(table="articles")}
                        SELECT site, (SELECT max(first_seen) FROM articles AS a WHERE a.site = s.site) AS last_article,
                               (SELECT min(first_seen) FROM articles AS a WHERE a.site = s.site) AS first_article,
                               (SELECT count(*) FROM articles AS a WHERE a.site = s.site AND first_seen >= ?) AS week,
                               (SELECT count(*) FROM articles AS a WHERE a.site = s.site AND first_seen >= ?) AS month
                        FROM s WHERE site IS NOT NULL""",
                    [to_text(now - _WEEK), to_text(now - _MONTH)],
                ),
                ("SELECT site, count(*) AS pending FROM pages WHERE state = 'pending' GROUP BY site", []),
            ):
                for row in self._db.query(sql, values):
                    states.setdefault(row["site"], {}).update(row)
            for row in self.summaries().values():
                states.setdefault(row["site"], {}).update(row)
        return states


def _state(row: tuple[Any, ...]) -> SiteState:
    return SiteState(
        last_poll=from_text(row[1]),
        last_success=from_text(row[2]),
        failures=row[3],
        interval=None if row[4] is None else timedelta(seconds=row[4]),
        next_poll=from_text(row[5]),
        outage_since=from_text(row[6]),
        outage_reason=row[7],
    )
