"""`rasid lake`: Parquet files by site and month that say what the database says, after each update and each kill."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.store import ArticleFilter, Store
from tests.conftest import PROJECT
from tests.inprocess import Commands
from tests.made_up import HOME, LONG, NOW, SITE, an_article, later, put, replace_text
from tests.test_store_articles import pointing

duckdb = pytest.importorskip("duckdb", reason="needs duckdb")
pandas = pytest.importorskip("pandas", reason="needs pandas")
pytest.importorskip("pyarrow", reason="needs pyarrow")

from crawler.export.staging import ExportError  # noqa: E402
from crawler.lake.manifest import read_manifest  # noqa: E402
from crawler.lake.target import LakeTarget  # noqa: E402
from crawler.lake.update import TABLES, LakeUpdate, update_lake  # noqa: E402
from crawler.lake.verify import find_problems  # noqa: E402

ALL = ArticleFilter(with_duplicates=True)
OCTOBER = datetime(2026, 10, 5, 8, 30, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 5, 8, 30, tzinfo=UTC)

KILLED = """
import os, signal, sys
from scrapy.cmdline import execute
from crawler.export import staging

left = int(sys.argv[3])
rename = os.replace

def rename_or_die(*args):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    rename(*args)

staging.os.replace = rename_or_die
execute(["scrapy", "lake", sys.argv[1], "-s", "NEWS_DB=" + sys.argv[2]])
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        yield opened


@pytest.fixture
def target(tmp_path: Path) -> LakeTarget:
    return LakeTarget(str(tmp_path / "lake"))


def dated(path: str, published: datetime | None, *, site: str = SITE, text: str | None = None) -> Any:
    """An article of a site with a text of its own."""
    article = an_article(path, text or f"{path} {LONG}".replace("كلمة", path), published=published, site=site)
    assert article.page is not None
    return replace(article, page=replace(article.page, site=site))


def update(store: Store, target: LakeTarget) -> LakeUpdate:
    return update_lake(store, target, NOW)


def change(store: Store, sql: str, *values: str) -> None:
    """Change the database with another tool."""
    with closing(sqlite3.connect(store.path)) as db, db:
        db.execute(sql, values)


def query(lake: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query about `articles`, `related_articles` and `story_edges`, as DuckDB reads them."""
    with duckdb.connect() as connection:
        for table in TABLES:
            if any((lake / table.name).rglob("*.parquet")):
                connection.execute(
                    f"CREATE VIEW {table.name} AS SELECT * FROM "
                    f"read_parquet('{lake}/{table.name}/*/*/*.parquet', hive_partitioning = true)"
                )
        return list(connection.execute(sql).fetchall())


def placed(lake: Path) -> list[tuple[str, str, str]]:
    """Where each article is: its site, month and path."""
    rows = query(lake, "SELECT site, month, url FROM articles ORDER BY url")
    return [(site, month, url.removeprefix(HOME)) for site, month, url in rows]


def check_equal(store: Store, lake: Path) -> None:
    """The lake has the rows of the database, each once."""
    expected = [(row["id"], row["site"], row["url"], row["body"]) for row in store.exports.articles(ALL)]
    assert query(lake, "SELECT id, site, url, body FROM articles ORDER BY id") == expected
    related = [(row["article_id"], row["position"], row["url"]) for row in store.exports.related_articles(ALL)]
    if related:
        assert query(lake, "SELECT article_id, position, url FROM related_articles ORDER BY ALL") == related
    edges = [(row["article_id"], row["copy_of_url"]) for row in store.exports.story_edges(ALL)]
    if edges:
        assert query(lake, "SELECT article_id, copy_of_url FROM story_edges ORDER BY ALL") == edges
    assert find_problems(LakeTarget(str(lake))) == []


def test_a_lake_has_the_articles_by_site_and_month_of_publication(
    store: Store, target: LakeTarget, tmp_path: Path
) -> None:
    put(store, dated("a", OCTOBER))
    put(store, dated("b", NOVEMBER))
    put(store, dated("c", NOVEMBER, site="other"))
    put(store, dated("d", None))  # first fetched on 1 March
    assert update(store, target) == LakeUpdate(articles=4, files=4)
    lake = tmp_path / "lake"
    assert placed(lake) == [
        (SITE, "2026-10", "a"), (SITE, "2026-11", "b"), ("other", "2026-11", "c"), (SITE, "2026-03", "d"),
    ]  # fmt: skip
    assert (lake / "articles/site=example/month=2026-11/articles.parquet").is_file()
    check_equal(store, lake)
    frame = pandas.read_parquet(lake / "articles", filters=[("site", "==", SITE), ("month", "==", "2026-10")])
    assert frame["url"].tolist() == [HOME + "a"]
    assert frame["published"].tolist() == [pandas.Timestamp(OCTOBER)]


def test_an_update_writes_only_the_files_whose_articles_have_changed(
    store: Store, target: LakeTarget, tmp_path: Path
) -> None:
    for path, published in (("a", OCTOBER), ("b", NOVEMBER)):
        put(store, dated(path, published))
    update(store, target)
    lake = tmp_path / "lake"
    before = {path: path.stat().st_ino for path in lake.rglob("*.parquet")}
    assert update(store, target) == LakeUpdate(articles=0, files=0)
    put(store, dated("c", NOVEMBER))
    assert update(store, target) == LakeUpdate(articles=1, files=1)
    written = {path for path in lake.rglob("*.parquet") if path.stat().st_ino != before.get(path)}
    assert written == {lake / "articles/site=example/month=2026-11/articles.parquet", lake / "manifest.parquet"}
    check_equal(store, lake)


def test_related_articles_and_copies_follow_their_article(store: Store, target: LakeTarget, tmp_path: Path) -> None:
    put(store, pointing("a", "x", "y"))
    put(store, dated("b", NOVEMBER, text=LONG))
    put(store, dated("c", NOVEMBER, site="other", text=LONG))
    update(store, target)
    check_equal(store, tmp_path / "lake")
    assert query(tmp_path / "lake", "SELECT count(*) FROM related_articles") == [(2,)]
    assert query(tmp_path / "lake", "SELECT count(*) FROM story_edges") != [(0,)]
    put(store, pointing("a", "z"), later(days=1))
    update(store, target)
    check_equal(store, tmp_path / "lake")


def test_an_article_whose_date_is_corrected_moves_to_its_month(
    store: Store, target: LakeTarget, tmp_path: Path
) -> None:
    put(store, dated("a", OCTOBER))
    update(store, target)
    put(store, dated("a", NOVEMBER), later(days=1))
    update(store, target)
    assert placed(tmp_path / "lake") == [(SITE, "2026-11", "a")]
    assert not (tmp_path / "lake/articles/site=example/month=2026-10/articles.parquet").exists()
    check_equal(store, tmp_path / "lake")


def test_the_articles_of_a_renamed_site_move(store: Store, target: LakeTarget, tmp_path: Path) -> None:
    for path, site in (("a", SITE), ("b", SITE), ("c", "other")):
        put(store, dated(path, NOVEMBER, site=site))
    update(store, target)
    store.sites.rename(SITE, "renamed")
    update(store, target)
    assert placed(tmp_path / "lake") == [
        ("renamed", "2026-11", "a"), ("renamed", "2026-11", "b"), ("other", "2026-11", "c"),
    ]  # fmt: skip


def test_an_article_that_turns_out_to_be_a_notice_leaves_the_lake(
    store: Store, target: LakeTarget, tmp_path: Path
) -> None:
    for path in "ab":
        put(store, dated(path, NOVEMBER))
    update(store, target)
    change(store, "UPDATE articles SET is_notice = 1 WHERE url = ?", HOME + "a")
    update(store, target)
    assert placed(tmp_path / "lake") == [(SITE, "2026-11", "b")]


def test_rows_that_have_left_the_database_stay_in_the_lake(store: Store, target: LakeTarget, tmp_path: Path) -> None:
    for path in "ab":
        put(store, dated(path, NOVEMBER))
    update(store, target)
    change(store, "DELETE FROM articles WHERE url = ?", HOME + "a")
    put(store, dated("c", NOVEMBER))
    update(store, target)
    assert [path for _, _, path in placed(tmp_path / "lake")] == ["a", "b", "c"]


@pytest.mark.parametrize("renames", [1, 2, 3, 4])
def test_an_update_killed_between_two_files_loses_nothing_and_leaves_nothing_twice(
    store: Store, target: LakeTarget, tmp_path: Path, renames: int
) -> None:
    for path in "abc":
        put(store, dated(path, OCTOBER))
    update(store, target)
    put(store, dated("b", NOVEMBER), later(days=1))
    put(store, dated("d", datetime(2026, 12, 1, tzinfo=UTC)))
    command = [sys.executable, "-c", KILLED, str(tmp_path / "lake"), str(store.path), str(renames)]
    run = subprocess.run(command, cwd=PROJECT, env=os.environ | {"PYTHONPATH": str(PROJECT)}, check=False)
    assert run.returncode == -signal.SIGKILL
    # The article moves again before the next update: the file that the killed one wrote must not keep it.
    put(store, dated("b", datetime(2026, 12, 2, tzinfo=UTC)), later(days=2))
    update(store, target)
    check_equal(store, tmp_path / "lake")


def test_files_of_an_earlier_version_get_the_columns_of_this_one(
    store: Store, target: LakeTarget, tmp_path: Path
) -> None:
    put(store, dated("a", NOVEMBER))
    update(store, target)
    path = "articles/site=example/month=2026-11/articles.parquet"
    table = target.read(path)
    assert table is not None
    target.replace(path, table.drop_columns(["gone", "source"]).append_column("old", table.column("id")))
    put(store, dated("b", NOVEMBER))
    update(store, target)
    merged = target.read(path)
    assert merged is not None
    assert merged.column_names == table.column_names
    check_equal(store, tmp_path / "lake")


def test_what_is_wrong_is_one_sentence(store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    scrapy = Commands(store.path, capfd)
    lake = tmp_path / "lake"
    assert "give a folder" in scrapy("lake").err
    assert scrapy("lake").code == 2
    assert "contains no complete lake" in scrapy("lake", str(lake), "--verify").err
    put(store, dated("a", NOVEMBER))
    result = scrapy("lake", str(lake))
    assert (result.code, result.out) == (0, f"1 new or changed article, 1 file written in {lake}\n")
    assert scrapy("lake", str(lake), "--verify").out == f"{lake}: all files contain what the manifest says\n"
    file = lake / "articles/site=example/month=2026-11/articles.parquet"
    content = file.read_bytes()
    for damage, problem in ((content[:100], "cannot be read"), (None, "does not exist")):
        file.unlink() if damage is None else file.write_bytes(damage)
        result = scrapy("lake", str(lake), "--verify")
        assert result.code == 1
        assert problem in result.err
    for broken in (b"", b"nonsense", content):
        (lake / "manifest.parquet").write_bytes(broken)
        result = scrapy("lake", str(lake))
        assert result.code == 1
        assert "manifest.parquet: " in result.err
        assert result.err.count("\n") == 1
    (tmp_path / "file").write_text("")
    assert scrapy("lake", str(tmp_path / "file/lake")).code == 1
    assert "is neither a folder nor a URL" in scrapy("lake", "nowhere://x").err


def test_the_lake_of_another_database_is_refused(store: Store, target: LakeTarget, tmp_path: Path) -> None:
    for path in "ab":
        put(store, dated(path, NOVEMBER))
    update(store, target)
    with Store(tmp_path / "other.db") as other:
        put(other, dated("a", NOVEMBER))
        with pytest.raises(ExportError, match="was written from another database"):
            update(other, target)


def test_one_process_updates_a_lake_at_a_time(store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from crawler.crawl.lock import SiteLock

    put(store, dated("a", NOVEMBER))
    scrapy = Commands(store.path, capfd)
    scrapy("lake", str(tmp_path / "lake"))
    (lock_file,) = (tmp_path / "news.db.locks").glob("lake.*.lock")
    lock = SiteLock(store.path, lock_file.stem)
    assert lock.acquire()
    result = scrapy("lake", f"{tmp_path}/./lake")  # the same place, written otherwise
    lock.release()
    assert result.code == 75
    assert "is being updated by another process" in result.err


def test_many_months_of_many_sites(store: Store, target: LakeTarget, tmp_path: Path) -> None:
    for number in range(60):
        put(store, dated(f"a{number}", datetime(2026, 1 + number % 6, 3, tzinfo=UTC), site=f"s{number % 5}"))
    update(store, target)
    for number in range(0, 60, 7):
        replace_text(store, dated(f"a{number}", datetime(2026, 1 + number % 5, 3, tzinfo=UTC), site=f"s{number % 5}",
                                  text=f"another text of {number} " * 30), later(days=9))  # fmt: skip
    update(store, target)
    check_equal(store, tmp_path / "lake")
    assert read_manifest(target).rows("articles") == 60


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """host:port of a server that speaks S3."""
    program = PROJECT / "build/s3/bin/moto_server"
    if not program.exists():
        pytest.skip("needs moto_server: `make test` installs it into build/s3")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [program, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"127.0.0.1:{port}"
        server.terminate()


def test_a_lake_in_an_object_store(store: Store, s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyarrow import fs

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    place = f"?endpoint_override={s3}&scheme=http&region=us-east-1"
    files, _ = fs.FileSystem.from_uri(f"s3://news{place}&allow_bucket_creation=true")
    files.create_dir("news")
    target = LakeTarget(f"s3://news/lake{place}")
    put(store, dated("a", OCTOBER))
    put(store, dated("b", NOVEMBER))
    assert update(store, target).files == 2
    put(store, dated("a", NOVEMBER), later(days=1))
    update(store, target)
    assert find_problems(target) == []
    table = target.read("articles/site=example/month=2026-11/articles.parquet", ["url"])
    assert table is not None
    assert table.column("url").to_pylist() == [HOME + "a", HOME + "b"]
    names = [info.path for info in files.get_file_info(fs.FileSelector("news/lake", recursive=True)) if info.is_file]
    assert sorted(names) == [
        "news/lake/articles/site=example/month=2026-11/articles.parquet",
        "news/lake/manifest.parquet",
    ]
    with pytest.raises(ExportError, match=r"cannot be (written|read)"):
        update(store, LakeTarget(f"s3://missing/lake{place}"))
