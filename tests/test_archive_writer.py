"""Archive files: when a new one is begun, that one process writes it, and what a failed write leaves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive.writer import ArchiveWriter, expired_files, locked
from crawler.items import Candidate, Capture, Page, RecordLocation
from tests.conftest import PROJECT
from tests.made_up import HOME, NOW

BODY = b"<h1>Ships</h1>" + bytes(range(256)) * 8


def a_page(path: str = "a", body: bytes = BODY) -> Page:
    page = Page(url=HOME + path, site="example", final_url=HOME + path, status=200, fetched=NOW)
    candidate = Candidate(url=HOME + path, channel="feed", channel_url=HOME + "feed", title="سفن", published=NOW)
    page.capture = Capture(headers=[(b"Content-Type", b"text/html")], body=body, candidate=candidate)
    return page


class Written:
    """A writer, with the committed ends that a database would have."""

    def __init__(self, folder: Path, max_bytes: int = 0, now: Callable[[], datetime] = lambda: NOW) -> None:
        self.ends: dict[str, int] = {}
        self.writer = ArchiveWriter(
            folder, "example", max_bytes=max_bytes, committed_end=self.ends.get, software="Rasid", now=now
        )

    def append(self, *pages: Page) -> list[RecordLocation]:
        locations = [self.writer.append(page) for page in pages]
        self.ends |= {location.file: location.offset + location.length for location in locations}
        return locations


def urls(path: Path) -> list[str]:
    with path.open("rb") as file:
        return [r.rec_headers.get_header("WARC-Target-URI") for r in ArchiveIterator(file) if r.rec_type == "response"]


def test_a_file_that_is_full_is_followed_by_the_next(tmp_path: Path) -> None:
    locations = Written(tmp_path, max_bytes=1500).append(*(a_page(str(n)) for n in range(6)))
    names = [location.file for location in locations]
    assert names == sorted(names)
    assert len(set(names)) > 2
    assert [url for path in sorted(tmp_path.iterdir()) for url in urls(path)] == [f"{HOME}{n}" for n in range(6)]


def test_a_new_day_begins_a_new_file(tmp_path: Path) -> None:
    now = [NOW]
    written = Written(tmp_path, now=lambda: now[0])
    written.append(a_page("today"))
    now[0] += timedelta(days=1)
    written.append(a_page("tomorrow"))
    assert [path.name for path in sorted(tmp_path.iterdir())] == [
        "2026-03-01-example-001.warc.gz",
        "2026-03-02-example-001.warc.gz",
    ]


def test_a_second_writer_of_a_site_takes_a_file_of_its_own(tmp_path: Path) -> None:
    first, second = Written(tmp_path), Written(tmp_path)
    locations = [*first.append(a_page("1")), *second.append(a_page("2")), *first.append(a_page("3"))]
    assert [location.file[-11:-8] for location in locations] == ["001", "002", "001"]


def test_a_file_is_continued_only_where_its_last_committed_record_ends(tmp_path: Path) -> None:
    first = Written(tmp_path)
    first.append(a_page("1"))
    first.writer.close()
    second = Written(tmp_path)
    second.ends |= first.ends
    (location,) = second.append(a_page("2"))
    assert location.file.endswith("001.warc.gz")
    second.writer.close()
    third = Written(tmp_path)
    third.ends[location.file] = location.offset  # the second record was never committed
    assert third.append(a_page("3"))[0].file.endswith("002.warc.gz")


def test_what_another_program_put_there_is_not_touched(tmp_path: Path) -> None:
    taken = tmp_path / "2026-03-01-example-001.warc.gz"
    taken.write_bytes(b"something else")
    assert Written(tmp_path).append(a_page())[0].file.endswith("002.warc.gz")
    assert taken.read_bytes() == b"something else"


FULL_DISK = """
import resource, sys
from pathlib import Path
from tests.test_archive_writer import Written, a_page
import random
written = Written(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
for n in range(9):
    try:
        written.append(a_page(str(n), random.Random(n).randbytes(6_000)))
        print("written", n)
    except OSError as error:
        print("failed", n)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
written.append(a_page("later"))
"""


def test_a_record_that_does_not_fit_on_the_disk_leaves_nothing_of_itself(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert run.stdout.split("\n")[:4] == ["written 0", "written 1", "written 2", "failed 3"]
    (path,) = tmp_path.iterdir()
    assert urls(path) == [f"{HOME}{name}" for name in ("0", "1", "2", "later")]


@pytest.mark.parametrize(
    ("max_bytes", "max_days", "gone"),
    [
        (0, 0, 0),
        (35, 0, 0),
        (30, 0, 0),
        (29, 0, 1),
        (10, 0, 2),
        (9, 0, 3),
        (0, 1.5, 1),
        (0, 3, 0),
        (19, 1.5, 2),
        (0, 9e9, 0),
    ],
)
def test_over_a_limit_the_oldest_are_outdated(tmp_path: Path, max_bytes: int, max_days: float, gone: int) -> None:
    names = [f"2026-02-{day}-a_site-00{n}.warc.gz" for n, day in enumerate((26, 27, 28))]
    for name in names:
        (tmp_path / name).write_bytes(b"x" * 10)
    (tmp_path / "notes.txt").write_bytes(b"x" * 1000)
    now = datetime(2026, 2, 28, 12, tzinfo=UTC)
    result = list(expired_files(tmp_path, max_bytes=max_bytes, max_days=max_days, now=now))
    assert [path.name for path in result] == names[:gone]


YEAR = ("2025-12-01", "2026-04-01", "2026-08-01", "2026-11-09")


@pytest.mark.parametrize(
    ("days", "now", "gone"),
    [
        ((*YEAR,), "2027-12-15", 0),  # 400 days ahead now, or since the last two files
        ((*YEAR, "2027-12-14", "2027-12-15"), "2027-12-16", 0),
        ((*YEAR, "2027-12-14", "2027-12-15"), "2028-01-20", 1),
        (("2025-12-01", "2026-05-01", "2026-10-01"), "2026-12-15", 1),
        (("2025-13-41", "2025-12-01"), "2025-12-02", 0),
    ],
)
def test_a_clock_that_is_ahead_does_not_delete_the_archive(
    tmp_path: Path, days: tuple[str, ...], now: str, gone: int
) -> None:
    names = [f"{day}-a_site-001.warc.gz" for day in days]
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    result = expired_files(tmp_path, max_bytes=0, max_days=365, now=datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert [path.name for path in result] == names[:gone]


def test_a_file_that_is_being_written_cannot_be_held(tmp_path: Path) -> None:
    written = Written(tmp_path)
    written.append(a_page())
    (path,) = tmp_path.iterdir()
    with locked(path) as is_free:
        assert not is_free
    written.writer.close()
    with locked(path) as is_free:
        assert is_free


def test_a_new_file_never_gets_the_name_of_one_that_was_deleted_for_the_limits(tmp_path: Path) -> None:
    kept = Written(tmp_path, max_bytes=1)
    for n in range(3):
        kept.append(a_page(str(n)))
    for number in ("001", "002", "003"):
        (tmp_path / f"2026-03-01-example-{number}.warc.gz").unlink()
        (location,) = kept.append(a_page("9"))
        assert location.file > f"2026-03-01-example-{number}.warc.gz", "or it would be taken for the oldest"
    kept.writer.close()
    newest = max(path.name for path in tmp_path.iterdir())
    (location,) = Written(tmp_path, max_bytes=1).append(a_page("9"))
    assert location.file > newest
