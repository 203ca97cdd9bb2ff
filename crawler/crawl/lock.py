"""One crawl of a site at a time: a lock that the kernel holds, and releases by whatever way its holder ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from crawler.store import StoreError


class SiteLock:
    """The lock of one site, as a file in a folder beside the database. The file stays; only the lock on it counts."""

    def __init__(self, database: Path, site: str) -> None:
        database = database.resolve()  # one database, one lock, by whatever link it is named
        self.path = database.with_name(f"{database.name}.locks") / f"{site}.lock"
        self._file: int | None = None

    def acquire(self) -> bool:
        """Take the lock; False if another process has it. Raises StoreError if there can be no lock file."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Not inherited by the worker processes: they must not hold it longer than this one lives.
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreError(
                f"{self.path}: {error.strerror}; its folder must be writable, as the database's"
            ) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
