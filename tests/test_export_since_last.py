"""`--since-last NAME`: exactly what is new or changed, and no loss whenever a run is killed."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.store import ArticleFilter, Store
from tests.conftest import PROJECT
from tests.inprocess import Commands
from tests.made_up import HOME, NOW, an_article, later, put
from tests.test_store_articles import pointing


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        for path in "abc":
            put(opened, an_article(path, f"text of {path}"))
        yield opened


@pytest.fixture
def scrapy(store: Store, capfd: pytest.CaptureFixture[str]) -> Commands:
    return Commands(store.path, capfd)


def exported(scrapy: Commands, tmp_path: Path, *words: str, name: str = "daily") -> str:
    """The paths of the articles in the next export of this name."""
    target = tmp_path / "out.jsonl"
    result = scrapy("export", str(target), "--since-last", name, *words)
    assert result.code == 0, result.err
    return paths(target)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def paths(target: Path) -> str:
    return "".join(json.loads(line)["url"].removeprefix(HOME) for line in target.read_text("utf-8").splitlines())


def test_the_first_export_holds_all_and_the_next_what_is_new(scrapy: Commands, store: Store, tmp_path: Path) -> None:
    assert exported(scrapy, tmp_path) == "abc"
    assert exported(scrapy, tmp_path) == ""
    put(store, an_article("d", "text of d"))
    assert exported(scrapy, tmp_path) == "d"
    assert exported(scrapy, tmp_path, name="weekly") == "abcd"


def test_what_is_stored_in_the_second_of_an_export_is_in_the_next(
    scrapy: Commands, store: Store, tmp_path: Path
) -> None:
    exported(scrapy, tmp_path)
    put(store, an_article("d", "text of d"))  # first_seen is the same second as that of the others
    assert exported(scrapy, tmp_path) == "d"


def test_what_is_stored_while_an_export_is_written_is_left_for_the_next(store: Store) -> None:
    article_filter = ArticleFilter()
    changes = store.exports.changes_since("daily", article_filter)
    put(store, an_article("d", "text of d"))  # by a reader that took no snapshot, or after it
    assert [
        row["url"].removeprefix(HOME) for row in store.exports.articles(replace(article_filter, changes=changes))
    ] == [
        "a",
        "b",
        "c",
    ]
    store.exports.record_export("daily", article_filter, changes, 3, NOW)
    following = replace(article_filter, changes=store.exports.changes_since("daily", article_filter))
    assert [row["url"].removeprefix(HOME) for row in store.exports.articles(following)] == ["d"]


def test_a_changed_article_is_exported_again_and_an_unchanged_one_is_not(
    scrapy: Commands, store: Store, tmp_path: Path
) -> None:
    exported(scrapy, tmp_path)
    put(store, an_article("a", "text of a"), later(days=1))  # fetched again, the same
    put(store, an_article("b", "text of b, corrected"), later(days=1))
    put(store, an_article("c", "text of c", tags=["new"]), later(days=1))
    assert exported(scrapy, tmp_path) == "bc"
    assert exported(scrapy, tmp_path) == ""


def test_an_article_that_became_a_copy_is_exported_with_duplicates(
    scrapy: Commands, store: Store, tmp_path: Path
) -> None:
    words = ("--with-duplicates", "--columns", "url,duplicate_of")
    exported(scrapy, tmp_path, *words)
    with closing(sqlite3.connect(store.path)) as db, db:
        db.execute("UPDATE articles SET duplicate_of = 1, story_id = 1 WHERE id = 3")
    assert exported(scrapy, tmp_path, *words) == "c"


def test_a_new_copy_is_not_a_new_story(scrapy: Commands, store: Store, tmp_path: Path) -> None:
    assert exported(scrapy, tmp_path, "--stories") == "abc"
    put(store, an_article("d", "text of a", title="Title of a"))
    put(store, an_article("e", "text of e"))
    assert exported(scrapy, tmp_path, "--stories") == "e"


def test_an_article_of_which_only_the_related_ones_changed_goes_with_its_list(
    scrapy: Commands, store: Store, tmp_path: Path
) -> None:
    related = tmp_path / "related.jsonl"
    words = ("--related", str(related))
    put(store, pointing("d", "x", "y"))
    assert exported(scrapy, tmp_path, *words) == "abcd"
    assert exported(scrapy, tmp_path, name="bare") == "abcd"
    put(store, pointing("d", "x", "y"), later(days=1))  # the same again
    assert exported(scrapy, tmp_path, *words) == ""
    put(store, pointing("d", "x", "z"), later(days=2))
    assert exported(scrapy, tmp_path, name="bare") == "", "all that this one holds is as it was"
    assert exported(scrapy, tmp_path, *words) == "d"
    assert [row["url"] for row in lines(related)] == [HOME + "x", HOME + "z"]
    put(store, pointing("d"), later(days=3))  # an emptied list is exported as its article
    assert exported(scrapy, tmp_path, *words) == "d"
    assert lines(related) == []
    assert exported(scrapy, tmp_path, *words) == ""


def test_an_article_whose_related_one_was_stored_goes_with_its_list(
    scrapy: Commands, store: Store, tmp_path: Path
) -> None:
    related = tmp_path / "related.jsonl"
    put(store, pointing("d", "x"))
    exported(scrapy, tmp_path, "--related", str(related))
    put(store, an_article("x", "text of x"))
    assert exported(scrapy, tmp_path, "--related", str(related)) == "dx"
    assert [row["target_url"] for row in lines(related)] == [HOME + "x"]


def test_lists_that_one_export_left_out_are_in_the_next_that_has_them(
    scrapy: Commands, store: Store, tmp_path: Path
) -> None:
    words = ("--related", str(tmp_path / "related.jsonl"))
    put(store, pointing("d", "x"))
    exported(scrapy, tmp_path, *words)
    put(store, pointing("d", "y"), later(days=1))
    assert exported(scrapy, tmp_path) == ""
    assert exported(scrapy, tmp_path, *words) == "d"


def test_an_sqlite_file_holds_the_changed_lists_and_the_stories_of_their_articles(
    scrapy: Commands, store: Store, tmp_path: Path
) -> None:
    target = tmp_path / "out.db"
    put(store, pointing("d", "x"))
    words = ("export", str(target), "--since-last", "daily")
    assert scrapy(*words).code == 0
    put(store, pointing("d", "y"), later(days=1))
    assert scrapy(*words).code == 0
    with closing(sqlite3.connect(target)) as db:
        assert db.execute("SELECT url FROM articles").fetchall() == [(HOME + "d",)]
        assert db.execute("SELECT url FROM related_articles").fetchall() == [(HOME + "y",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_an_edge_whose_lag_has_changed_is_exported_again(scrapy: Commands, store: Store, tmp_path: Path) -> None:
    edges = tmp_path / "edges.jsonl"
    words = ("--story-edges", str(edges))
    put(store, an_article("d", published=NOW))
    put(store, an_article("e", published=later(hours=1)))
    exported(scrapy, tmp_path, *words)
    put(store, an_article("f", published=later(hours=-1)))  # published first
    assert exported(scrapy, tmp_path, *words) == ""
    assert {row["url"]: row["lag_seconds"] for row in lines(edges)} == {HOME + "e": 7200, HOME + "f": 0}
    exported(scrapy, tmp_path, *words)
    assert lines(edges) == []


def test_a_deleted_article_leaves_no_change_behind(store: Store) -> None:
    put(store, pointing("d", "x"))
    with closing(sqlite3.connect(store.path)) as db:
        db.execute("PRAGMA foreign_keys = ON")
        with db:
            db.execute("DELETE FROM pages WHERE article_id = 4")
            db.execute("DELETE FROM articles WHERE id = 4")
        assert db.execute("SELECT count(*) FROM related_changes").fetchone() == (0,)


def test_other_filters_under_the_same_name_are_refused(scrapy: Commands, tmp_path: Path) -> None:
    assert exported(scrapy, tmp_path, "--site", "example") == "abc"
    result = scrapy("export", str(tmp_path / "other.csv"), "--since-last", "daily")
    assert result.code == 2
    assert 'the last export of that name had other filters ({"sites": ["example"]})' in result.err
    assert not (tmp_path / "other.csv").exists()


def test_an_export_that_fails_does_not_count(scrapy: Commands, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    assert scrapy("export", str(tmp_path / "folder.csv"), "--since-last", "daily").code == 1
    assert exported(scrapy, tmp_path) == "abc"


KILLED = """
import os, signal, sys
from scrapy.cmdline import execute
from crawler.export import staging
from crawler.store.read.exports import Exports

def kill(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def dying_rows(self, wanted):
    yield from list(rows(self, wanted))[:2]
    kill()

point, target, database = sys.argv[1:]
rows = Exports.articles
if point == "between the rows":
    Exports.articles = dying_rows
elif point == "before the file is in its place":
    staging.os.replace = kill
elif point == "before it is remembered":
    Exports.record_export = kill
execute(["scrapy", "export", target, "--since-last", "daily", "-s", "NEWS_DB=" + database])
"""


@pytest.mark.parametrize("point", ["between the rows", "before the file is in its place", "before it is remembered"])
def test_kill_9_leaves_no_half_file_and_nothing_is_left_out(
    scrapy: Commands, store: Store, tmp_path: Path, point: str
) -> None:
    assert exported(scrapy, tmp_path) == "abc"
    put(store, an_article("d", "text of d"))
    put(store, an_article("e", "text of e"))
    target = tmp_path / "out.jsonl"
    before = target.read_bytes()
    command = [sys.executable, "-c", KILLED, point, str(target), str(store.path)]
    killed = subprocess.run(command, cwd=PROJECT, env=os.environ | {"PYTHONPATH": str(PROJECT)}, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert target.read_bytes() == before or paths(target) == "de"
    put(store, an_article("f", "text of f"))
    assert exported(scrapy, tmp_path) == "def"
    assert exported(scrapy, tmp_path) == ""
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]
