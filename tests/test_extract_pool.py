"""Extraction in worker processes: a page that hangs or crashes costs only itself."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from crawler.extract import extract
from crawler.extract.workers.pool import ExtractionFailed, ExtractionPool, FetchedPage
from crawler.items import Article
from crawler.profile import SiteProfile
from crawler.similarity.identity import identify
from tests.made_up import HOME, NOW, a_candidate

PROJECT = Path(__file__).resolve().parent.parent
PROFILE = SiteProfile(name="example", title="المثال", url=HOME, language="ar", timezone="Asia/Damascus")
SECONDS = 2.0
TEXT = "قال رئيس البلدية إن المشروع سيبدأ الأسبوع المقبل بعد اكتمال الأعمال كلها، وإن السكان سيستفيدون منه. "


def html(title: str = "عنوان الخبر الأول") -> str:
    return (
        f"<html lang='ar'><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f"<p>{TEXT * 3}</p><p>{TEXT * 2}</p></article></body></html>"
    )


def a_page(body: bytes | None = None, *, number: int = 0, candidate: Any = None, charset: str = "utf-8") -> FetchedPage:
    return FetchedPage(
        body=html(f"الخبر رقم {number}").encode(charset) if body is None else body,
        content_type=f"text/html; charset={charset}",
        url=f"{HOME}{number}",
        profile=PROFILE,
        candidate=candidate or a_candidate(str(number)),
        fetched=NOW,
    )


class UnsendableError(Exception):
    """Can be pickled, but not be made again from what was pickled."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} {second}")


class Trap:
    """Stands in for a candidate. Reading its channel, in the middle of the extraction, does what `how` names."""

    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    title = published = language = None

    def __init__(self, how: str, file: Path | None = None) -> None:
        self.how = how
        self.file = file

    @property
    def channel(self) -> str:
        match self.how:
            case "raise":
                raise ValueError("قيمة غريبة")
            case "raise of lxml":
                etree.fromstring("<a")
            case "raise what cannot be sent":
                raise UnsendableError("one", "two")
            case "recurse":
                return self.channel
            case "exit":
                os._exit(3)
            case "segmentation fault":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "out of memory":
                os.kill(os.getpid(), signal.SIGKILL)
            case "out of memory once":
                self.record("killed")
                if self.file and self.file.read_text().split().count("killed") == 1:
                    os.kill(os.getpid(), signal.SIGKILL)
            case "take a moment":
                self.record("begin")
                time.sleep(0.2)
                self.record("end")
            case "hang":
                while True:
                    pass
            case "hang in C":
                re.match("(a+)+$", "a" * 64 + "b")
        return "feed"

    def record(self, event: str) -> None:
        """Append to the file that all workers share."""
        assert self.file is not None
        with self.file.open("a") as file:
            file.write(event + "\n")


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractionPool]:
    made = ExtractionPool(workers=2, seconds=SECONDS)
    yield made
    made.close()


def extracted(pool: ExtractionPool, *pages: FetchedPage) -> list[Article | BaseException]:
    async def work() -> list[Article | BaseException]:
        return await asyncio.gather(*(pool.extract(page) for page in pages), return_exceptions=True)

    return asyncio.run(work())


def failure(pool: ExtractionPool, how: str) -> ExtractionFailed:
    """How a page with a trap fails, while two good ones do not, and the next one does not either."""
    before, failed, after = extracted(pool, a_page(number=1), a_page(candidate=Trap(how)), a_page(number=2))
    [later] = extracted(pool, a_page(number=3))
    titles = [article.title for article in (before, after, later) if isinstance(article, Article)]
    assert titles == ["الخبر رقم 1", "الخبر رقم 2", "الخبر رقم 3"]
    assert isinstance(failed, ExtractionFailed)
    return failed


def test_a_page_comes_back_as_the_article_that_it_is(pool: ExtractionPool) -> None:
    [article] = extracted(pool, a_page())
    expected = extract(html("الخبر رقم 0"), f"{HOME}0", PROFILE, candidate=a_candidate("0"), fetched=NOW)
    identify(expected)
    assert article == expected
    assert isinstance(article, Article)
    assert TEXT.strip() in article.body


def test_the_encoding_is_read_where_the_extraction_is(pool: ExtractionPool) -> None:
    [article] = extracted(pool, a_page(charset="windows-1256"))
    assert isinstance(article, Article)
    assert article.title == "الخبر رقم 0"


def test_every_one_of_many_pages_gets_its_own_answer(pool: ExtractionPool) -> None:
    articles = extracted(pool, *(a_page(number=number) for number in range(120)))
    titles = [article.title for article in articles if isinstance(article, Article)]
    assert titles == [f"الخبر رقم {number}" for number in range(120)]


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("raise", "ValueError: قيمة غريبة"),
        ("raise of lxml", "XMLSyntaxError: "),
        ("raise what cannot be sent", "UnsendableError: one two"),
        ("recurse", "RecursionError: "),
    ],
)
def test_an_exception_affects_its_page_alone_and_is_reported_by_name(
    pool: ExtractionPool, how: str, message: str
) -> None:
    result = failure(pool, how)
    assert result.reason == "extract_error"
    assert str(result).startswith(message)


@pytest.mark.parametrize(("how", "code"), [("exit", 3), ("segmentation fault", -11), ("out of memory", -9)])
def test_a_crash_costs_its_page_and_a_new_worker_goes_on(pool: ExtractionPool, how: str, code: int) -> None:
    result = failure(pool, how)
    assert result.reason == "extract_crash"
    assert f"exit code {code}" in str(result)


def workers() -> list[int]:
    return [child.pid for child in multiprocessing.active_children() if child.pid is not None]


def test_workers_that_are_killed_between_two_pages_are_replaced(pool: ExtractionPool) -> None:
    for first in (0, 10, 20):
        articles = extracted(pool, *(a_page(number=number) for number in range(first, first + 10)))
        titles = [article.title for article in articles if isinstance(article, Article)]
        assert titles == [f"الخبر رقم {number}" for number in range(first, first + 10)]
        for worker in workers():
            os.kill(worker, signal.SIGKILL)


def test_a_page_whose_worker_is_killed_is_extracted_again_while_no_other_page_is(
    pool: ExtractionPool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    events = tmp_path / "events"
    others = [a_page(candidate=Trap("take a moment", events), number=n) for n in range(1, 9)]
    articles = extracted(pool, *others[:2], a_page(candidate=Trap("out of memory once", events)), *others[2:])
    assert [type(article) for article in articles] == [Article] * 9
    first, retry = (number for number, event in enumerate(events.read_text().split()) if event == "killed")
    before = events.read_text().split()[:retry]
    assert before.count("begin") == before.count("end"), "all others wait"
    assert first < retry
    message = f"{HOME}0 is extracted again: its worker died (exit code -9)"
    assert [record.levelno for record in caplog.records if record.getMessage() == message] == [logging.WARNING]
    assert all("Traceback" not in record.getMessage() and not record.exc_info for record in caplog.records)


@pytest.mark.parametrize("how", ["hang", "hang in C"])
def test_a_hang_costs_its_page_after_the_limit_and_no_other(pool: ExtractionPool, how: str) -> None:
    began = time.monotonic()
    result = failure(pool, how)
    assert result.reason == "extract_timeout"
    assert str(result) == "took over 2 s"
    assert SECONDS <= time.monotonic() - began < SECONDS + 10


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 1000,
        os.urandom(20_000),
        b"<div>" * 100_000,
        b"<p>" + b"<b>" * 5000 + b"x",
        b"<p " + b"a='b' " * 20_000 + b">x",
        b"<!DOCTYPE html [<!ENTITY a 'b'><!ENTITY c '&a;&a;&a;'>]><p>&c;</p>",
        b"<table><tr><td>" * 3000,
        b"<script>" + b"a" * 1_000_000,
        "<p>\ud800</p>".encode("utf-8", "surrogatepass"),
    ],
    ids=range(10),
)
def test_a_hostile_page_has_an_answer(pool: ExtractionPool, body: bytes) -> None:
    hostile, good = extracted(pool, a_page(body), a_page(number=1))
    assert isinstance(hostile, Article | ExtractionFailed)
    assert isinstance(good, Article)


def test_a_page_that_nobody_waits_for_any_more_costs_no_other(pool: ExtractionPool) -> None:
    async def work() -> Article:
        waiting = asyncio.ensure_future(pool.extract(a_page(candidate=Trap("hang"))))
        await asyncio.sleep(0.3)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return await pool.extract(a_page(number=7))

    assert asyncio.run(work()).title == "الخبر رقم 7"


def test_closing_does_not_wait_for_a_page_that_hangs() -> None:
    before = {child.pid for child in multiprocessing.active_children()}
    pool = ExtractionPool(workers=1, seconds=3600)

    async def work() -> None:
        await pool.extract(a_page())
        waiting = asyncio.ensure_future(pool.extract(a_page(candidate=Trap("hang in C"))))
        await asyncio.sleep(0.3)
        [worker] = (child.pid for child in multiprocessing.active_children() if child.pid not in before)
        assert worker is not None
        assert is_running(worker)
        began = time.monotonic()
        pool.close()
        assert time.monotonic() - began < 10
        assert not is_running(worker)
        waiting.cancel()

    asyncio.run(work())


def test_a_pool_that_was_never_used_can_be_closed() -> None:
    ExtractionPool(workers=1, seconds=1).close()


# -- the crawl is killed -------------------------------------------------------------------------------------------

# Two workers, one of which hangs in C; the parent says their numbers and waits to be killed.
CRAWL = """
import asyncio, multiprocessing
from crawler.extract.workers.pool import ExtractionPool
from tests.test_extract_pool import Trap, a_page

async def work():
    pool = ExtractionPool(workers=2, seconds=0.5)
    await asyncio.gather(*(pool.extract(a_page(number=n)) for n in range(20)))
    hanging = asyncio.ensure_future(pool.extract(a_page(candidate=Trap("hang in C"))))
    await asyncio.sleep(0.2)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    await asyncio.sleep(3600)

if __name__ == "__main__":
    asyncio.run(work())
"""


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()  # ended, and not yet waited for
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # it ended just now; or there is no /proc, where orphans leave no trace
        return not Path("/proc/self").exists()


def test_workers_end_when_the_crawl_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "crawl.py"
    script.write_text(CRAWL)
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    with subprocess.Popen([sys.executable, str(script)], cwd=PROJECT, env=environment, stdout=subprocess.PIPE) as crawl:
        assert crawl.stdout is not None
        workers = [int(number) for number in crawl.stdout.readline().split()]
        assert len(workers) >= 2
        assert all(is_running(worker) for worker in workers)
        crawl.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 15
    while any(is_running(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    left = [worker for worker in workers if is_running(worker)]
    for worker in left:
        os.kill(worker, signal.SIGKILL)
    assert left == []
