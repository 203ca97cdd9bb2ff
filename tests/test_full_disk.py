"""A full disk is called a full disk, also where SQLite reports that it cannot open the file, or an I/O error."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.store import Store, StoreError
from tests.inprocess import Commands

MESSAGE = "make room on the disk and run again: nothing that was committed is lost"


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a small disk with a database on it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = False

    def mount(options: str) -> Path:
        nonlocal mounted
        words = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
        if subprocess.run(words, check=False, capture_output=True).returncode:
            pytest.skip("only root may mount a small disk")
        mounted = True
        Store(tmp_path / "news.db").close()
        return Path(shutil.copy(tmp_path / "news.db", folder))

    yield mount
    if mounted:
        subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path) -> None:
    with (folder / "filler").open("wb", buffering=0) as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(folder).free)


def test_without_room_for_a_wal(mount: Callable[[str], Path], capfd: pytest.CaptureFixture[str]) -> None:
    database = mount("size=1M")
    fill(database.parent)
    for words in (("status",), ("search", "word"), ("export", "-")):
        result = Commands(database, capfd)(*words)
        assert (result.code, result.err.count("\n")) == (1, 1)
        assert "full" in result.err
        assert MESSAGE in result.err
    os.unlink(database.parent / "filler")
    assert Commands(database, capfd)("status").code == 0


def test_without_a_free_inode(mount: Callable[[str], Path]) -> None:
    database = mount("size=5M,nr_inodes=3")
    (database.parent / "last").touch()
    with pytest.raises(StoreError, match=r"the disk is full \(unable to open database file\); " + MESSAGE):
        Store(database)


def test_without_room_for_a_folder(mount: Callable[[str], Path]) -> None:
    database = mount("size=5M,nr_inodes=3")
    (database.parent / "last").touch()
    with pytest.raises(StoreError, match=MESSAGE):
        Store(database.parent / "new" / "news.db")
