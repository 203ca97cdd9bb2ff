"""A database that this process cannot write: a page that was read while another process wrote is read again."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from crawler.store.file_access import FileState, connect_read_only, file_state

Asgi = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

_TRIES = 5
"""Times that a page is read. The second time usually finds the WAL of the process that writes, and follows it. Chosen
by hand; no measurement."""

_TIMEOUT = 5.0
"""Seconds to wait for a lock. That of Python's sqlite3."""


class ReadOnlyFile:
    """Opens the file of a `datasette.database.Database` in its place. Needs Datasette without threads for SQL
    (`num_sql_threads` 0): they keep their connections for good."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self._path = Path(database.path)
        self._unchanged: FileState | None = None
        database.connect = self.connect

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Called by Datasette."""
        assert not write
        connection, self._unchanged = connect_read_only(self._path, _TIMEOUT)
        return connection

    def reopen_if_changed(self) -> bool:
        """Whether the file was written while SQLite took it for immutable. The next query opens it again."""
        if self._unchanged is None or file_state(self._path) == self._unchanged:
            return False
        self._database._read_connection.close()
        self._database._read_connection = self._unchanged = None
        return True


def reread(app: Asgi, file: ReadOnlyFile) -> Asgi:
    """Wrap the application: a response is sent when the file is the same after it as before."""

    async def respond(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        events: list[dict[str, Any]] = []

        async def keep(event: dict[str, Any]) -> None:
            events.append(event)

        for _ in range(_TRIES):
            file.reopen_if_changed()
            events.clear()
            await app(scope, receive, keep)
            if not file.reopen_if_changed():
                break
        for event in events:
            await send(event)

    return respond
