"""Opening the database: pragmas, migrations, and errors told as one sentence."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from crawler.store.schema.migrations import UnknownSchemaError, is_current, migrate


class StoreError(RuntimeError):
    """The database cannot be used; the message says which file, why, and what to do."""


def open_database(path: Path, *, timeout: float, create: bool = True) -> Database:
    """Open the file, creating and migrating it as needed. `timeout`: seconds to wait for another writer.

    Raises StoreError if the file is no database, is of a newer version, or cannot be read or written.
    """
    if not create and not path.exists():
        raise StoreError(f"{path} does not exist; crawl a site first, or name another file with -s NEWS_DB=FILE")
    with store_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        # Plugins of sqlite-utils that happen to be installed have no business in this database.
        db = Database(sqlite3.connect(path, timeout=timeout), execute_plugins=False)
        try:
            _use_wal(db, timeout)
            db.execute("PRAGMA synchronous = NORMAL")  # with WAL: durable against kill -9, not against power loss
            db.execute("PRAGMA foreign_keys = ON")
            _migrate(db, path)
        except BaseException:
            db.close()
            raise
    return db


def _use_wal(db: Database, timeout: float) -> None:
    """Switch a new file to its log. SQLite does not wait for others here, whatever the connection's timeout: of two
    that read the old mode and both want to write the new one, each would wait for the other."""
    until = time.monotonic() + timeout
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


@contextlib.contextmanager
def transaction(db: Database) -> Iterator[None]:
    """One write transaction. IMMEDIATE, because one that reads first and writes later fails at once when another
    writer came between, whatever the timeout."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.rollback()
        raise
    db.commit()


def insert_row(db: Database, table: str, row: dict[str, Any]) -> int:
    """Insert a row; its integer primary key."""
    key = db.table(table).insert(row).last_pk
    assert isinstance(key, int)
    return key


@contextlib.contextmanager
def store_errors(path: Path | str) -> Iterator[None]:
    """Turn what SQLite and the file system say into a StoreError with the way out."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError):
        raise  # a row that the schema or the library refuses: the file is well
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path}: {error}; {_way_out(str(error))}") from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}; name a file in a folder that you can write to") from error


def _way_out(message: str) -> str:
    ways = {
        "locked": "another program holds it: wait for it to end, or raise NEWS_DB_TIMEOUT",
        "not a database": "it is some other file: name another one with -s NEWS_DB=FILE",
        "full": "make room on the disk and run again: nothing that was committed is lost",
        "readonly": "give yourself the right to write it and its folder",
        "unable to open": "name a file in a folder that exists and that you can write to",
        "malformed": "the file is damaged: restore a copy, or save what is left with `sqlite3 FILE .recover`",
    }
    return next((way for sign, way in ways.items() if sign in message), "check the file and its folder")


def _migrate(db: Database, path: Path) -> None:
    try:
        if not is_current(db):
            with transaction(db):
                migrate(db)
    except UnknownSchemaError as error:
        raise StoreError(f"{path} {error}") from error
