"""The database file as the operating system shows it: whether it can be written, how it is read if not, a full disk.

SQLite can read a file in WAL mode without write access only if its `-wal` and `-shm` files exist, as they do while a
crawl runs. Without them, `immutable=1` reads it, but is wrong if somebody writes meanwhile. Therefore the file is
compared before and after: while the file is the same, what was read from it is consistent. The file itself changes only
when a WAL is transferred to it. See https://sqlite.org/wal.html#read_only_databases.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

_FULL = 256 * 1024
"""Bytes. With less free space SQLite cannot begin a WAL and its index, of which the latter takes 32 kB at once. Chosen
by hand; no measurement."""


class FileState(NamedTuple):
    """What changes when a file is written."""

    inode: int
    size: int
    modified: int


def file_state(path: Path) -> FileState:
    """The present state of a file. Raises OSError."""
    status = path.stat()
    return FileState(status.st_ino, status.st_size, status.st_mtime_ns)


def can_write(path: Path) -> bool:
    """Whether this process can write an existing database. SQLite needs its folder as well, for the WAL."""
    wal = _beside(path, "-wal")
    return os.access(path, os.W_OK) and (os.access(path.resolve().parent, os.W_OK) or os.access(wal, os.W_OK))


def is_at_rest(path: Path) -> bool:
    """Whether the file contains everything: no WAL or rollback journal has something that is missing in it."""
    return not any(
        other.exists() and other.stat().st_size for other in (_beside(path, "-wal"), _beside(path, "-journal"))
    )


def connect_read_only(path: Path, timeout: float) -> tuple[sqlite3.Connection, FileState | None]:
    """Open a database that this process cannot write. The state is not None if the file must not change meanwhile."""
    state = file_state(path)  # first: whoever writes after this changes it
    at_rest = is_at_rest(path)
    how = "immutable=1" if at_rest else "mode=ro"
    uri = f"file:{quote(str(path.absolute()))}?{how}"
    return sqlite3.connect(uri, uri=True, timeout=timeout), state if at_rest else None


def is_disk_full(path: Path) -> bool:
    """Whether the file system has no room for a file beside this one: SQLite then reports that it cannot open the file,
    or an I/O error."""
    try:
        disk = os.statvfs(path.resolve().parent)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < _FULL or (disk.f_files > 0 and disk.f_favail == 0)


def is_disk_full_error(error: OSError) -> bool:
    """Whether an error of the operating system is a full disk or an exhausted quota."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def _beside(path: Path, suffix: str) -> Path:
    """SQLite names these files after the file itself, not after a symbolic link to it."""
    target = path.resolve()
    return target.with_name(target.name + suffix)
