"""Writes in batches: one short transaction for the pages that finish within a moment of each other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from crawler import clock
from crawler.crawl.store_thread import StoreThread, Waiting, WaitingBatch
from crawler.items import PageResult
from crawler.store import OutcomeBatch, RecordSink, StoreError


class BatchWriter:
    """Collects results and commits them together in the store's thread. `write` returns when its result is on disk."""

    def __init__(
        self,
        thread: StoreThread,
        *,
        size: int,
        seconds: float,
        archive: RecordSink | None = None,
    ) -> None:
        """`size`: results that make a full batch. `seconds`: how long the first result of a batch waits for others.
        `archive`: where the pages of accepted articles are written."""
        self.run_id: int | None = None
        """The run whose counts are updated; set when its record has begun."""

        self._thread = thread
        self._size = size
        self._seconds = seconds
        self._archive = archive
        self._waiting: list[Waiting] = []
        self._timer: asyncio.TimerHandle | None = None
        self._commits: set[asyncio.Task[None]] = set()

    async def write(self, result: PageResult) -> PageResult:
        """Commit a result with its batch and return it with its outcome. Raises StoreError if that failed."""
        loop = asyncio.get_running_loop()
        committed: asyncio.Future[PageResult] = loop.create_future()
        self._waiting.append((result, committed))
        if len(self._waiting) == 1:
            self._thread.waiting.append(self._take)
        if len(self._waiting) >= self._size:
            self.flush()
        elif self._timer is None:
            self._timer = loop.call_later(self._seconds, self.flush)
        return await committed

    def flush_immediately(self) -> None:
        """Commit what is waiting, and from now on each result at once."""
        self._size = 1
        self.flush()

    def flush(self, now: Callable[[], datetime] = clock.now) -> None:
        """Begin to commit what is waiting, also in the other crawls of the process: a commit costs as much as writing
        an article."""
        batches = [take() for take in self._thread.waiting]
        self._thread.waiting.clear()
        if batches:
            commit = asyncio.ensure_future(self._commit(batches, now()))
            self._commits.add(commit)
            commit.add_done_callback(self._commits.discard)

    def _take(self) -> WaitingBatch:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, []
        return WaitingBatch(waiting, self.run_id, self._archive)

    async def _commit(self, batches: list[WaitingBatch], now: datetime) -> None:
        waiting = [each for batch in batches for each in batch.waiting]
        outcomes = [OutcomeBatch([result for result, _ in own], run_id, archive) for own, run_id, archive in batches]
        try:
            await self._thread.call(self._thread.store.record_batches, outcomes, now)
        except Exception as error:
            if isinstance(error, StoreError) or len(waiting) == 1:
                for _, committed in waiting:
                    _resolve(committed, error)
                return
            for batch in batches:  # one row that the database refuses must not cost its neighbours
                for single in batch.waiting:
                    await self._commit([batch._replace(waiting=[single])], now)
            return
        for result, committed in waiting:
            _resolve(committed, result)


def _resolve(committed: asyncio.Future[PageResult], value: PageResult | Exception) -> None:
    if committed.done():  # cancelled: the crawl was stopped while its caller waited
        return
    if isinstance(value, Exception):
        committed.set_exception(value)
    else:
        committed.set_result(value)
