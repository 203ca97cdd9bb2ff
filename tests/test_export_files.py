"""Export files: atomic, reproducible, and written with little memory."""

from __future__ import annotations

import csv
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.export import ARTICLE_COLUMNS, RELATED_COLUMNS, ExportError, FormatError, export_rows
from crawler.export.staging import staged_folder
from crawler.store import ArticleFilter, Store
from tests.made_up import HOME, NOW, SHORT, an_article, later, put
from tests.test_store_articles import pointing

PROJECT = Path(__file__).resolve().parent.parent
COLUMNS = list(ARTICLE_COLUMNS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "db" / "news.db") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "exports"
    made.mkdir()
    return made


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def breaking_off(error: BaseException) -> Iterator[dict[str, Any]]:
    yield {"id": 1}
    raise error


def test_articles_are_exported_in_the_order_they_were_stored(store: Store, folder: Path) -> None:
    for path in ("c", "a", "b"):
        put(store, an_article(path, f'{path}: «نص»,\nوسطر "آخر"', authors=["سلمى", "Omar"], paywalled=path == "a"))
    target = folder / "articles.csv"
    assert export_rows(store.exports.articles(ArticleFilter()), COLUMNS, str(target)) == 3
    rows = read(target)
    assert [row["url"].removeprefix(HOME) for row in rows] == ["c", "a", "b"]
    assert rows[0]["body"] == 'c: «نص»,\nوسطر "آخر"'
    assert [row["authors"] for row in rows] == ["سلمى; Omar"] * 3
    assert [row["paywalled"] for row in rows] == ["0", "1", "0"]


def test_json_lines_hold_lists_and_nulls(store: Store, folder: Path) -> None:
    put(store, an_article("a", "سطر\nسطر", tags=["x"]))
    target = folder / "articles.JSONL"
    assert export_rows(store.exports.articles(ArticleFilter()), [*COLUMNS, "provenance"], str(target)) == 1
    [line] = target.read_text("utf-8").splitlines()
    row = json.loads(line)
    assert list(row) == [*COLUMNS, "provenance"]
    assert (row["body"], row["tags"], row["source"], row["provenance"]) == ("سطر\nسطر", ["x"], None, {})


def test_an_export_of_nothing_has_its_header(store: Store, folder: Path) -> None:
    assert export_rows(store.exports.articles(ArticleFilter()), ["id", "url"], str(folder / "a.csv")) == 0
    assert (folder / "a.csv").read_bytes() == b"\xef\xbb\xbfid,url\r\n"


@pytest.mark.parametrize("name", ["articles.csv", "articles.jsonl"])
def test_two_exports_of_the_same_articles_are_the_same_bytes(store: Store, folder: Path, name: str) -> None:
    for path in "abc":
        put(store, pointing(path, "x", "y", tags=["ب", "ا"], provenance={"title": "h1", "authors": "x"}))
    for rows, columns in (
        (store.exports.articles, [*COLUMNS, "provenance", "fingerprint"]),
        (store.exports.related_articles, list(RELATED_COLUMNS)),
    ):
        contents = []
        for number in (1, 2):
            target = folder / f"{number}{name}"
            export_rows(rows(ArticleFilter(with_duplicates=True)), columns, str(target))
            contents.append(target.read_bytes())
        assert contents[0] == contents[1]
        assert contents[0].count(b"\n") >= 3


def test_only_csv_for_spreadsheets_has_a_byte_order_mark_and_only_once(store: Store, folder: Path) -> None:
    put(store, an_article())
    for plain in (True, False):
        export_rows(store.exports.articles(ArticleFilter()), COLUMNS, str(folder / "a.csv"), plain=plain)
        assert (folder / "a.csv").read_bytes().count(b"\xef\xbb\xbf") == int(not plain)
    assert (folder / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfid,url,")


@pytest.mark.parametrize("name", ["articles.xlsx", "articles", "articles.csv.gz", ".csv", "articles.json"])
def test_another_kind_of_file_is_refused_before_anything_is_written(folder: Path, name: str) -> None:
    with pytest.raises(
        ExportError,
        match=r"the name must end in \.csv, \.jsonl or \.parquet, or be - for CSV to standard output",
    ):
        export_rows([], ["id"], str(folder / name))
    assert list(folder.iterdir()) == []


# -- atomic files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [ValueError("a broken row"), KeyboardInterrupt()])
def test_an_export_that_fails_leaves_the_earlier_file_and_nothing_else(folder: Path, error: BaseException) -> None:
    target = folder / "a.csv"
    target.write_text("yesterday's")
    with pytest.raises(type(error)):
        export_rows(breaking_off(error), ["id"], str(target))
    assert target.read_text() == "yesterday's"
    assert list(folder.iterdir()) == [target]


def test_the_earlier_file_is_there_until_the_new_one_is_whole(folder: Path) -> None:
    target = folder / "a.csv"
    target.write_text("yesterday's")

    def rows() -> Iterator[dict[str, Any]]:
        for number in range(20_000):
            assert target.read_text() == "yesterday's" or number % 1000
            yield {"id": number}

    assert export_rows(rows(), ["id"], str(target)) == 20_000
    assert len(target.read_bytes().splitlines()) == 20_001


def test_kill_9_in_the_middle_of_an_export_leaves_the_earlier_file(folder: Path) -> None:
    target = folder / "a.csv"
    target.write_text("yesterday's")
    endless = (
        "import itertools, sys\nfrom crawler.export import export_rows\n"
        "export_rows(({'id': 'x' * 1000} for _ in itertools.count()), ['id'], sys.argv[1])"
    )
    with subprocess.Popen([sys.executable, "-c", endless, str(target)], cwd=PROJECT) as killed:
        deadline = time.monotonic() + 30
        while sum(file.stat().st_size for file in folder.iterdir()) < 100_000 and time.monotonic() < deadline:
            time.sleep(0.01)
        killed.send_signal(signal.SIGKILL)
    assert killed.returncode == -signal.SIGKILL
    assert target.read_text() == "yesterday's"
    assert sum(file.stat().st_size for file in folder.iterdir()) >= 100_000, "it had begun"
    export_rows([{"id": 1}], ["id"], str(target))
    assert target.read_bytes() == b"\xef\xbb\xbfid\r\n1\r\n"
    assert list(folder.iterdir()) == [target], "the next run has removed what the killed one left"


HOLDING = """
import sys, time
from pathlib import Path
from crawler.export.staging import staged_file, staged_folder

with (staged_file if sys.argv[1] == "file" else staged_folder)(Path(sys.argv[2])) as part:
    (part if sys.argv[1] == "file" else part / "rows").write_text("half")
    print(part, flush=True)
    sys.stdin.readline()
    (part if sys.argv[1] == "file" else part / "rows").write_text("whole")
"""


def holding(kind: str, target: Path) -> subprocess.Popen[str]:
    """Another process in the middle of an export."""
    command = [sys.executable, "-c", HOLDING, kind, str(target)]
    return subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_the_next_export_into_a_folder_removes_what_the_dead_left_and_nothing_else(folder: Path, kind: str) -> None:
    foreign = [folder / ".movie.mp4.part", folder / ".a.csv.abc.part", folder / "rasid.part"]
    for path in foreign:
        path.write_text("of another program")
    with holding(kind, folder / "monday.csv") as dead, holding(kind, folder / "tuesday.csv") as living:
        assert dead.stdout
        assert living.stdout
        assert living.stdin
        left, locked = Path(dead.stdout.readline().strip()), Path(living.stdout.readline().strip())
        dead.kill()
        dead.wait()
        assert left.exists()
        export_rows([{"id": 1}], ["id"], str(folder / "wednesday.csv"))
        assert not left.exists()
        assert locked.exists(), "it is still being written"
        living.stdin.write("go on\n")
        living.stdin.close()
    assert living.returncode == 0
    assert not locked.exists()
    made = folder / "tuesday.csv" if kind == "file" else folder / "tuesday.csv" / "rows"
    assert made.read_text() == "whole"
    assert sorted(folder.iterdir()) == sorted([*foreign, folder / "tuesday.csv", folder / "wednesday.csv"])


def test_exports_into_one_folder_at_once_do_not_remove_each_others_files(folder: Path) -> None:
    program = """
import sys
from crawler.export import export_rows
for number in range(150):
    export_rows([{"id": number}], ["id"], f"{sys.argv[1]}/{sys.argv[2]}-{number % 3}.csv")
"""
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(folder), who], cwd=PROJECT, stderr=subprocess.PIPE)
        for who in "abc"
    ]
    results = [process.communicate()[1].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], results
    assert sorted(path.name for path in folder.iterdir()) == [f"{who}-{n}.csv" for who in "abc" for n in range(3)]


def test_a_target_that_cannot_be_written_is_reported(folder: Path) -> None:
    (folder / "file").touch()
    (folder / "folder.csv").mkdir()
    for target in (folder / "file" / "a.csv", folder / "folder.csv", folder / ("x" * 300 + ".csv")):
        with pytest.raises(ExportError, match=r"\.csv: (cannot be written \(.+\)|the folder .* does not exist)"):
            export_rows([{"id": 1}], ["id"], str(target))
    assert sorted(path.name for path in folder.iterdir()) == ["file", "folder.csv"]


def test_a_full_disk_is_reported_and_leaves_the_earlier_file(folder: Path) -> None:
    target = folder / "a.csv"
    target.write_text("yesterday's")
    script = (
        "import resource, signal, sys\nfrom crawler.export import ExportError, export_rows\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "try: export_rows(({'id': 'x' * 1000} for _ in range(1000)), ['id'], sys.argv[1])\n"
        "except ExportError as error: print(error)"
    )
    result = subprocess.run([sys.executable, "-c", script, str(target)], cwd=PROJECT, capture_output=True, text=True)
    assert result.stdout == f"{target}: cannot be written (File too large)\n"
    assert result.stderr == ""
    assert list(folder.iterdir()) == [target]
    assert target.read_text() == "yesterday's"


def test_a_folder_that_is_missing_is_not_made(folder: Path) -> None:
    with pytest.raises(FormatError, match="new/sub does not exist; create it, or correct the name"):
        export_rows([{"id": 1}], ["id"], str(folder / "new" / "sub" / "a.csv"))
    assert list(folder.iterdir()) == []


def test_others_may_read_the_file_as_the_umask_says(folder: Path) -> None:
    before = os.umask(0o027)
    try:
        export_rows([], ["id"], str(folder / "a.csv"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "a.csv").stat().st_mode) == 0o640


def test_others_may_read_a_folder_and_what_is_in_it_as_the_umask_says(folder: Path) -> None:
    before = os.umask(0o027)
    try:
        with staged_folder(folder / "release") as made:
            assert stat.S_IMODE(made.stat().st_mode) == 0o700, "nobody else looks into it before it is whole"
            export_rows([{"id": 1}], ["id"], str(made / "a.csv"))
            (made / "README.md").write_text("one row")
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder / "release", *folder.glob("release/*"))}
    assert modes == {"release": 0o750, "a.csv": 0o640, "README.md": 0o640}


def test_standard_output_gets_the_same_csv(folder: Path) -> None:
    script = "from crawler.export import export_rows\nexport_rows([{'id': 'نص'}], ['id'], '-')"
    command = [sys.executable, "-c", script]
    piped = subprocess.run(command, cwd=PROJECT, capture_output=True, env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert (piped.stdout, piped.stderr) == ("id\r\nنص\r\n".encode(), b"")


# -- which articles --------------------------------------------------------------------------------------------------


@pytest.fixture
def filled(store: Store) -> Store:
    put(store, an_article("old", SHORT, published=later(days=-10), language="ar"), later(days=3))
    put(store, an_article("new", SHORT, published=later(days=2), language="en"), later(days=3))
    put(store, an_article("undated", SHORT, language="ar"), NOW)
    put(store, an_article("other", site="other", published=NOW), NOW)
    put(store, an_article("copy", published=NOW, language="ar"), NOW)
    return store


@pytest.mark.parametrize(
    ("article_filter", "paths"),
    [
        (ArticleFilter(), ["old", "new", "undated", "other"]),
        (ArticleFilter(with_duplicates=True), ["old", "new", "undated", "other", "copy"]),
        (ArticleFilter(sites=("other",)), ["other"]),
        (ArticleFilter(sites=("other", "example")), ["old", "new", "undated", "other"]),
        (ArticleFilter(sites=("nobody",)), []),
        (ArticleFilter(sites=("' OR 1=1 --",)), []),
        (ArticleFilter(language="ar"), ["old", "undated"]),
        (ArticleFilter(since=NOW), ["new", "undated", "other"]),
        (ArticleFilter(since=later(seconds=1)), ["new"]),
        (ArticleFilter(until=NOW), ["old"]),
        (ArticleFilter(until=later(seconds=1)), ["old", "undated", "other"]),
        (ArticleFilter(since=later(days=-10), until=later(days=-9), sites=("example",), language="ar"), ["old"]),
    ],
    ids=str,
)
def test_a_filter_chooses_articles(filled: Store, article_filter: ArticleFilter, paths: list[str]) -> None:
    assert [row["url"].removeprefix(HOME) for row in filled.exports.articles(article_filter)] == paths


def test_related_articles_are_those_of_the_articles_chosen(store: Store) -> None:
    put(store, pointing("a", "x", "b", language="ar"))
    put(store, pointing("b", "a", language="en"))
    for article_filter, expected in (
        (ArticleFilter(with_duplicates=True), [("a", 0, "x", None), ("a", 1, "b", "b"), ("b", 0, "a", "a")]),
        (ArticleFilter(with_duplicates=True, language="en"), [("b", 0, "a", "a")]),
    ):
        rows = [
            tuple(
                value.removeprefix(HOME) if isinstance(value, str) else value
                for value in (row["article_url"], row["position"], row["url"], row["target_url"])
            )
            for row in store.exports.related_articles(article_filter)
        ]
        assert rows == expected


# -- memory ----------------------------------------------------------------------------------------------------------


def test_memory_does_not_grow_with_the_export(store: Store, folder: Path) -> None:
    put(store, an_article("0", "\n".join(f"فقرة {n} " + "كلمة " * 40 for n in range(10))))
    with closing(sqlite3.connect(store.path)) as db, db:
        names = [name for _, name, *_ in db.execute("PRAGMA table_info(articles)") if name not in ("id", "url")]
        numbers = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9999)"
        columns = ", ".join(names)
        db.execute(f"INSERT INTO articles (url, {columns}) {numbers} SELECT n, {columns} FROM n, articles")
    target = folder / "articles.csv"
    tracemalloc.start()
    try:
        count = export_rows(store.exports.articles(ArticleFilter()), COLUMNS, str(target))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 10_000
    assert target.stat().st_size > 30_000_000
    assert peak < 1_000_000
