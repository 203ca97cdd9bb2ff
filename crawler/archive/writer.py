"""Write archive files: each has one writer at a time, and a record is written completely or not at all."""

from __future__ import annotations

import fcntl
import itertools
import os
import re
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler import clock
from crawler.archive.record import make_record, warcinfo_record
from crawler.items import Page, RecordLocation

_MAX_DAYS = 100_000
"""Larger limits count as this one: the date must not lie before the year 1."""

_PAUSE = timedelta(days=180)
"""A longer time without any file does not count for the age of the earlier ones: either nothing was crawled, or the
clock was ahead, and must not cost the archive. Chosen by hand."""

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-\w+-\d{3,}\.warc\.gz")


class ArchiveWriter:
    """Appends records to <date>-<site>-<number>.warc.gz, in a new file each day (UTC) and when the present one is full.

    A file is locked while it is written. A file of an earlier run is continued only if it ends where the last committed
    record ends: a killed run may have left an incomplete record.
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
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        """`max_bytes`: a file of this size is full; 0 for no limit. `committed_end`: returns the end of the last record
        of a file that is committed in the database. `software`, `operator`: for the warcinfo record of each file."""
        self.folder = folder
        self.files_opened = 0
        self._site = re.sub(r"\W", "_", site)
        self._max_bytes = max_bytes or float("inf")
        self._committed_end = committed_end
        self._about = (software, operator)
        self._now = now
        self._file: int | None = None
        self._name = ""
        self._end = 0
        self._is_incomplete = False

    def append(self, page: Page) -> RecordLocation:
        """Write the page's record and return its location. Raises OSError and leaves the file as it was."""
        assert page.capture is not None
        if page.capture.record is None:
            make_record(page.capture, page)
        record, digest = page.capture.record, page.capture.digest
        assert record is not None
        assert digest is not None
        self._open_file_for(f"{self._now():%Y-%m-%d}")
        offset = self._end
        self._write(record)
        return RecordLocation(file=self._name, offset=offset, length=len(record), digest=digest)

    def close(self) -> None:
        """Sync and close the file. Raises OSError."""
        if self._file is not None:
            file, self._file = self._file, None
            try:
                os.fsync(file)
            finally:
                os.close(file)

    def _open_file_for(self, day: str) -> None:
        is_usable = self._name.startswith(day) and self._end < self._max_bytes and not self._is_incomplete
        if self._file is not None and is_usable:
            return
        self.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        prefix = f"{day}-{self._site}-"
        for number in itertools.count(self._last_number(prefix)):
            name = f"{prefix}{number:03}.warc.gz"
            if self._open(name):
                self.files_opened += 1
                return

    def _last_number(self, prefix: str) -> int:
        """The number of the day's newest file, 1 if there is none. The number of a file that was deleted because of the
        limits is never used again: the newest records would get the oldest name and be deleted next."""
        names = [self._name, *(path.name for path in self.folder.iterdir())]
        numbers = (name.removeprefix(prefix).partition(".")[0] for name in names if name.startswith(prefix))
        return max((int(number) for number in numbers if number.isdecimal()), default=1)

    def _open(self, name: str) -> bool:
        """Open a file if it is new or may be continued, and no other process writes it."""
        path = self.folder / name
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            if _lock(file) and _is_same(file, path):
                size = os.fstat(file).st_size
                if size == 0 or (size == self._committed_end(name) and size < self._max_bytes):
                    self._file, self._name, self._end, self._is_incomplete = file, name, size, False
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
        remaining = memoryview(record)
        try:
            while remaining:
                remaining = remaining[os.write(self._file, remaining) :]
        except OSError:  # a full disk may take the first part
            self._is_incomplete = True
            os.ftruncate(self._file, self._end)
            self._is_incomplete = False
            raise
        self._end += len(record)


def expired_files(folder: Path, *, max_bytes: int, max_days: float, now: datetime) -> Iterator[Path]:
    """The files to delete, oldest first: those older than `max_days`, and those beyond a total size of `max_bytes`. 0
    means no limit. Files with other names than the archive's are neither counted nor returned."""
    sizes = {
        path: size for path in folder.iterdir() if _NAME.fullmatch(path.name) and (size := _size(path)) is not None
    }
    total = sum(sizes.values())
    expired = _expired_days({_day(path) for path in sizes}, max_days, now) if max_days else frozenset()
    for path in sorted(sizes):
        if _day(path) in expired or (max_bytes and total > max_bytes):
            total -= sizes[path]
            yield path


def _expired_days(days: Set[str], max_days: float, now: datetime) -> frozenset[str]:
    """The days that are more than `max_days` ago, without the long pauses since."""
    expired, later, paused = set(), now, 0.0
    for day in sorted(days, reverse=True):
        try:
            moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
        except ValueError:  # the name of another program's file
            continue
        pause = later - moment
        paused += pause / timedelta(days=1) if pause > _PAUSE else 0.0
        later = min(later, moment)
        if day < f"{now - timedelta(days=min(max_days + paused, _MAX_DAYS)):%Y-%m-%d}":
            expired.add(day)
    return frozenset(expired)


def _day(path: Path) -> str:
    return path.name[: len("2026-01-31")]


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Lock a file while the block runs; yields False if another process writes it. Raises OSError."""
    file = os.open(path, os.O_RDWR)
    try:
        yield _lock(file) and _is_same(file, path)
    finally:
        os.close(file)


def _lock(file: int) -> bool:
    """The kernel releases the lock when the process ends."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_same(file: int, path: Path) -> bool:
    """Whether the open file still has this name: it may have been deleted before it was locked."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # deleted by another process
        return None
