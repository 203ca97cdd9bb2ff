"""The thread that owns the database: waiting for a lock stops the store, never the downloads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import NamedTuple, ParamSpec, Self, TypeVar

from scrapy.settings import BaseSettings

from crawler.crawl.from_settings import open_store
from crawler.items import PageResult
from crawler.store import RecordSink, Store, StoreError

P = ParamSpec("P")
T = TypeVar("T")


Waiting = tuple[PageResult, "asyncio.Future[PageResult]"]


class WaitingBatch(NamedTuple):
    """Results of one crawl, each with the future that is resolved when it is committed."""

    waiting: list[Waiting]
    run_id: int | None
    archive: RecordSink | None


class StoreThread:
    """One thread with one open store; calls are executed in the order in which they are made.

    SQLite waits for another writer inside the call, up to NEWS_DB_TIMEOUT seconds. In the reactor's thread, this would
    stop every download of every site.

    There is one thread for a process, and the crawls of `rasid due` share it. SQLite has one writer at a time, so
    more connections would only wait for each other, poll for the lock, and time out while their own process holds it.

    The first StoreError is final: calls behind it raise the same error at once, because each of them would wait for
    the same timeout again. Nobody needs to report the error: each crawl waits for `failed` and ends.
    """

    def __init__(self, open_store: Callable[[], Store]) -> None:
        """Open the store, and wait for that. Raises StoreError."""
        self.failed = asyncio.Event()
        """Set in the event loop when the store has failed."""

        self.failure: StoreError | None = None
        """Why nothing more can be stored."""

        self.waiting: list[Callable[[], WaitingBatch]] = []
        """For each crawl with results that wait for the next commit, a function that returns them. See BatchWriter."""

        self._executor = ThreadPoolExecutor(1, "store")
        try:
            # In the thread: SQLite checks that a connection is used by the thread that opened it.
            self.store = self._executor.submit(open_store).result()
        except BaseException:
            self._executor.shutdown()
            raise

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """The thread for the store that the settings describe. Raises StoreError."""
        return cls(lambda: open_store(settings))

    async def call(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a method of the store, or a function that uses the store, in the thread. Raises what that raises.

        A call that has been made is executed even if its caller is cancelled.
        """
        called = asyncio.wrap_future(self._submit(function, *args, **kwargs))
        called.add_done_callback(self._note_failure)
        return await asyncio.shield(called)

    async def iterate(
        self, function: Callable[P, Iterator[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> AsyncIterator[T]:
        """Call a method that returns an iterator; each step of it is executed in the thread."""
        iterator = await self.call(function, *args, **kwargs)
        while items := await self.call(_next_of, iterator):
            yield items[0]

    def call_blocking(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The same while no event loop runs: before the first crawl and after the last one."""
        return self._submit(function, *args, **kwargs).result()

    def drain(self) -> None:
        """Wait until what is queued is executed. Raises the error with which the store has failed."""
        self.call_blocking(int)

    def close(self) -> None:
        """Execute what is queued, close the store, and end the thread."""
        self._executor.submit(self.store.close).result()
        self._executor.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fail(self, error: StoreError) -> None:
        """The store cannot be used any more, for a reason that no call of it reported. Called in the event loop."""
        self.failure = self.failure or error
        self.failed.set()

    def _note_failure(self, called: asyncio.Future[T]) -> None:
        if not called.cancelled() and isinstance(called.exception(), StoreError):
            self.failed.set()

    def _submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        return self._executor.submit(self._run, function, *args, **kwargs)

    def _run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        if self.failure is not None:
            raise self.failure
        try:
            return function(*args, **kwargs)
        except StoreError as error:
            self.failure = error  # here and not in `call`, whose caller may have been cancelled
            raise


def _next_of(iterator: Iterator[T]) -> list[T]:
    """The next item, or none at the end: a StopIteration cannot be raised into a coroutine."""
    return list(islice(iterator, 1))
