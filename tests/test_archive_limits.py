"""When the limits of the archive are checked: a check reads the size of every file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crawler import clock
from crawler.archive.writer import ArchiveWriter
from crawler.crawl.page_archive import Limits, PageArchive
from crawler.store import Store
from tests.made_up import NOW

TEN_DAYS = Limits(file_bytes=0, total_bytes=0, days=10)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as store:
        yield store


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """The last one is the time since NOW."""
    passed = [timedelta(0)]
    monkeypatch.setattr(clock, "now", lambda: NOW + passed[-1])
    return passed


def end_crawl(store: Store, limits: Limits = TEN_DAYS) -> None:
    """The end of a crawl that has archived nothing."""
    folder = store.path.parent
    writer = ArchiveWriter(folder, "example", max_bytes=0, committed_end=store.archive.committed_end)
    PageArchive(writer, store, limits).close()


def an_old_file(store: Store, day: str = "2026-02-10") -> Path:
    path = store.path.parent / f"{day}-other-001.warc.gz"
    path.write_bytes(b"x" * 100)
    (path.parent / "2026-02-28-other-001.warc.gz").touch()
    return path


def test_the_limits_are_checked_once_an_hour_whatever_the_number_of_crawls(
    store: Store, moment: list[timedelta]
) -> None:
    first = an_old_file(store)
    end_crawl(store)
    assert not first.exists()
    second = an_old_file(store)
    moment.append(timedelta(minutes=59))
    end_crawl(store)
    assert second.exists()
    moment.append(timedelta(minutes=60))
    end_crawl(store)
    assert not second.exists()


def test_other_limits_are_checked_at_once(store: Store, moment: list[timedelta]) -> None:
    path = an_old_file(store)
    end_crawl(store, Limits(file_bytes=0, total_bytes=0, days=365))
    assert path.exists()
    end_crawl(store, Limits(file_bytes=0, total_bytes=50, days=365))
    assert not path.exists()


@pytest.mark.parametrize("text", ["", "yesterday", "2026-03-01T12:00:00 0 bytes, 10 days", "\x00"])
def test_a_record_of_the_check_that_cannot_be_read_is_none(store: Store, moment: list[timedelta], text: str) -> None:
    path = an_old_file(store)
    (store.path.parent / ".limits-checked").write_text(text)
    end_crawl(store)
    assert not path.exists()


def test_a_check_in_the_future_was_made_under_a_wrong_clock(store: Store, moment: list[timedelta]) -> None:
    moment.append(timedelta(days=1))
    end_crawl(store)
    path = an_old_file(store)
    moment.append(timedelta(0))
    end_crawl(store)
    assert not path.exists()
