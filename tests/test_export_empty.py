"""An export that would be empty by mistake: a wrong language, folder or filter is reported, and no file is replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.store import Store
from tests.inprocess import Commands
from tests.made_up import LONG, an_article, put


@pytest.fixture
def scrapy(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Commands:
    with Store(tmp_path / "news.db") as store:
        put(store, an_article("a", "The text of a.", language="ar", category="Sport"))
    return Commands(tmp_path / "news.db", capfd)


@pytest.mark.parametrize("command", ["export - ", "search text", "release {out} --name r"])
@pytest.mark.parametrize("language", ["Arabic", "ar-EG", "a", "عربي"])
def test_a_language_that_is_not_a_code_is_wrong_usage(
    scrapy: Commands, tmp_path: Path, command: str, language: str
) -> None:
    result = scrapy(*command.format(out=tmp_path / "out").split(), "--language", language)
    assert (result.code, result.out) == (2, "")
    assert f"--language {language}: must be a code of ISO 639, like ar or en" in result.err


def test_a_code_in_capitals_is_that_code(scrapy: Commands) -> None:
    assert scrapy("export", "-", "--language", "AR", "--columns", "title").out.count("\n") == 2


@pytest.mark.parametrize("option", ["", "--related", "--story-edges", "--dictionary"])
def test_a_folder_that_does_not_exist_is_reported_and_not_created(
    scrapy: Commands, tmp_path: Path, option: str
) -> None:
    good, bad = str(tmp_path / "a.csv"), str(tmp_path / "exprots" / "b.csv")
    result = scrapy("export", *([good, option, bad] if option else [bad]))
    assert (result.code, result.out) == (2, "")
    assert f"{bad}: the folder {tmp_path / 'exprots'} does not exist; create it, or correct the name" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["news.db"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--language xx", "no article matches --language xx; nothing is written"),
        ("--category Sprot --category Sprt", "no article matches --category Sprot --category Sprt; nothing is written"),
        ("--since 2030-01-01 --stories", "no article matches --since 2030-01-01; nothing is written"),
        ("--query nowhere --with-duplicates", "no article matches --query nowhere; nothing is written"),
        ("--language xx --since-last daily", "no article matches --language xx; nothing is written"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.db", "-"])
def test_a_filter_that_matches_nothing_is_reported_and_replaces_no_file(
    scrapy: Commands, tmp_path: Path, words: str, message: str, name: str
) -> None:
    target = name if name == "-" else str(tmp_path / name)
    files = [tmp_path / "a.csv", tmp_path / "a.jsonl", tmp_path / "a.db", tmp_path / "related.csv"]
    for file in files:
        file.write_text("the earlier export")
    result = scrapy("export", target, "--related", str(files[-1]), *words.split())
    assert (result.code, result.out) == (1, "")
    assert message in result.err
    assert all(file.read_text() == "the earlier export" for file in files)
    if name != "a.db" and "--since-last" not in words:
        assert scrapy("export", target, "--allow-empty", *words.split()).code == 0


def test_a_database_without_articles_is_reported(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Store(tmp_path / "news.db").close()
    scrapy = Commands(tmp_path / "news.db", capfd)
    result = scrapy("export", str(tmp_path / "a.csv"))
    assert (result.code, result.err) == (
        1,
        "no article is stored; nothing is written (--allow-empty writes empty files)\n",
    )
    assert not (tmp_path / "a.csv").exists()
    assert scrapy("export", str(tmp_path / "a.csv"), "--allow-empty").code == 0
    assert (tmp_path / "a.csv").read_text("utf-8-sig").startswith("id,")


def test_a_filter_that_only_copies_match_names_the_option(scrapy: Commands) -> None:
    with Store(scrapy.database) as store:
        put(store, an_article("b", LONG))
        put(store, an_article("c", LONG, site="other"))
    result = scrapy("export", "-", "--site", "other")
    assert result.code == 1
    assert result.err.startswith("no article matches --site other except copies, which --with-duplicates includes; ")


def test_nothing_new_since_the_last_export_is_not_an_error(scrapy: Commands, tmp_path: Path) -> None:
    target = tmp_path / "new.jsonl"
    words = ("export", str(target), "--since-last", "daily", "--language", "ar")
    assert scrapy(*words).out == f"1 article in {target}\n"
    result = scrapy(*words)
    assert (result.code, result.out, result.err) == (0, f"0 articles in {target}\n", "")
    assert target.read_text() == ""


def test_a_search_and_a_release_without_articles_are_reported(scrapy: Commands, tmp_path: Path) -> None:
    assert "no matches" in scrapy("search", "text", "--language", "xx").err
    result = scrapy("release", str(tmp_path / "out"), "--name", "r", "--language", "xx")
    assert (result.code, "no article matches --language xx" in result.err) == (1, True)
    assert not (tmp_path / "out").exists()
