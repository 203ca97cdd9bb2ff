"""What the overview page shows: the state of the collection, and the articles of a period."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from crawler.store.database import Database
from crawler.store.schema.views import DAY
from crawler.store.times import to_text

Group = Literal["site", "language", "category"]
GROUPS: tuple[Group, ...] = ("site", "language", "category")

_AHEAD = timedelta(days=1)
"""A date further in the future is a mistake of the site: its article is not the newest one."""

_LAST_CRAWLS = timedelta(days=1)
_SAMPLE = 10_000
"""Of more articles, the completeness is that of every second, third ... one: to read 100,000 rows takes 280 ms."""

_MAX_LAG_HOURS = 48
"""Lags of more hours are counted as this one."""

_FIELDS = {
    "published": "published IS NOT NULL",
    "authors": "authors != '[]'",
    "category": "category IS NOT NULL",
    "language": "language IS NOT NULL",
    "subtitle": "subtitle IS NOT NULL",
    "tags": "tags != '[]'",
    "image": "image_url IS NOT NULL",
}
_IN_PERIOD = f"{DAY} BETWEEN ? AND ?"


class Period(NamedTuple):
    """The days of the charts, both included. An article belongs to the day of its publication or, without a date, to
    that on which it was first seen, both in UTC."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


class Crawls(NamedTuple):
    """The crawls of the last 24 hours."""

    running: int
    finished: datetime | None
    """The end of the last crawl of all, whenever it was; None if none has ended."""

    crawls: int
    new: int
    updated: int
    failed: int


class Overview(NamedTuple):
    """What the overview page shows."""

    totals: dict[str, int]
    """articles, stories, copies, changes, sites: of the whole collection."""

    crawls: Crawls
    period: Period
    before: int
    """Articles before the period."""

    after: int
    """Articles after it; those with a date in the future are among them."""

    undated: int
    """Articles of the period that have no date of publication."""

    daily: list[tuple[str, str | None, int]]
    """Day, value of the group (NULL without one), articles."""

    copies: list[tuple[str, int, int]]
    """Site, articles, copies among them; the site with most articles first."""

    lags: list[tuple[int, int]]
    """Hours from publication to when it was first seen (0 for less than one, 48 for more), articles."""

    completeness: list[dict[str, Any]]
    """Site, articles, and for each field the share of them that have it."""

    every: int
    """The completeness is that of every n-th article: 1 for all of them."""


class Overviews:
    """Reads for the overview page, by the index of days."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def overview(
        self, now: datetime, *, days: int | None = None, chosen: Period | None = None, group: Group = "site"
    ) -> Overview:
        """The overview of a chosen period, else of the last `days` that have articles, else of all days."""
        with self._db.reading():
            period = chosen or self._last_days(now, days)
            window = [period.first.isoformat(), period.last.isoformat()]
            copies = self._copies(window)
            every = sum(articles for _, articles, _ in copies) // _SAMPLE + 1
            return Overview(
                totals=self._totals(),
                crawls=self._crawls(now),
                period=period,
                before=self._one(f"SELECT count(*) FROM articles WHERE {DAY} < ?", window[0]),
                after=self._one(f"SELECT count(*) FROM articles WHERE {DAY} > ?", window[1]),
                undated=self._one(f"SELECT count(*) FROM articles WHERE {_IN_PERIOD} AND published IS NULL", *window),
                daily=self._db.execute(
                    f"SELECT {DAY} AS day, {group} AS value, count(*) FROM articles WHERE {_IN_PERIOD} GROUP BY 1, 2",
                    window,
                ).fetchall(),
                copies=copies,
                lags=self._lags(window),
                completeness=self._completeness(window, every),
                every=every,
            )

    def latest(self, count: int, now: datetime) -> list[dict[str, Any]]:
        """The articles that were published last."""
        with self._db.reading():
            return list(
                self._db.query(
                    """SELECT id, site, title, published, category, language FROM v_articles
                       WHERE published <= ? ORDER BY published DESC LIMIT ?""",
                    [to_text(now + _AHEAD), count],
                )
            )

    def _last_days(self, now: datetime, days: int | None) -> Period:
        # The two ends each by the index of days; a day in the future is a site's mistake, not the newest.
        ahead = f"{now + _AHEAD:%Y-%m-%d}"
        newest = self._one(f"SELECT max({DAY}) FROM articles WHERE {DAY} <= ?", ahead)
        last = date.fromisoformat(newest) if newest else now.date()
        if days is not None:
            return Period(last - timedelta(days=days - 1), last)
        oldest = self._one(f"SELECT min({DAY}) FROM articles")
        return Period(min(date.fromisoformat(oldest), last) if oldest else last, last)

    def _crawls(self, now: datetime) -> Crawls:
        since = to_text(now - _LAST_CRAWLS)
        row = self._db.execute(
            """SELECT sum(finished IS NULL), sum(finished IS NOT NULL), sum(new), sum(updated), sum(failed) FROM runs
               WHERE started >= ?""",
            [since],
        ).fetchone()
        running, crawls, new, updated, failed = (value or 0 for value in row)
        finished = self._one("SELECT max(finished) FROM runs")
        return Crawls(running, datetime.fromisoformat(finished) if finished else None, crawls, new, updated, failed)

    def _lags(self, window: list[str]) -> list[tuple[int, int]]:
        hours = "CAST((julianday(first_seen) - julianday(published)) * 24 AS INTEGER)"
        return self._db.execute(
            f"""SELECT max(0, min({_MAX_LAG_HOURS}, {hours})) AS hours, count(*) FROM articles
                WHERE {_IN_PERIOD} AND published IS NOT NULL GROUP BY hours""",
            window,
        ).fetchall()

    def _copies(self, window: list[str]) -> list[tuple[str, int, int]]:
        return self._db.execute(
            f"""SELECT site, count(*), sum(duplicate_of IS NOT NULL) FROM articles WHERE {_IN_PERIOD}
                GROUP BY site ORDER BY count(*) DESC, site""",
            window,
        ).fetchall()

    def _completeness(self, window: list[str], every: int) -> list[dict[str, Any]]:
        shares = ", ".join(f"avg({condition}) AS {name}" for name, condition in _FIELDS.items())
        sql = f"""SELECT site, count(*) AS articles, {shares} FROM articles WHERE {_IN_PERIOD} AND id % ? = 0
                  GROUP BY site ORDER BY site"""
        return list(self._db.query(sql, [*window, every]))

    def _totals(self) -> dict[str, int]:
        return {
            "articles": self._one("SELECT count(*) FROM articles"),
            "sites": self._one("SELECT count(*) FROM site_counts WHERE articles > 0"),
            # The index in the order of stories: with that of days, which SQLite may choose, it takes ten times as long.
            "stories": self._one("SELECT count(DISTINCT story_id) FROM articles INDEXED BY articles_story"),
            "copies": self._one("SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL"),
            "changes": self._one("SELECT count(*) FROM revisions"),
        }

    def _one(self, sql: str, *values: Any) -> Any:
        return self._db.execute(sql, values).fetchone()[0]
