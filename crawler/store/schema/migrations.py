"""The schema as an append-only list of migrations. Never edit one that was released: append the next.

The order is that of the list. The number of migrations that a file has seen is its `PRAGMA user_version`.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

from crawler.store.schema import articles, crawl, datasets, rights, views

Migration = Callable[[Database], None]


def m001_first_schema(db: Database) -> None:
    """All tables, views and triggers of the first release."""
    for statement in (*crawl.SCHEMA, *articles.SCHEMA, *datasets.SCHEMA, *rights.SCHEMA, *views.SCHEMA):
        db.execute(statement)


MIGRATIONS: tuple[Migration, ...] = (m001_first_schema,)


class UnknownSchemaError(RuntimeError):
    """A file whose schema this version cannot bring up to date; the message is the reason and what to do."""


def version(db: Database) -> int:
    """How many migrations a file has seen."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def is_current(db: Database) -> bool:
    """Whether a file has the schema of this version. Raises UnknownSchemaError."""
    seen = version(db)
    if seen > len(MIGRATIONS):
        raise UnknownSchemaError(
            f"was written by a newer version (its schema is number {seen}, this version knows {len(MIGRATIONS)}); "
            "update this project"
        )
    if seen == 0 and db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        raise UnknownSchemaError(
            "was written by a development version before the first release, or by another program, and cannot be "
            "upgraded; move it away or choose another file with -s NEWS_DB=FILE, and crawl again"
        )
    return seen == len(MIGRATIONS)


def migrate(db: Database) -> None:
    """Apply the migrations that a file has not seen, inside the caller's transaction. Raises UnknownSchemaError."""
    if is_current(db):  # two first crawls may start at once: the second one has waited for the first one's commit
        return
    for migration in MIGRATIONS[version(db) :]:
        migration(db)
    db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
