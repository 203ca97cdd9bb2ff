"""Writes in batches: one short transaction for the pages that finish within a moment of each other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from crawler import clock
from crawler.crawl.store_thread import StoreThread
from crawler.items import PageResult
from crawler.store import RecordSink, StoreError

Waiting = tuple[PageResult, "asyncio.Future[PageResult]"]


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
        """Begin to commit what is waiting."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        batch, self._waiting = self._waiting, []
        if batch:
            commit = asyncio.ensure_future(self._commit(batch, now()))
            self._commits.add(commit)
            commit.add_done_callback(self._commits.discard)

    async def _commit(self, batch: list[Waiting], now: datetime) -> None:
        try:
            results = [result for result, _ in batch]
            await self._thread.call(
                self._thread.store.record_outcomes, results, now, run_id=self.run_id, archive=self._archive
            )
        except Exception as error:
            if isinstance(error, StoreError) or len(batch) == 1:
                for _, committed in batch:
                    _resolve(committed, error)
                return
            for single in batch:  # one row that the database refuses must not cost its neighbours
                await self._commit([single], now)
            return
        for result, committed in batch:
            _resolve(committed, result)


def _resolve(committed: asyncio.Future[PageResult], value: PageResult | Exception) -> None:
    if committed.done():  # cancelled: the crawl was stopped while its caller waited
        return
    if isinstance(value, Exception):
        committed.set_exception(value)
    else:
        committed.set_result(value)
