"""Reading WARC files of all kinds: every encoding, every damage, and the memory of one page."""

from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.reader import ArchivedPage, RecordError, Skipped, read_archive, read_archived_page
from crawler.archive.record import response_record
from crawler.items import RecordLocation, candidate_from_json, candidate_to_json
from tests.made_up import HOME, NOW
from tests.newssite import article_page
from tests.test_archive_writer import BODY, a_page
from tests.warcfile import ForeignArchive, chunked

PAGE = article_page("ميناء", ("وصلت السفينة إلى الميناء القديم فجر اليوم. " * 9,)).encode()
LIMIT = 1_000_000


def read(path: Path, max_bytes: int = LIMIT) -> tuple[list[ArchivedPage], list[Skipped]]:
    result = list(read_archive(path, max_bytes=max_bytes))
    pages = [page for page in result if isinstance(page, ArchivedPage)]
    return pages, [skipped for skipped in result if isinstance(skipped, Skipped) and skipped.reason != "no_response"]


@pytest.fixture
def archive(tmp_path: Path) -> ForeignArchive:
    return ForeignArchive(tmp_path / "CC-NEWS-20260301-00001.warc.gz")


ENCODED = {
    "plain": (PAGE, {}),
    "gzip": (gzip.compress(PAGE), {"Content-Encoding": "gzip"}),
    "capitals": (gzip.compress(PAGE), {"content-encoding": " GZIP"}),
    "chunked": (chunked(PAGE), {"Transfer-Encoding": "chunked"}),
    "chunked gzip": (chunked(gzip.compress(PAGE)), {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}),
    "two members": (gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:]), {"Content-Encoding": "x-gzip"}),
    "deflate": (zlib.compress(PAGE), {"Content-Encoding": "deflate"}),
    "bare deflate": (zlib.compress(PAGE, wbits=-15), {"Content-Encoding": "deflate"}),
    "brotli": (brotli.compress(PAGE), {"Content-Encoding": "br"}),
    "zstd": (zstd.compress(PAGE), {"Content-Encoding": "zstd"}),
    "zstd, two frames": (zstd.compress(PAGE[:99]) + zstd.compress(PAGE[99:]), {"Content-Encoding": "zstd"}),
    "zstd, skippable frame": (
        b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc" + zstd.compress(PAGE),
        {"Content-Encoding": "zstd"},
    ),
    "zstd, padding": (zstd.compress(PAGE) + bytes(7), {"Content-Encoding": "zstd"}),
    "no encoding": (PAGE, {"Content-Encoding": "amz-1.0"}),
    "no encoding, gzip": (gzip.compress(PAGE), {"Content-Encoding": "gzip, amz-1.0"}),
    "twice": (brotli.compress(gzip.compress(PAGE)), {"Content-Encoding": "gzip, br"}),
    "decoded before": (PAGE, {"Content-Encoding": "gzip", "Transfer-Encoding": "chunked"}),
    "decoded before, br": (PAGE, {"Content-Encoding": "br"}),
    "named by Common Crawl": (PAGE, {"X-Crawl-Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("name", ENCODED)
def test_a_body_comes_out_decoded(archive: ForeignArchive, name: str) -> None:
    body, headers = ENCODED[name]
    archive.response(HOME, body, headers=headers)
    [page], skipped = read(archive.close())
    assert page.body == PAGE
    assert (page.url, page.status, page.content_type) == (HOME, 200, "text/html; charset=utf-8")
    assert page.fetched.isoformat() == "2026-03-01T06:30:00+00:00"
    assert not skipped


def test_a_location_leads_to_its_record(archive: ForeignArchive) -> None:
    offsets = [archive.response(f"{HOME}{n}", f"<p>page {n}") for n in range(3)]
    pages, _ = read(path := archive.close())
    assert [page.location.offset for page in pages if page.location] == offsets
    for n, page in enumerate(pages):
        assert page.location is not None
        assert read_archived_page(path, page.location, max_bytes=LIMIT).body == b"<p>page %d" % n


def test_files_that_are_not_compressed_are_read_as_well(tmp_path: Path) -> None:
    archive = ForeignArchive(tmp_path / "plain.warc", gzip=False)
    for n in range(3):
        archive.response(f"{HOME}{n}", f"<p>page {n}")
    pages, skipped = read(path := archive.close())
    assert len(pages) == 3
    assert not skipped
    assert pages[1].location is not None
    assert read_archived_page(path, pages[1].location, max_bytes=LIMIT).body == b"<p>page 1"


def test_records_in_one_gzip_member_are_read_and_have_no_locations(archive: ForeignArchive) -> None:
    for n in range(3):
        archive.response(f"{HOME}{n}", f"<p>page {n}")
    path = archive.close()
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())))
    pages, skipped = read(path)
    assert [page.body for page in pages] == [b"<p>page 0", b"<p>page 1", b"<p>page 2"]
    assert not skipped
    assert all(page.location is None for page in pages)


@pytest.mark.parametrize(
    "damage",
    [
        b"nothing of the kind",
        gzip.compress(b"nothing of the kind"),
        gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n"),
        gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\n\r\nhello\r\n\r\n"),
        gzip.compress(b"WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 999\r\n\r\nhello\r\n\r\n"),
        gzip.compress(b"WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: -7\r\n\r\nhello\r\n\r\n")[:-8] + b"badcheck",
        gzip.compress(PAGE)[:200],
        b"\x1f\x8b\x08\x00" * 9,
    ],
    ids=[
        "plain words",
        "packed words",
        "no address",
        "no length",
        "length too great",
        "length below nothing",
        "cut off",
        "headers of gzip alone",
    ],  # not the bytes: gzip puts the time into them
)
def test_a_broken_record_is_counted_and_costs_only_itself(archive: ForeignArchive, damage: bytes) -> None:
    archive.response(f"{HOME}1", PAGE)
    archive.raw(damage)
    archive.response(f"{HOME}2", PAGE)
    pages, skipped = read(archive.close())
    assert [page.url for page in pages] == [f"{HOME}1", f"{HOME}2"]
    assert [one.reason for one in skipped] == ["broken_record"]


def test_bytes_that_rotted_on_the_disk_cost_their_record(archive: ForeignArchive) -> None:
    offsets = [archive.response(f"{HOME}{n}", random.Random(n).randbytes(500)) for n in range(4)]
    path = archive.close()
    data = bytearray(path.read_bytes())
    data[offsets[1] + 300] ^= 0xFF
    path.write_bytes(data)
    pages, skipped = read(path)
    assert [page.url[-1] for page in pages] == ["0", "2", "3"]
    assert [(one.reason, one.offset) for one in skipped] == [("broken_record", offsets[1])]


@pytest.mark.parametrize("compressed", [True, False])
def test_a_torn_file_is_read_up_to_where_it_is_torn(tmp_path: Path, compressed: bool) -> None:
    archive = ForeignArchive(tmp_path / "torn.warc.gz", gzip=compressed)
    for n in range(3):
        last = archive.response(f"{HOME}{n}", random.Random(n).randbytes(500))
    path = archive.close()
    path.write_bytes(path.read_bytes()[: last + 350])
    pages, skipped = read(path)
    assert [page.url[-1] for page in pages] == ["0", "1"]
    assert [(one.reason, one.offset) for one in skipped] == [("broken_record", last)]


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 5000, b"\x1f\x8b", gzip.compress(b""), gzip.compress(b"") * 3],
    ids=["empty", "zeros", "two bytes", "nothing packed", "nothing packed thrice"],
)
def test_a_file_without_records_gives_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "none.warc.gz"
    path.write_bytes(data)
    pages, skipped = read(path)
    assert not pages
    assert len(skipped) <= 1


BOMBS: dict[str, Callable[[int], bytes]] = {
    "gzip": lambda size: gzip.compress(bytes(size)),
    "deflate": lambda size: zlib.compress(bytes(size)),
    "br": lambda size: brotli.compress(bytes(size)),
    "zstd": lambda size: zstd.compress(bytes(size)),
}


@pytest.mark.parametrize("encoding", ["", *BOMBS])
def test_a_page_over_the_limit_is_skipped_without_being_held(archive: ForeignArchive, encoding: str) -> None:
    size = 30_000_000
    body = BOMBS[encoding](size) if encoding else bytes(size)
    archive.response(f"{HOME}1", body, headers={"Content-Encoding": encoding} if encoding else {})
    archive.response(f"{HOME}2", PAGE)
    path = archive.close()
    tracemalloc.start()
    pages, skipped = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [page.url for page in pages] == [f"{HOME}2"]
    assert [one.reason for one in skipped] == ["too_large"]
    assert peak < 10 * LIMIT


def test_memory_does_not_grow_with_the_file(archive: ForeignArchive) -> None:
    for n in range(60):
        archive.response(f"{HOME}{n}", random.Random(n).randbytes(200_000))
    path = archive.close()
    tracemalloc.start()
    assert sum(isinstance(page, ArchivedPage) for page in read_archive(path, max_bytes=LIMIT)) == 60
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3_000_000 < path.stat().st_size


def test_our_own_records_say_all_that_the_crawl_knew(tmp_path: Path) -> None:
    path = tmp_path / "own.warc.gz"
    page = a_page("a?x=سفن")
    page.url = HOME + "before-the-redirect"
    path.write_bytes(response_record(page))
    [archived], _ = read(path)
    assert page.capture is not None
    assert (archived.site, archived.page_url, archived.candidate) == ("example", page.url, page.capture.candidate)
    assert (archived.fetched, archived.body) == (NOW, BODY)


def test_a_candidate_of_another_version_is_read_as_far_as_it_is_known() -> None:
    assert candidate_from_json('{"url": "u", "channel": "feed", "channel_url": "c", "colour": "red"}').url == "u"
    for text in ("", "[]", "{}", '{"published": 5}', "nonsense"):
        with pytest.raises(ValueError, match=r"candidate|Expecting"):
            candidate_from_json(text)
    page = a_page()
    assert page.capture is not None
    assert page.capture.candidate is not None
    assert "\n" not in candidate_to_json(page.capture.candidate)


@pytest.mark.parametrize(
    ("location", "message"),
    [
        (RecordLocation(file="own", offset=7, length=99, digest=""), "no record at offset 7"),
        (RecordLocation(file="own", offset=9999, length=99, digest=""), "no record at offset 9999"),
        (RecordLocation(file="own", offset=0, length=99, digest="sha1:other"), "is not the one that was written there"),
    ],
)
def test_a_location_without_the_record_is_reported(tmp_path: Path, location: RecordLocation, message: str) -> None:
    path = tmp_path / "own.warc.gz"
    path.write_bytes(response_record(a_page()))
    with pytest.raises(RecordError, match=message):
        read_archived_page(path, location, max_bytes=LIMIT)
    with pytest.raises(RecordError, match="No such file"):
        read_archived_page(tmp_path / "gone", location, max_bytes=LIMIT)


@given(st.binary(max_size=300), st.integers(0, 2000))
def test_whatever_the_bytes_are_reading_ends(tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int) -> None:
    data = response_record(a_page("1")) + response_record(a_page("2"))
    path = tmp_path_factory.getbasetemp() / "noise.warc.gz"
    path.write_bytes(data[:at] + noise + data[at:])
    assert all(isinstance(page, ArchivedPage | Skipped) for page in read_archive(path, max_bytes=LIMIT))


def test_a_file_that_is_not_an_archive_is_reported_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("# Notes\n\nNothing was archived here.\n", "utf-8")
    (skipped,) = read_archive(path, max_bytes=1000)
    assert isinstance(skipped, Skipped)
    assert len(skipped.detail.splitlines()) == 1
    assert skipped.detail == skipped.detail.strip()


def arc_record(url: str, body: bytes, *, date: str = "20080301063000") -> bytes:
    response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    return f"{url} 192.0.2.7 {date} text/html {len(response)}\n".encode() + response + b"\n"


def arc_records() -> list[bytes]:
    head = b"1 0 RasidTest\nURL IP-address Archive-date Content-type Archive-length\n"
    names = b"dns:marsad.example 192.0.2.1 20080301062900 text/dns 5\n1.2.3\n"
    first = f"filedesc://a.arc 0.0.0.0 20080301062900 text/plain {len(head)}\n".encode() + head + b"\n"
    return [first, names, *(arc_record(f"{HOME}{n} of 3.html", PAGE + str(n).encode()) for n in range(3))]


@pytest.mark.parametrize("compressed", [True, False])
def test_an_arc_file_is_read_like_a_warc_file(tmp_path: Path, compressed: bool) -> None:
    path = tmp_path / "a.arc.gz"
    path.write_bytes(b"".join(map(gzip.compress, arc_records()) if compressed else arc_records()))
    pages, skipped = read(path)
    assert [page.body for page in pages] == [PAGE + str(n).encode() for n in range(3)]
    assert pages[0].fetched.isoformat() == "2008-03-01T06:30:00+00:00"
    assert (pages[0].url, pages[0].status) == (f"{HOME}0%20of%203.html", 200)
    assert pages[0].content_type == "text/html; charset=utf-8"
    assert not skipped
    for page in pages:
        assert page.location is not None
        assert read_archived_page(path, page.location, max_bytes=LIMIT).body == page.body


def test_damage_in_a_compressed_arc_file_costs_its_record(tmp_path: Path) -> None:
    path = tmp_path / "a.arc.gz"
    members = [gzip.compress(record) for record in arc_records()]
    members[2] = members[2][:40] + b"rot" + members[2][43:]
    path.write_bytes(b"".join(members))
    pages, [skipped] = read(path)
    assert [page.body for page in pages] == [PAGE + b"1", PAGE + b"2"]
    assert skipped.reason == "broken_record"


def test_a_body_in_an_unknown_encoding_that_is_no_markup_is_broken(archive: ForeignArchive) -> None:
    archive.response(HOME, bytes(range(61, 255)) * 9, headers={"Content-Encoding": "dcb"})
    pages, [skipped] = read(archive.close())
    assert not pages
    assert skipped.reason == "broken_record"
    assert "dcb" in skipped.detail
