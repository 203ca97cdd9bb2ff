"""What all pages do: read the database in Datasette's thread, and fill a template."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from crawler.store.database import Database
from crawler.store.file_access import FileState, connect_read_only

T = TypeVar("T")

_TIMEOUT = 5.0
"""Seconds to wait for a lock. That of Python's sqlite3."""


async def read(datasette: Any, question: Callable[[Database], T]) -> T:
    """The answer of a function on the database, which runs in Datasette's thread, in one transaction."""
    database = datasette.get_database()

    def in_transaction(connection: sqlite3.Connection) -> T:
        connection.execute("BEGIN")
        try:
            return question(Database(connection, Path(database.path)))
        finally:
            with suppress(sqlite3.Error):
                connection.rollback()

    result: T = await database.execute_fn(in_transaction)
    return result


def connect(datasette: Any) -> tuple[sqlite3.Connection, FileState | None]:
    """A connection of its own to the database, for what takes longer than a page; as `connect_read_only`."""
    path = Path(datasette.get_database().path)
    unchanged = None
    if datasette.executor is None:  # see crawler/browse/read_only.py
        connection, unchanged = connect_read_only(path, _TIMEOUT)
    else:
        uri = f"file:{quote(str(path.absolute()))}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=_TIMEOUT, check_same_thread=False)
    connection.text_factory = lambda data: str(data, "utf-8", "replace")
    return connection, unchanged


async def render(
    datasette: Any,
    request: Any,
    name: str,
    context: dict[str, Any],
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Any:
    """The response with the template `rasid_NAME.html`."""
    from datasette import Response

    html = await datasette.render_template(f"rasid_{name}.html", context, request=request)
    return Response.html(html, status=status, headers=headers)


def is_link(url: str | None) -> bool:
    """Whether a URL may be a link target: a `javascript:` URL would run a script."""
    return url is not None and url.startswith(("http://", "https://"))


def search_link(**filters: str | None) -> str:
    """The link to the articles with these filters of the search page; None leaves a filter out."""
    chosen = {name: value for name, value in filters.items() if value is not None}
    return f"/-/search?{urlencode(chosen)}" if chosen else "/-/search"
