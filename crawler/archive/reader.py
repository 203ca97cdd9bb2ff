"""Reading archives, ours and others': one record after the other with flat memory, or one by its location."""

from __future__ import annotations

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

from crawler.archive.content import ContentError, TooLargeError, content, header
from crawler.archive.members import Part, TornError, is_gzip, next_part, part_at
from crawler.archive.record import CANDIDATE_FIELD, PAGE_FIELD, SITE_FIELD, payload_digest
from crawler.items import Candidate, RecordLocation, candidate_from_json

_CHUNK = 64 * 1024
# Room for the headers of a response whose body is as large as allowed.
_MAX_HEADERS = 256 * 1024
_BROKEN = (
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
    ContentError,
    EOFError,
    ValueError,
    AttributeError,  # what warcio makes of a record that lacks a field it counts on
    zlib.error,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivedPage:
    """A response out of an archive."""

    url: str
    fetched: datetime
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    """Decoded."""

    site: str | None = None
    """Name of the profile it was crawled with, if we made the record; as the next two."""

    page_url: str | None = None
    candidate: Candidate | None = None
    location: RecordLocation | None = None
    """None in files from which a single record cannot be fetched."""

    @property
    def content_type(self) -> str | None:
        """The header of that name."""
        return header(self.headers, "content-type")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that is no page to be had."""

    why: Literal["no_response", "broken_record", "too_large"]
    offset: int
    detail: str = ""


class RecordError(RuntimeError):
    """The record of a page is not where it should be, or is damaged."""


def read_archive(path: Path, *, max_bytes: int, name: str | None = None) -> Iterator[ArchivedPage | Skipped]:
    """All records of a file. `max_bytes`: larger pages are skipped. `name`: what places call the file.

    A damaged record is skipped; a file that ends in the middle of a record ends there. Raises OSError.
    """
    logging.getLogger("warcio").setLevel(logging.ERROR)  # it warns of each URL with a space; they are all right
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
                yield Skipped("broken_record", part.offset, f"{type(error).__name__}: {error}".strip())
                offset = next_part(file, part.offset, compressed=compressed)
            finally:
                part.stream.detach()  # or closing it would close the file


def read_page(path: Path, location: RecordLocation, *, max_bytes: int) -> ArchivedPage:
    """The page whose record is at a location of this file. Raises RecordError."""
    try:
        with path.open("rb", buffering=0) as file:
            part = part_at(file, location.offset, compressed=is_gzip(file, location.offset))
            try:
                found = _read_record(part.stream, _next_line(part.stream), max_bytes)
            finally:
                part.stream.detach()
    except OSError as error:
        raise RecordError(f"{path}: {error.strerror or error}") from error
    except _BROKEN as error:
        raise RecordError(f"{path}: no record at {location.offset} ({type(error).__name__}: {error})") from error
    if not isinstance(found, ArchivedPage):
        raise RecordError(f"{path}: the record at {location.offset} is no page ({found.why} {found.detail})".rstrip())
    if payload_digest(found.body) != location.digest:
        raise RecordError(f"{path}: the record at {location.offset} is not the one that was written there")
    return found


def _records(part: Part, name: str, max_bytes: int) -> Iterator[ArchivedPage | Skipped]:
    line = _next_line(part.stream)
    while line:
        part.begin(line)
        found = _read_record(part.stream, line, max_bytes)
        offset, end = part.offset, part.position()
        line = _next_line(part.stream)
        length = part.length(end, is_last=not line)
        if isinstance(found, Skipped):
            yield replace(found, offset=offset)
        elif length is not None:
            location = RecordLocation(file=name, offset=offset, length=length, digest=payload_digest(found.body))
            yield replace(found, location=location)
        else:
            yield found


def _next_line(stream: io.BufferedIOBase) -> bytes:
    """The first line of the next record; records end with two empty ones. Empty at the end."""
    while line := stream.readline(_CHUNK):
        if line.strip():
            return line
    return b""


def _read_record(stream: io.BufferedIOBase, line: bytes, max_bytes: int) -> ArchivedPage | Skipped:
    record = ArcWarcRecordLoader(verify_http=False).parse_record_stream(stream, line, "warc")
    if record.length is None:
        raise ValueError("the record does not say how long it is")
    if record.rec_type != "response" or not record.http_headers:
        found: ArchivedPage | Skipped = Skipped("no_response", 0)
    elif record.length > max_bytes + _MAX_HEADERS:
        found = Skipped("too_large", 0, f"{record.length} bytes")
    else:
        found = _page(record, max_bytes)
    while record.raw_stream.read(_CHUNK):
        pass
    if record.raw_stream.limit > 0:
        raise TornError("the record is shorter than it says")
    return found


def _page(record: ArcWarcRecord, max_bytes: int) -> ArchivedPage | Skipped:
    said = record.rec_headers
    headers = [(str(key), str(value)) for key, value in record.http_headers.headers]
    try:
        body = content(record.raw_stream.read(), headers, max_bytes)
    except TooLargeError as error:
        return Skipped("too_large", 0, str(error))
    candidate = said.get_header(CANDIDATE_FIELD)
    return ArchivedPage(
        url=str(said.get_header("WARC-Target-URI")),
        fetched=iso_date_to_datetime(said.get_header("WARC-Date") or "no date").replace(tzinfo=UTC),
        status=int(record.http_headers.get_statuscode()),
        headers=headers,
        body=body,
        site=said.get_header(SITE_FIELD),
        page_url=said.get_header(PAGE_FIELD),
        candidate=candidate_from_json(candidate) if candidate else None,
    )
