"""The notices of all sites, as the health rules need them. Crawls find them: crawler/store/articles/notices.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.store.database import Database
from crawler.store.times import to_text

_FIRST_CHARS = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteNotice:
    """A text that pages of a site show in the place of their articles."""

    site: str
    text: str
    """Its beginning."""

    pages: int
    """Pages that showed it when they were last requested."""

    since: datetime
    example: str
    """URL of one of the pages."""


class SiteNotices:
    """The tables `notices` and `notice_pages`, read."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def shown(self, now: datetime, *, within: timedelta) -> list[SiteNotice]:
        """The known notices that were seen within this time and that pages still show, those with most pages first."""
        with self._db.reading():
            rows = self._db.execute(
                f"""SELECT n.site, substr(n.body, 1, {_FIRST_CHARS}), count(*) AS pages, n.first_seen, max(p.url)
                    FROM notices AS n JOIN notice_pages AS p ON p.notice_id = n.id
                    WHERE n.is_known AND n.last_seen >= ? GROUP BY n.id ORDER BY pages DESC, n.id""",
                [to_text(now - within)],
            ).fetchall()
        return [
            SiteNotice(
                site=site,
                text=" ".join(text.split()),
                pages=pages,
                since=datetime.fromisoformat(first_seen),
                example=url,
            )
            for site, text, pages, first_seen, url in rows
        ]
