"""The process that crawls: rounds of `scrapy due` in one process, because each start takes longer than a round.

    NEWS_DB=... NEWS_SITES=... python -m bench.year.scheduler

Each line of stdin is a time, to which the clock is set for one round. The answer is one line of JSON. A store that
fails ends the process with exit code 1, as it ends `scrapy due`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections import deque
from typing import Any

from scrapy.utils.project import get_project_settings

from crawler import clock
from crawler.crawl.context import RunContext
from crawler.crawl.due import DueProcess, SchedulerRun, due_sites
from crawler.crawl.from_settings import check_clock
from crawler.crawl.progress import Progress
from crawler.crawl.store_thread import StoreThread
from crawler.health import new_findings
from crawler.scrapyext.spider_loader import ProfileSpiderLoader
from crawler.store import Store, StoreError


class Rounds(DueProcess):
    """Crawls what is due at each time that stdin gives, until stdin ends or the store fails."""

    async def join(self) -> None:
        """Called by `start`, which ends with it."""
        while line := await asyncio.to_thread(sys.stdin.readline):
            os.environ["NEWS_NOW"] = line.strip()
            print(json.dumps(await self._round()), flush=True)
            if self._thread.failure is not None:
                break

    async def _round(self) -> dict[str, Any]:
        assert isinstance(self.spider_loader, ProfileSpiderLoader)
        store, call, profiles = self._thread.store, self._thread.call, self.spider_loader.profiles
        self.result = SchedulerRun()
        try:
            await call(check_clock, store, self.settings)
            sites = await call(due_sites, profiles, store, self._bounds[1])
            self._context.scheduler_run_id = await call(store.runs.begin_scheduler_run, clock.now())
            self._queue = deque(sites)
            await asyncio.gather(*(self._crawl_in_turn() for _ in range(self._jobs)))
            await call(_finish, store, self)
        except StoreError as error:
            return {"exit_code": 1, "message": str(error)}
        if self._thread.failure is not None:
            return {"exit_code": 1, "message": str(self._thread.failure)}
        return {"exit_code": 1 if self.result.crashed else 0, "message": ", ".join(self.result.crashed)}


def _finish(store: Store, process: Rounds) -> None:
    assert isinstance(process.spider_loader, ProfileSpiderLoader)
    found, _ = new_findings(store, process.spider_loader.profiles.values(), clock.now())
    code = 1 if process.result.crashed else 3 if found else 0
    message = "\n".join([*process.result.crashed, *(finding.line() for finding in found)])
    run = process._context.scheduler_run_id
    assert run is not None
    store.runs.finish_scheduler_run(run, clock.now(), exit_code=code, message=message)


def main() -> None:
    """Run until stdin ends."""
    settings = get_project_settings()
    try:
        with StoreThread.from_settings(settings) as thread:
            with RunContext.from_settings(settings, thread, Progress("year", 0)) as context:
                context.is_one_of_many = True
                Rounds(settings, context, jobs=8, max_time=None).start()
            thread.drain()
    except StoreError as error:
        print(json.dumps({"exit_code": 1, "message": str(error)}), flush=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
