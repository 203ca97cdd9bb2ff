"""Writing archive files: each has one writer at a time, and a record is on disk whole or not at all."""

from __future__ import annotations

import fcntl
import itertools
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from crawler import clock
from crawler.archive.record import payload_digest, response_record, warcinfo_record
from crawler.items import Page, RecordLocation

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-\w+-\d{3,}\.warc\.gz")


class ArchiveWriter:
    """Appends records to <date>-<site>-<number>.warc.gz, beginning a new file each day (UTC) and when one is full.

    A file is held by a lock of the kernel while it is written. One that an earlier run left is continued only if it
    ends where the last committed record ends: what a killed run left behind may be torn.
    """

    def __init__(
        self,
        folder: Path,
        site: str,
        *,
        max_bytes: int,
        committed_end: Callable[[str], int | None],
        software: str = "",
        operator: str = "",
        clock: Callable[[], datetime] = clock.now,
    ) -> None:
        """`max_bytes`: a file that is as large is full; 0 for no limit. `committed_end`: where the last record of a
        file ends of which the database knows. `software`, `operator`: for the record that begins each file."""
        self.folder = folder
        self.files_opened = 0
        self._site = re.sub(r"\W", "_", site)
        self._max_bytes = max_bytes or float("inf")
        self._committed_end = committed_end
        self._about = (software, operator)
        self._clock = clock
        self._file: int | None = None
        self._name = ""
        self._end = 0
        self._is_torn = False

    def append(self, page: Page) -> RecordLocation:
        """Write the page's record; where it is. Raises OSError, and then the file is as it was before."""
        assert page.capture is not None
        record = page.capture.record or response_record(page)
        self._open_file_for(f"{self._clock():%Y-%m-%d}")
        offset = self._end
        self._write(record)
        return RecordLocation(
            file=self._name, offset=offset, length=len(record), digest=payload_digest(page.capture.body)
        )

    def close(self) -> None:
        """Let go of the file; what was written is forced to the disk. Raises OSError."""
        if self._file is not None:
            file, self._file = self._file, None
            try:
                os.fsync(file)
            finally:
                os.close(file)

    def _open_file_for(self, day: str) -> None:
        going_on = self._name.startswith(day) and self._end < self._max_bytes and not self._is_torn
        if self._file is not None and going_on:
            return
        self.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        begin = f"{day}-{self._site}-"
        for number in itertools.count(self._last_number(begin)):
            name = f"{begin}{number:03}.warc.gz"
            if self._take(name):
                self.files_opened += 1
                return

    def _last_number(self, begin: str) -> int:
        """The number of the day's newest file, 1 if there is none yet. Never that of a file which was deleted for the
        limits: the newest records would get the oldest name, and be deleted next."""
        names = [self._name, *(path.name for path in self.folder.iterdir())]
        numbers = (name.removeprefix(begin).partition(".")[0] for name in names if name.startswith(begin))
        return max((int(number) for number in numbers if number.isdecimal()), default=1)

    def _take(self, name: str) -> bool:
        """Open a file, if it is new or may be continued and nobody else writes it."""
        path = self.folder / name
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            if _lock(file) and _is_same(file, path):
                size = os.fstat(file).st_size
                if size == 0 or (size == self._committed_end(name) and size < self._max_bytes):
                    self._file, self._name, self._end, self._is_torn = file, name, size, False
                    if size == 0:
                        self._write(warcinfo_record(name, self._site, *self._about))
                    return True
        except BaseException:
            self._file = None
            os.close(file)
            raise
        os.close(file)
        return False

    def _write(self, record: bytes) -> None:
        assert self._file is not None
        left = memoryview(record)
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError:  # a full disk takes the first part
            self._is_torn = True
            os.ftruncate(self._file, self._end)
            self._is_torn = False
            raise
        self._end += len(record)


def outdated_files(folder: Path, *, max_bytes: int, max_days: float, now: datetime) -> Iterator[Path]:
    """The archive's own files that are over a limit, oldest first: older than so many days, or beyond so many bytes in
    all. 0 is no limit. Files of other names are neither counted nor given."""
    oldest_day = f"{now - timedelta(days=min(max_days, 100_000)):%Y-%m-%d}" if max_days else ""
    sizes = {
        path: size for path in folder.iterdir() if _NAME.fullmatch(path.name) and (size := _size(path)) is not None
    }
    total = sum(sizes.values())
    for path in sorted(sizes):
        if path.name[: len("2026-01-31")] < oldest_day or (max_bytes and total > max_bytes):
            total -= sizes[path]
            yield path


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Whether a file could be locked, so that nobody writes it within the block. Raises OSError."""
    file = os.open(path, os.O_RDWR)
    try:
        yield _lock(file) and _is_same(file, path)
    finally:
        os.close(file)


def _lock(file: int) -> bool:
    """The lock goes with the process, however it ends."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_same(file: int, path: Path) -> bool:
    """Whether the open file is still the one of that name: it may have been deleted before it was locked."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # another process deleted it just now
        return None
