"""Sites: how the last looks at them went, and when the next one is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.store.part import Part
from crawler.store.times import from_text, to_text


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteState:
    """One site, as the crawls so far left it."""

    last_poll: datetime | None = None
    last_success: datetime | None = None
    failures: int = 0
    """Crawls in a row in which no channel answered."""

    interval: timedelta | None = None
    next_poll: datetime | None = None


class Sites(Part):
    """The table `sites`."""

    def states(self) -> dict[str, SiteState]:
        """All sites that were ever crawled."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT site, last_poll, last_success, failures, interval, next_poll FROM sites"
            ).fetchall()
        return {
            row[0]: SiteState(
                last_poll=from_text(row[1]),
                last_success=from_text(row[2]),
                failures=row[3],
                interval=None if row[4] is None else timedelta(seconds=row[4]),
                next_poll=from_text(row[5]),
            )
            for row in rows
        }

    def record_poll(self, site: str, now: datetime, *, success: bool, next_poll: datetime) -> None:
        """Keep how a crawl went and when the next one is due."""
        row = {
            "site": site,
            "last_poll": to_text(now),
            "interval": (next_poll - now).total_seconds(),
            "next_poll": to_text(next_poll),
        }
        with self._writing() as db:
            db.table("sites").upsert(row, pk="site")
            if success:
                db.execute("UPDATE sites SET last_success = ?, failures = 0 WHERE site = ?", [to_text(now), site])
            else:
                db.execute("UPDATE sites SET failures = failures + 1 WHERE site = ?", [site])

    def publications(self, site: str, since: datetime) -> list[datetime]:
        """When the articles that the site's channels named were published, as far as that is known to the minute, else
        when they were discovered; ascending."""
        with self._reading() as db:
            rows = db.execute(
                """SELECT coalesce(CASE WHEN a.published_precision != 'day' THEN a.published END,
                                   p.published, p.discovered) AS moment
                   FROM pages AS p LEFT JOIN articles AS a ON a.id = p.article_id
                   WHERE p.site = ? AND p.discovered >= ? AND moment >= ? AND p.outcome IS NOT 'failed'
                   ORDER BY moment""",
                [site, to_text(since), to_text(since)],
            ).fetchall()
        return [datetime.fromisoformat(row[0]) for row in rows]
