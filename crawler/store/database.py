"""The database file: opening it, its transactions, and errors as one sentence."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlite_utils

from crawler.store.schema.migrations import UnknownSchemaError, is_current, migrate

_WAL_PAUSE = 0.05
"""Seconds between two attempts to switch a new file to WAL. Chosen by hand; it matters only to crawls that start on a
new file at the same time."""


class StoreError(RuntimeError):
    """The database cannot be used; the message says which file, why, and what to do."""


class Database(sqlite_utils.Database):
    """One open file. What reads it does so inside `reading()`, what writes it inside `writing()`; both raise
    StoreError if the file fails them."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        # Plugins of sqlite-utils that happen to be installed have no business in this database.
        super().__init__(connection, execute_plugins=False)
        self.path = path
        self._is_writing = False

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """For statements that read."""
        was_in_transaction = self.conn.in_transaction
        with store_errors(self.path):
            try:
                yield
            except sqlite3.Error:
                if not was_in_transaction:  # sqlite-utils may leave a savepoint open, in which no write could begin
                    self.rollback()
                raise

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """One write transaction, or a part of the one that the caller has begun.

        IMMEDIATE, because a transaction that reads first and writes later fails at once when another writer came
        between, whatever the timeout.
        """
        if self._is_writing:
            yield
            return
        with store_errors(self.path):
            self.execute("BEGIN IMMEDIATE")
            self._is_writing = True
            try:
                yield
                self.commit()
            except BaseException:
                self.rollback()
                raise
            finally:
                self._is_writing = False

    def insert(self, table: str, row: dict[str, Any]) -> int:
        """Insert a row into a table whose key is a number; the key."""
        key = self.table(table).insert(row).last_pk
        assert isinstance(key, int)
        return key


def open_database(path: Path, *, timeout: float, create: bool = True) -> Database:
    """Open the file, creating and migrating it as needed. `timeout`: seconds to wait for another writer.

    Raises StoreError if the file is not a database, was written by another version, or cannot be read or written.
    """
    if not create and not path.exists():
        raise StoreError(f"{path} does not exist; crawl a site first, or name another file with -s NEWS_DB=FILE")
    with store_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        db = Database(sqlite3.connect(path, timeout=timeout), path)
        try:
            _use_wal(db, timeout)
            db.execute("PRAGMA synchronous = NORMAL")  # with WAL: durable against kill -9, not against power loss
            db.execute("PRAGMA foreign_keys = ON")
            _migrate(db)
        except BaseException:
            db.close()
            raise
    return db


@contextlib.contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Raise StoreError, with the way out, for what the file system and SQLite raise."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError):
        raise  # a row that the schema or the library refuses: nothing is wrong with the file
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path}: {error}; {_way_out(str(error))}") from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}; name a file in a folder that you can write to") from error


def _use_wal(db: Database, timeout: float) -> None:
    """Switch a new file to WAL. SQLite does not wait for others here, whatever the connection's timeout: of two
    that read the old mode and want to write the new one, each would wait for the other."""
    until = time.monotonic() + timeout
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(_WAL_PAUSE)
        else:
            return


def _migrate(db: Database) -> None:
    try:
        if not is_current(db):
            with db.writing():
                migrate(db)
    except UnknownSchemaError as error:
        raise StoreError(f"{db.path} {error}") from error


def _way_out(message: str) -> str:
    damaged = "the file is damaged: restore a copy, or save what is left with `sqlite3 FILE .recover`"
    ways = {
        "locked": "another program holds it: wait for it to end, or raise NEWS_DB_TIMEOUT",
        "not a database": "it is some other file: name another one with -s NEWS_DB=FILE",
        "full": "make room on the disk and run again: nothing that was committed is lost",
        "readonly": "give yourself the right to write it and its folder",
        "unable to open": "name a file in a folder that exists and that you can write to",
        "malformed": damaged,
        "vtable constructor failed": damaged,
    }
    return next((way for sign, way in ways.items() if sign in message), "check the file and its folder")
