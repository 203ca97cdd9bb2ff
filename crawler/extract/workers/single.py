"""A worker process for one call at a time. A call that hangs or kills its worker does not affect the next one.

Each worker has a pipe of its own. Workers that share pipes and their locks also share a death: one that is killed while
it holds a lock stops all others.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import multiprocessing
import sys
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any, Generic, Self, TypeVar

Argument = TypeVar("Argument")
Result = TypeVar("Result")

_SECONDS_TO_START = 60.0
"""Time a worker has to start and to import its modules: 1 to 2 s on an idle machine. Chosen by hand: a start that takes
this long will not succeed."""

_PAUSES = (0.2, 0.4, 0.8, 1.6)
"""Seconds between the attempts to start a worker; after the last one the call is given up. One that dies at its start
has not seen the argument, and what killed it, like a lack of memory, may pass. Chosen by hand; no measurement."""

_SECONDS_TO_EXIT = 0.5
"""Time a worker has to exit by itself after its pipe was closed. Chosen by hand; no measurement is recorded."""


_STARTING = threading.Lock()
"""Held while a process is started: threads of all pools of this process do."""


class WorkerFailed(RuntimeError):
    """The call has no result; the message says why."""


class WorkerTimedOut(WorkerFailed):
    """The call took too long. Its worker was stopped."""


class WorkerDied(WorkerFailed):
    """The worker died during the call."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"ProcessDied: exit code {code}")
        self.code = code


class WorkerNotStarted(WorkerFailed):
    """There is no worker: it could not be started, or was closed. The argument is not the reason."""


class SingleWorker(Generic[Argument, Result]):
    """Calls a function in another process, which it starts again after a failure. One thread calls at a time."""

    def __init__(
        self,
        function: Callable[[Argument], Result],
        seconds: float,
        *,
        method: str | None = None,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        """`seconds`: time limit of a call. The function must not raise. `method`: how to start the process. `prepare`:
        called once in each new process; its time does not count."""
        self._function = function
        self._seconds = seconds
        self._prepare = prepare
        # fork where it exists: it starts in a millisecond, with all modules imported.
        self._context: Any = multiprocessing.get_context(
            method or ("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")
        )
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._closed = threading.Event()
        self._lock = threading.Lock()
        """Between the start of a process and `kill`, so that none is started after it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, argument: Argument) -> Result:
        """Return what the function returns. Raises WorkerFailed."""
        if self._process is not None and not self._process.is_alive():  # killed since the last call
            self._stop()
        pipe = self._pipe or self._started()
        try:
            pipe.send(argument)
            if not pipe.poll(self._seconds):
                self._stop()
                raise WorkerTimedOut(f"TimeoutError: took over {self._seconds:g} s")
            result: Result = pipe.recv()
        except (EOFError, OSError) as error:
            code = self._stop()
            if self._closed.is_set():
                raise WorkerNotStarted("the worker was closed") from error
            raise WorkerDied(code) from error
        return result

    def restart(self) -> None:
        """Have the next call in a new process."""
        self._stop()

    def kill(self) -> None:
        """End the process now, from any thread; a call in progress raises. No process is started any more."""
        with self._lock:
            self._closed.set()
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """End the process."""
        self._closed.set()
        self._stop()

    def _started(self) -> Connection:
        """The pipe to a new process that is ready. Raises WorkerNotStarted."""
        for pause in (*_PAUSES, None):
            try:
                return self._start()
            except (EOFError, OSError) as error:
                detail = f"exit code {self._stop()}" if isinstance(error, EOFError) else str(error)
            if pause is not None:
                self._closed.wait(pause)
        raise WorkerNotStarted(f"the worker cannot be started: {detail}")

    def _start(self) -> Connection:
        with self._lock:
            if self._closed.is_set():
                raise WorkerNotStarted("the worker was closed")
            pipe, workers_end = self._context.Pipe()
            process = self._context.Process(
                target=_serve, args=(self._function, self._prepare, workers_end, pipe), daemon=True
            )
            self._pipe = pipe
            try:
                with _STARTING, _without_main_module():
                    process.start()
                self._process = process
            finally:
                workers_end.close()  # otherwise a dead worker is noticed only when the time limit ends
        assert isinstance(pipe, Connection)
        if not pipe.poll(_SECONDS_TO_START):
            raise TimeoutError(f"not ready after {_SECONDS_TO_START:g} s")
        pipe.recv()
        return pipe

    def _stop(self) -> int | None:
        process, pipe, self._process, self._pipe = self._process, self._pipe, None, None
        if pipe is not None:
            pipe.close()
        if process is None:
            return None
        process.join(_SECONDS_TO_EXIT)
        if process.is_alive():
            process.kill()
            process.join()
        return process.exitcode


@contextlib.contextmanager
def _without_main_module() -> Iterator[None]:
    """Have a new process import nothing of the program that this process runs. It would run a script again, and one
    without `if __name__ == "__main__"` would crawl again."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _serve(
    function: Callable[[Any], Any], prepare: Callable[[], None] | None, pipe: Connection, parents_end: Connection
) -> None:
    parents_end.close()  # otherwise this process never sees that the parent is gone
    if prepare is not None:
        prepare()
    # Without its parent this process has nothing to do. ConnectionError: the parent was killed with an answer unread.
    with contextlib.suppress(EOFError, ConnectionError, KeyboardInterrupt):
        pipe.send(None)  # ready
        for call in itertools.count():
            argument = pipe.recv()
            pipe.send(function(argument))
            if call == 0:
                # Imported modules stay for good: the garbage collector took a twentieth of the time to look through
                # them.
                gc.freeze()
