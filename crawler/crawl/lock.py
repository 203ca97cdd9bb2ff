"""One crawl of a site at a time: a lock of the kernel, which releases it however its holder ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from crawler.store import StoreError


class SiteLock:
    """The lock of one site: a file in a folder beside the database. The file is never deleted; only its lock counts."""

    def __init__(self, database: Path, site: str) -> None:
        database = database.resolve()  # one database has one lock, also behind a symbolic link
        self.path = database.with_name(f"{database.name}.locks") / f"{site}.lock"
        self._file: int | None = None

    def acquire(self) -> bool:
        """Take the lock; False if another process holds it. Raises StoreError if the lock file cannot be opened."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Not inherited by the worker processes: they must not hold the lock after this process has ended.
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreError(
                f"{self.path}: {error.strerror}; make its folder writable, as that of the database"
            ) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Release the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
