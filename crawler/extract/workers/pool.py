"""Extraction in worker processes. The reactor never blocks; a page that hangs or crashes affects no other page."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from queue import LifoQueue

from crawler.encoding.charset import decode
from crawler.extract import extract
from crawler.extract.templates.task import TemplateTask, TemplateUse
from crawler.extract.workers import GRACE_SECONDS
from crawler.extract.workers.single import SingleWorker, WorkerDied, WorkerNotStarted, WorkerTimedOut
from crawler.items import Article, Candidate
from crawler.profile import SiteProfile
from crawler.similarity.identity import identify

logger = logging.getLogger(__name__)

_RECURSION_LIMIT = 5000
"""lxml and trafilatura recurse on deep trees. The parser stops at 256 levels, so this is enough for any page."""


class ExtractionFailed(RuntimeError):
    """The extraction of a page raised, hung or crashed; `reason` says which."""

    def __init__(self, reason: str, detail: str, *, is_transient: bool = False) -> None:
        """`is_transient`: the page is not the reason; it may succeed later."""
        super().__init__(detail)
        self.reason = reason
        self.is_transient = is_transient


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchedPage:
    """Everything that the extraction takes of a page."""

    body: bytes
    content_type: str | None
    url: str
    profile: SiteProfile
    candidate: Candidate | None
    fetched: datetime
    task: TemplateTask | None = None
    """What to do with the site's template; None if it has none and none is to be learnt. Set when a worker is free: by
    then pages that were requested before may have taught a template."""


Extracted = tuple[Article, TemplateUse | None]
"""An article, and how its page was read if it had a task."""


class ExtractionPool:
    """Worker processes, which start with the first pages. Each has one page at a time and a pipe of its own, so the
    death of one concerns its page alone."""

    def __init__(self, *, workers: int, seconds: float) -> None:
        """`seconds`: time limit of a page. Its worker is then replaced."""
        self._seconds = seconds
        # Not fork: the parent has threads and an event loop. Every platform has spawn.
        self._workers: list[SingleWorker[tuple[FetchedPage, float], Extracted | str]] = [
            SingleWorker(_extract_page, seconds, method="spawn", prepare=_prepare_worker) for _ in range(workers)
        ]
        # Last in, first out: a small crawl starts one worker, not all.
        self._idle = LifoQueue[SingleWorker[tuple[FetchedPage, float], Extracted | str]]()
        for worker in self._workers:
            self._idle.put(worker)
        self._retrying = threading.Lock()
        self._threads = ThreadPoolExecutor(workers, "extract")
        """A thread waits for each worker."""

    async def extract(self, page: FetchedPage) -> Article:
        """Return the article of a page. Raises ExtractionFailed."""
        article, _ = await self.extract_by_task(page)
        return article

    async def extract_by_task(self, page: FetchedPage, decide: Callable[[], TemplateTask] | None = None) -> Extracted:
        """Return the article of a page, and how the page was read if it has a task. `decide` gives the task; a thread
        calls it when a worker is free. Raises ExtractionFailed."""
        try:
            result = await asyncio.wrap_future(self._threads.submit(self._extract, page, decide))
        except WorkerTimedOut as error:
            raise ExtractionFailed("extract_timeout", f"took over {self._seconds:g} s") from error
        except WorkerDied as error:
            raise ExtractionFailed("extract_crash", f"two workers died (exit code {error.code})") from error
        except WorkerNotStarted as error:
            raise ExtractionFailed("extract_crash", str(error), is_transient=True) from error
        except Exception as error:
            raise ExtractionFailed("extract_error", f"{type(error).__name__}: {error}") from error
        if isinstance(result, str):
            raise ExtractionFailed("extract_error", result)
        return result

    def close(self) -> None:
        """Stop the workers, including those that are still working."""
        for worker in self._workers:
            worker.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def _extract(self, page: FetchedPage, decide: Callable[[], TemplateTask] | None) -> Extracted | str:
        worker = self._idle.get()
        try:
            if decide is not None:
                page = replace(page, task=decide())
            return worker.call((page, self._seconds))
        except WorkerDied as error:
            logger.warning("%s is extracted again: its worker died (exit code %s)", page.url, error.code)
        finally:
            self._idle.put(worker)
        return self._extract_alone(page)

    def _extract_alone(self, page: FetchedPage) -> Extracted | str:
        """Extract a page whose worker died in a new worker, while no other page is extracted: something else may have
        killed the first one, like the kernel when all pages together had no memory left."""
        with self._retrying:  # two that wait for all workers would wait for each other
            workers = [self._idle.get() for _ in self._workers]
        try:
            workers[0].restart()
            return workers[0].call((page, self._seconds))
        finally:
            for worker in workers:
                self._idle.put(worker)


def _prepare_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the crawl handles Ctrl-C and stops its workers
    logging.disable(logging.CRITICAL)
    sys.setrecursionlimit(_RECURSION_LIMIT)
    import trafilatura  # noqa: F401  (otherwise the first page pays for the imports)

    import crawler.extract.templates.use  # noqa: F401


def _extract_page(work: tuple[FetchedPage, float]) -> Extracted | str:
    """Return the article, or the exception as text: lxml's exceptions cannot be sent between processes."""
    page, seconds = work
    if hasattr(signal, "setitimer"):
        # A limit by the kernel, for a page that hangs in C code after the parent was killed.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds + GRACE_SECONDS)
    try:
        html = decode(page.body, page.content_type, page.profile.language)
        use: TemplateUse | None = None
        if page.task is None:
            article = extract(html, page.url, page.profile, candidate=page.candidate, fetched=page.fetched)
        else:
            from crawler.extract.templates.use import extract_by_task  # heavy; only workers need it

            article, use = extract_by_task(
                html, page.url, page.task, page.profile, candidate=page.candidate, fetched=page.fetched
            )
        identify(article)
        return article, use
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
