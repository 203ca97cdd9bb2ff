"""Files and folders that are whole or not there: made beside their place, moved into it when complete.

What a killed run leaves behind (`.name.….rasid.part`) is removed by the next one that writes into the same folder.
Whoever makes one holds a lock on it, which the kernel takes back from the dead, so that nobody removes what is still
being made.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

# Ours by name: a folder of exports may hold the unfinished files of other programs.
_PART = ".rasid.part"


class ExportError(ValueError):
    """An export that cannot be made; the message says what to do instead."""


class FormatError(ExportError):
    """A file name or an option that no format goes with."""


@contextlib.contextmanager
def staged_file(target: Path) -> Iterator[Path]:
    """A path to write to; what is there when the block ends takes the target's place. Raises ExportError."""
    with _told(target), _locked_part(target, _new_file) as part:
        try:
            yield part
            _to_disk(part)
            os.chmod(part, 0o666 & ~_umask())  # mkstemp makes it readable to its owner alone
            os.replace(part, target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _to_disk(target.parent)


@contextlib.contextmanager
def staged_folder(target: Path) -> Iterator[Path]:
    """A folder to fill; it gets the target's name when the block ends. The target must not exist, or be an empty
    folder. Raises ExportError."""
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise ExportError(f"{target} exists already, and is never overwritten; name another folder")
    with _told(target), _locked_part(target, _new_folder) as part:
        try:
            yield part
            for file in sorted(part.iterdir()):
                _to_disk(file)
            os.chmod(part, 0o777 & ~_umask())  # mkdtemp opens it to its owner alone
            _to_disk(part)
            os.replace(part, target)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        _to_disk(target.parent)


@contextlib.contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:  # no room on the disk, no right to write, a folder has the target's name
        raise ExportError(f"{target}: cannot be written ({error.strerror})") from error


@contextlib.contextmanager
def _locked_part(target: Path, make: Callable[[Path], Path]) -> Iterator[Path]:
    """Something new beside the target that nobody removes while the block runs; what the dead have left is removed.

    Between the making and the locking somebody else may take it for one that was left behind: then another is made.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target.parent)
    while True:
        part = make(target)
        try:
            descriptor = os.open(part, os.O_RDONLY)
        except FileNotFoundError:
            continue
        with contextlib.suppress(OSError):  # a file system without locks: nothing there is ever taken for abandoned
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _is_still(part, descriptor):
            break
        os.close(descriptor)
    try:
        yield part
    finally:
        os.close(descriptor)


def _new_file(target: Path) -> Path:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=_PART)
    os.close(descriptor)
    return Path(name)


def _new_folder(target: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.", suffix=_PART))


def _is_still(part: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(part), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _sweep(folder: Path) -> None:
    """Remove what nobody is making any more."""
    for part in folder.glob(f".*{_PART}"):
        try:
            descriptor = os.open(part, os.O_RDONLY)
        except OSError:  # gone already, or somebody else's
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # somebody is making it
            continue
        else:
            if part.is_dir():
                shutil.rmtree(part, ignore_errors=True)
            else:
                part.unlink(missing_ok=True)
        finally:
            os.close(descriptor)


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
