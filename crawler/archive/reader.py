"""Read archives of ours and of others, WARC or ARC: all records with constant memory, or one record by its location."""

from __future__ import annotations

import contextlib
import io
import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParserException
from warcio.timeutils import iso_date_to_datetime

from crawler.archive.content import ContentError, TooLargeError, decode_body, find_header
from crawler.archive.members import Part, TornError, is_arc, is_gzip, next_part, part_at
from crawler.archive.record import CANDIDATE_FIELD, PAGE_FIELD, SITE_FIELD, payload_digest
from crawler.encoding.gunzip import GZIP_MAGIC
from crawler.items import Candidate, RecordLocation, candidate_from_json

_CHUNK = 64 * 1024
_MAX_HEADER_BYTES = 256 * 1024
"""Room for the headers of a response whose body has the maximum size. Chosen by hand."""

_MAGIC_BYTES = 512
_FOREIGN = {
    b"PK\x03\x04": "is a zip file; extract it first",
    b"\x28\xb5\x2f\xfd": "is compressed with zstd; decompress it first, as with `zstd -d`",
    b"BZh": "is compressed with bzip2; decompress it first",
    b"\xfd7zXZ": "is compressed with xz; decompress it first",
}
"""First bytes → what the file is."""

_MAX_DETAIL = 200
"""Characters of an error that a message shows. Chosen by hand."""

_BROKEN = (
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
    ContentError,
    EOFError,
    ValueError,
    AttributeError,  # raised by warcio for a record without a required field
    zlib.error,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivedPage:
    """An archived response."""

    url: str
    fetched: datetime
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    """Decoded."""

    site: str | None = None
    """Name of the profile that it was crawled with. Only our own records have this and the next two."""

    page_url: str | None = None
    candidate: Candidate | None = None
    location: RecordLocation | None = None
    """None in a file whose records cannot be read separately."""

    @property
    def content_type(self) -> str | None:
        """The Content-Type header."""
        return find_header(self.headers, "content-type")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that is not a readable page."""

    reason: Literal["no_response", "broken_record", "too_large"]
    offset: int
    detail: str = ""


class RecordError(RuntimeError):
    """The record of a page is not at its location, or is damaged."""


def read_archive(path: Path, *, max_bytes: int, name: str | None = None) -> Iterator[ArchivedPage | Skipped]:
    """Read all records of a file. `max_bytes`: larger pages are skipped. `name`: the name of the file in locations.

    A damaged record is skipped. A file that ends within a record ends there. Raises OSError.
    """
    logging.getLogger("warcio").setLevel(logging.ERROR)  # it warns of every URL with a space, which is harmless
    with path.open("rb", buffering=0) as file:
        size = file.seek(0, io.SEEK_END)
        compressed = is_gzip(file)
        offset: int | None = 0
        while offset is not None and offset < size:
            part = part_at(file, offset, compressed=compressed)
            try:
                yield from _records(part, name or str(path), max_bytes)
                offset = part.position()
            except _BROKEN as error:
                yield Skipped("broken_record", part.offset, _printable(error))
                offset = next_part(file, part.offset, compressed=compressed)
            finally:
                part.stream.detach()  # otherwise its destructor would close the file


def read_archived_page(path: Path, location: RecordLocation, *, max_bytes: int) -> ArchivedPage:
    """Read the page whose record is at a location of this file. Raises RecordError."""
    try:
        with path.open("rb", buffering=0) as file:
            part = part_at(file, location.offset, compressed=is_gzip(file, location.offset))
            try:
                page = _read_record(part.stream, _next_line(part.stream), max_bytes)
            finally:
                part.stream.detach()
    except OSError as error:
        raise RecordError(f"{path}: {error.strerror or error}") from error
    except _BROKEN as error:
        raise RecordError(f"{path}: no record at offset {location.offset} ({_printable(error)})") from error
    if not isinstance(page, ArchivedPage):
        problem = f"{page.reason} {page.detail}".rstrip()
        raise RecordError(f"{path}: the record at offset {location.offset} is not a page ({problem})")
    if payload_digest(page.body) != location.digest:
        raise RecordError(f"{path}: the record at offset {location.offset} is not the one that was written there")
    return page


def foreign_format(path: Path) -> str | None:
    """What a file is that we cannot read, and what to do; None if it may be a WARC file. Raises OSError."""
    with path.open("rb") as file:
        begin = file.read(_MAGIC_BYTES)
    if begin.startswith(GZIP_MAGIC):
        with contextlib.suppress(zlib.error):
            begin = zlib.decompressobj(31).decompress(begin, _MAGIC_BYTES)
    if not begin:
        return "is empty"
    return next((what for magic, what in _FOREIGN.items() if begin.startswith(magic)), None)


def _printable(error: Exception) -> str:
    """An error in one short line; it may contain bytes of the file, which must not reach a terminal as they are."""
    text = f"{type(error).__name__}: {error}".rstrip(": ")[:_MAX_DETAIL]
    return "".join(c if c.isascii() and c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _records(part: Part, name: str, max_bytes: int) -> Iterator[ArchivedPage | Skipped]:
    line = _next_line(part.stream)
    while line:
        part.begin(line)
        result = _read_record(part.stream, line, max_bytes)
        offset, end = part.offset, part.position()
        line = _next_line(part.stream)
        length = part.length(end, is_last=not line)
        if isinstance(result, Skipped):
            yield replace(result, offset=offset)
        elif length is not None:
            location = RecordLocation(file=name, offset=offset, length=length, digest=payload_digest(result.body))
            yield replace(result, location=location)
        else:
            yield result


def _next_line(stream: io.BufferedIOBase) -> bytes:
    """The first line of the next record (records end with two empty lines); empty at the end of the file."""
    while line := stream.readline(_CHUNK):
        if line.strip():
            return line
    return b""


def _read_record(stream: io.BufferedIOBase, line: bytes, max_bytes: int) -> ArchivedPage | Skipped:
    record = ArcWarcRecordLoader(verify_http=False).parse_record_stream(stream, line, "arc" if is_arc(line) else "warc")
    if record.length is None:
        raise ValueError("the record has no Content-Length")
    if record.rec_type != "response" or not record.http_headers:
        result: ArchivedPage | Skipped = Skipped("no_response", 0)
    elif record.length > max_bytes + _MAX_HEADER_BYTES:
        result = Skipped("too_large", 0, f"{record.length} bytes")
    else:
        result = _page(record, max_bytes)
    while record.raw_stream.read(_CHUNK):
        pass
    if record.raw_stream.limit > 0:
        raise TornError("the record is shorter than its Content-Length")
    return result


def _page(record: ArcWarcRecord, max_bytes: int) -> ArchivedPage | Skipped:
    fields = record.rec_headers
    headers = [(str(key), str(value)) for key, value in record.http_headers.headers]
    try:
        body = decode_body(record.raw_stream.read(), headers, max_bytes)
    except TooLargeError as error:
        return Skipped("too_large", 0, str(error))
    candidate = fields.get_header(CANDIDATE_FIELD)
    return ArchivedPage(
        url=str(fields.get_header("WARC-Target-URI")),
        fetched=iso_date_to_datetime(fields.get_header("WARC-Date") or "missing").replace(tzinfo=UTC),
        status=int(record.http_headers.get_statuscode()),
        headers=headers,
        body=body,
        site=fields.get_header(SITE_FIELD),
        page_url=fields.get_header(PAGE_FIELD),
        candidate=candidate_from_json(candidate) if candidate else None,
    )
