"""`scrapy crawl archive`: pages of our archives and of Common Crawl pass all stages, without a network."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from crawler.crawl.arguments import ArchiveArguments, ArgumentError
from crawler.items import OUTCOMES
from tests.conftest import Workplace
from tests.newssite import NewsSite, article_page
from tests.test_crawl_site import put_articles
from tests.warcfile import ForeignArchive, chunked

ARABIC = (
    "أعلنت بلدية وادي السنديان اليوم الثلاثاء عن إعادة فتح الجسر القديم أمام المشاة بعد أعمال صيانة استمرت عاما.",
) * 2
COMPARED = (
    "SELECT url, page_url, site, title, body, authors, published, published_from, language FROM articles ORDER BY url"
)


def story(n: int) -> str:
    return article_page(f"Story {n}", (f"Story number {n} tells of ship {n} and of its {n + 3} sailors at sea. " * 4,))


def test_an_archive_gives_a_fresh_database_the_same_articles_without_a_request(
    site: NewsSite, workplace: Workplace
) -> None:
    site.put("/arabic.html", article_page("جسر", ARABIC, lang="ar").encode("cp1256"), "text/html; charset=windows-1256")
    undated = article_page("Undated").replace("article:published_time", "x")
    site.put("/undated.html", gzip.compress(undated.encode()), headers={"Content-Encoding": "gzip"})
    site.answer("/moved.html", lambda handler: handler.redirect("/arabic.html"))
    links = [*put_articles(site, 3), site.url + "moved.html", site.url + "undated.html"]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    workplace.run("crawl", "local")
    corrected = (
        "Corrected: that ship never left the harbour. " * 4,
        "Report number 0 from the harbour tells of ship 0 and its crew of 3 sailors. " * 4,
    )
    site.article("/news/0-report.html", "Report 0", paragraphs=corrected)
    workplace.run("crawl", "local", "-a", "force=1")
    live, requests = workplace.rows(COMPARED), len(site.seen)
    locations = workplace.rows("SELECT file, offset, length, digest, current FROM archive ORDER BY offset")
    workplace.database.rename(workplace.folder / "live.db")
    result = workplace.run("crawl", "archive", "-a", f"files={workplace.folder}/archive/*.warc.gz")
    assert result.returncode == 0, result.stderr
    assert len(live) == 5
    assert workplace.rows(COMPARED) == live
    assert [row["published_from"] for row in live if "undated" in row["url"]] == ["channel:feed"]
    assert len(site.seen) == requests
    assert workplace.rows("SELECT new, updated FROM runs") == [{"new": 5, "updated": 1}]
    assert workplace.rows("SELECT file, offset, length, digest, current FROM archive ORDER BY offset") == locations
    assert len(list((workplace.folder / "archive").glob("*.warc.gz"))) == 1


@pytest.fixture
def news(workplace: Workplace) -> Path:
    """An archive like those of Common Crawl, with all kinds of records."""
    workplace.profile("daily", 'title = "Daily"\nurl = "https://daily.example/"\n')
    archive = ForeignArchive(workplace.folder / "CC-NEWS-20260301-00001.warc.gz")
    archive.response("https://www.daily.example/1.html", story(1))
    packed = chunked(gzip.compress(story(2).encode()))
    encoded = {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}
    archive.response("https://daily.example/2.html?utm_source=x", packed, headers=encoded)
    archive.response("https://other.example/3.html", story(3))
    archive.response("https://other.example/short.html", article_page("Short", ("Short.",)))
    archive.response("https://other.example/gone.html", "gone", status="404 Not Found")
    archive.response("https://other.example/picture", b"\xff\xd8", "image/jpeg")
    archive.raw(gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\n")[:40])
    archive.response("https://other.example/3.html", story(3), date="2026-03-02T00:00:00Z")
    return archive.close()


def test_common_crawl_pages_belong_to_the_profile_that_owns_them_or_to_their_host(
    workplace: Workplace, news: Path
) -> None:
    result = workplace.run("crawl", "archive", "-a", f"files={news}")
    assert result.returncode == 0, result.stderr
    rows = workplace.rows("SELECT url, site, title FROM articles ORDER BY url")
    assert [tuple(row.values()) for row in rows] == [
        ("https://daily.example/2.html", "daily", "Story 2"),
        ("https://other.example/3.html", "other.example", "Story 3"),
        ("https://www.daily.example/1.html", "daily", "Story 1"),
    ]
    assert workplace.rows("SELECT DISTINCT file FROM archive") == [{"file": str(news)}]
    assert not (workplace.folder / "archive").exists()
    assert f"{news}: the record at byte" in result.stderr


def test_outcomes_of_an_archive_add_up_and_a_second_run_takes_nothing(workplace: Workplace, news: Path) -> None:
    workplace.run("crawl", "archive", "-a", f"files={news}")
    workplace.run("crawl", "archive", "-a", f"files={news}")
    first, second = workplace.rows("SELECT * FROM runs ORDER BY id")
    outcomes = (*OUTCOMES, "unfinished")
    assert [first[name] for name in outcomes] == [3, 0, 1, 0, 1, 0, 0, 0, 0]
    assert first["requested"] == sum(first[name] for name in outcomes)
    assert json_of(first, "skipped") == {"broken_record": 1, "no_response": 15, "no_success": 1, "not_html": 1}
    assert second["requested"] == 0
    assert json_of(second, "skipped")["known"] == 5


def test_the_pages_of_an_archive_can_be_chosen(workplace: Workplace, news: Path) -> None:
    workplace.run("crawl", "archive", "-a", f"files={news}", "-a", "sites=daily", "-a", "max_articles=1")
    assert [row["title"] for row in workplace.rows("SELECT title FROM articles")] == ["Story 1"]
    workplace.run("crawl", "archive", "-a", f"files={news}", "-a", "sites=daily", "-a", "force=1")
    assert workplace.rows("SELECT new, unchanged FROM runs ORDER BY id") == [
        {"new": 1, "unchanged": 0},
        {"new": 1, "unchanged": 1},
    ]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({}, "files is missing"),
        ({"files": " , "}, "files is missing"),
        ({"files": "/nowhere/*.warc.gz"}, "/nowhere/.*: no such file"),
        ({"files": "README.md", "since": "2026-01-01"}, "-a since: unknown argument"),
        ({"files": "README.md", "max_articles": "many"}, "must be a whole number"),
        ({"files": "README.md", "force": "maybe"}, "must be 1 or 0"),
    ],
)
def test_invalid_arguments_are_reported(raw: dict[str, str], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        ArchiveArguments.parse(raw)


def test_invalid_use_of_archives_is_reported_in_one_sentence(workplace: Workplace) -> None:
    result = workplace.run("crawl", "archive", "-a", "files=/nowhere/*.warc.gz")
    assert result.returncode == 2
    assert "/nowhere/*.warc.gz: no such file" in result.stderr
    assert "Traceback" not in result.stderr


def test_archive_is_not_a_site(workplace: Workplace) -> None:
    workplace.profile("daily", 'title = "Daily"\nurl = "https://daily.example/"\n')
    assert workplace.run("list").stdout.split() == ["daily"]


def json_of(row: dict[str, Any], name: str) -> Any:
    return json.loads(row[name])


def test_a_url_of_any_length_gets_an_outcome(workplace: Workplace) -> None:
    archive = ForeignArchive(workplace.folder / "long.warc.gz")
    archive.response(f"https://other.example/1.html?utm_source={'x' * 3000}", story(1))
    archive.response(f"https://other.example/{'y' * 3000}.html", story(2))
    result = workplace.run("crawl", "archive", "-a", f"files={archive.close()}")
    assert result.returncode == 0, result.stderr
    (run,) = workplace.rows("SELECT * FROM runs")
    assert run["unfinished"] == 0
    assert run["requested"] + json_of(run, "skipped").get("no_web_address", 0) == 2
    assert run["new"] == run["requested"] >= 1


def test_a_file_that_is_not_a_readable_archive_is_an_error_without_its_bytes(workplace: Workplace) -> None:
    raw = b"\x1b]0;title\x07\x1b[2J\xff\x00 bytes of a file"
    archive = ForeignArchive(workplace.folder / "torn.warc.gz")
    end = archive.response("https://other.example/1.html", story(1))
    torn = archive.close().read_bytes()[: end + 60]
    files = {
        "a.bz2": (b"BZh9" + raw, "is compressed with bzip2"),
        "b.zip.gz": (gzip.compress(b"PK\x03\x04" + raw), "is a zip file"),
        "c.zip": (b"PK\x03\x04" + raw, "is a zip file"),
        "d.warc.zst": (b"\x28\xb5\x2f\xfd" + raw, "is compressed with zstd"),
        "e.warc": (raw * 9, "is not a WARC file, or is damaged throughout"),
        "f.warc.gz": (gzip.compress(raw), "is not a WARC file, or is damaged throughout"),
        "g.warc": (b"WARC/1.0\r\n\x1b[2J\xff: " + raw + b"\r\n\r\n", "no record can be read"),
        "h.warc": (b"", "is empty"),
        "torn.warc.gz": (torn, "is damaged: no page can be read"),
    }
    for name, (content, _) in files.items():
        (workplace.folder / name).write_bytes(content)
    paths = ",".join(str(workplace.folder / name) for name in files)
    result = workplace.run("crawl", "archive", "-a", f"files={paths}")
    assert result.returncode == 1
    for name, (_, message) in files.items():
        assert f"{workplace.folder / name}: " in result.stderr
        assert message in result.stderr, name
    printed = (result.stdout + result.stderr).replace("\n", "")
    assert printed.isprintable(), [c for c in printed if not c.isprintable()]
    assert "Traceback" not in result.stderr
