"""Templates: where the pages of each site have their text. What they say is read by crawler/extract/templates/."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.store.database import Database
from crawler.store.times import from_text, to_text


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredTemplate:
    """What is known of one site, as text: the file may have been changed by anyone."""

    site: str
    template: str | None = None
    since: datetime | None = None
    given: int = 0
    missed: str = "{}"
    checks: str = ""
    state: str = "{}"


class Templates:
    """The table `site_templates`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, site: str) -> StoredTemplate | None:
        """What is known of a site; None if nothing is."""
        with self._db.reading():
            row = self._db.execute(
                "SELECT template, since, given, missed, checks, state FROM site_templates WHERE site = ?", [site]
            ).fetchone()
        if row is None:
            return None
        template, since, given, missed, checks, state = row
        return StoredTemplate(
            site=site,
            template=template,
            since=_moment(since),
            given=given,
            missed=missed,
            checks=checks,
            state=state,
        )

    def save(self, stored: StoredTemplate) -> None:
        """Replace what is known of a site."""
        row = {
            "site": stored.site,
            "template": stored.template,
            "since": to_text(stored.since) if stored.since else None,
            "given": stored.given,
            "missed": stored.missed,
            "checks": stored.checks,
            "state": stored.state,
        }
        with self._db.writing():
            self._db.upsert("site_templates", ("site",), row)

    def forget(self, site: str) -> bool:
        """Delete what is known of a site; False if nothing is."""
        with self._db.writing():
            return self._db.execute("DELETE FROM site_templates WHERE site = ?", [site]).rowcount > 0

    def checks(self, site: str) -> str:
        """The latest checked pages of a site, oldest first: 1 where both readings agreed, else 0."""
        with self._db.reading():
            row = self._db.execute("SELECT checks FROM site_templates WHERE site = ?", [site]).fetchone()
        return str(row[0]) if row else ""


def _moment(text: str | None) -> datetime | None:
    try:
        return from_text(text)
    except (TypeError, ValueError):  # not written by this program
        return None
