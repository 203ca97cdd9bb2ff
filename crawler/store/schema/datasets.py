"""Tables and triggers that search and exports use: the full-text index, change numbers, the state of named exports."""

from __future__ import annotations

from collections.abc import Iterator

# What an export says of an article. Not `last_seen`: a page that is fetched again and says the same has not changed.
_EXPORTED = (
    "url", "page_url", "site", "title", "subtitle", "body", "structure", "authors", "source", "category", "tags",
    "language", "published", "published_raw", "published_from", "published_precision", "published_zone", "modified",
    "image_url", "paywalled", "confidence",
    "duplicate_of", "story_id", "provenance", "embedded_suspected",
    "is_notice",
)  # fmt: skip
_RELATED = ("article_id", "position", "kind", "title", "url", "text", "target_id", "paragraph_index")
_EDGES = ("article_id", "copy_of", "similarity", "shared_sentences", "lag")
_SEARCHED = ("title", "subtitle", "body", "authors", "tags")

# The index contains folded words only, no text (content = ''): a third of the size, and the text that people see is
# stored once.
SEARCH_DOCS = """
    CREATE TABLE search_docs (
        doc_id INTEGER PRIMARY KEY AUTOINCREMENT,  -- rowid in articles_fts; never used again for another text
        article_id INTEGER NOT NULL UNIQUE REFERENCES articles (id) ON DELETE CASCADE
    )"""
SEARCH_PENDING = """
    CREATE TABLE search_pending (
        article_id INTEGER PRIMARY KEY  -- an article whose text is not in the index yet
    )"""
ARTICLES_FTS = """
    CREATE VIRTUAL TABLE articles_fts USING fts5 (
        title, subtitle, body, authors, tags,
        content = '', tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M*'"
    )"""

# Change numbers follow the order of the commits, which no clock gives. Three sequences: an export without related
# articles or story edges does not contain an article again because only those have changed.
ARTICLE_CHANGES = """
    CREATE TABLE article_changes (
        change INTEGER PRIMARY KEY AUTOINCREMENT,  -- increases with every change of any article
        article_id INTEGER NOT NULL UNIQUE REFERENCES articles (id) ON DELETE CASCADE
    )"""
RELATED_CHANGES = """
    CREATE TABLE related_changes (
        change INTEGER PRIMARY KEY AUTOINCREMENT,  -- increases with every change of any article's related articles
        article_id INTEGER NOT NULL UNIQUE REFERENCES articles (id) ON DELETE CASCADE
    )"""
EDGE_CHANGES = """
    CREATE TABLE edge_changes (
        change INTEGER PRIMARY KEY AUTOINCREMENT,  -- increases with every change of any story edge
        article_id INTEGER NOT NULL UNIQUE REFERENCES articles (id) ON DELETE CASCADE
    )"""
EXPORTS = """
    CREATE TABLE exports (
        name TEXT PRIMARY KEY,       -- the name given to --since-last
        change INTEGER NOT NULL,     -- the last change of an article that it contains
        related_change INTEGER NOT NULL DEFAULT 0,  -- the last change of related articles; 0 if exported without them
        edge_change INTEGER NOT NULL DEFAULT 0,     -- the last change of story edges; 0 if exported without them
        filters TEXT NOT NULL,       -- JSON
        rows INTEGER NOT NULL,       -- articles in the last export of that name
        exported TEXT NOT NULL
    )"""

SCHEDULED_EXPORTS = """
    CREATE TABLE scheduled_exports (
        name TEXT PRIMARY KEY,       -- of a table in exports.toml
        due TEXT,                    -- the moment that its last file was due at; NULL if it was never written
        written TEXT,                -- when that file was complete
        file TEXT,
        rows INTEGER,                -- in that file
        problem TEXT,                -- why the last attempt failed; NULL if it did not
        reported TEXT                -- when this problem was reported last
    )"""


def _any_differs(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"old.{name} IS NOT new.{name}" for name in columns)


def _search_triggers() -> Iterator[str]:
    """Triggers cannot fold words, but they can record what is to be folded: whoever changes an article, with whatever
    tool, removes its old text from the index and adds its number to search_pending. Our next writer indexes it."""
    pending = (
        "INSERT INTO search_pending (article_id) SELECT new.id WHERE new.id NOT IN (SELECT article_id "
        "FROM search_pending);"
    )
    remove = "DELETE FROM search_docs WHERE article_id = old.id;"
    yield f"CREATE TRIGGER articles_search_insert AFTER INSERT ON articles BEGIN {pending} END"
    yield f"""CREATE TRIGGER articles_search_update AFTER UPDATE OF {", ".join(_SEARCHED)} ON articles
              WHEN {_any_differs(_SEARCHED)} BEGIN {remove} {pending} END"""
    yield f"""CREATE TRIGGER articles_search_delete AFTER DELETE ON articles
              BEGIN {remove} DELETE FROM search_pending WHERE article_id = old.id; END"""


def _article_change_triggers() -> Iterator[str]:
    # Not INSERT OR REPLACE: inside a trigger the conflict clause of the outer statement would win over it.
    remove = "DELETE FROM article_changes WHERE article_id = old.id;"
    add = "INSERT INTO article_changes (article_id) VALUES (new.id);"
    yield f"CREATE TRIGGER articles_change_insert AFTER INSERT ON articles BEGIN {add} END"
    yield f"""CREATE TRIGGER articles_change_update AFTER UPDATE OF {", ".join(_EXPORTED)} ON articles
              WHEN {_any_differs(_EXPORTED)} BEGIN {remove} {add} END"""
    yield f"CREATE TRIGGER articles_change_delete AFTER DELETE ON articles BEGIN {remove} END"


def _link_change_triggers(table: str, changes: str, columns: tuple[str, ...]) -> Iterator[str]:
    events = (("INSERT", "new", ""), ("DELETE", "old", ""), ("UPDATE", "new", f"WHEN {_any_differs(columns)}"))
    for event, row, when in events:
        # No change is recorded of an article that is being deleted together with what belongs to it.
        yield f"""
            CREATE TRIGGER {table}_change_{event.lower()} AFTER {event} ON {table} {when} BEGIN
                DELETE FROM {changes} WHERE article_id = {row}.article_id;
                INSERT INTO {changes} (article_id) SELECT {row}.article_id
                    WHERE EXISTS (SELECT 1 FROM articles WHERE id = {row}.article_id);
            END"""


# An export shows the URL of a related article that is stored: a new URL is a change of each article that links to it.
_TARGET_TRIGGER = """
    CREATE TRIGGER related_articles_change_target AFTER UPDATE OF url ON articles WHEN old.url IS NOT new.url BEGIN
        DELETE FROM related_changes
            WHERE article_id IN (SELECT article_id FROM related_articles WHERE target_id = new.id);
        INSERT INTO related_changes (article_id)
            SELECT DISTINCT article_id FROM related_articles WHERE target_id = new.id;
    END"""

SCHEMA = (
    SEARCH_DOCS, SEARCH_PENDING, ARTICLES_FTS, ARTICLE_CHANGES, RELATED_CHANGES, EDGE_CHANGES, EXPORTS,
    SCHEDULED_EXPORTS,
    *_search_triggers(), *_article_change_triggers(),
    *_link_change_triggers("related_articles", "related_changes", _RELATED),
    *_link_change_triggers("story_edges", "edge_changes", _EDGES),
    _TARGET_TRIGGER,
)  # fmt: skip
