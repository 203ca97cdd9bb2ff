"""The parts of an archive file that can be read separately: gzip members, or an uncompressed file from an offset on.
Only a damaged part is lost: reading continues with the next one."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator

from crawler.encoding.gunzip import GZIP_MAGIC

_CHUNK = 32 * 1024
_GZIP = GZIP_MAGIC + b"\x08"  # and the method, which is always deflate
_WARC = b"WARC/"
# The first line of a record of an ARC file, version 1: URL, IP address, date, type, length.
_ARC = re.compile(rb"[a-z]+:\S.* \S+ \d{14} \S+ \d+\r?\n")
_MAX_LINE = 4096


class TornError(EOFError):
    """The file ends within a record: its writer was killed, or a download was interrupted."""


class GzipPart:
    """One gzip member. It should contain one record; some tools write several.

    Both kinds of parts have `stream`, the decoded records; `offset`, that of the record being read; and three methods.
    """

    def __init__(self, file: io.FileIO, offset: int) -> None:
        """`file` must be unbuffered, and its position must not be changed until the part is read."""
        self.offset = offset
        self.stream = io.BufferedReader(_Member(file, offset), _CHUNK)
        self._member = self.stream.raw
        self._records = 0

    def begin(self, line: bytes) -> None:
        """Called after the first line of a record was read."""
        self._records += 1

    def position(self) -> int:
        """The offset in the file at which the part ends."""
        assert isinstance(self._member, _Member)
        return self._member.end()

    def length(self, end: int, *, is_last: bool) -> int | None:
        """The length in the file of the record that ended at `end`; None if it cannot be read separately."""
        return self.position() - self.offset if is_last and self._records == 1 else None


class PlainPart:
    """The rest of an uncompressed file from an offset on."""

    def __init__(self, file: io.FileIO, offset: int) -> None:
        file.seek(offset)
        self.offset = offset
        self.stream = io.BufferedReader(file, _CHUNK)

    def begin(self, line: bytes) -> None:
        """Called after the first line of a record was read."""
        self.offset = self.stream.tell() - len(line)

    def position(self) -> int:
        """The present offset in the file."""
        return self.stream.tell()

    def length(self, end: int, *, is_last: bool) -> int | None:
        """The length in the file of the record that ended at `end`."""
        return end - self.offset


Part = GzipPart | PlainPart


def part_at(file: io.FileIO, offset: int, *, compressed: bool) -> Part:
    """The part that begins at the offset."""
    return GzipPart(file, offset) if compressed else PlainPart(file, offset)


class _Member(io.RawIOBase):
    def __init__(self, file: io.FileIO, offset: int) -> None:
        file.seek(offset)
        self._file = file
        self._decoder = zlib.decompressobj(31)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._decoder.eof:
            data = self._decoder.unconsumed_tail or self._file.read(_CHUNK)
            decoded = self._decoder.decompress(data, len(buffer))
            if decoded:
                buffer[: len(decoded)] = decoded
                return len(decoded)
            if not data and not self._decoder.eof:
                raise TornError("the file ends within a record")
        return 0

    def end(self) -> int:
        return self._file.tell() - len(self._decoder.unused_data)


def is_gzip(file: io.FileIO, offset: int = 0) -> bool:
    """Whether a gzip member begins at the offset."""
    file.seek(offset)
    return file.read(len(_GZIP)) == _GZIP


def next_part(file: io.FileIO, after: int, *, compressed: bool) -> int | None:
    """The offset of the next record after a damaged part; None if there is none."""
    if not compressed:
        return next(_occurrences(file, b"\n" + _WARC, after), None)
    return next((offset for offset in _occurrences(file, _GZIP, after) if _begins_record(file, offset)), None)


def _begins_record(file: io.FileIO, offset: int) -> bool:
    """Whether a member with a record begins at the offset: compressed data may contain the magic number by chance."""
    file.seek(offset)
    try:
        start = zlib.decompressobj(31).decompress(file.read(_CHUNK), _MAX_LINE)
    except zlib.error:
        return False
    return start.startswith(_WARC) or is_arc(start)


def is_arc(start: bytes) -> bool:
    """Whether these bytes begin a record of an ARC file."""
    return _ARC.match(start) is not None


def _occurrences(file: io.FileIO, pattern: bytes, after: int) -> Iterator[int]:
    """The offsets of a byte string in the file after an offset."""
    start, tail = after + 1, b""
    while True:
        file.seek(start)
        chunk = file.read(_CHUNK)
        if not chunk:
            return
        text, text_offset = tail + chunk, start - len(tail)
        index = text.find(pattern)
        while index >= 0:
            yield text_offset + index + pattern.startswith(b"\n")
            index = text.find(pattern, index + 1)
        tail = text[-(len(pattern) - 1) :]
        start += len(chunk)
