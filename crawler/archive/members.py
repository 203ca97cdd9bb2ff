"""The parts of an archive file that can be read by themselves: gzip members, or the whole of a file that is not
compressed. A damaged part costs itself: reading goes on at the next one."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

from crawler.encoding.gunzip import GZIP_MAGIC

_CHUNK = 32 * 1024
_GZIP = GZIP_MAGIC + b"\x08"  # and the method, which is always deflate
_WARC = b"WARC/"


class TornError(EOFError):
    """The file ends in the middle of a record: its writer was killed, or a download was cut off."""


class GzipPart:
    """One gzip member. It should hold one record; some tools put many into one.

    Both kinds of parts share: `stream`, the records; `offset`, of the one that is being read; and three methods.
    """

    def __init__(self, file: io.FileIO, offset: int) -> None:
        """`file` is unbuffered, and nobody else moves it until the part is read."""
        self.offset = offset
        self.stream = io.BufferedReader(_Member(file, offset), _CHUNK)
        self._member = self.stream.raw
        self._records = 0

    def begin(self, line: bytes) -> None:
        """A record begins with this line, which was just read."""
        self._records += 1

    def position(self) -> int:
        """Where in the file the part ends."""
        assert isinstance(self._member, _Member)
        return self._member.end()

    def length(self, end: int, *, is_last: bool) -> int | None:
        """Bytes of the record that ended at `end`; None if it cannot be read by itself."""
        return self.position() - self.offset if is_last and self._records == 1 else None


class PlainPart:
    """What follows an offset in a file that is not compressed."""

    def __init__(self, file: io.FileIO, offset: int) -> None:
        file.seek(offset)
        self.offset = offset
        self.stream = io.BufferedReader(file, _CHUNK)

    def begin(self, line: bytes) -> None:
        """A record begins with this line, which was just read."""
        self.offset = self.stream.tell() - len(line)

    def position(self) -> int:
        """Where in the file reading has got to."""
        return self.stream.tell()

    def length(self, end: int, *, is_last: bool) -> int | None:
        """Bytes of the record that ended at `end`."""
        return end - self.offset


Part = GzipPart | PlainPart


def part_at(file: io.FileIO, offset: int, *, compressed: bool) -> Part:
    """The part that begins there."""
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
                raise TornError("the file ends in the middle of a record")
        return 0

    def end(self) -> int:
        return self._file.tell() - len(self._decoder.unused_data)


def is_gzip(file: io.FileIO, offset: int = 0) -> bool:
    """Whether a gzip member begins there."""
    file.seek(offset)
    return file.read(len(_GZIP)) == _GZIP


def next_part(file: io.FileIO, after: int, *, compressed: bool) -> int | None:
    """The next offset after a damaged part at which a record begins; None if there is none."""
    if not compressed:
        return next(_found(file, b"\n" + _WARC, after), None)
    return next((offset for offset in _found(file, _GZIP, after) if _begins_record(file, offset)), None)


def _begins_record(file: io.FileIO, offset: int) -> bool:
    """Compressed bytes look like the beginning of a member now and then."""
    file.seek(offset)
    try:
        return zlib.decompressobj(31).decompress(file.read(_CHUNK), len(_WARC)) == _WARC
    except zlib.error:
        return False


def _found(file: io.FileIO, mark: bytes, after: int) -> Iterator[int]:
    """Where the mark stands in the file beyond an offset."""
    start, tail = after + 1, b""
    while True:
        file.seek(start)
        chunk = file.read(_CHUNK)
        if not chunk:
            return
        text, begins = tail + chunk, start - len(tail)
        found = text.find(mark)
        while found >= 0:
            yield begins + found + mark.startswith(b"\n")
            found = text.find(mark, found + 1)
        tail = text[-(len(mark) - 1) :]
        start += len(chunk)
