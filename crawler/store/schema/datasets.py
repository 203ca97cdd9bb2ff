"""The part of the schema that search, exports and views stand on: migrations m030 to m039."""

from __future__ import annotations

from sqlite_utils import Database

from crawler.store.schema.articles import migrations
from crawler.store.schema.views import INDEXES, VIEWS

# What an export says of an article. `last_seen` is not among them: a page that is fetched again and says the same has
# not changed.
_EXPORTED = (
    "url", "page_url", "site", "title", "subtitle", "body", "authors", "source", "category", "tags", "language",
    "published", "published_raw", "published_from", "published_precision", "modified", "image_url", "paywalled",
    "duplicate_of", "story_id", "provenance", "embedded_suspected",
)  # fmt: skip
_RELATED = ("article_id", "position", "kind", "title", "url", "text", "target_id", "place")
_EDGES = ("article_id", "copy_of", "similarity", "shared_sentences", "lag")
_SEARCHED = ("title", "subtitle", "body", "authors", "tags")


@migrations()
def m030_search(db: Database) -> None:
    """The full-text index. It holds folded words alone, no text (content = ''): a third of the size, and the text that
    people see stays in one place.

    Triggers cannot fold, but they can tell what is to be folded: whoever changes an article, with whatever tool, takes
    its old text out of the index at once and leaves its number in search_due. The next writer or searcher of ours
    indexes what is due.
    """
    db.execute("""
        CREATE TABLE search_docs (
            doc_id INTEGER PRIMARY KEY AUTOINCREMENT,  -- rowid in articles_fts; never used again for another text
            article_id INTEGER NOT NULL UNIQUE REFERENCES articles (id) ON DELETE CASCADE
        )""")
    db.execute("""
        CREATE TABLE search_due (
            article_id INTEGER PRIMARY KEY  -- an article whose text is not in the index yet
        )""")
    db.execute("""
        CREATE VIRTUAL TABLE articles_fts USING fts5 (
            title, subtitle, body, authors, tags,
            content = '', tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M*'"
        )""")
    due = "INSERT INTO search_due (article_id) SELECT new.id WHERE new.id NOT IN (SELECT article_id FROM search_due);"
    forget = "DELETE FROM search_docs WHERE article_id = old.id;"
    changed = _any_differs(_SEARCHED)
    db.execute(f"CREATE TRIGGER articles_search_insert AFTER INSERT ON articles BEGIN {due} END")
    db.execute(
        f"""CREATE TRIGGER articles_search_update AFTER UPDATE OF {", ".join(_SEARCHED)} ON articles WHEN {changed}
            BEGIN {forget} {due} END"""
    )
    db.execute(
        f"""CREATE TRIGGER articles_search_delete AFTER DELETE ON articles
            BEGIN {forget} DELETE FROM search_due WHERE article_id = old.id; END"""
    )
    db.execute("INSERT INTO search_due (article_id) SELECT id FROM articles")


@migrations()
def m031_changes_exports(db: Database) -> None:
    """A number for each change of an article, in the order of the commits, which no clock gives; and how far each
    named export has come."""
    db.execute("""
        CREATE TABLE article_changes (
            change INTEGER PRIMARY KEY AUTOINCREMENT,  -- grows with every change of any article
            article_id INTEGER NOT NULL UNIQUE REFERENCES articles (id) ON DELETE CASCADE
        )""")
    db.execute("""
        CREATE TABLE exports (
            name TEXT PRIMARY KEY,       -- what --since-last calls it
            change INTEGER NOT NULL,     -- the last change that it holds
            filters TEXT NOT NULL,       -- JSON
            rows INTEGER NOT NULL,       -- articles in the last export of that name
            exported TEXT NOT NULL
        )""")
    # Not INSERT OR REPLACE: inside a trigger the conflict clause of the outer statement would win over it.
    forget = "DELETE FROM article_changes WHERE article_id = old.id;"
    note = "INSERT INTO article_changes (article_id) VALUES (new.id);"
    db.execute(f"CREATE TRIGGER articles_change_insert AFTER INSERT ON articles BEGIN {note} END")
    db.execute(
        f"""CREATE TRIGGER articles_change_update AFTER UPDATE OF {", ".join(_EXPORTED)} ON articles
            WHEN {_any_differs(_EXPORTED)} BEGIN {forget} {note} END"""
    )
    db.execute(f"CREATE TRIGGER articles_change_delete AFTER DELETE ON articles BEGIN {forget} END")
    db.execute("INSERT INTO article_changes (article_id) SELECT id FROM articles ORDER BY id")


@migrations()
def m032_views(db: Database) -> None:
    """Views for other tools, and the indexes that they use."""
    for name, columns in INDEXES.items():
        db.execute(f"DROP INDEX IF EXISTS {name}")  # articles_story gets columns that make it cover v_stories
        db.execute(f"CREATE INDEX {name} ON articles {columns}")
    for view in VIEWS.values():
        db.execute(view)


@migrations()
def m033_extractors(db: Database) -> None:
    """What took each text out of its page. A revision has it among the fields that it keeps."""
    # program and library, with their versions; NULL for what was stored before this was kept
    db.execute("ALTER TABLE articles ADD COLUMN extractor TEXT")


@migrations()
def m034_changes_of_links(db: Database) -> None:
    """A number for each change of what an article says of others, and of what it copies; each a sequence of its own,
    because an export without these has no reason to hold an article again that says all else as before."""
    db.execute("""
        CREATE TABLE related_changes (
            change INTEGER PRIMARY KEY AUTOINCREMENT,  -- grows with every change of any article's related articles
            article_id INTEGER NOT NULL UNIQUE REFERENCES articles (id) ON DELETE CASCADE
        )""")
    db.execute("""
        CREATE TABLE edge_changes (
            change INTEGER PRIMARY KEY AUTOINCREMENT,  -- grows with every change of any story edge
            article_id INTEGER NOT NULL UNIQUE REFERENCES articles (id) ON DELETE CASCADE
        )""")
    for column in (
        "related_change INTEGER NOT NULL DEFAULT 0",  # the same of related articles; 0 if it was never made with them
        "edge_change INTEGER NOT NULL DEFAULT 0",  # the same of story edges
    ):
        db.execute(f"ALTER TABLE exports ADD COLUMN {column}")
    for table, changes, columns in (
        ("related_articles", "related_changes", _RELATED),
        ("story_edges", "edge_changes", _EDGES),
    ):
        for event, row, when in (
            ("INSERT", "new", ""),
            ("DELETE", "old", ""),
            ("UPDATE", "new", f"WHEN {_any_differs(columns)}"),
        ):
            # Nothing is noted of an article that is just being deleted with what belongs to it.
            db.execute(
                f"""CREATE TRIGGER {table}_change_{event.lower()} AFTER {event} ON {table} {when} BEGIN
                    DELETE FROM {changes} WHERE article_id = {row}.article_id;
                    INSERT INTO {changes} (article_id) SELECT {row}.article_id
                        WHERE EXISTS (SELECT 1 FROM articles WHERE id = {row}.article_id);
                END"""
            )
    db.execute("""
        CREATE TRIGGER related_articles_change_target AFTER UPDATE OF url ON articles WHEN old.url IS NOT new.url BEGIN
            DELETE FROM related_changes
                WHERE article_id IN (SELECT article_id FROM related_articles WHERE target_id = new.id);
            INSERT INTO related_changes (article_id)
                SELECT DISTINCT article_id FROM related_articles WHERE target_id = new.id;
        END""")


@migrations()
def m035_page_url(db: Database) -> None:
    """A new extraction finds its article by the page's address."""
    db.execute("CREATE INDEX articles_page_url ON articles (page_url)")


def _any_differs(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"old.{name} IS NOT new.{name}" for name in columns)
