"""A worker process for one call at a time. A call that hangs or kills its worker does not affect the next one."""

from __future__ import annotations

import gc
import itertools
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Generic, Self, TypeVar

Argument = TypeVar("Argument")
Result = TypeVar("Result")

_SECONDS_TO_EXIT = 0.5
"""Time a worker has to exit by itself after its pipe was closed. Chosen by hand; no measurement is recorded."""


class WorkerFailed(RuntimeError):
    """The worker died or took too long; the message says which."""


class SingleWorker(Generic[Argument, Result]):
    """Calls a function in another process, which it starts again after a failure."""

    def __init__(self, function: Callable[[Argument], Result], seconds: float) -> None:
        """`seconds`: time limit of a call. The function must not raise."""
        self._function = function
        self._seconds = seconds
        # fork where it exists: it starts in a millisecond, with all modules imported.
        methods = multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def call(self, argument: Argument) -> Result:
        """Return what the function returns. Raises WorkerFailed."""
        if self._pipe is None:
            self._start()
        assert self._pipe is not None
        try:
            self._pipe.send(argument)
            if not self._pipe.poll(self._seconds):
                self._stop()
                raise WorkerFailed(f"TimeoutError: took over {self._seconds:g} s")
            result: Result = self._pipe.recv()
        except (EOFError, OSError) as error:
            code = self._stop()
            raise WorkerFailed(f"ProcessDied: exit code {code}") from error
        return result

    def _start(self) -> None:
        self._pipe, workers_end = self._context.Pipe()
        self._process = self._context.Process(
            target=_serve, args=(self._function, workers_end, self._pipe), daemon=True
        )
        self._process.start()
        workers_end.close()  # otherwise a dead worker is noticed only when the time limit ends

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


def _serve(function: Callable[[Any], Any], pipe: Connection, parents_end: Connection) -> None:
    parents_end.close()  # otherwise this process never sees that the parent is gone
    for call in itertools.count():
        try:
            argument = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        pipe.send(function(argument))
        if call == 0:
            # Imported modules stay for good: the garbage collector took a twentieth of the time to look through them.
            gc.freeze()
