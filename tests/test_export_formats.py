"""Parquet, SQLite and the data dictionary: typed, complete, and read back by the tools that people use."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

from crawler.export import ARTICLE_COLUMNS, FURTHER_COLUMNS, RELATED_COLUMNS, TABLES, ExportError, export_rows
from crawler.export.dictionary import export_dictionary
from crawler.export.sqlite import export_database
from crawler.store import ArticleFilter, Store
from tests.conftest import PROJECT
from tests.inprocess import Commands
from tests.made_up import HOME, NOW, an_article, later, put
from tests.test_store_articles import OTHER, pointing

ALL_COLUMNS = [*ARTICLE_COLUMNS, *FURTHER_COLUMNS]
EVERYTHING = ArticleFilter(with_duplicates=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "db" / "news.db") as opened:
        put(opened, pointing("a", "b", "x", authors=["سلمى", "Omar"], tags=["x; y"], published=NOW, language="ar"))
        put(opened, an_article("b", "=SUM(A1)\n«سطر» 🗞", subtitle="'", paywalled=True, provenance={"title": "h1"}))
        copy = an_article("c", f"a {OTHER}", related=pointing("c", "b").related, published=later(hours=2), site="other")
        put(opened, copy, later(hours=3))
        yield opened


def written(store: Store, target: Path, columns: list[str] = ALL_COLUMNS) -> list[dict[str, Any]]:
    """Export everything, and return the exported rows."""
    assert export_rows(store.exports.articles(EVERYTHING), columns, str(target)) == 3
    return [{name: row[name] for name in columns} for row in store.exports.articles(EVERYTHING)]


def database(
    store: Store, target: Path, columns: list[str] | None = None, article_filter: ArticleFilter = EVERYTHING
) -> int:
    return export_database(
        target,
        columns or list(ARTICLE_COLUMNS),
        articles=store.exports.articles(article_filter),
        related=store.exports.related_articles(article_filter),
        stories=store.exports.stories(EVERYTHING),
        story_edges=store.exports.story_edges(EVERYTHING),
    )


# -- Parquet ---------------------------------------------------------------------------------------------------------


def test_parquet_has_types_and_is_read_back_equal(store: Store, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs pyarrow")
    target = tmp_path / "articles.parquet"
    rows = written(store, target)
    file = parquet.ParquetFile(target)
    kinds = {field.name: str(field.type) for field in file.schema_arrow}
    assert list(kinds) == ALL_COLUMNS
    assert (kinds["id"], kinds["published"], kinds["paywalled"]) == ("int64", "timestamp[us, tz=UTC]", "bool")
    assert kinds["authors"].startswith("list<")
    assert {file.metadata.row_group(0).column(n).compression for n in range(len(ALL_COLUMNS))} == {"ZSTD"}
    result = file.read().to_pylist()
    for row in rows:
        for name in ("published", "modified", "first_seen", "last_seen"):
            row[name] = row[name] and datetime.fromisoformat(row[name])
        row["provenance"] = json.dumps(row["provenance"])
    assert result == rows
    assert result[0]["published"] == NOW.astimezone(UTC)


def test_parquet_of_many_rows_has_row_groups(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs pyarrow")
    target = tmp_path / "ids.parquet"
    assert export_rows(({"id": n} for n in range(20_000)), ["id"], str(target)) == 20_000
    file = parquet.ParquetFile(target)
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [4096, 4096, 4096, 4096, 3616]
    assert file.read().column("id").to_pylist() == list(range(20_000))


def test_parquet_of_nothing_has_its_columns(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs pyarrow")
    export_rows([], list(ARTICLE_COLUMNS), str(tmp_path / "a.parquet"))
    assert parquet.read_table(tmp_path / "a.parquet").column_names == list(ARTICLE_COLUMNS)


def test_pandas_reads_every_format_alike(store: Store, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="needs pandas")
    pytest.importorskip("pyarrow", reason="needs pyarrow")
    for suffix in ("csv", "jsonl", "parquet"):
        written(store, tmp_path / f"a.{suffix}")
    table = pandas.read_csv(tmp_path / "a.csv", parse_dates=["published"])
    lines = pandas.read_json(tmp_path / "a.jsonl", lines=True)
    typed = pandas.read_parquet(tmp_path / "a.parquet")
    assert list(table.columns) == list(lines.columns) == list(typed.columns) == ALL_COLUMNS
    for column in ("id", "url", "title", "word_count", "language", "duplicate_of", "story_id"):
        one, two, three = (frame[column].astype(object).fillna("").tolist() for frame in (table, lines, typed))
        assert one == two == three
    assert table["published"].isna().tolist() == typed["published"].isna().tolist() == [False, True, False]
    assert lines["body"].tolist() == typed["body"].tolist()
    # Without a zone, as spreadsheets have them; it is UTC.
    assert (table["published"].dropna().dt.tz_localize("UTC") == typed["published"].dropna()).all()
    assert [text.removeprefix("'") for text in table["body"]] == typed["body"].tolist()


def test_without_pyarrow_the_message_says_what_to_install_and_no_file_is_left(tmp_path: Path) -> None:
    script = (
        "import sys\nsys.modules['pyarrow'] = None\nfrom crawler.export import ExportError, export_rows\n"
        "try: export_rows([], ['id'], sys.argv[1])\nexcept ExportError as error: print(error)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "a.parquet")]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert result.stdout.startswith("this needs the package pyarrow (")
    assert "-m pip install 'pyarrow>=" in result.stdout
    assert list(tmp_path.iterdir()) == []


# -- SQLite ----------------------------------------------------------------------------------------------------------


def test_sqlite_holds_articles_related_stories_and_what_the_columns_mean(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "articles.db"
    assert database(store, target) == 3
    with closing(sqlite_utils.Database(target)) as db:
        names = {"articles", "related_articles", "stories", "story_edges", "data_dictionary"}
        assert set(db.table_names()) == names
        rows = list(db.table("articles").rows)
        assert [row["url"] for row in rows] == [HOME + "a", HOME + "b", HOME + "c"]
        assert list(rows[0]) == list(ARTICLE_COLUMNS)
        assert (rows[0]["authors"], rows[1]["paywalled"], rows[1]["published"]) == ('["سلمى", "Omar"]', 1, None)
        assert rows[1]["body"] == "=SUM(A1)\n«سطر» 🗞"
        assert rows[2]["duplicate_of"] == HOME + "a"
        stories = [(row["story_id"], row["articles"], row["sites"]) for row in db.table("stories").rows]
        assert stories == [(1, 2, 2), (2, 1, 1)]
        [edge] = db.table("story_edges").rows
        assert (edge["url"], edge["copy_of_url"], edge["lag_seconds"]) == (HOME + "c", HOME + "a", 7200)
        related = [(row["article_id"], row["url"]) for row in db.table("related_articles").rows]
        assert related == [(1, HOME + "b"), (1, HOME + "x"), (3, HOME + "b")]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        explained = {(row["table"], row["column"]) for row in db.table("data_dictionary").rows}
        assert explained == {(table, column) for table, columns in TABLES.items() for column in columns}
        assert {(key.column, key.other_table) for key in db.table("articles").foreign_keys} == {("story_id", "stories")}
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["articles.db"]


def test_sqlite_has_the_requested_columns_and_always_the_id(store: Store, tmp_path: Path) -> None:
    database(store, tmp_path / "a.db", ["title", "provenance"], ArticleFilter())
    with closing(sqlite3.connect(tmp_path / "a.db")) as db:
        assert [name for _, name, *_ in db.execute("PRAGMA table_info(articles)")] == ["id", "title", "provenance"]
        assert db.execute("SELECT count(*) FROM articles").fetchone() == (2,)


def test_an_earlier_database_stays_until_the_new_one_is_whole(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "a.db"
    database(store, target)
    before = target.read_bytes()

    def breaking_off() -> Iterator[dict[str, Any]]:
        yield {"id": 9, "url": HOME}
        assert target.read_bytes() == before
        raise ValueError("a broken row")

    with pytest.raises(ValueError, match="a broken row"):
        export_database(target, ["id", "url"], articles=breaking_off(), related=[], stories=[], story_edges=[])
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.db"]


# -- the dictionary --------------------------------------------------------------------------------------------------


def test_the_dictionary_explains_exactly_the_columns(tmp_path: Path) -> None:
    export_dictionary(str(tmp_path / "a.json"), ["title", "authors"])
    schemas = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert list(schemas) == list(TABLES)
    assert [(field["name"], field["type"]) for field in schemas["articles"]["fields"]] == [
        ("title", "string"),
        ("authors", "array"),
    ]
    assert [field["name"] for field in schemas["related_articles"]["fields"]] == list(RELATED_COLUMNS)
    export_dictionary(str(tmp_path / "a.md"), ["title"])
    assert "| `title` | string | headline, without the site's name |" in (tmp_path / "a.md").read_text("utf-8")
    with pytest.raises(ExportError, match=r"must end in \.md or \.json"):
        export_dictionary(str(tmp_path / "a.txt"), ["title"])


# -- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def scrapy(store: Store, capfd: pytest.CaptureFixture[str]) -> Commands:
    return Commands(store.path, capfd)


def test_the_suffix_decides_the_format(scrapy: Commands, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="needs pyarrow")
    for name in ("a.csv", "a.jsonl", "a.parquet", "a.db", "a.sqlite3"):
        target = tmp_path / name
        assert scrapy("export", str(target)).out == f"2 articles in {target}\n"
        assert target.stat().st_size > 100
    assert (tmp_path / "a.db").read_bytes().startswith(b"SQLite format 3")
    assert (tmp_path / "a.parquet").read_bytes().startswith(b"PAR1")


def test_edges_and_the_dictionary_are_files_of_their_own(scrapy: Commands, tmp_path: Path) -> None:
    edges, dictionary = tmp_path / "edges.jsonl", tmp_path / "dictionary.md"
    message = scrapy("export", str(tmp_path / "a.csv"), "--story-edges", str(edges), "--dictionary", str(dictionary))
    assert message.err == f"1 story edge in {edges}\n"
    [edge] = [json.loads(line) for line in edges.read_text("utf-8").splitlines()]
    assert (edge["url"], edge["copy_of_site"], edge["lag_seconds"]) == (HOME + "c", "example", 7200)
    assert "## story_edges" in dictionary.read_text("utf-8")
    assert scrapy("export", "--dictionary", str(tmp_path / "alone.json")).code == 0
    assert (tmp_path / "alone.json").exists()


@pytest.mark.parametrize(
    ("words", "urls"),
    [
        (("--stories",), "ab"),
        (("--stories", "--site", "other"), "c"),
        (("--site", "other"), ""),
        (("--query", "سطر"), "b"),
        (("--query", "nowhere"), ""),
        (("--category", "إقتصاد"), "b"),
        (("--category", "رياضة", "--category", "اقتصادْ"), "b"),
        (("--category", "' OR 1 --"), ""),
    ],
)
def test_filters_choose_the_rows(scrapy: Commands, tmp_path: Path, words: tuple[str, ...], urls: str) -> None:
    with closing(sqlite3.connect(scrapy.database)) as db, db:
        db.execute("UPDATE articles SET category = 'اقتصاد' WHERE id = 2")
    scrapy("export", str(tmp_path / "a.jsonl"), "--columns", "url", "--allow-empty", *words)
    lines = (tmp_path / "a.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["url"].removeprefix(HOME) for line in lines] == list(urls)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("a.db", "--plain"), 2, "--plain is only for .csv files"),
        (("a.csv", "--what", "stories", "--columns", "id"), 2, "--columns selects columns of articles"),
        (("a.xlsx", "--timezone", "Damascus"), 2, "did you mean Asia/Damascus?"),
        (("a.csv", "--query", "(("), 2, "the query contains no word"),
        (("a.txt",), 2, "the name must end in .xlsx, .csv"),
        (("a.csv", "--site", "twon"), 2, "unknown site twon"),
        ((), 2, "give one file"),
    ],
)
def test_wrong_usage_is_one_sentence(
    scrapy: Commands, tmp_path: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    result = scrapy("export", *(str(tmp_path / word) if word.startswith("a.") else word for word in words))
    assert result.code == code
    assert message in result.out + result.err
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


# -- dates without a time, times without a zone ------------------------------------------------------------------------


@pytest.fixture
def dated(tmp_path: Path) -> Iterator[Store]:
    """Two articles with one text: a day, and a time whose zone was assumed."""
    day = datetime(2026, 2, 27, tzinfo=UTC)
    with Store(tmp_path / "dated" / "news.db") as opened:
        text = f"{OTHER} and more of it"
        put(opened, an_article("day", text, published=day, published_precision="day", published_zone="assumed"))
        timed = an_article("time", text, published=NOW, published_precision="minute", published_zone="profile +03:00")
        put(opened, timed, later(hours=3))
        yield opened


def test_a_day_has_no_midnight_and_a_zone_says_where_it_is_from(dated: Store, tmp_path: Path) -> None:
    columns = ["published", "published_precision", "published_zone"]
    time = NOW.astimezone(UTC)
    for name, shown in (("a.csv", f"{time:%Y-%m-%d %H:%M:%S}"), ("a.jsonl", f"{time:%Y-%m-%dT%H:%M:%SZ}")):
        export_rows(dated.exports.articles(EVERYTHING), columns, str(tmp_path / name))
        text = (tmp_path / name).read_text("utf-8-sig")
        rows = list(csv.DictReader(text.splitlines())) if name == "a.csv" else list(map(json.loads, text.splitlines()))
        assert [row["published"] for row in rows] == ["2026-02-27", shown]
        assert [row["published_zone"] for row in rows] == ["assumed", "profile +03:00"]


def test_a_database_of_articles_has_days_without_midnight(dated: Store, tmp_path: Path) -> None:
    target = tmp_path / "a.db"
    database(dated, target)
    with closing(sqlite3.connect(target)) as db:
        assert db.execute("SELECT published FROM articles ORDER BY id").fetchone() == ("2026-02-27",)
        assert db.execute("SELECT first_published FROM stories").fetchone() == ("2026-02-27",)
        assert db.execute("SELECT copy_of_published FROM story_edges").fetchone() == ("2026-02-27",)


def test_a_day_is_midnight_utc_where_a_column_has_one_type(dated: Store, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs pyarrow")
    export_rows(dated.exports.articles(EVERYTHING), ["published"], str(tmp_path / "a.parquet"))
    assert parquet.read_table(tmp_path / "a.parquet").column("published")[0].as_py() == datetime(
        2026, 2, 27, tzinfo=UTC
    )
