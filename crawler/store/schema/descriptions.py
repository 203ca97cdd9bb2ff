"""What the tables and their columns hold, for people who open the file: read from the comments of the schema itself."""

from __future__ import annotations

import re

from sqlite_utils import Database

from crawler.store import database  # noqa: F401  (its import fills the list of migrations)
from crawler.store.schema.articles import migrations
from crawler.store.schema.views import VIEW_MEANINGS

TABLE_MEANINGS = {
    "articles": "An article: its current text, dates and metadata. `url` is its identity.",
    "related_articles": "Another article that a page points to or carries: block, inline or embedded.",
    "revisions": "What an article was before it was changed: the changed fields, as JSON.",
    "stories": "Stories that more than one article tells in the same words.",
    "story_edges": "Which article copies which, and how near.",
    "url_aliases": "Every address under which an article was ever met.",
    "pages": "A URL that some channel named, and the outcome of its last request.",
    "channels": "A discovery document, and its last answer.",
    "gaps": "Where a channel may have named articles that were never seen, because nobody looked for too long.",
    "hosts": "A host that was asked, its pace, and how it answered.",
    "sites": "A site: when it is looked at next, and its health.",
    "runs": "A crawl, and its counts.",
    "rounds": "A `scrapy due`, and how it ended; `runs.round_id` are its crawls.",
    "complaints": "What is wrong with a site, since when, and when that was last said.",
    "archive": "Where the page of an article is kept: a record in a WARC file.",
    "exports": "How far each named export (--since-last) has come.",
    "boilerplate": "Lines that a site repeats, and that are no part of its articles.",
    "passages": "The memory that tells embedded texts, repeated lines and copies.",
    "article_changes": "A number for each last change of an article, in the order of the commits.",
    "related_changes": "A number for each last change of what an article says of others.",
    "edge_changes": "A number for each last change of what an article copies.",
    "search_docs": "Which row of the search index is which article.",
    "search_due": "Articles that the search index lacks.",
    "articles_fts": "The search index: folded words, no texts.",
}
BOOKKEEPING = frozenset(
    {"passages", "article_changes", "related_changes", "edge_changes", "search_docs", "search_due", "articles_fts"}
)
"""Tables that nobody browses."""

_COLUMN = re.compile(r"^\s*(\w+)\s[^\n]*?--\s*(.+?)\s*$", re.MULTILINE)
_KEYWORDS = frozenset({"PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "CREATE"})


def fresh_schema() -> Database:
    """A database in memory with all migrations applied."""
    db = Database(memory=True, execute_plugins=False)
    migrations.apply(db)
    return db


def column_meanings(db: Database) -> dict[str, dict[str, str]]:
    """Table or view → column → what it holds, as far as the schema says so. Bookkeeping of SQLite's is left out."""
    found: dict[str, dict[str, str]] = {}
    for name, kind, sql in db.execute("SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')"):
        if kind == "view" and name in VIEW_MEANINGS:
            found[name] = dict(VIEW_MEANINGS[name][1])
        elif kind == "table" and name in TABLE_MEANINGS:
            comments = {column: text for column, text in _COLUMN.findall(sql) if column not in _KEYWORDS}
            found[name] = {column: text for column, text in comments.items() if column in _columns(db, name)}
    return found


def _columns(db: Database, table: str) -> set[str]:
    return {name for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", [table])}
