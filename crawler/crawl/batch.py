"""Writes in batches: one short transaction for the pages that end within a moment of each other."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import datetime

from crawler import clock
from crawler.items import PageResult
from crawler.store.store import Store


class BatchWriter:
    """Collects results and commits them together. Who awaits `write` goes on when the result is on disk."""

    def __init__(self, store: Store, *, size: int, seconds: float, run_id: int | None = None) -> None:
        """`size`: results that make a full batch. `seconds`: how long the first one of a batch waits for others.
        `run_id`: the run that the results count for."""
        self._store = store
        self._size = size
        self._seconds = seconds
        self._run_id = run_id
        self._waiting: list[tuple[PageResult, asyncio.Future[PageResult]]] = []
        self._timer: asyncio.TimerHandle | None = None

    async def write(self, result: PageResult) -> PageResult:
        """Commit a result with its batch and give it back with its outcome. Raises StoreError if that failed."""
        loop = asyncio.get_running_loop()
        committed: asyncio.Future[PageResult] = loop.create_future()
        self._waiting.append((result, committed))
        if len(self._waiting) >= self._size:
            self.flush()
        elif self._timer is None:
            self._timer = loop.call_later(self._seconds, self.flush)
        return await committed

    def hurry(self) -> None:
        """Commit what waits, and from now on each result at once."""
        self._size = 1
        self.flush()

    def flush(self, now: Callable[[], datetime] = clock.now) -> None:
        """Commit what waits, now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        batch, self._waiting = self._waiting, []
        if not batch:
            return
        try:
            self._store.settle([result for result, _ in batch], now(), run_id=self._run_id)
        except Exception as error:
            # A database that is locked or full is so for each of them: no use in waiting out its timeout many times.
            if len(batch) == 1 or isinstance(error.__cause__, sqlite3.OperationalError):
                for _, committed in batch:
                    _answer(committed, error)
                return
            for alone in batch:  # one row that the database refuses must not cost its neighbours
                self._waiting = [alone]
                self.flush(now)
            return
        for result, committed in batch:
            _answer(committed, result)


def _answer(committed: asyncio.Future[PageResult], answer: PageResult | Exception) -> None:
    if committed.done():  # cancelled: the crawl was stopped while this one waited
        return
    if isinstance(answer, Exception):
        committed.set_exception(answer)
    else:
        committed.set_result(answer)
