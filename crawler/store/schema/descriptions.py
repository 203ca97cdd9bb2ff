"""Descriptions of tables and columns for people who open the file, read from the comments of the schema itself."""

from __future__ import annotations

import re

from sqlite_utils import Database

from crawler.store.schema.migrations import migrate
from crawler.store.schema.views import VIEW_DESCRIPTIONS

TABLE_DESCRIPTIONS = {
    "articles": "An article: its current text, dates and metadata. `url` is its identity.",
    "related_articles": "Another article that a page links to or contains: block, inline or embedded.",
    "revisions": "The fields of an article before a change, as JSON.",
    "suspect_texts": "What pages show that may have stopped being their article; their stored texts are unchanged.",
    "notices": "Texts that a site shows in the place of its articles.",
    "notice_pages": "The pages that show such a text now.",
    "stories": "Stories of more than one article with the same text.",
    "story_edges": "Which article copies which, and how similar they are.",
    "url_aliases": "Every URL under which an article was found.",
    "pages": "A URL that a channel listed, and the outcome of its last request.",
    "listing_channels": "A channel of a profile that has listed pages.",
    "listings": "Which channels have listed which pages.",
    "ledger_days": "A day of a site of which nothing is expected any more, with its counts.",
    "url_shapes": "How many pages with URLs of one shape were articles; by this, unlikely ones are set aside.",
    "channels": "A discovery document, and its last answer.",
    "gaps": "Where a channel may have listed articles that were never seen, because it was not polled in time.",
    "hosts": "A host: its robots.txt, the delay between requests, and the last request.",
    "sites": "A site: its last and next poll, and how its rechecks went.",
    "site_templates": "Where the pages of a site have their text, as crawls have learnt it.",
    "runs": "A crawl, and its counts.",
    "run_days": "The runs of a site and day together; they stay when the runs are deleted, after 60 days.",
    "scheduler_runs": "A run of `rasid due`; `runs.scheduler_run_id` are its crawls.",
    "findings": "A problem of a site, since when, and when it was last reported.",
    "doubtful_spans": "When the pages of a site may have been read wrongly, until they are extracted again.",
    "rights": "What sites say of the uses of their pages, and the decision for each use.",
    "page_rights": "Which page said what, and when.",
    "rights_files": "The robots.txt, tdmrep.json and RSL documents in which they say it, as received.",
    "archive": "Where the page of an article is archived: a record in a WARC file.",
    "exports": "The last change that each named export (--since-last) contains.",
    "scheduled_exports": "When each export of exports.toml was written last, and what went wrong since.",
    "boilerplate": "Lines that a site repeats, and that are not part of its articles.",
    "line_checks": "Lines that are on many articles and are not boilerplate, and when they are judged again.",
    "passages": "Hashes of lines and sentences, by which embedded texts, repeated lines and copies are found.",
    "site_counts": "The number of stored articles of each site.",
    "article_changes": "The number of the last change of each article, in the order of the commits.",
    "related_changes": "The number of the last change of each article's related articles.",
    "edge_changes": "The number of the last change of each article's story edge.",
    "search_docs": "Which row of the search index is which article.",
    "search_pending": "Articles that are not in the search index yet.",
    "articles_fts": "The search index: folded words, no texts.",
}
BOOKKEEPING = frozenset(
    {
        "passages",
        "line_checks",
        "site_counts",
        "article_changes",
        "related_changes",
        "edge_changes",
        "search_docs",
        "search_pending",
        "articles_fts",
    }
)
"""Tables that are not shown to people who browse the database."""

_COLUMN = re.compile(r"^\s*(\w+)\s[^\n]*?--\s*(.+?)\s*$", re.MULTILINE)
_KEYWORDS = frozenset({"PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "CREATE"})


def fresh_schema() -> Database:
    """A database in memory with all migrations applied."""
    db = Database(memory=True, execute_plugins=False)
    migrate(db)
    return db


def column_descriptions(db: Database) -> dict[str, dict[str, str]]:
    """Table or view → column → description, for the columns that have one. SQLite's own tables are left out."""
    descriptions: dict[str, dict[str, str]] = {}
    for name, kind, sql in db.execute("SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')"):
        if kind == "view" and name in VIEW_DESCRIPTIONS:
            descriptions[name] = dict(VIEW_DESCRIPTIONS[name][1])
        elif kind == "table" and name in TABLE_DESCRIPTIONS:
            comments = {column: text for column, text in _COLUMN.findall(sql) if column not in _KEYWORDS}
            descriptions[name] = {column: text for column, text in comments.items() if column in _columns(db, name)}
    return descriptions


def _columns(db: Database, table: str) -> set[str]:
    return {name for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", [table])}
