"""Work done in a process of its own, which it may hang or kill: the next piece of work gets another one."""

from __future__ import annotations

import gc
import itertools
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Generic, Self, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class WorkFailed(RuntimeError):
    """The process died or took too long; the message says which."""


class IsolatedWork(Generic[Asked, Answer]):
    """Calls a function in another process, one call at a time."""

    def __init__(self, function: Callable[[Asked], Answer], seconds: float) -> None:
        """`seconds`: after so long a call is given up. The function must not raise."""
        self._function = function
        self._seconds = seconds
        # fork where there is one: it starts in a millisecond, with all that is imported.
        methods = multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def ask(self, asked: Asked) -> Answer:
        """What the function answers. Raises WorkFailed."""
        if self._pipe is None:
            self._start()
        assert self._pipe is not None
        try:
            self._pipe.send(asked)
            if not self._pipe.poll(self._seconds):
                self._stop()
                raise WorkFailed(f"TimeoutError: took over {self._seconds:g} s")
            answer: Answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            code = self._stop()
            raise WorkFailed(f"ProcessDied: exit code {code}") from error
        return answer

    def _start(self) -> None:
        self._pipe, theirs = self._context.Pipe()
        self._process = self._context.Process(target=_serve, args=(self._function, theirs, self._pipe), daemon=True)
        self._process.start()
        theirs.close()

    def _stop(self) -> int | None:
        process, pipe, self._process, self._pipe = self._process, self._pipe, None, None
        if pipe is not None:
            pipe.close()
        if process is None:
            return None
        process.join(0.5)
        if process.is_alive():
            process.kill()
            process.join()
        return process.exitcode


def _serve(function: Callable[[Any], Any], pipe: Connection, parents_end: Connection) -> None:
    parents_end.close()  # else this process would never see that the parent is gone
    for call in itertools.count():
        try:
            asked = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        pipe.send(function(asked))
        if call == 0:
            gc.freeze()  # all that was imported stays: looking through it for garbage took a twentieth of the time
