"""Atomic files and folders: written under a temporary name beside the target, renamed when complete.

A killed process leaves its temporary file (`.name.….rasid.part`); the next process that writes into the same folder
removes it. A process holds a lock on the temporary file that it writes, so that no other process removes it. The kernel
releases the lock when the process ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

# With our name: the folder may contain unfinished files of other programs.
_PART = ".rasid.part"


class ExportError(ValueError):
    """An export that cannot be written; the message says what to do."""


class FormatError(ExportError):
    """A file name or an option that cannot be used: wrong usage, not a failure."""


def check_folder(target: Path) -> None:
    """Raise FormatError if the folder of a file does not exist: a misspelt one would be created."""
    if not target.parent.is_dir():
        raise FormatError(f"{target}: the folder {target.parent} does not exist; create it, or correct the name")


@contextlib.contextmanager
def staged_file(target: Path) -> Iterator[Path]:
    """A temporary path to write to. It replaces the target when the block ends. Raises ExportError."""
    check_folder(target)
    with _converting_errors(target), _locked_part(target, _new_file) as part:
        try:
            yield part
            _sync(part)
            os.chmod(part, 0o666 & ~_umask())  # mkstemp allows access only to the owner
            os.replace(part, target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _sync(target.parent)


@contextlib.contextmanager
def staged_folder(target: Path) -> Iterator[Path]:
    """A temporary folder to fill. It gets the target's name when the block ends. The target must not exist, or be an
    empty folder. Raises ExportError."""
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise ExportError(f"{target}: already exists and is never overwritten; give another folder")
    with _converting_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    with _converting_errors(target), _locked_part(target, _new_folder) as part:
        try:
            yield part
            for file in sorted(part.iterdir()):
                _sync(file)
            os.chmod(part, 0o777 & ~_umask())  # mkdtemp allows access only to the owner
            _sync(part)
            os.replace(part, target)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        _sync(target.parent)


@contextlib.contextmanager
def scratch_folder(target: Path) -> Iterator[Path]:
    """A folder beside the target for temporary files, removed when the block ends. Raises ExportError."""
    with _converting_errors(target), _locked_part(target, _new_folder) as part:
        try:
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)


@contextlib.contextmanager
def _converting_errors(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:  # full disk, no permission, the target is a folder
        raise ExportError(f"{target}: cannot be written ({error.strerror})") from error


@contextlib.contextmanager
def _locked_part(target: Path, make: Callable[[Path], Path]) -> Iterator[Path]:
    """A new temporary file or folder beside the target, locked while the block runs. Abandoned ones are removed.

    If another process removes it as abandoned before it is locked, another one is created.
    """
    _sweep(target.parent)
    while True:
        part = make(target)
        try:
            descriptor = os.open(part, os.O_RDONLY)
        except FileNotFoundError:
            continue
        with contextlib.suppress(OSError):  # a file system without locks: nothing is ever removed as abandoned
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
    """Remove abandoned temporary files and folders."""
    for part in folder.glob(f".*{_PART}"):
        try:
            descriptor = os.open(part, os.O_RDONLY)
        except OSError:  # removed already, or owned by another user
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # another process is writing it
            continue
        else:
            if part.is_dir():
                shutil.rmtree(part, ignore_errors=True)
            else:
                part.unlink(missing_ok=True)
        finally:
            os.close(descriptor)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
