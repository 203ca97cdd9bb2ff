"""`every`: from one line to a file that the schedule writes."""

from __future__ import annotations

import os
from pathlib import Path

import openpyxl
import pytest

from crawler.home import create_home
from tests.conftest import Workplace
from tests.inprocess import Commands
from tests.newssite import NewsSite
from tests.schedulers import make_crontab
from tests.test_crawl_again import text_of


@pytest.fixture
def crontab(tmp_path: Path, workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home, and a crontab program that keeps its table in a file, as the real one behaves."""
    table, program = make_crontab(tmp_path)
    create_home(tmp_path)
    workplace.environment["RASID_HOME"] = str(tmp_path)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("NEWS_EXTRACT_WORKERS", "1")
    return table


@pytest.fixture
def scrapy(tmp_path: Path, crontab: Path, capfd: pytest.CaptureFixture[str]) -> Commands:
    return Commands(tmp_path / "news.db", capfd, sites=tmp_path / "sites", home=tmp_path)


def test_one_line_leads_to_a_file_and_to_its_schedule(
    site: NewsSite, workplace: Workplace, scrapy: Commands, crontab: Path, tmp_path: Path
) -> None:
    links = [site.article("/1.html", "ماء في النهر"), site.article("/2.html", "Second", paragraphs=text_of(2, ""))]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    target = tmp_path / "out" / "news.xlsx"
    target.parent.mkdir()
    words = ("every", "morning", "--excel", str(target), "--timezone", "Asia/Damascus", "--site", "local")
    refused = scrapy(*words)
    assert (refused.code, "add --yes" in refused.err) == (2, True)
    assert not (tmp_path / "exports.toml").exists()

    result = scrapy(*words, "--yes")
    assert (result.code, result.err) == (0, "")
    assert f"export news: articles of local to {target}, every day at 07:00 (Asia/Damascus)" in result.out
    assert "cron runs `scrapy due` every 5 minutes" in result.out
    assert "local: every 5 to 360 minutes" in result.out
    assert f"2 rows in {target}; next " in result.out
    assert crontab.read_text().count(" due ") == 1
    sheet = openpyxl.load_workbook(target)["Articles"]
    titles = {cell.value for column in sheet.iter_cols() if column[0].value == "title" for cell in column[1:]}
    assert titles == {"ماء في النهر", "Second"}

    assert "last " in scrapy("exports").out
    assert f"it exports news: articles of local to {target}" in scrapy("schedule").out
    target.unlink()
    assert workplace.run("due", "-L", "ERROR").returncode == 0
    assert not target.exists(), "written once a day"
    assert scrapy("every", "--list").out == scrapy("exports").out
    assert "did you mean news" in scrapy("every", "--remove", "nwes").err
    assert scrapy("every", "--remove", "news").code == 0
    assert scrapy("exports").out.startswith("no exports; ")
    assert workplace.rows("SELECT * FROM scheduled_exports") == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("mornign", "--excel", "a.xlsx"), "every mornign: unknown; write one of morning, noon, evening, night, hour"),
        ((), "say when; write one of"),
        (("day",), "give one file: --excel news.xlsx"),
        (("day", "--excel", "a.csv"), "--excel a.csv: the name must end in .xlsx"),
        (("day", "--csv", "no/where.csv"), "no/where.csv: the folder does not exist"),
        (("day", "--csv", "a-{dat}.csv"), "unknown field {dat}"),
        (("day", "--csv", "a.csv", "--at", "7h"), "must be a time of day"),
        (("day", "--csv", "a.csv", "--site", "twon"), "unknown site twon"),
        (("day", "--file", "a.xls"), "the name must end in .xlsx, .csv"),
    ],
)
def test_wrong_usage_changes_nothing(
    scrapy: Commands, crontab: Path, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    result = scrapy("every", *words, "--yes")
    assert (result.code, message in result.err) == (2, True), result.err
    assert not crontab.exists()
    assert not (tmp_path / "exports.toml").exists()


def test_without_cron_the_file_is_written_and_the_next_way_is_said(
    site: NewsSite, workplace: Workplace, scrapy: Commands, tmp_path: Path
) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [site.article("/1.html", "One")])])
    workplace.environment["PATH"] = str(tmp_path)
    result = workplace.run("every", "hour", "--csv", str(tmp_path / "a"), "--yes")
    assert result.returncode == 1
    assert (
        "nothing runs by itself: there is neither cron nor a systemd that runs for you; install cron" in result.stdout
    )
    assert "One" in (tmp_path / "a.csv").read_text("utf-8-sig")
    without = scrapy("every", "hour", "--csv", str(tmp_path / "b"), "--yes", "--no-schedule")
    assert (without.code, "crontab" in without.out, (tmp_path / "table").exists()) == (0, False, False)


def test_a_broken_export_and_one_that_fails_are_reported_by_the_schedule(
    site: NewsSite, workplace: Workplace, scrapy: Commands, tmp_path: Path
) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [site.article("/1.html", "One")])])
    (tmp_path / "exports.toml").write_text(
        '[broken]\nfile = "a.csv"\nevery = "dya"\n[missing]\nfile = "later/a.csv"\n[good]\nfile = "good.csv"\n'
        '[typo]\nfile = "b.csv"\nsites = ["twon"]\n'
    )
    result = workplace.run("due", "-L", "ERROR")
    assert result.returncode == 1
    errors = result.stderr.splitlines()
    assert "exports.toml [broken]: every = 'dya': must be one of" in errors[0]
    assert errors[1].startswith("missing: ")
    assert "does not exist" in errors[1]
    assert errors[2].startswith("typo: unknown site twon")
    assert "One" in (tmp_path / "good.csv").read_text("utf-8-sig")
    listed = scrapy("exports")
    assert listed.code == 1
    assert "failed: " in listed.out
    again = workplace.run("due", "-L", "ERROR")
    assert "missing: " not in again.stderr, "reported once a day"
    assert again.returncode == 1
