"""What the pages of `rasid browse` show of sites: figures of many sites at once, and the past of one site."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from crawler.store.database import Database
from crawler.store.schema.views import DAY, LEDGER_COUNTS, LEDGER_PAGES, ledger_day
from crawler.store.times import to_text

OUTCOMES = ("new", "updated", "unchanged", "duplicate", "dropped", "blocked", "priced", "failed", "unfinished")
"""Columns of `run_days` that add up to its `requested`."""

_SUMS = ("runs", "requested", *OUTCOMES)
_DAY = len("2026-01-31")
_HOUR = len("2026-01-31T12")


class SiteFigures:
    """Figures of many sites, for the list of sites."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def requests(self, since: str, sites: Sequence[str] | None = None) -> dict[str, tuple[int, int]]:
        """Site → pages requested, and those of them that failed, were blocked or priced, in runs from this day on.
        `sites`: only these; all of them cost a look at each day of each site."""
        chosen = "" if sites is None else f"site IN ({_marks(sites)}) AND "
        with self._db.reading():
            rows = self._db.execute(
                f"""SELECT site, sum(requested), sum(failed + blocked + priced) FROM run_days
                    WHERE {chosen}day >= ? GROUP BY site""",
                [*(sites or ()), since],
            ).fetchall()
        return {site: (requested, failed) for site, requested, failed in rows}

    def daily_articles(self, sites: Sequence[str], since: datetime) -> dict[str, Counter[str]]:
        """Site → day → articles first seen on it, from a moment on."""
        counts: dict[str, Counter[str]] = {site: Counter() for site in sites}
        with self._db.reading():
            rows = self._db.execute(
                f"""SELECT site, substr(first_seen, 1, {_DAY}), count(*) FROM articles
                    WHERE site IN ({_marks(sites)}) AND first_seen >= ? GROUP BY 1, 2""",
                [*sites, to_text(since)],
            ).fetchall()
        for site, day, articles in rows:
            counts[site][day] = articles
        return counts

    def channels(self, sites: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        """Site → the kinds of channels that have listed pages of it: `kind`, `channels` (their number)."""
        with self._db.reading():
            rows = list(
                self._db.query(
                    f"""SELECT site, kind, count(*) AS channels FROM listing_channels WHERE site IN ({_marks(sites)})
                        GROUP BY site, kind ORDER BY site, kind""",
                    list(sites),
                )
            )
        return {site: [row for row in rows if row["site"] == site] for site in sites}

    def quality(self, sites: Sequence[str], since: str) -> dict[str, Counter[str]]:
        """Site → how many of the pages extracted from this day on have which field, as in `run_days.quality`."""
        sums: dict[str, Counter[str]] = {site: Counter() for site in sites}
        with self._db.reading():
            rows = self._db.execute(
                f"SELECT site, quality FROM run_days WHERE site IN ({_marks(sites)}) AND day >= ?", [*sites, since]
            ).fetchall()
        for site, quality in rows:
            sums[site].update(numbers(quality))
        return sums

    def ledger(self, sites: Sequence[str], first: str, last: str) -> dict[str, dict[str, dict[str, int]]]:
        """Site → day → the counts of `v_ledger`, for the days with an announced page."""
        days: dict[str, dict[str, dict[str, int]]] = {site: {} for site in sites}
        with self._db.reading():
            for row in self._db.query(
                f"SELECT * FROM v_ledger WHERE site IN ({_marks(sites)}) AND day BETWEEN ? AND ? AND announced > 0",
                [*sites, first, last],
            ):
                days[row.pop("site")][row.pop("day")] = row
        return days


class SitePast:
    """The past of one site, for its page."""

    def __init__(self, db: Database, site: str) -> None:
        self._db = db
        self._site = site

    @property
    def is_known(self) -> bool:
        """Whether the database has anything of the site."""
        sql = " UNION ALL ".join(
            f"SELECT 1 FROM {table} WHERE site = :site" for table in ("sites", "runs", "run_days", "pages", "articles")
        )
        with self._db.reading():
            return self._db.execute(f"{sql} LIMIT 1", {"site": self._site}).fetchone() is not None

    def state(self) -> dict[str, Any]:
        """The row of the table `sites`; empty if the site was never crawled."""
        with self._db.reading():
            return next(iter(self._db.query("SELECT * FROM sites WHERE site = ?", [self._site])), {})

    def counts(self, now: datetime) -> dict[str, Any]:
        """`articles`, those first seen in the last `week` and `month` (28 days), `pending` pages and `last_article`."""
        seen = "SELECT count(*) FROM articles WHERE site = :site AND first_seen >= :"
        with self._db.reading():
            [row] = self._db.query(
                f"""SELECT coalesce((SELECT articles FROM site_counts WHERE site = :site), 0) AS articles,
                           ({seen}week) AS week, ({seen}month) AS month,
                           (SELECT count(*) FROM pages WHERE site = :site AND state = 'pending') AS pending,
                           (SELECT max(first_seen) FROM articles WHERE site = :site) AS last_article""",
                {
                    "site": self._site,
                    "week": to_text(now - timedelta(days=7)),
                    "month": to_text(now - timedelta(days=28)),
                },
            )
        return row

    def hourly_polls(self, since: datetime) -> dict[str, dict[str, int]]:
        """Hour (like 2026-01-31T12) → `polls` that began in it, the articles that are `new`, the polls in which no
        channel gave an answer (`unreachable`), and those with other `problems`: with a channel, or with most pages, or
        not finished."""
        bad = "channel_problems > 0 OR (failed + blocked + priced) * 2 > requested OR finish_reason IS NOT 'finished'"
        with self._db.reading():
            rows = self._db.query(
                f"""SELECT substr(started, 1, {_HOUR}) AS hour, count(*) AS polls, sum(new) AS new,
                           sum(unreachable) AS unreachable, sum(NOT unreachable AND ({bad})) AS problems
                    FROM runs WHERE site = ? AND started >= ? GROUP BY 1 ORDER BY 1""",
                [self._site, to_text(since)],
            )
            return {row.pop("hour"): row for row in rows}

    def published_daily(self, first: str, last: str) -> Counter[str]:
        """Day → articles that were published on it, as in the view `v_daily_counts`, without days that have none."""
        with self._db.reading():
            rows = self._db.execute(
                f"""SELECT {DAY}, count(*) FROM articles
                    WHERE {DAY} BETWEEN ? AND ? AND site = ? AND NOT +is_notice GROUP BY 1""",
                [first, last, self._site],
            ).fetchall()
        return Counter(dict(rows))

    def first_day(self) -> str | None:
        """The day on which an article of the site was first seen; None if there is none."""
        with self._db.reading():
            row = self._db.execute("SELECT min(first_seen) FROM articles WHERE site = ?", [self._site]).fetchone()
        return None if row[0] is None else str(row[0])[:_DAY]

    def days(self, since: str) -> list[dict[str, Any]]:
        """The days with runs from this one on, ascending: `day`, the sums of the runs, `reasons`, `examples` and
        `quality` (numbers only)."""
        with self._db.reading():
            rows = list(
                self._db.query(
                    f"""SELECT day, {", ".join(_SUMS)}, reasons, examples, quality FROM run_days
                        WHERE site = ? AND day >= ? ORDER BY day""",
                    [self._site, since],
                )
            )
        return [
            row | {name: mapping(row[name]) for name in ("reasons", "examples")} | {"quality": numbers(row["quality"])}
            for row in rows
        ]

    def channels(self) -> list[dict[str, Any]]:
        """What is known of each document in which the site lists pages: `url`, `kind`, `checked`, `status`,
        `problem`, `failing_since`, `candidates`, `new`, `last_new`, and `listing_id` if it is a channel that has
        listed pages."""
        with self._db.reading():
            return list(
                self._db.query(
                    """SELECT c.url, c.kind, c.checked, c.status, c.problem, c.failing_since, c.candidates, c.new,
                              c.last_new, l.id AS listing_id
                       FROM channels AS c LEFT JOIN listing_channels AS l ON l.site = c.site AND l.url = c.url
                       WHERE c.site = ? ORDER BY l.id IS NULL, c.kind, c.url""",
                    [self._site],
                )
            )

    def overlap(self, first: str, last: str) -> Counter[frozenset[str]]:
        """URLs of channels → number of the pages of these days that just these channels announced."""
        with self._db.reading():
            rows = self._db.execute(
                f"""SELECT ids, count(*) FROM (
                        SELECT group_concat(l.channel_id) AS ids
                        FROM pages AS p JOIN listings AS l ON l.page_id = p.id
                        WHERE p.site = ? AND {ledger_day("p.")} BETWEEN ? AND ? GROUP BY p.id)
                    GROUP BY ids""",
                [self._site, first, last],
            ).fetchall()
            urls = dict(
                self._db.execute("SELECT id, url FROM listing_channels WHERE site = ?", [self._site]).fetchall()
            )
        overlap: Counter[frozenset[str]] = Counter()
        for ids, pages in rows:
            overlap[frozenset(urls[int(number)] for number in ids.split(",") if int(number) in urls)] += pages
        return overlap


class PageList:
    """Pages of sites and what became of them: those behind a cell of the ledger, or behind a reason."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(
        self, site: str, first: str, last: str, *, count: str | None = None, reason: str | None = None,
        limit: int, offset: int = 0,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """The pages of a site and these days of the ledger, newest day first: `id`, `url`, `day`, `published`,
        `discovered`, `result`, `outcome`, `reason`, `status`, `article_id`, `title`, `fetched`, and `channels`, the
        number of those that announced it. `count`: only those that this column of `v_ledger` counts. `reason`: only
        those whose last request ended with it."""
        with self._db.reading():
            return list(
                self._db.query(
                    f"""SELECT l.id, p.url, l.day, p.published, p.discovered, l.result, p.outcome, p.reason, p.status,
                               p.article_id, a.title, p.fetched, l.channels
                        FROM ({LEDGER_PAGES} WHERE p.site = :site AND {ledger_day("p.")} BETWEEN :first AND :last
                              AND (:reason IS NULL OR p.reason = :reason)) AS l
                        JOIN pages AS p ON p.id = l.id LEFT JOIN articles AS a ON a.id = p.article_id
                        WHERE {LEDGER_COUNTS[count] if count else "1"}
                        ORDER BY l.day DESC, l.id DESC LIMIT :limit OFFSET :offset""",
                    {"site": site, "first": first, "last": last, "reason": reason, "limit": limit, "offset": offset},
                )
            )


def numbers(quality: str) -> dict[str, int]:
    """The numbers of `runs.quality` or `run_days.quality`, without the example pages."""
    return {name: value for name, value in mapping(quality).items() if isinstance(value, int)}


def mapping(text: str) -> dict[str, Any]:
    """A column with a JSON object; empty if another tool has written something else."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError, TypeError):
        return {}
    return value if isinstance(value, dict) else {}


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
