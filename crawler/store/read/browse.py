"""What the pages of `make browse` read, and the queries that Datasette offers."""

from __future__ import annotations

from typing import Any, NamedTuple

from crawler.items import UNSURE
from crawler.store.database import Database
from crawler.store.search.index import RANK

_MAX_ROWS = 200
"""Rows of a canned query."""

_MAX_LINKING = 20
"""Articles with a link to one article that its page lists."""


class CannedQuery(NamedTuple):
    """A query with a name, for Datasette."""

    title: str
    description: str
    sql: str


CANNED_QUERIES = {
    "search": CannedQuery(
        "Search",
        "Articles that contain all these words, in any Arabic spelling; best first. Page and API for the search box.",
        f"""SELECT a.id, a.site, a.title, a.published, a.category, a.language, a.url
           FROM articles_fts JOIN search_docs AS d ON d.doc_id = articles_fts.rowid
           JOIN articles AS a ON a.id = d.article_id
           WHERE articles_fts MATCH fts_query(:q) ORDER BY {RANK}, a.id LIMIT {_MAX_ROWS}""",
    ),
    "most_published_stories": CannedQuery(
        "Stories published by most sites",
        "Stories with copies, those on most sites first.",
        """SELECT story.story_id, a.title, story.articles, story.sites, a.site AS first_site, a.published
           FROM (SELECT story_id, count(*) AS articles, count(DISTINCT site) AS sites FROM articles
                 GROUP BY story_id HAVING articles > 1 ORDER BY sites DESC, articles DESC LIMIT 200) AS story
           JOIN articles AS a ON a.id = story.story_id ORDER BY story.sites DESC, story.articles DESC""",
    ),
    # `> 0` and `+` lead to the index of copies: in the order of sites all articles would be read, 190 instead of 20 ms
    # among 100,000.
    "who_copies_whom": CannedQuery(
        "Who copies whom",
        "Pairs of sites: how many articles of the first one the other has copied, and the mean lag in hours.",
        f"""SELECT a.site, first.site AS first_site, count(*) AS copies,
                  round(avg(julianday(a.published) - julianday(first.published)) * 24, 1) AS mean_lag_hours
           FROM articles AS a JOIN articles AS first ON first.id = a.duplicate_of
           WHERE a.duplicate_of > 0 GROUP BY +a.site, first.site ORDER BY copies DESC LIMIT {_MAX_ROWS}""",
    ),
    "most_changed": CannedQuery(
        "Articles with most changes",
        "Articles that their sites changed after publication.",
        f"""SELECT a.id, a.site, a.title, a.published, count(*) AS revisions, max(r.replaced) AS last_change
           FROM revisions AS r JOIN articles AS a ON a.id = r.article_id
           GROUP BY a.id ORDER BY revisions DESC, last_change DESC LIMIT {_MAX_ROWS}""",
    ),
    "least_sure": CannedQuery(
        "The least sure articles",
        f"Articles with a confidence below {UNSURE}: the expected F1 of the body, the least first.",
        f"""SELECT id, site, title, confidence, word_count, published, url FROM articles
           WHERE confidence < {UNSURE} ORDER BY confidence LIMIT {_MAX_ROWS}""",
    ),
    "linked_but_not_stored": CannedQuery(
        "Linked articles that are not stored",
        "Related articles whose pages were never fetched, those with most links first.",
        f"""SELECT url, max(title) AS title, count(*) AS links FROM related_articles
           WHERE target_id IS NULL AND url IS NOT NULL GROUP BY url ORDER BY links DESC LIMIT {_MAX_ROWS}""",
    ),
    "runs": CannedQuery(
        "The last crawls",
        "The counts of each crawl; the outcomes add up to the pages requested.",
        f"""SELECT id, site, started, finish_reason, requested, new, updated, unchanged, duplicate, dropped, blocked,
                  priced, failed, reasons
           FROM runs ORDER BY id DESC LIMIT {_MAX_ROWS}""",
    ),
    "drops_and_failures": CannedQuery(
        "Why pages gave no article",
        "Drops, blocks and failures by site and reason.",
        f"""SELECT site, outcome, reason, count(*) AS pages, max(fetched) AS last FROM pages
           WHERE outcome IN ('dropped', 'blocked', 'priced', 'failed')
           GROUP BY site, outcome, reason ORDER BY pages DESC LIMIT {_MAX_ROWS}""",
    ),
}
# For the table pages of articles: ?_q=words.
FILTER = """{key} IN (SELECT d.article_id FROM articles_fts JOIN search_docs AS d ON d.doc_id = articles_fts.rowid
            WHERE articles_fts MATCH fts_query(:q))"""


class Browse:
    """Reads for the pages of `make browse`, by the indexes of the views."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def linking_articles(self, article_id: int) -> list[dict[str, Any]]:
        """The articles with a link to this one."""
        with self._db.reading():
            return list(
                self._db.query(
                    f"""SELECT DISTINCT article_id AS id, article_site AS site, article_title AS title FROM v_related
                        WHERE target_id = ? ORDER BY article_id DESC LIMIT {_MAX_LINKING}""",
                    [article_id],
                )
            )
