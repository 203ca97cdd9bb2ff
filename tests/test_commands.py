"""The commands as a user types them: what they print, and how they end."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT, Workplace
from tests.newssite import NewsSite, article_page


@pytest.fixture
def stored(site: NewsSite, workplace: Workplace) -> Workplace:
    """Three articles stored, one of them a copy, one of them hostile to spreadsheets."""
    formula = (
        '=HYPERLINK("http://evil.example","click") is what the line said, and it went on for long. ' * 3,
        "Line two.",
    )
    links = [
        site.article("/a.html", "First", headers={"Last-Modified": "Tue, 10 Nov 2026 08:30:00 GMT"}),
        site.article("/b.html", "Copy of the first"),
        site.article("/c.html", "Formula", paragraphs=formula),
    ]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    assert workplace.run("crawl", "local").returncode == 0
    return workplace


def read_csv(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def test_a_plain_export_writes_a_line_a_row_and_leaves_copies_out(stored: Workplace) -> None:
    target = stored.folder / "out.csv"
    result = stored.run("export", str(target), "--plain")
    assert (result.returncode, result.stdout) == (0, f"2 articles in {target}\n")
    assert [row["title"] for row in read_csv(target)] == ["First", "Formula"]
    assert len(target.read_bytes().splitlines()) == 3
    assert read_csv(target)[1]["body"].startswith("'=HYPERLINK")


def test_export_with_duplicates_names_the_first_copy(stored: Workplace) -> None:
    target = stored.folder / "out.csv"
    stored.run("export", str(target), "--with-duplicates")
    rows = read_csv(target)
    assert [row["duplicate_of"] for row in rows] == ["", rows[0]["url"], ""]


def test_export_writes_the_requested_columns_in_their_order(stored: Workplace) -> None:
    result = stored.run("export", "-", "--columns", "title,id")
    assert list(csv.reader(io.StringIO(result.stdout))) == [["title", "id"], ["First", "1"], ["Formula", "3"]]


def test_export_for_excel_begins_with_a_byte_order_mark(stored: Workplace) -> None:
    target = stored.folder / "out.csv"
    stored.run("export", str(target))
    assert target.read_bytes().startswith(b"\xef\xbb\xbfid,")


def test_export_filters_by_site_date_and_language(stored: Workplace) -> None:
    for option, count in [
        ("--site=local", 2),
        ("--until=2026-11-10", 0),
        ("--since=2026-11-10", 2),
    ]:
        result = stored.run("export", "-", option, "--columns=id", "--allow-empty")
        assert len(result.stdout.splitlines()) == 1 + count, option
    assert len(stored.run("export", "-", "--language", "en", "--columns=id").stdout.splitlines()) == 3


def test_export_as_json_lines_keeps_lists_and_line_breaks(stored: Workplace) -> None:
    target = stored.folder / "out.jsonl"
    stored.run("export", str(target))
    rows = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert rows[1]["body"].endswith("\nLine two.")
    assert rows[0]["authors"] == []


def test_export_to_an_unknown_format_leaves_files_alone(stored: Workplace) -> None:
    target = stored.folder / "out.xls"
    target.write_text("mine", "utf-8")
    result = stored.run("export", str(target))
    assert result.returncode == 2
    assert "must end in .xlsx, .csv, .jsonl" in result.stdout + result.stderr
    assert target.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("crawl",), 2, "give the name of one site"),
        (("crawl", "nosuch"), 2, "unknown site nosuch; `scrapy sites` lists"),
        (("crawl", "local", "-a", "pages=3"), 2, "unknown argument; the arguments are url, since"),
        (("crawl", "local", "-a", "since=soon"), 2, "must be a date like 2026-01-31"),
        (("crawl", "local", "-a", "channel=gopher"), 2, "must be one of feed"),
        (("crawl", "local", "-a", "url=ftp://x/"), 2, "write it like http://127.0.0.1:8000/"),
        (("crawl", "local", "-s", "NEWS_BATCH_SIZE=many"), 2, "NEWS_BATCH_SIZE='many' must be a whole number"),
        (("crawl", "local", "-s", f"NEWS_DB={__file__}"), 1, "name another one with -s NEWS_DB=FILE"),
        (("crawl", "local", "-s", "NEWS_DB=/proc/nowhere/news.db"), 1, "folder that you can write to"),
        (("export",), 2, "give one file"),
        (("export", "x.csv"), 1, "does not exist; crawl a site first"),
        (("export", "x.csv", "--columns", "titel"), 2, "unknown column 'titel'"),
        (("export", "x.csv", "--langauge", "ar"), 2, "unknown option --langauge; use -h for the list"),
        (("search", "harbour", "--langauge", "ar"), 2, "unknown option --langauge"),
        (("crawl", "local", "--langauge"), 2, "unknown option --langauge"),
        (("sites", "local"), 2, "takes no arguments"),
        (("due", "--jobs", "0"), 2, "'0' must be a whole number from 1 to 100"),
        (("due", "--max-time", "soon"), 2, "'soon' must be a number of seconds above 0"),
        (("extract", "gopher://a.example/"), 2, "must be an http or https URL, or the name of a file"),
        (("extract",), 2, "give one URL or file"),
        (("extract", "nosuch.html"), 1, "cannot be read"),
    ],
)
def test_wrong_usage_is_reported_in_one_sentence(
    workplace: Workplace, words: tuple[str, ...], status: int, message: str
) -> None:
    workplace.profile("local", 'title = "Local"\nurl = "http://127.0.0.1:9/"\n')
    result = workplace.run(*words)
    assert result.returncode == status
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_broken_profile_costs_only_its_own_site(site: NewsSite, workplace: Workplace) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [site.article("/a.html", "A")])])
    workplace.profile("broken", 'title = "B"\nurl = "https://b.example/"\narticel_url = "x"\n')
    result = workplace.run("crawl", "local")
    assert result.returncode == 0
    assert "broken" not in result.stderr
    assert len(workplace.rows("SELECT id FROM articles")) == 1
    listed = workplace.run("list")
    assert (listed.stdout, listed.returncode) == ("local\n", 1)
    assert "broken.toml: articel_url = 'x': unknown key" in listed.stderr
    refused = workplace.run("crawl", "broken")
    assert refused.returncode == 1
    assert "articel_url" in refused.stderr


def test_sites_shows_what_is_stored_and_what_is_wrong(stored: Workplace) -> None:
    stored.profile("broken", 'title = "B"\n')
    result = stored.run("sites")
    assert result.returncode == 1
    header, broken, local = result.stdout.splitlines()
    assert header.split() == [
        "name",
        "title",
        "language",
        "channels",
        "enabled",
        "articles",
        "last",
        "crawl",
        "problems",
    ]
    assert "url = None: is missing" in broken
    assert local.split()[:5] == ["local", "Local", "feed", "yes", "3"]


def test_settings_are_taken_from_the_environment_and_from_s(site: NewsSite, workplace: Workplace) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [site.article("/a.html", "A")])])
    workplace.environment["NEWS_MIN_BODY_CHARS"] = "100000"
    workplace.run("crawl", "local")
    assert workplace.pages() == {"/a.html": "body_too_short"}
    other = workplace.folder / "other.db"
    workplace.run("crawl", "local", "-s", f"NEWS_DB={other}", "-s", "NEWS_MIN_BODY_CHARS=10")
    assert other.exists()


def test_extract_prints_a_page_readably(site: NewsSite, workplace: Workplace) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /private/\n", "text/plain")
    text = "وصلت القافلة إلى واحة الرمان مساء أمس بعد رحلة استمرت أربعة أيام عبر الكثبان."
    page = article_page("قافلة الملح", (text,) * 3, lang="ar")
    result = workplace.run("extract", site.put("/a.html", page))
    assert result.returncode == 0, result.stderr
    assert text in result.stdout
    assert "title:     قافلة الملح" in result.stdout
    quoted = page.replace(f"<p>{text}</p>", f"<blockquote><p>{text}</p></blockquote>", 1)
    assert f"\n\n> {text}\n" in workplace.run("extract", site.put("/b.html", quoted), "--markdown").stdout
    assert workplace.run("extract", "--markdown", "--jsonl").returncode == 2
    forbidden = workplace.run("extract", site.put("/private/a.html", page))
    assert (forbidden.returncode, forbidden.stdout) == (1, "")
    assert "robots" in forbidden.stderr


def test_extract_answers_json_lines_in_order_and_survives_bad_ones(workplace: Workplace) -> None:
    good = json.dumps({"id": 1, "url": "https://a.example/x.html", "html": article_page("Title")})
    lines = [good, "no json", '{"id": 2}', "", good.replace('"id": 1', '"id": "b"')]
    result = subprocess.run(
        [sys.executable, "-m", "scrapy", "extract", "--jsonl"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        cwd=PROJECT,
        check=False,
    )
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer.get("id") for answer in answers] == [1, None, None, "b"]
    assert answers[1]["line"] == 2
    assert answers[0]["text"].count("\n") == 2
    expected = {
        "id",
        "title",
        "text",
        "authors",
        "published",
        "published_zone",
        "language",
        "categories",
        "tags",
        "confidence",
        "related",
    }
    assert set(answers[0]) == expected
    assert result.returncode == 1


@pytest.mark.parametrize(
    "words", [("export", "-"), ("search", "bridge"), ("release", "out", "--name", "news"), ("reextract",)]
)
def test_a_misspelt_site_is_not_a_site_without_articles(stored: Workplace, words: tuple[str, ...]) -> None:
    result = stored.run(*words, "--site", "twon")
    assert result.returncode == 2
    assert "unknown site twon" in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("words", [("fetch",), ("shell", "-c", "response.text"), ("view",)])
def test_scrapys_own_commands_work_and_record_nothing(
    site: NewsSite, workplace: Workplace, words: tuple[str, ...]
) -> None:
    workplace.site_profile(site)
    workplace.environment["BROWSER"] = "true"
    result = workplace.run(*words, site.article("/news/1.html", "A ship has come in", paragraphs=("Text. " * 30,)))
    assert "Traceback" not in result.stderr
    assert "Unhandled" not in result.stderr
    assert "/news/1.html" in site.paths()
    if words[0] in ("fetch", "shell"):
        assert "A ship has come in" in result.stdout
    assert not workplace.database.exists()
