"""The database file: opening it, its transactions, and errors as one sentence."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlite_utils

from crawler.home import program
from crawler.store.file_access import (
    FileState,
    can_write,
    connect_read_only,
    file_state,
    is_disk_full,
    is_disk_full_error,
)
from crawler.store.schema.migrations import UnknownSchemaError, is_current, migrate

_WAL_PAUSE = 0.05
"""Seconds between two attempts to switch a new file to WAL. Chosen by hand; it matters only to crawls that start on a
new file at the same time."""

_CACHE_KB = 16_000
"""Pages of the file that a connection keeps: with SQLite's 2 MB, an article stored in a database of a million takes a
tenth more CPU. More than this saves nothing that can be measured, and a long crawl fills it; see
docs/decisions.md#the-comparison-of-texts-ends-early."""

_STATEMENTS = 500
"""Compiled statements that a connection keeps. With Python's 128, a list of values of another length each time drives
out those that every article needs."""

_MAKE_ROOM = "make room on the disk and run again: nothing that was committed is lost"


class StoreError(RuntimeError):
    """The database cannot be used; the message says which file, why, and what to do."""


class Database(sqlite_utils.Database):
    """One open file. What reads it does so inside `reading()`, what writes it inside `writing()`; both raise
    StoreError if the file fails them."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        *,
        is_read_only: bool = False,
        unchanged: FileState | None = None,
    ) -> None:
        """`unchanged`: the state in which the file must remain, because SQLite does not expect it to change."""
        # Plugins of sqlite-utils that happen to be installed have no business in this database.
        super().__init__(connection, execute_plugins=False)
        self.path = path
        self.is_read_only = is_read_only
        self._unchanged = unchanged
        self._is_writing = False

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """For statements that read."""
        was_in_transaction = self.conn.in_transaction
        with store_errors(self.path):
            try:
                yield
            except sqlite3.Error:
                self._check_unchanged()
                if not was_in_transaction:  # sqlite-utils may leave a savepoint open, in which no write could begin
                    self.rollback()
                raise
            self._check_unchanged()

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

    def _check_unchanged(self) -> None:
        """Raise StoreError if another process has written a file that SQLite took for immutable."""
        if self._unchanged is not None and file_state(self.path) != self._unchanged:
            raise StoreError(
                f"{self.path}: another process wrote to it while it was read without the right to write; run again"
            )

    # sqlite-utils protects each query with a savepoint, and reads the columns of a table for each row that it writes: a
    # seventh of the time that storing an article takes.

    def query(
        self, sql: str, params: Sequence[Any] | dict[str, Any] | None = None
    ) -> Generator[dict[str, Any], None, None]:
        """The rows of a statement that returns rows."""
        cursor = self.execute(sql, params)
        names = [name for name, *_ in cursor.description]
        return (dict(zip(names, row, strict=True)) for row in cursor)

    def insert(self, table: str, row: dict[str, Any]) -> int:
        """Insert a row into a table whose key is a number; the key."""
        names, values = ", ".join(row), ", ".join("?" * len(row))
        key = self.execute(f"INSERT INTO {table} ({names}) VALUES ({values})", list(row.values())).lastrowid
        assert key is not None
        return key

    def update(self, table: str, key: int, row: dict[str, Any]) -> None:
        """Change columns of a row, of a table whose key is `id`."""
        changes = ", ".join(f"{name} = ?" for name in row)
        self.execute(f"UPDATE {table} SET {changes} WHERE id = ?", [*row.values(), key])

    def upsert(self, table: str, key: Sequence[str], row: dict[str, Any]) -> None:
        """Insert a row, or change these columns of the one with the same values in the columns of `key`."""
        names, values = ", ".join(row), ", ".join("?" * len(row))
        changes = ", ".join(f"{name} = excluded.{name}" for name in row if name not in key)
        self.execute(
            f"INSERT INTO {table} ({names}) VALUES ({values}) ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}",
            list(row.values()),
        )


def open_database(path: Path, *, timeout: float, create: bool = True) -> Database:
    """Open the file, creating and migrating it as needed. `timeout`: seconds to wait for another writer. Without
    `create`, a file that this process cannot write is opened for reading.

    Raises StoreError if the file is not a database, was written by another version, or cannot be read or written.
    """
    with store_errors(path):
        if not create and not path.exists():
            raise StoreError(f"{path} does not exist; crawl a site first, or name another file with -s NEWS_DB=FILE")
        if not create and not can_write(path):
            return _open_read_only(path, timeout)
        path.parent.mkdir(parents=True, exist_ok=True)
        db = Database(sqlite3.connect(path, timeout=timeout, cached_statements=_STATEMENTS), path)
        try:
            _use_wal(db, timeout)
            db.execute("PRAGMA synchronous = NORMAL")  # with WAL: durable against kill -9, not against power loss
            db.execute("PRAGMA foreign_keys = ON")
            db.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
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
        message = str(error)
        if any(sign in message for sign in ("unable to open", "disk I/O error")) and is_disk_full(path):
            raise StoreError(f"{path}: the disk is full ({message}); {_MAKE_ROOM}") from error
        if "unable to open" in message and path.exists() and not can_write(path):
            message = f"{message} as a readonly database"
        raise StoreError(f"{path}: {message}; {_way_out(message)}") from error
    except OSError as error:
        way_out = _MAKE_ROOM if is_disk_full_error(error) else "name a file in a folder that you can write to"
        raise StoreError(f"{path}: {error.strerror or error}; {way_out}") from error


def _open_read_only(path: Path, timeout: float) -> Database:
    connection, unchanged = connect_read_only(path, timeout)
    db = Database(connection, path, is_read_only=True, unchanged=unchanged)
    try:
        with db.reading():
            is_latest = is_current(db)
    except UnknownSchemaError as error:
        db.close()
        raise StoreError(f"{path} {error}") from error
    except BaseException:
        db.close()
        raise
    if not is_latest:
        db.close()
        raise StoreError(
            f"{path} was written by an earlier version; run `{program()} status` once as a user who can write to it "
            "and its folder"
        )
    return db


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
        "full": _MAKE_ROOM,
        "a readonly database": "give yourself the right to write it and its folder",
        "unable to open": "name a file in a folder that exists and that you can write to",
        "malformed": damaged,
        "vtable constructor failed": damaged,
    }
    return next((way for sign, way in ways.items() if sign in message), "check the file and its folder")
