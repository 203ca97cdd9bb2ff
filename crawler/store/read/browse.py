"""What the pages of `make browse` ask of the database, and the queries that Datasette offers."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlite_utils import Database

from crawler.store.schema.views import DAY

_WINDOW_DAYS = 30


class CannedQuery(NamedTuple):
    """A query with a name, for Datasette."""

    title: str
    description: str
    sql: str


CANNED_QUERIES = {
    "search": CannedQuery(
        "Search",
        "Articles that hold all these words, in any Arabic spelling; best first. Page and API for the search box.",
        """SELECT a.id, a.site, a.title, a.published, a.category, a.language, a.url
           FROM articles_fts JOIN search_docs AS d ON d.doc_id = articles_fts.rowid
           JOIN articles AS a ON a.id = d.article_id
           WHERE articles_fts MATCH fts_query(:q) ORDER BY bm25(articles_fts, 8, 3, 1, 4, 2), a.id LIMIT 200""",
    ),
    "most_told_stories": CannedQuery(
        "Stories that most sites told",
        "Stories with copies, those on most sites first.",
        """SELECT told.story_id, a.title, told.articles, told.sites, a.site AS first_site, a.published
           FROM (SELECT story_id, count(*) AS articles, count(DISTINCT site) AS sites FROM articles
                 GROUP BY story_id HAVING articles > 1 ORDER BY sites DESC, articles DESC LIMIT 200) AS told
           JOIN articles AS a ON a.id = told.story_id ORDER BY told.sites DESC, told.articles DESC""",
    ),
    "who_copies_whom": CannedQuery(
        "Who copies whom",
        "Pairs of sites: how often one has published what the other had first, and how long after, in hours.",
        """SELECT a.site, first.site AS first_site, count(*) AS copies,
                  round(avg(julianday(a.published) - julianday(first.published)) * 24, 1) AS mean_lag_hours
           FROM articles AS a JOIN articles AS first ON first.id = a.duplicate_of
           GROUP BY a.site, first.site ORDER BY copies DESC LIMIT 200""",
    ),
    "most_changed": CannedQuery(
        "Articles that were changed most",
        "What the sites themselves changed after publication.",
        """SELECT a.id, a.site, a.title, a.published, count(*) AS revisions, max(r.replaced) AS last_change
           FROM revisions AS r JOIN articles AS a ON a.id = r.article_id
           GROUP BY a.id ORDER BY revisions DESC, last_change DESC LIMIT 200""",
    ),
    "named_but_not_stored": CannedQuery(
        "Articles that others point to and that are not stored",
        "Related articles whose pages were never fetched, those that are named most first.",
        """SELECT url, max(title) AS title, count(*) AS named_by FROM related_articles
           WHERE target_id IS NULL AND url IS NOT NULL GROUP BY url ORDER BY named_by DESC LIMIT 200""",
    ),
    "runs": CannedQuery(
        "The last crawls",
        "What each crawl did; the outcomes add up to the pages requested.",
        """SELECT id, site, started, finish_reason, requested, new, updated, unchanged, duplicate, dropped, blocked,
                  failed, reasons
           FROM runs ORDER BY id DESC LIMIT 200""",
    ),
    "drops_and_failures": CannedQuery(
        "Why pages came to nothing",
        "Drops, blocks and failures by site and reason.",
        """SELECT site, outcome, reason, count(*) AS pages, max(fetched) AS last FROM pages
           WHERE outcome IN ('dropped', 'blocked', 'failed')
           GROUP BY site, outcome, reason ORDER BY pages DESC LIMIT 200""",
    ),
}
# For the table pages of articles: ?_q=words.
FILTER = """{key} IN (SELECT d.article_id FROM articles_fts JOIN search_docs AS d ON d.doc_id = articles_fts.rowid
            WHERE articles_fts MATCH fts_query(:q))"""


class Overview(NamedTuple):
    """What the overview page shows. Times are counted in the last 30 days that have articles."""

    totals: dict[str, Any]
    days: list[str]
    daily: list[tuple[str, str, int]]
    """Day, site, articles."""

    copies: list[tuple[str, int, int]]
    """Site, articles, copies among them."""

    lags: list[tuple[int, int]]
    """Hours from publication to when it was first seen (0 for less than one, 48 for more), articles."""

    completeness: list[dict[str, Any]]
    """Site, articles, and for each field the share of them that have it."""


_FIELDS = {
    "published": "published IS NOT NULL",
    "authors": "authors != '[]'",
    "category": "category IS NOT NULL",
    "language": "language IS NOT NULL",
    "subtitle": "subtitle IS NOT NULL",
    "tags": "tags != '[]'",
    "image": "image_url IS NOT NULL",
}


def overview(db: sqlite3.Connection) -> Overview:
    """Read what the overview page shows, by the indexes of the views."""
    # The two ends each by an index of its own; a day to come is a site's mistake, not the newest.
    newest = _one(db, f"SELECT max({DAY}) FROM articles WHERE {DAY} <= date('now', '+1 day')") or "1970-01-01"
    oldest = _one(db, "SELECT date(?, ?)", newest, f"-{_WINDOW_DAYS - 1} days")
    window = f"{DAY} BETWEEN ? AND ?"
    days = [day for (day,) in db.execute(_DAYS, [oldest, newest])]
    daily = db.execute(
        f"SELECT {DAY} AS day, site, count(*) FROM articles WHERE {window} GROUP BY day, site", [oldest, newest]
    ).fetchall()
    copies = db.execute(
        "SELECT site, count(*), sum(duplicate_of IS NOT NULL) FROM articles GROUP BY site ORDER BY count(*) DESC"
    ).fetchall()
    lags = db.execute(
        f"""SELECT max(0, min(48, CAST((julianday(first_seen) - julianday(published)) * 24 AS INTEGER))) AS hours,
                   count(*) FROM articles WHERE {window} AND published IS NOT NULL GROUP BY hours""",
        [oldest, newest],
    ).fetchall()
    shares = ", ".join(f"avg({condition}) AS {name}" for name, condition in _FIELDS.items())
    completeness = db.execute(
        f"SELECT site, count(*) AS articles, {shares} FROM articles WHERE {window} GROUP BY site ORDER BY site",
        [oldest, newest],
    )
    names = ["site", "articles", *_FIELDS]
    return Overview(
        totals=_totals(db, newest),
        days=days,
        daily=[(day, site, count) for day, site, count in daily],
        copies=[(site, count, copied) for site, count, copied in copies],
        lags=[(hours, count) for hours, count in lags],
        completeness=[dict(zip(names, row, strict=True)) for row in completeness],
    )


_DAYS = """WITH RECURSIVE days (day) AS (SELECT ? UNION ALL SELECT date(day, '+1 day') FROM days WHERE day < ?2)
           SELECT day FROM days"""


def _totals(db: sqlite3.Connection, newest: str) -> dict[str, Any]:
    return {
        "articles": _one(db, "SELECT count(*) FROM articles"),
        "sites": _one(db, "SELECT count(DISTINCT site) FROM articles"),
        "stories": _one(db, "SELECT count(DISTINCT story_id) FROM articles"),
        "copies": _one(db, "SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL"),
        "changes": _one(db, "SELECT count(*) FROM revisions"),
        "newest": newest,
    }


def latest(db: sqlite3.Connection, count: int) -> list[dict[str, Any]]:
    """The articles that were published last."""
    wanted = Database(db, execute_plugins=False)
    return list(
        wanted.query(
            """SELECT id, site, title, published, category, language FROM v_articles
               WHERE published <= strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+1 day') ORDER BY published DESC LIMIT ?""",
            [count],
        )
    )


def named_by(db: sqlite3.Connection, article_id: int) -> list[dict[str, Any]]:
    """The articles that point to this one."""
    wanted = Database(db, execute_plugins=False)
    return list(
        wanted.query(
            """SELECT DISTINCT article_id AS id, article_site AS site, article_title AS title FROM v_related
               WHERE target_id = ? ORDER BY article_id DESC LIMIT 20""",
            [article_id],
        )
    )


def _one(db: sqlite3.Connection, sql: str, *values: Any) -> Any:
    rows: Sequence[Any] = db.execute(sql, values).fetchone()
    return rows[0]
