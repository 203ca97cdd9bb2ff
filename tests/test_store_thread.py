"""The thread that owns the database: its calls are executed in order, and the event loop never waits for them."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.crawl.store_thread import StoreThread
from crawler.store import Store, StoreError

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def thread(tmp_path: Path) -> Iterator[StoreThread]:
    with StoreThread(lambda: Store(tmp_path / "news.db", timeout=5)) as opened:
        yield opened


def hold(path: Path, seconds: float) -> threading.Thread:
    """Hold the write lock of a database for some seconds, as another process would."""
    is_held = threading.Event()

    def work() -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            is_held.set()
            time.sleep(seconds)
            db.execute("ROLLBACK")

    holder = threading.Thread(target=work)
    holder.start()
    is_held.wait()
    return holder


def test_the_event_loop_goes_on_while_a_call_waits_for_a_lock(thread: StoreThread) -> None:
    async def crawl() -> float:
        writing = asyncio.ensure_future(thread.call(record_poll, thread.store, "one"))
        longest, last = 0.0, time.monotonic()
        while not writing.done():
            await asyncio.sleep(0.01)
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
        await writing
        return longest

    holder = hold(thread.store.path, 1.0)
    assert asyncio.run(crawl()) < 0.5
    holder.join()
    assert list(thread.call_blocking(thread.store.sites.states)) == ["one"]


def record_poll(store: Store, site: str) -> None:
    store.sites.record_poll(site, NOW, success=True, next_poll=NOW)


def test_calls_are_executed_in_the_order_in_which_they_are_made(thread: StoreThread) -> None:
    executed: list[int] = []

    async def crawl() -> None:
        await asyncio.gather(*(thread.call(executed.append, number) for number in range(50)))

    asyncio.run(crawl())
    assert executed == list(range(50))


def test_the_first_error_of_the_store_is_final_and_no_call_waits_for_it_again(tmp_path: Path) -> None:
    with StoreThread(lambda: Store(tmp_path / "news.db", timeout=0.3)) as thread:

        async def crawl() -> list[BaseException | None]:
            calls = (thread.call(record_poll, thread.store, str(number)) for number in range(8))
            answers = await asyncio.gather(*calls, return_exceptions=True)
            await asyncio.wait_for(thread.failed.wait(), 1)
            return answers

        holder = hold(tmp_path / "news.db", 2.0)
        began = time.monotonic()
        answers = asyncio.run(crawl())
        assert time.monotonic() - began < 1.5, "eight timeouts of 0.3 s would be 2.4 s"
        assert all(answer is thread.failure for answer in answers)
        assert "another program holds it" in str(thread.failure)
        holder.join()


def test_an_error_that_is_not_the_stores_concerns_its_caller_alone(thread: StoreThread) -> None:
    async def crawl() -> None:
        with pytest.raises(ZeroDivisionError):
            await thread.call(divmod, 1, 0)
        assert await thread.call(divmod, 7, 2) == (3, 1)

    asyncio.run(crawl())
    assert thread.failure is None
    assert not thread.failed.is_set()


def test_a_call_is_executed_even_if_its_caller_is_cancelled(thread: StoreThread) -> None:
    executed: list[int] = []

    async def crawl() -> None:
        slow = asyncio.ensure_future(thread.call(time.sleep, 0.2))
        queued = asyncio.ensure_future(thread.call(executed.append, 1))
        await asyncio.sleep(0.05)
        queued.cancel()
        await slow

    asyncio.run(crawl())
    thread.call_blocking(int)
    assert executed == [1]


def test_closing_waits_for_what_is_queued(tmp_path: Path) -> None:
    executed: list[int] = []

    async def crawl(thread: StoreThread) -> None:
        slow = asyncio.ensure_future(thread.call(time.sleep, 0.1))
        queued = asyncio.ensure_future(thread.call(executed.append, 1))
        await asyncio.sleep(0)
        assert not slow.done()
        assert not queued.done()

    with StoreThread(lambda: Store(tmp_path / "news.db")) as opened:
        asyncio.run(crawl(opened))
    assert executed == [1]


def test_an_iterator_of_the_store_is_read_in_the_thread(thread: StoreThread) -> None:
    def names() -> Iterator[str]:
        for _ in range(3):
            yield threading.current_thread().name

    async def crawl() -> list[str]:
        return [name async for name in thread.iterate(names)]

    assert asyncio.run(crawl()) == ["store_0"] * 3


def test_the_connection_cannot_be_used_by_another_thread(thread: StoreThread) -> None:
    with pytest.raises(sqlite3.ProgrammingError, match="thread"):
        thread.store.sites.states()


def test_a_database_that_cannot_be_opened_is_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "news.db").write_text("this is no database, but a text of some length" * 50)
    with pytest.raises(StoreError, match="not a database"):
        StoreThread(lambda: Store(tmp_path / "news.db"))
