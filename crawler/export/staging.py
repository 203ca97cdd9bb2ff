"""Files and folders that are whole or not there: made beside their place, moved into it when complete.

What a killed run leaves behind (`.name.….part`) is removed by the next one that writes the same target. Whoever makes
one holds a lock on it, which the kernel takes back from the dead, so that nobody removes what is still being made.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


class ExportError(ValueError):
    """An export that cannot be made; the message says what to do instead."""


@contextlib.contextmanager
def staged_file(target: Path) -> Iterator[Path]:
    """A path to write to; what is there when the block ends takes the target's place. Raises ExportError."""
    with _told(target), _parts_swept(target):
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
        part = Path(name)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield part
            _to_disk(part)
            os.chmod(part, 0o666 & ~_umask())  # mkstemp makes it readable to its owner alone
            os.replace(part, target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
        _to_disk(target.parent)


@contextlib.contextmanager
def staged_folder(target: Path) -> Iterator[Path]:
    """A folder to fill; it gets the target's name when the block ends. The target must not exist, or be an empty
    folder. Raises ExportError."""
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise ExportError(f"{target} exists already, and is never overwritten; name another folder")
    with _told(target), _parts_swept(target):
        part = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part"))
        descriptor = os.open(part, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield part
            for file in sorted(part.iterdir()):
                os.chmod(file, 0o666 & ~_umask())
                _to_disk(file)
            os.chmod(part, 0o777 & ~_umask())
            _to_disk(part)
            os.replace(part, target)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        finally:
            os.close(descriptor)
        _to_disk(target.parent)


@contextlib.contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:  # no room on the disk, no right to write, a folder has the target's name
        raise ExportError(f"{target}: cannot be written ({error.strerror})") from error


@contextlib.contextmanager
def _parts_swept(target: Path) -> Iterator[None]:
    """Make the target's folder, and remove what nobody is making any more."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for part in target.parent.iterdir():
        if part.name.startswith(f".{target.name}.") and part.name.endswith(".part") and _is_abandoned(part):
            if part.is_dir():
                shutil.rmtree(part, ignore_errors=True)
            else:
                part.unlink(missing_ok=True)
    yield


def _is_abandoned(part: Path) -> bool:
    try:
        descriptor = os.open(part, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
