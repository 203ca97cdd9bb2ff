"""Crawls that archive their pages: what is archived, what is not, and what happens if the archive cannot be written."""

from __future__ import annotations

import gzip
import signal
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.conftest import Workplace
from tests.newssite import NewsSite, article_page, serve
from tests.test_crawl_site import put_articles, wait_until

ARABIC = (
    "أعلنت بلدية وادي السنديان اليوم الثلاثاء عن إعادة فتح الجسر القديم أمام المشاة بعد أعمال صيانة استمرت عاما.",
) * 2


def archive_files(workplace: Workplace) -> list[Path]:
    return sorted((workplace.folder / "archive").glob("*.warc.gz"))


def records(path: Path) -> Iterator[Any]:
    """Records as warcio reads them, their digests checked."""
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            yield record.rec_type, record.rec_headers, record.http_headers, record.content_stream().read()


def size_of_archive(workplace: Workplace) -> int:
    return sum(path.stat().st_size for path in archive_files(workplace))


def responses(workplace: Workplace) -> dict[str, Any]:
    """Path of each kept page → its record's headers, HTTP headers and body."""
    by_path = {}
    for path in archive_files(workplace):
        for kind, headers, http, body in records(path):
            if kind == "response":
                by_path["/" + headers.get_header("WARC-Target-URI").split("/", 3)[3]] = (headers, http, body)
    return by_path


@dataclass
class Crawled:
    """One crawl of pages of all kinds, and what it kept."""

    workplace: Workplace
    pages: dict[str, bytes]
    kept: dict[str, Any]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    workplace = Workplace(tmp_path_factory.mktemp("kept"), {"NEWS_CONTACT": "mailto:desk@daily.example"})
    packed = "It was packed by the server before it was sent to us. " * 4
    pages = {
        "/plain.html": article_page("Plain").encode(),
        "/packed.html": article_page("Packed", (packed,)).encode(),
        "/arabic.html": article_page("جسر", ARABIC, lang="ar").encode("cp1256"),
        "/copy.html": article_page("Packed elsewhere", (packed, "Copied.")).encode(),
    }
    with serve() as site:
        site.put("/plain.html", pages["/plain.html"], headers={"X-Odd": "caf\xe9", "ETag": '"1"'})
        site.put("/packed.html", gzip.compress(pages["/packed.html"]), headers={"Content-Encoding": "gzip"})
        site.put("/arabic.html", pages["/arabic.html"], "text/html; charset=windows-1256")
        site.answer("/moved.html", lambda handler: handler.redirect("/arabic.html"))
        site.put("/copy.html", pages["/copy.html"])
        site.answer("/other-address.html", lambda handler: handler.redirect("/copy.html"))
        site.article("/short.html", "Short", paragraphs=("Too short.",))
        names = ("plain", "packed", "moved", "copy", "other-address", "short", "missing")
        workplace.site_profile(site, feeds=[site.feed("/feed.xml", [f"{site.url}{name}.html" for name in names])])
        result = workplace.run("crawl", "local")
        assert result.returncode == 0, result.stderr
    return Crawled(workplace, pages, responses(workplace))


def test_warcio_reads_back_what_the_server_sent(crawled: Crawled) -> None:
    kept = crawled.kept
    assert {path: body for path, (_, _, body) in kept.items()} == crawled.pages
    headers, http, _ = kept["/plain.html"]
    assert headers.protocol == "WARC/1.1"
    assert http.statusline == "200 OK"
    assert (http["X-Odd"], http["ETag"]) == ("caf\xe9", '"1"')
    assert kept["/arabic.html"][1]["Content-Type"] == "text/html; charset=windows-1256"
    assert kept["/packed.html"][1]["X-Archive-Orig-Content-Encoding"] == "gzip"
    for _, http, body in kept.values():
        assert http["Content-Encoding"] is None
        assert int(http["Content-Length"]) == len(body)


def test_pages_without_an_article_of_their_own_are_not_archived(crawled: Crawled) -> None:
    outcomes = crawled.workplace.pages()
    assert (outcomes["/short.html"], outcomes["/other-address.html"]) == ("body_too_short", "duplicate")
    assert len(crawled.kept) == len(crawled.workplace.rows("SELECT id FROM articles")) == 4


def test_each_article_has_the_place_of_its_record(crawled: Crawled) -> None:
    locations = crawled.workplace.rows(
        "SELECT articles.url, archive.* FROM archive JOIN articles ON articles.id = article_id"
    )
    assert len(locations) == 4
    for location in locations:
        with (crawled.workplace.folder / "archive" / location["file"]).open("rb") as file:
            file.seek(location["offset"])
            record = zlib.decompressobj(31)
            text = record.decompress(file.read(location["length"]))
        assert record.eof
        assert not record.unused_data
        assert f"WARC-Target-URI: {location['url']}\r\n".encode() in text
        assert f"WARC-Payload-Digest: {location['digest']}\r\n".encode() in text


def test_a_file_begins_with_its_producer(crawled: Crawled) -> None:
    (path,) = archive_files(crawled.workplace)
    kind, headers, _, body = next(records(path))
    assert (kind, headers.get_header("WARC-Filename")) == ("warcinfo", path.name)
    assert b"operator: mailto:desk@daily.example\r\n" in body
    assert b"software: Rasid/" in body


def test_archive_is_off_by_one_setting_and_goes_on_in_the_file_of_the_day(site: NewsSite, workplace: Workplace) -> None:
    links = put_articles(site, 3)
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links[:1])])
    workplace.run("crawl", "local", "-s", "NEWS_ARCHIVE=")
    assert not (workplace.folder / "archive").exists()
    for count in (2, 3):
        workplace.site_profile(site, feeds=[site.feed("/feed.xml", links[:count])])
        workplace.run("crawl", "local")
    (path,) = archive_files(workplace)
    assert [kind for kind, *_ in records(path)] == ["warcinfo", "response", "response"]


def test_kill_9_leaves_readable_files_and_a_record_for_each_article(site: NewsSite, workplace: Workplace) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", put_articles(site, 40))])
    for _ in range(2):
        with workplace.start("crawl", "local", "-s", "DOWNLOAD_DELAY=0.05") as crawl:
            before = size_of_archive(workplace)
            wait_until(lambda: size_of_archive(workplace) > before + 1500)  # noqa: B023
            crawl.send_signal(signal.SIGKILL)
            crawl.communicate()
    torn = archive_files(workplace)[-1]
    with torn.open("ab") as file:  # as if it had been killed within a write
        file.write(gzip.compress(b"WARC/1.1\r\nWARC-Type: response\r\n" * 50)[:40])
    size = torn.stat().st_size
    assert workplace.run("crawl", "local").returncode == 0
    assert torn.stat().st_size == size
    rows = workplace.rows("SELECT page_url, file, offset FROM articles JOIN archive ON article_id = articles.id")
    assert len(rows) == 40
    for row in rows:
        with (workplace.folder / "archive" / row["file"]).open("rb") as file:
            file.seek(row["offset"])
            record = next(ArchiveIterator(file, check_digests="raise"))
            assert record.rec_headers.get_header("WARC-Target-URI") == row["page_url"]
            assert b"sailors" in record.content_stream().read()


@pytest.mark.parametrize("folder", ["news.db/archive"])
def test_an_archive_that_cannot_be_written_costs_one_line_and_no_page(
    site: NewsSite, workplace: Workplace, folder: str
) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", put_articles(site, 3))])
    result = workplace.run("crawl", "local", "-L", "ERROR", "-s", f"NEWS_ARCHIVE={folder}")
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert folder in line
    assert "not archived" in line
    assert workplace.rows("SELECT count(*) AS n FROM articles") == [{"n": 3}]
    assert workplace.rows("SELECT new, finish_reason FROM runs") == [{"new": 3, "finish_reason": "failed"}]


def test_limits_delete_the_oldest_files_and_their_locations(site: NewsSite, workplace: Workplace) -> None:
    limits = ("-s", "NEWS_ARCHIVE_FILE_MB=0.001", "-s", "NEWS_ARCHIVE_MB=0.004")
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", put_articles(site, 12))])
    old = workplace.folder / "archive" / "2019-01-31-other-001.warc.gz"
    foreign = workplace.folder / "archive" / "2019-01-31.warc.gz"
    old.parent.mkdir()
    for path in (old, foreign):
        path.write_bytes(b"x" * 100)
    assert workplace.run("crawl", "local", *limits).returncode == 0
    kept = archive_files(workplace)
    assert foreign in kept
    assert old not in kept
    ours = [path for path in kept if path != foreign]
    assert 0 < sum(path.stat().st_size for path in ours) <= 4000
    locations = workplace.rows("SELECT file, article_id FROM archive ORDER BY article_id")
    assert {row["file"] for row in locations} == {path.name for path in ours}
    assert locations[-1]["article_id"] == 12
    assert workplace.rows("SELECT count(*) AS n FROM articles") == [{"n": 12}]


def test_two_crawls_at_once_write_a_file_each(site: NewsSite, workplace: Workplace) -> None:
    for name in ("one", "two"):
        links = [
            site.article(f"/{name}/{n}.html", f"{name} {n}", paragraphs=(f"{n} of {name} on ships. " * 9,))
            for n in range(9)
        ]
        workplace.site_profile(site, name, feeds=[site.feed(f"/{name}.xml", links)])
    crawls = [workplace.start("crawl", name) for name in ("one", "two")]
    for crawl in crawls:
        crawl.communicate(timeout=60)
    assert [path.name.split("-")[3] for path in archive_files(workplace)] == ["one", "two"]
    assert len(responses(workplace)) == 18
