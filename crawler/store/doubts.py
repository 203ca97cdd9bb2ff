"""Doubtful spans: from when to when the pages of a site may have been read wrongly, because it was redesigned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from crawler.store.database import Database
from crawler.store.times import from_text, to_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """Why the pages of a site are doubtful, and since when."""

    since: datetime
    rules: tuple[str, ...]
    """The health rules that found it, sorted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DoubtfulSpan:
    """The doubtful span of a site."""

    site: str
    since: datetime
    until: datetime | None
    """When the rules no longer found it; None: they still do."""

    rules: tuple[str, ...]
    is_mended: bool
    """Whether its pages were extracted again, and articles have changed by that."""

    articles: int
    """Articles whose archived page was fetched in the span."""


class Doubts:
    """The table `doubtful_spans`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self) -> list[DoubtfulSpan]:
        """The doubtful spans, by site."""
        with self._db.reading():
            rows = self._db.execute(
                """SELECT site, since, until, rules, mended, (
                       SELECT count(*) FROM articles JOIN archive ON article_id = articles.id AND current = 1
                       WHERE articles.site = span.site AND fetched BETWEEN span.since AND coalesce(until, fetched))
                   FROM doubtful_spans AS span ORDER BY site"""
            ).fetchall()
        return [
            DoubtfulSpan(
                site=site,
                since=datetime.fromisoformat(since),
                until=from_text(until),
                rules=tuple(rules.split()),
                is_mended=mended is not None,
                articles=articles,
            )
            for site, since, until, rules, mended, articles in rows
        ]

    def record(self, found: Mapping[str, Doubt | None], now: datetime) -> None:
        """Begin, go on with or end the spans of some sites. `found`: what is doubtful of each now. A span that ends
        stays until its pages are extracted again. Writes only what has changed."""
        with self._db.reading():
            rows = self._db.execute("SELECT site, since, until, rules, mended FROM doubtful_spans").fetchall()
        known = {site: row for site, *row in rows}
        for site, doubt in found.items():
            since, until, rules, mended = known.get(site, (None, None, "", None))
            if doubt is not None:
                self._go_on(site, doubt, since, until, rules)
            elif since is not None and mended is not None:
                self._delete(site)
            elif since is not None and until is None:
                with self._db.writing():
                    self._db.execute("UPDATE doubtful_spans SET until = ? WHERE site = ?", [to_text(now), site])

    def record_reading(self, site: str, now: datetime, *, has_changed: bool) -> None:
        """All pages of a site's span have been extracted again. The span is deleted if the rules no longer find it;
        otherwise, if articles have changed by that, as soon as they no longer do."""
        with self._db.writing():
            self._db.execute("DELETE FROM doubtful_spans WHERE site = ? AND until IS NOT NULL", [site])
            if has_changed:
                self._db.execute("UPDATE doubtful_spans SET mended = ? WHERE site = ?", [to_text(now), site])

    def _go_on(self, site: str, doubt: Doubt, since: str | None, until: str | None, rules: str) -> None:
        all_rules = " ".join(sorted({*rules.split(), *doubt.rules}))
        if since is not None and until is None and all_rules == rules:
            return  # not its time: the runs of past days are one a day, which began earlier
        row = {"site": site, "until": None, "rules": all_rules, "mended": None}
        with self._db.writing():
            self._db.upsert(
                "doubtful_spans", ("site",), row | {"since": min(filter(None, (since, to_text(doubt.since))))}
            )

    def _delete(self, site: str) -> None:
        with self._db.writing():
            self._db.execute("DELETE FROM doubtful_spans WHERE site = ?", [site])
