"""kill -9 in the middle of a release: no partial release is left, and the next one is complete."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.generated import fill
from crawler.release import find_problems
from tests.conftest import PROJECT, Workplace

KILLED = """
import os, signal, sys
from scrapy.cmdline import execute
from crawler.export import staging

def kill(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

staging.os.replace = kill
execute(["scrapy", "release", sys.argv[1], "--name", "news", "-s", "NEWS_DB=" + sys.argv[2]])
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("db") / "news.db"
    fill(path, 3_000, words=60)
    return path


def test_a_release_killed_at_its_end_is_not_there_and_the_next_is_whole(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "one"
    command = [sys.executable, "-c", KILLED, str(folder), str(database)]
    killed = subprocess.run(command, cwd=PROJECT, env=os.environ | {"PYTHONPATH": str(PROJECT)}, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not folder.exists()
    assert len(list(tmp_path.iterdir())) == 1, "what it had written is still there, under another name"
    whole_after(database, folder)


@pytest.mark.parametrize("written", [1, 400_000, 2_000_000])
def test_a_release_killed_while_it_is_written_is_not_there_and_the_next_is_whole(
    database: Path, tmp_path: Path, written: int
) -> None:
    workplace = Workplace(tmp_path, {"NEWS_DB": str(database)})
    folder = tmp_path / "one"
    with workplace.start("release", str(folder), "--name", "news") as process:
        deadline = time.monotonic() + 60
        while bytes_below(tmp_path) < written and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert not folder.exists()
    whole_after(database, folder)


def bytes_below(folder: Path) -> int:
    """Bytes in the files of a folder, some of which may vanish meanwhile."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total


def whole_after(database: Path, folder: Path) -> None:
    result = Workplace(folder.parent, {"NEWS_DB": str(database)}).run("release", str(folder), "--name", "news")
    assert result.returncode == 0, result.stderr
    assert find_problems(folder) == []
    assert [path.name for path in folder.parent.iterdir()] == ["one"], "what the killed one left is gone"
    assert len((folder / "articles.jsonl").read_bytes().splitlines()) == 2_850
