"""The file of the named exports: what it may contain, what is wrong with it, and that people's own text stays."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from crawler.exporting.exports_file import add_export, read_exports, remove_export
from crawler.toml_file import TomlFileError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "exports.toml"


def test_an_export_has_all_its_keys(path: Path) -> None:
    path.write_text(
        '[daily]\nfile = "out/news-{date}.xlsx"\nevery = "Monday"\nat = "6:30"\ntimezone = "Asia/Damascus"\n'
        'sites = ["one"]\nlanguage = "AR"\ncategories = ["ماء"]\nquery = "نهر"\nusage = "ai-train"\n'
        'since = "7 days"\nstories = true\n'
        'columns = ["title", "url"]\n\n[all]\nfile = "~/all.csv"\n',
        "utf-8",
    )
    exports, problems = read_exports(path)
    assert problems == []
    daily = exports["daily"]
    assert (daily.times.every, daily.times.at, str(daily.times.zone)) == ("monday", time(6, 30), "Asia/Damascus")
    request = daily.request(datetime(2026, 11, 27, 22, 30, tzinfo=UTC))
    assert request.target == str(path.parent / "out" / "news-2026-11-28.xlsx"), "the day in Damascus"
    assert request.columns == ["title", "url"]
    assert request.article_filter.sites == ("one",)
    assert request.article_filter.language == "ar"
    assert request.article_filter.usage == "ai-train"
    assert request.article_filter.only_stories
    assert request.article_filter.since is not None
    assert exports["all"].file == str(Path.home() / "all.csv")
    assert exports["all"].times.at == time(7)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("every = 'dya'", "exports.toml [x]: every = 'dya': must be one of hour, day, monday, tuesday, wednesday, "
         "thursday, friday, saturday, sunday; did you mean day"),
        ("fiel = 'a.csv'", "did you mean file"),
        ("timezone = 'Damascus'", "must be a time zone like Asia/Damascus; did you mean Asia/Damascus"),
        ("at = '25:00'", "at = '25:00': must be a time of day, like \"07:00\""),
        ("at = 7", "must be a text in quotes"),
        ("language = 'Arabic'", "must be a code of ISO 639"),
        ("since = 'soon'", "since = 'soon': must be a date: 2026-01-31"),
        ("since = '1 day'\nsince_last = true", "leave it out: since_last = true counts from the last time"),
        ("columns = ['titel']", "unknown column 'titel'"),
        ("sites = 'one'", 'like sites = ["one"]'),
        ("sites = [1]", "must be a list of texts in quotes"),
        ("usage = 'training'", "must be one of search, ai-train, tdm, all"),
        ("what = 'story'", "must be one of articles, related, stories"),
        ("plain = true\nwhat='stories'\ncolumns=['id']", "--columns selects columns of articles"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_the_others_work(path: Path, line: str, message: str) -> None:
    path.write_text(f'[x]\nfile = "a.csv"\n{line}\n[good]\nfile = "b.csv"\n', "utf-8")
    exports, problems = read_exports(path)
    assert list(exports) == ["good"]
    assert message in "\n".join(problems)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[x]\n", "file = None: is missing"),
        ('[x]\nfile = "a.xls"', "the name must end in .xlsx, .csv"),
        ('[x]\nfile = "a-{dat}.csv"', "unknown field {dat}; the fields are {date}"),
        ('file = "a.csv"', "must be a table: write [NAME]"),
        ('[X y]\nfile = "a.csv"', "not valid TOML"),
        ('["x y"]\nfile = "a.csv"', "must have only small Latin letters"),
        ("[x]\nfile = “a.csv”", "typographic quotes"),
        ('[x]\nfile = "a.db"\nwhat = "stories"', "always contains articles"),
    ],
)
def test_a_broken_file_is_reported(path: Path, text: str, message: str) -> None:
    path.write_text(text, "utf-8")
    exports, problems = read_exports(path)
    assert exports == {}
    assert message in "\n".join(problems)


def test_adding_and_removing_leaves_everything_else_as_it_was(path: Path) -> None:
    assert read_exports(path) == ({}, [])
    add_export(path, "news", {"file": "/tmp/a.xlsx", "every": "day", "at": "07:00"})
    own = path.read_text("utf-8") + '\n# my own words\n[mine]  # here\nfile = "b.csv"   # and here\n'
    path.write_text(own, "utf-8")
    add_export(path, "second", {"file": "/tmp/c.csv", "sites": ["x"]})
    assert list(read_exports(path)[0]) == ["news", "mine", "second"]
    add_export(path, "second", {"file": "/tmp/d.csv"})
    assert read_exports(path)[0]["second"].file == "/tmp/d.csv"
    assert read_exports(path)[0]["second"].sites == ()
    remove_export(path, "second")
    assert path.read_text("utf-8").rstrip("\n") == own.rstrip("\n")
    remove_export(path, "news")
    assert "# my own words" in path.read_text("utf-8")
    assert list(read_exports(path)[0]) == ["mine"]


def test_a_file_that_is_not_toml_is_not_changed(path: Path) -> None:
    path.write_text("[x", "utf-8")
    with pytest.raises(TomlFileError, match="not valid TOML"):
        add_export(path, "news", {"file": "/tmp/a.csv"})
    assert path.read_text("utf-8") == "[x"
    path.write_text('x = {file = "a.csv"}\n', "utf-8")
    with pytest.raises(TomlFileError, match="remove it by hand"):
        remove_export(path, "x")
