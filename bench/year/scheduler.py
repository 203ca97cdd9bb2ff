"""The process that crawls: rounds of `rasid due` in one process, because each start takes longer than a round.

    NEWS_DB=... NEWS_SITES=... python -m bench.year.scheduler

Each line of stdin is a time, to which the clock is set for one round. The answer is one line of JSON. A round that
fails ends the process, as it ends `rasid due`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import json
import os
import sys
from collections import deque

from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from crawler.commands.due import Command
from crawler.crawl.context import RunContext
from crawler.crawl.due import DueProcess, SchedulerRun
from crawler.crawl.progress import Progress
from crawler.crawl.store_thread import StoreThread
from crawler.store import StoreError

_JOBS = 8


class Due(Command):
    """`rasid due`, but for its event loop and its extraction workers: those go on after it."""

    def __init__(self, rounds: Rounds, settings: Settings) -> None:
        super().__init__()
        self._rounds = rounds
        self.settings = settings

    def _crawl(
        self, sites: list[str], opts: argparse.Namespace, thread: StoreThread, scheduler_run_id: int
    ) -> SchedulerRun:
        crawl = self._rounds.crawl_round(sites, thread, scheduler_run_id)
        result = asyncio.run_coroutine_threadsafe(crawl, self._rounds.loop).result()
        thread.drain()
        return result


class Rounds(DueProcess):
    """Calls `rasid due` at each time that stdin gives, until stdin ends or a round fails."""

    loop: asyncio.AbstractEventLoop

    def __init__(self, settings: Settings, context: RunContext) -> None:
        super().__init__(settings, context, jobs=_JOBS, max_time=None)
        self._of_command = settings.copy()

    async def join(self) -> None:
        """Called by `start`, which ends with it."""
        self.loop = asyncio.get_running_loop()
        while line := await asyncio.to_thread(sys.stdin.readline):
            os.environ["NEWS_NOW"] = line.strip()
            self._of_command.set("NEWS_NOW", line.strip(), priority="project")
            exit_code, message = await asyncio.to_thread(self._round)
            _answer(exit_code, message)
            if exit_code == 1:
                break

    def _round(self) -> tuple[int, str]:
        """One `rasid due`: its exit code, and what it wrote to stderr."""
        command = Due(self, self._of_command)
        options = argparse.Namespace(sites=None, max_time=None, ping=None, jobs=_JOBS)
        with contextlib.redirect_stderr(io.StringIO()) as errors:
            try:
                command.run([], options)
            except Exception as error:  # the command would end with a traceback
                return 1, f"{type(error).__name__}: {error}"
        return int(command.exitcode), errors.getvalue()

    async def crawl_round(self, sites: list[str], thread: StoreThread, scheduler_run_id: int) -> SchedulerRun:
        """The crawls of a round, as `crawl_all` does them with a process of its own."""
        self.result = SchedulerRun()
        self._is_stopping = False
        self._thread = self._context.store_thread = thread
        self._context.scheduler_run_id = scheduler_run_id
        self._queue = deque(sites)
        await asyncio.gather(*(self._crawl_in_turn() for _ in range(self._jobs)))
        self.result.left += self._queue
        return self.result


def _answer(exit_code: int, message: str) -> None:
    print(json.dumps({"exit_code": exit_code, "message": message.strip()}), flush=True)


def main() -> None:
    """Run until stdin ends."""
    settings = get_project_settings()
    settings.set("LOG_LEVEL", "ERROR", priority="cmdline")  # as from cron
    try:
        with StoreThread.from_settings(settings) as thread:  # only for the context; each round opens another
            context = RunContext.from_settings(settings, thread, Progress("due", 0))
    except StoreError as error:
        _answer(1, str(error))
        sys.exit(1)
    with context:
        context.is_one_of_many = True
        Rounds(settings, context).start()


if __name__ == "__main__":
    main()
