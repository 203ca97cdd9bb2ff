"""The result of a search as a file, written by the code of the exports.

A file of text is sent while it is read. A workbook and a feed are complete before their first byte is sent.
"""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from crawler import clock
from crawler.browse.pages.page import connect
from crawler.browse.pages.search_request import DayError, SearchRequest, parse_request
from crawler.browse.surroundings import site_zone
from crawler.export.columns import ARTICLE_COLUMNS, excel_columns, table_columns
from crawler.export.feed_head import MAX_ITEMS, FeedHead
from crawler.export.rows import CsvRows, JsonLinesRows
from crawler.store import QueryError
from crawler.store.database import Database
from crawler.store.read.exports import Exports

MAX_EXPORTED = 50_000
"""Articles in a file; `rasid export` writes all. Chosen by hand."""

_CHUNK = 200
"""Rows that are read and sent at a time. Chosen by hand."""

_BLOCK = 1 << 16
"""Bytes of a complete file that are sent at a time."""

_Rows = Iterator[Mapping[str, Any]]


class FileKind(NamedTuple):
    """A format of files."""

    label: str
    content_type: str
    most: int = MAX_EXPORTED
    """Articles in a file."""


FILES = {
    "csv": FileKind("CSV", "text/csv; charset=utf-8"),
    "xlsx": FileKind("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "jsonl": FileKind("JSON Lines", "application/jsonl; charset=utf-8"),
    "atom": FileKind("Atom", "application/atom+xml; charset=utf-8", MAX_ITEMS),
}
"""Suffix → format."""


async def search_file(request: Any, datasette: Any) -> Any:
    """The articles of a search, the newest first. A search that cannot be made leads to its page, which says why."""
    from datasette import Response

    suffix, wanted = request.url_vars["suffix"], parse_request(request.query_string)
    threads = datasette.executor is not None
    connection, unchanged = connect(datasette)
    chunks: Iterator[bytes] = iter(())
    try:
        article_filter = wanted.article_filter()
        db = Database(connection, Path(datasette.get_database().path), unchanged=unchanged)
        rows = Exports(db).newest_articles(article_filter, FILES[suffix].most)
        link = datasette.absolute_url(request, wanted.link())
        chunks = _chunks(rows, suffix, wanted, link)
        first = await _next(chunks, threads=threads)
    except (DayError, QueryError):
        connection.close()
        return Response.redirect(wanted.link())
    except BaseException:
        connection.close()
        raise
    return _File(suffix, first, chunks, connection, threads)


@dataclass(frozen=True, slots=True)
class _File:
    """A response that is sent chunk by chunk."""

    suffix: str
    first: bytes
    chunks: Iterator[bytes]
    connection: Any
    threads: bool

    async def asgi_send(self, send: Any) -> None:
        """Called by Datasette."""
        headers = {
            "content-type": FILES[self.suffix].content_type,
            "content-disposition": f'attachment; filename="articles.{self.suffix}"',
        }
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        with closing(self.connection):
            await send({"type": "http.response.start", "status": 200, "headers": encoded})
            chunk = self.first
            while chunk:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                chunk = await _next(self.chunks, threads=self.threads)
            await send({"type": "http.response.body", "body": b""})


async def _next(chunks: Iterator[bytes], *, threads: bool) -> bytes:
    """The next chunk; empty after the last. Without threads, where the connection belongs to the one that opened it."""
    return await asyncio.to_thread(next, chunks, b"") if threads else next(chunks, b"")


def _chunks(rows: _Rows, suffix: str, wanted: SearchRequest, link: str) -> Iterator[bytes]:
    if suffix in ("csv", "jsonl"):
        yield from _text_chunks(rows, suffix)
        return
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"articles.{suffix}"
        if suffix == "xlsx":
            _write_workbook(rows, target, wanted)
        else:
            _write_feed(rows, target, wanted, link)
        with target.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block


def _text_chunks(rows: _Rows, suffix: str) -> Iterator[bytes]:
    out = io.StringIO(newline="")
    columns = list(ARTICLE_COLUMNS)
    if suffix == "csv":
        out.write("\ufeff")  # Excel reads UTF-8 only behind a byte order mark
    writer = CsvRows(out, columns, plain=False) if suffix == "csv" else JsonLinesRows(out, columns)
    while batch := list(islice(rows, _CHUNK)):
        for row in batch:
            writer.write(row)
        yield out.getvalue().encode("utf-8", "replace")
        out.seek(0)
        out.truncate()
    if text := out.getvalue():
        yield text.encode()


def _write_workbook(rows: _Rows, target: Path, wanted: SearchRequest) -> None:
    """Times are in the zone of the site if the search is of one."""
    from crawler.export.excel import Table, export_workbook

    zone = site_zone(wanted.site[0]) if len(wanted.site) == 1 else UTC
    export_workbook(target, [Table("Articles", table_columns("articles", excel_columns()), rows)], zone)


def _write_feed(rows: _Rows, target: Path, wanted: SearchRequest, link: str) -> None:
    from crawler.export.feed import export_feed

    title = " – ".join(value for _, value in wanted.parameters()) or "Rasid"
    identity = f"rasid:{wanted.article_filter().as_text()}"
    export_feed(target, rows, FeedHead(title, link, identity, clock.now()))
