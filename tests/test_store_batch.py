"""Writes in batches: a write returns when it is on disk, and one bad row costs only itself."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.crawl.batch import BatchWriter
from crawler.crawl.store_thread import StoreThread
from crawler.items import Article, PageResult
from crawler.store import Store, StoreError
from tests.made_up import HOME, a_candidate, an_article, enqueue, pending, rows
from tests.test_store_thread import hold


@pytest.fixture
def thread(tmp_path: Path) -> Iterator[StoreThread]:
    with StoreThread(lambda: Store(tmp_path / "news.db", timeout=0.2)) as opened:
        opened.call_blocking(enqueue, opened.store, *(a_candidate(path) for path in "abcdef"))
        yield opened


def result_of(article: Article) -> PageResult:
    assert article.page is not None
    return PageResult(page=article.page, article=article)


def an_end(path: str, text: str | None = None) -> PageResult:
    return result_of(an_article(path, text or f"text of {path}"))


def on_disk(thread: StoreThread) -> list[str]:
    return [
        record["url"].removeprefix(HOME) for record in rows(thread.store.path, "SELECT url FROM articles ORDER BY id")
    ]


def test_a_write_returns_when_its_result_is_on_disk(thread: StoreThread) -> None:
    async def write() -> None:
        batch = BatchWriter(thread, size=50, seconds=0.05)
        writing = asyncio.ensure_future(batch.write(an_end("a")))
        await asyncio.sleep(0)
        assert on_disk(thread) == []
        result = await writing
        assert result.outcome == "new"
        assert on_disk(thread) == ["a"]

    asyncio.run(write())


def test_a_full_batch_does_not_wait(thread: StoreThread) -> None:
    async def write() -> list[PageResult]:
        batch = BatchWriter(thread, size=3, seconds=3600)
        return await asyncio.wait_for(asyncio.gather(*(batch.write(an_end(path)) for path in "abc")), 5)

    assert [result.outcome for result in asyncio.run(write())] == ["new", "new", "new"]
    assert on_disk(thread) == ["a", "b", "c"]


def test_a_batch_of_one_is_written_at_once(thread: StoreThread) -> None:
    async def write() -> PageResult:
        return await asyncio.wait_for(BatchWriter(thread, size=1, seconds=3600).write(an_end("a")), 5)

    assert asyncio.run(write()).outcome == "new"


def test_waiting_results_can_be_committed_now(thread: StoreThread) -> None:
    async def write() -> None:
        batch = BatchWriter(thread, size=50, seconds=3600)
        writing = [asyncio.ensure_future(batch.write(an_end(path))) for path in "ab"]
        await asyncio.sleep(0)
        batch.flush()
        batch.flush()
        await asyncio.wait_for(asyncio.gather(*writing), 5)

    asyncio.run(write())
    assert on_disk(thread) == ["a", "b"]


def test_the_crawls_of_a_process_are_committed_together(thread: StoreThread) -> None:
    async def write() -> list[PageResult | BaseException]:
        waits, full = BatchWriter(thread, size=50, seconds=3600), BatchWriter(thread, size=2, seconds=3600)
        bad = result_of(an_article("b", title="a lone surrogate \ud800"))
        writing = [waits.write(an_end("a")), waits.write(bad), full.write(an_end("c")), full.write(an_end("d"))]
        return await asyncio.wait_for(asyncio.gather(*writing, return_exceptions=True), 5)

    answers = asyncio.run(write())
    assert [isinstance(answer, Exception) for answer in answers] == [False, True, False, False]
    assert on_disk(thread) == ["a", "c", "d"]


@pytest.mark.parametrize(
    "bad",
    [
        an_article("b", title="a lone surrogate \ud800"),
        an_article("b", category="\udfff"),
        an_article("b", fingerprint=None, title=object()),
        an_article("b", image_url={"a": "set"}, subtitle={"another"}),
        an_article("b", published="not a moment"),
    ],
    ids=["title", "category", "object", "set", "date"],
)
def test_a_bad_row_costs_only_itself(thread: StoreThread, bad: Article) -> None:
    async def write() -> list[PageResult | BaseException]:
        batch = BatchWriter(thread, size=4, seconds=3600)
        ends = [an_end("a"), result_of(bad), an_end("c"), an_end("d")]
        return await asyncio.gather(*(batch.write(end) for end in ends), return_exceptions=True)

    answers = asyncio.run(write())
    assert isinstance(answers[1], Exception)
    assert [answer.outcome for answer in answers if isinstance(answer, PageResult)] == ["new", "new", "new"]
    assert on_disk(thread) == ["a", "c", "d"]
    assert thread.call_blocking(pending, thread.store) == ["b", "e", "f"]


def test_a_row_that_the_schema_refuses_is_not_a_fault_of_the_database(thread: StoreThread) -> None:
    article = an_article("b")
    article.site = None  # type: ignore[assignment]

    async def write() -> list[PageResult | BaseException]:
        batch = BatchWriter(thread, size=2, seconds=3600)
        writing = [batch.write(result_of(article)), batch.write(an_end("a"))]
        return await asyncio.gather(*writing, return_exceptions=True)

    refused, written = asyncio.run(write())
    assert isinstance(refused, Exception)
    assert not isinstance(refused, StoreError)
    assert isinstance(written, PageResult)
    assert on_disk(thread) == ["a"]


def write_six_while_locked(thread: StoreThread, *, size: int) -> list[PageResult | BaseException]:
    """Write six results while another connection holds the lock, which costs one timeout; what each write gave."""

    async def write() -> list[PageResult | BaseException]:
        batch = BatchWriter(thread, size=size, seconds=3600)
        return await asyncio.gather(*(batch.write(an_end(path)) for path in "abcdef"), return_exceptions=True)

    with closing(sqlite3.connect(thread.store.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        answers = asyncio.run(write())
        assert time.monotonic() - began < 1.1, "six timeouts of 0.2 s would be 1.2 s"
    return answers


def test_a_locked_database_fails_the_whole_batch_after_one_timeout(thread: StoreThread) -> None:
    answers = write_six_while_locked(thread, size=6)
    assert all(isinstance(answer, StoreError) for answer in answers)
    assert on_disk(thread) == []


def test_a_batch_behind_one_that_failed_does_not_wait_for_the_timeout_again(thread: StoreThread) -> None:
    answers = write_six_while_locked(thread, size=1)
    assert all(answer is thread.failure for answer in answers)


def test_batches_are_committed_in_their_order_when_a_lock_is_gone(tmp_path: Path) -> None:
    async def write(thread: StoreThread) -> None:
        batch = BatchWriter(thread, size=2, seconds=3600)
        await asyncio.gather(*(batch.write(an_end(path)) for path in "badcfe"))

    with StoreThread(lambda: Store(tmp_path / "news.db", timeout=30)) as thread:
        holder = hold(tmp_path / "news.db", 0.7)
        asyncio.run(write(thread))
        holder.join()
        assert on_disk(thread) == ["b", "a", "d", "c", "f", "e"]


def test_a_cancelled_write_does_not_cost_the_others(thread: StoreThread) -> None:
    async def write() -> PageResult:
        batch = BatchWriter(thread, size=50, seconds=3600)
        gone, staying = (asyncio.ensure_future(batch.write(an_end(path))) for path in "ab")
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        batch.flush()
        return await asyncio.wait_for(staying, 5)

    assert asyncio.run(write()).outcome == "new"
    assert on_disk(thread) == ["a", "b"], "what was fetched is kept"
