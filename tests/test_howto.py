"""What the how-to pages advise: the commands of backup.md and of the releases in export.md."""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from crawler.export import ARTICLE_COLUMNS
from crawler.home import create_home
from crawler.store import Store
from tests.conftest import PROJECT
from tests.inprocess import Commands
from tests.made_up import an_article, put


def commands(page: str, heading: str) -> list[str]:
    """The commands below a heading."""
    text = (PROJECT / "docs" / page).read_text("utf-8")
    part = re.split(r"^## ", text.split(f"## {heading}\n")[1], flags=re.MULTILINE)[0]
    return re.findall(r"^    (.+)$", part, re.MULTILINE)


def store_an_article(database: Path) -> None:
    with Store(database) as store:
        put(store, an_article("a"))


def test_a_copy_that_is_made_while_a_crawl_has_the_database_open_is_complete(tmp_path: Path) -> None:
    (line,) = [line for line in commands("backup.md", "Back up") if line.startswith("python3")]
    line = line.replace("python3", sys.executable).replace("/backup/", f"{tmp_path}/copy-")
    with Store(tmp_path / "news.db") as store:
        put(store, an_article("a"))
        subprocess.run(shlex.split(line), cwd=tmp_path, check=True)
    (check,) = commands("backup.md", "Check a copy")
    with closing(sqlite3.connect(tmp_path / "copy-news.db")) as db:
        answers = [db.execute(sql).fetchall() for sql in shlex.split(check)[2].split(";")]
    assert answers == [[("ok",)], [(1,)]]


def test_a_home_that_was_moved_shows_the_same(tmp_path: Path) -> None:
    home = create_home(tmp_path / "old")
    store_an_article(home.database)
    shutil.move(home.folder, tmp_path / "new")
    result = subprocess.run(
        [sys.executable, "-m", "rasid", "--home", str(tmp_path / "new"), "export", "-", "--columns", "title"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, len(result.stdout.splitlines())) == (0, 2), result.stderr
    assert not home.folder.exists()


def test_the_releases_of_the_page_can_be_made(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    store_an_article(tmp_path / "news.db")
    scrapy = Commands(tmp_path / "news.db", capfd)
    (tmp_path / "out").mkdir()
    lines = commands("export.md", "Releases")
    assert len(lines) == 3
    for line in lines:
        words = [word.replace("out/", f"{tmp_path}/out/") for word in shlex.split(line)]
        result = scrapy(*words[1:])
        assert result.code == 0, line + result.err


def test_the_columns_of_the_dataset_without_texts_exist() -> None:
    (line,) = commands("law.md", "Passing texts on")
    columns = shlex.split(line)[4].split(",")
    assert "body" not in columns
    assert set(columns) <= set(ARTICLE_COLUMNS)
