"""Views for people and tools that open the file, and the indexes that they use.

To change a view, append a migration that drops and creates it.
"""

from __future__ import annotations

from crawler.items import UNSURE

# The one expression for the day of an article: an index can serve it only where it is written the same.
DAY = "substr(coalesce(published, first_seen), 1, 10)"


def day_of(alias: str) -> str:
    """The same expression where the table has an alias."""
    return f"substr(coalesce({alias}.published, {alias}.first_seen), 1, 10)"


def ledger_day(alias: str = "") -> str:
    """The day for which a page counts in the ledger: that of the channel, which is known for pages that are no articles
    too. `alias`: of the table `pages`, with a dot."""
    return f"substr(min(coalesce({alias}published, {alias}discovered), {alias}discovered), 1, 10)"


# What became of a page `p` with the article `a`, once: the first that is true.
RESULT = """CASE
    WHEN p.article_id IS NOT NULL AND NOT a.is_notice THEN 'stored'
    WHEN p.state = 'pending' AND p.outcome IS NULL THEN 'waiting'
    WHEN p.state = 'set_aside' THEN 'set_aside'
    WHEN p.reason IN ('robots', 'robots_disallow_all', 'robots_unreachable', 'tdm_unknown')
        OR p.outcome = 'priced' OR p.reason LIKE 'directive\\_%' ESCAPE '\\' THEN 'forbidden'
    WHEN p.outcome = 'blocked' OR a.is_notice THEN 'blocked'
    WHEN p.outcome = 'dropped' THEN 'dropped'
    ELSE 'failed' END"""

# The pages of the ledger, each with what the counts look at.
LEDGER_PAGES = f"""
    SELECT p.id, p.site, {ledger_day("p.")} AS day,
           {RESULT} AS result, p.state = 'pending' AND p.outcome IS NOT NULL AS is_retried,
           a.duplicate_of IS NOT NULL AS is_copy,
           coalesce(julianday(p.discovered) - julianday(p.published) > 1, 0) AS is_late,
           p.article_id IS NOT NULL OR coalesce(p.status, 0) BETWEEN 200 AND 399 AS was_fetched,
           EXISTS (SELECT 1 FROM revisions AS r
                   WHERE r.article_id = p.article_id AND r.kind = 'update') AS was_updated,
           (SELECT count(*) FROM listings AS l WHERE l.page_id = p.id) AS channels
    FROM pages AS p LEFT JOIN articles AS a ON a.id = p.article_id"""

# Which of them a column of v_ledger counts.
LEDGER_COUNTS = {
    "announced": "channels > 0",
    "fetched": "channels > 0 AND was_fetched",
    "stored": "channels > 0 AND result = 'stored'",
    "copies": "channels > 0 AND result = 'stored' AND is_copy",
    "updated": "channels > 0 AND result = 'stored' AND was_updated",
    "dropped": "channels > 0 AND result = 'dropped'",
    "forbidden": "channels > 0 AND result = 'forbidden'",
    "blocked": "channels > 0 AND result = 'blocked'",
    "failed": "channels > 0 AND result = 'failed'",
    "set_aside": "channels > 0 AND result = 'set_aside'",
    "waiting": "channels > 0 AND result = 'waiting'",
    "retried": "channels > 0 AND is_retried",
    "late": "channels > 0 AND is_late",
    "one_channel": "channels = 1",
    "unannounced": "channels = 0",
}

VIEWS = {
    "v_articles": f"""
        CREATE VIEW v_articles AS
        SELECT a.id, {DAY} AS day, a.site, a.title, a.category, a.language, a.published, a.authors, a.word_count,
               a.confidence,
               a.duplicate_of IS NOT NULL AS is_copy, a.story_id,
               (SELECT count(*) FROM revisions AS r WHERE r.article_id = a.id) AS revisions,
               (SELECT count(*) FROM related_articles AS r WHERE r.article_id = a.id) AS related,
               a.first_seen, a.last_seen, a.url
        FROM articles AS a WHERE NOT +a.is_notice""",
    "v_stories": """
        CREATE VIEW v_stories AS
        SELECT story.id AS story_id, story.title,
               (SELECT count(*) FROM articles AS a WHERE a.story_id = story.id) AS articles,
               (SELECT count(DISTINCT a.site) FROM articles AS a WHERE a.story_id = story.id) AS sites,
               (SELECT min(a.published) FROM articles AS a WHERE a.story_id = story.id) AS first_published,
               (SELECT max(a.published) FROM articles AS a WHERE a.story_id = story.id) AS last_published,
               story.site AS first_site, publisher.site AS publisher, story.language, story.url AS first_url
        FROM articles AS story LEFT JOIN stories AS s ON s.id = story.id
        JOIN articles AS publisher ON publisher.id = coalesce(s.first_id, story.id)
        WHERE story.story_id = story.id AND NOT +story.is_notice""",
    "v_daily_counts": f"""
        CREATE VIEW v_daily_counts AS
        SELECT {DAY} AS day, site, language, count(*) AS articles, sum(duplicate_of IS NOT NULL) AS copies,
               sum(word_count) AS words
        FROM articles WHERE NOT +is_notice GROUP BY {DAY}, site, language""",
    "v_related": """
        CREATE VIEW v_related AS
        SELECT r.article_id, a.title AS article_title, a.site AS article_site, r.position, r.kind, r.title, r.url,
               r.target_id, t.title AS target_title, t.site AS target_site
        FROM related_articles AS r JOIN articles AS a ON a.id = r.article_id
        LEFT JOIN articles AS t ON t.id = r.target_id""",
    "v_ledger": f"""
        CREATE VIEW v_ledger AS
        SELECT site, day, {", ".join(f"sum({condition}) AS {name}" for name, condition in LEDGER_COUNTS.items())}
        FROM ({LEDGER_PAGES}) GROUP BY site, day""",
}
# Each serves a view or a facet of one; tests/test_store_views.py says which question it answers. With `is_notice` an
# index answers a facet of v_articles without the rows: 5 instead of 180 ms of CPU for 100,000 articles.
INDEXES = {
    "articles_day": f"""({DAY}, site, language, duplicate_of, word_count, published, first_seen, is_notice, category,
        story_id)""",
    "articles_category": "(category, published, is_notice)",
    "articles_language": "(language, published, is_notice)",
    "articles_unsure": f"(confidence, site) WHERE confidence < {UNSURE}",
    "articles_story": "(story_id, site, published)",
}
SCHEMA = (
    *(f"CREATE INDEX {name} ON articles {columns}" for name, columns in INDEXES.items()),
    f"CREATE INDEX pages_ledger_day ON pages (site, {ledger_day()})",
    *VIEWS.values(),
)

VIEW_DESCRIPTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "v_articles": (
        "The articles without their texts and without notices, newest first. A copy is a row of its own, marked.",
        {
            "day": "day of publication, or when it was first seen, UTC",
            "authors": "JSON list",
            "confidence": "expected F1 of the body, 0 to 1",
            "is_copy": "1 if an earlier article has the same text",
            "revisions": "number of its revisions",
            "related": "number of related articles on its page",
        },
    ),
    "v_stories": (
        "One row for each story: all articles with the same text.",
        {
            "story_id": "number of the article that was seen first",
            "articles": "number of its articles",
            "sites": "number of sites that published it",
            "first_site": "site of the article that was seen first",
            "publisher": "site of the article that was published first",
        },
    ),
    "v_daily_counts": (
        "Articles by day, site and language, without notices.",
        {
            "day": "day of publication, or when it was first seen, UTC",
            "copies": "of these, copies of an earlier article",
            "words": "words in their texts",
        },
    ),
    "v_related": (
        "What articles say of others, with the titles of both.",
        {
            "position": "order on the page",
            "kind": "block, inline or embedded",
            "title": "the other one's title as the page gives it",
            "target_id": "the other article, once it is stored",
        },
    ),
    "v_ledger": (
        "What the channels of a site announced for a day, and what became of it. The counts from stored to waiting add "
        "up to announced, without copies and updated.",
        {
            "day": "day of publication according to the channel, or when it was listed first, UTC",
            "announced": "pages that a channel listed",
            "fetched": "of these, pages that the site has sent",
            "stored": "of these, pages of a stored article",
            "copies": "of the stored, copies of an earlier article",
            "updated": "of the stored, articles that the site has changed since",
            "dropped": "received, and no article",
            "forbidden": "forbidden by robots.txt or a robots directive, or sent only for money",
            "blocked": "a wall was in the place of the page",
            "failed": "not received",
            "set_aside": "not requested, because pages with such URLs were hardly ever articles",
            "waiting": "not requested yet",
            "retried": "of those that are not stored, pages that will be requested again",
            "late": "pages that were listed more than a day after their publication",
            "one_channel": "pages that only one channel listed",
            "unannounced": "pages that were fetched although no channel has listed them",
        },
    ),
}
