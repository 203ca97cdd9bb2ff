"""The database file: opening, migrating, what can be wrong with it, two writers, and kill -9."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils

from crawler.items import PageResult
from crawler.store import ArticleFilter, Store, StoreError
from crawler.store.schema.migrations import MIGRATIONS
from tests.made_up import NOW, SITE, a_candidate, an_article, enqueue, pending, put, row, rows

PROJECT = Path(__file__).resolve().parent.parent

# Stores batches of ten articles and prints the number of each batch when it is on disk. Run in its own process.
WRITER = """
import sys
from pathlib import Path
from crawler.items import PageResult
from crawler.store import Store
from tests.made_up import NOW, a_candidate, enqueue, an_article

path, who, first, batches = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
with Store(path, timeout=30) as store:
    run = store.runs.begin(who, {}, NOW)
    for number in range(first, first + batches):
        paths = [f"{who}/{number}/{n}" for n in range(9)] + [f"shared/{number}"]
        made = [an_article(p, " ".join(f"{p}x{word}" for word in range(50))) for p in paths]
        enqueue(store, *(a_candidate(p) for p in paths))
        store.record_outcomes([PageResult(page=article.page, article=article) for article in made], NOW, run_id=run)
        print(number, flush=True)
"""


def writer(path: Path, who: str, first: int, batches: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), who, str(first), str(batches)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


# -- opening ---------------------------------------------------------------------------------------------------------


def test_a_file_is_created_with_its_folder_and_opened_again_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "news.db"
    with Store(path) as store:
        put(store, an_article())
    with Store(path, create=False) as store:
        assert [each["title"] for each in store.exports.articles(ArticleFilter())] == ["Title of a"]


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    path.touch()
    with Store(path) as store:
        assert store.sites.summaries() == {}


def test_the_file_is_what_other_tools_expect(tmp_path: Path) -> None:
    with Store(tmp_path / "news.db") as store:
        put(store, an_article())
        with closing(sqlite3.connect(store.path)) as db:
            assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with closing(sqlite_utils.Database(store.path)) as db:
        tables = {table.name: table for table in db.tables}
        assert {"articles", "pages", "channels", "runs", "revisions", "related_articles"} <= set(tables)
        assert tables["articles"].pks == ["id"]
        assert {key.other_table for key in tables["pages"].foreign_keys} == {"articles"}
        assert {key.other_table for key in tables["revisions"].foreign_keys} == {"articles"}


def test_foreign_keys_are_enforced(tmp_path: Path) -> None:
    with Store(tmp_path / "news.db") as store:
        enqueue(store, a_candidate())
        with pytest.raises(sqlite3.IntegrityError):
            store._db.execute("UPDATE pages SET article_id = 99")


def test_two_rows_of_one_article_or_page_are_impossible(tmp_path: Path) -> None:
    with Store(tmp_path / "news.db") as store:
        put(store, an_article())
    with closing(sqlite3.connect(tmp_path / "news.db")) as db:
        for table in ("articles", "pages"):
            names = ", ".join(name for _, name, *_ in db.execute(f"PRAGMA table_info({table})") if name != "id")
            with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
                db.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {table}")


# -- what can be wrong with the file ---------------------------------------------------------------------------------


def test_a_file_that_is_not_a_database_is_reported_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader,\n" * 200)
    with pytest.raises(
        StoreError, match=r"letter\.txt: file is not a database; .*name another one with -s NEWS_DB=FILE"
    ):
        Store(path)
    assert path.read_text() == "Dear reader,\n" * 200


def test_a_missing_file_is_not_created_for_reading(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "news.db"
    with pytest.raises(StoreError, match=r"news\.db does not exist; crawl a site first"):
        Store(path, create=False)
    assert not path.parent.exists()


def test_a_folder_and_a_file_instead_of_a_folder_are_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="unable to open database file; name a file in a folder"):
        Store(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="name a file in a folder that you can write to"):
        Store(tmp_path / "file" / "news.db")


@contextlib.contextmanager
def a_user_without_rights() -> Iterator[None]:
    """As somebody who may write only what is everybody's; root may write everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """Outside of tmp_path, which only its owner may enter. With a database whose writer has ended."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Store(folder / "news.db") as store:
            put(store, an_article())
        folder.chmod(0o555)
        (folder / "news.db").chmod(0o444)
        yield folder
        folder.chmod(0o755)


def test_a_read_only_folder_is_reported(read_only_folder: Path) -> None:
    with a_user_without_rights():
        with pytest.raises(StoreError, match=r"new\.db: unable to open database file; name a file in a folder"):
            Store(read_only_folder / "new.db")
        with pytest.raises(StoreError, match="name a file in a folder that you can write to"):
            Store(read_only_folder / "sub" / "new.db")


def test_a_read_only_database_is_reported(read_only_folder: Path) -> None:
    with (
        a_user_without_rights(),
        pytest.raises(StoreError, match=r"news\.db: .*; .*write"),
        Store(read_only_folder / "news.db") as store,
    ):
        put(store, an_article("b"))


def test_a_database_that_another_program_locks_is_reported_after_the_timeout(tmp_path: Path) -> None:
    with Store(tmp_path / "news.db", timeout=0.2) as store:
        enqueue(store, a_candidate())
        with closing(sqlite3.connect(store.path)) as other:
            other.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            way_out = "another program holds it: wait for it to end, or raise NEWS_DB_TIMEOUT"
            with pytest.raises(StoreError, match=rf"news\.db: database is locked; {way_out}"):
                put(store, an_article())
            assert 0.1 < time.monotonic() - began < 5
            assert pending(store) == ["a"], "reading goes on"
        assert put(store, an_article()) == "new"


def test_a_new_file_that_another_program_locks_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match=r"news\.db: database is locked; another program holds it"):
            Store(path, timeout=0.1)


def test_a_short_lock_is_waited_out(tmp_path: Path) -> None:
    with Store(tmp_path / "news.db", timeout=20) as store:
        holding = (
            "import sqlite3, sys, time\ndb = sqlite3.connect(sys.argv[1])\ndb.execute('BEGIN IMMEDIATE')\n"
            "print('held', flush=True)\ntime.sleep(0.5)\ndb.commit()\ndb.close()"
        )
        with subprocess.Popen([sys.executable, "-c", holding, str(store.path)], stdout=subprocess.PIPE) as other:
            assert other.stdout is not None
            other.stdout.readline()
            assert put(store, an_article()) == "new"


def test_a_damaged_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with Store(path) as store:
        for n in range(300):
            enqueue(store, a_candidate(str(n), title="x" * 500))
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(StoreError, match="the file is damaged: restore a copy"), Store(path) as store:
        pending(store)


def test_a_transaction_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    good, bad = an_article("a"), an_article("b", title="\ud800")
    with Store(tmp_path / "news.db") as store:
        enqueue(store, a_candidate("a"), a_candidate("b"))
        run = store.runs.begin(SITE, {}, NOW)
        results = [PageResult(page=article.page, article=article) for article in (good, bad) if article.page]
        with pytest.raises(UnicodeEncodeError):
            store.record_outcomes(results, NOW, run_id=run)
        with pytest.raises(AttributeError):
            store.channels.record_answer(SITE, "feed", "x", [a_candidate("c"), None], NOW, status=200)  # type: ignore[list-item]
        assert pending(store) == ["a", "b"]
        assert rows(store.path, "SELECT * FROM articles") == []
        assert rows(store.path, "SELECT url FROM channels WHERE url = 'x'") == []
        assert row(store.path, "SELECT requested, new FROM runs") == {"requested": 0, "new": 0}
        assert put(store, good) == "new"


# -- several processes -----------------------------------------------------------------------------------------------


def assert_sound(path: Path) -> None:
    """Nothing broken, and an article and its page's outcome stand or fall together."""
    assert row(path, "PRAGMA integrity_check") == {"integrity_check": "ok"}
    assert rows(path, "PRAGMA foreign_key_check") == []
    without_page = """SELECT url FROM articles WHERE NOT EXISTS (
        SELECT 1 FROM pages WHERE article_id = articles.id AND state = 'done' AND outcome IS NOT NULL)"""
    assert rows(path, without_page) == []
    counted = rows(path, "SELECT site, count(*) AS articles FROM articles GROUP BY site")
    assert rows(path, "SELECT site, articles FROM site_counts ORDER BY site") == counted
    assert rows(path, "SELECT url FROM pages WHERE state = 'done' AND article_id IS NULL") == []
    assert rows(path, "SELECT url FROM pages WHERE state = 'pending' AND (article_id OR outcome OR attempts)") == []


def test_crawls_that_write_at_once_lose_nothing_and_fail_at_nothing(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    writers = [writer(path, who, 0, 30) for who in ("one", "two", "three")]
    for ended in writers:
        out, err = ended.communicate(timeout=60)
        assert (ended.returncode, err) == (0, "")
        assert out.split() == [str(n) for n in range(30)]
    assert_sound(path)
    assert row(path, "SELECT count(*) AS n FROM articles") == {"n": 3 * 30 * 9 + 30}
    assert row(path, "SELECT count(*) AS n FROM pages WHERE state = 'done'") == {"n": 3 * 30 * 9 + 30}
    assert row(path, "SELECT sum(requested) AS n, sum(new + unchanged) AS ended FROM runs") == {"n": 900, "ended": 900}


def test_crawls_that_open_a_new_file_at_once_all_succeed(tmp_path: Path) -> None:
    script = (
        "import sys, time\nfrom crawler.store import Store\n"
        "time.sleep(max(0, float(sys.argv[2]) - time.time()))\nStore(sys.argv[1]).close()"
    )
    at = time.time() + 1.5
    opened = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "news.db"), str(at)], cwd=PROJECT, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    assert [process.communicate(timeout=60)[1] for process in opened] == [b""] * 4
    assert row(tmp_path / "news.db", "PRAGMA user_version") == {"user_version": len(MIGRATIONS)}


def test_kill_9_in_the_middle_of_a_batch_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    chance = random.Random(7)
    committed = 0
    for _ in range(6):
        with writer(path, "one", committed, 10_000) as killed:
            assert killed.stdout is not None
            for _ in range(chance.randint(1, 20)):
                committed = int(killed.stdout.readline()) + 1
            time.sleep(chance.random() * 0.03)
            killed.send_signal(signal.SIGKILL)
            output = killed.stdout.read().split()
            committed = int(output[-1]) + 1 if output else committed
        assert_sound(path)
        stored = row(path, "SELECT count(*) AS n FROM articles")["n"]
        assert stored % 10 == 0, "a batch is there as a whole or not at all"
        assert committed * 10 <= stored <= (committed + 1) * 10
        committed = stored // 10
        assert row(path, "SELECT sum(requested) AS n, sum(new) AS new FROM runs") == {"n": stored, "new": stored}
    with Store(path) as store:
        assert len(pending(store)) in (0, 10), "what was enqueued and not finished is due"
