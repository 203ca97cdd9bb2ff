"""Extraction in worker processes: the reactor never blocks, and a page that hangs or crashes costs only itself."""

from __future__ import annotations

import asyncio
import gc
import logging
import multiprocessing
import signal
import sys
from dataclasses import dataclass
from datetime import datetime

from pebble import ProcessExpired, ProcessPool

from crawler.extract import extract
from crawler.fetch.encoding import decode
from crawler.items import Article, Candidate
from crawler.profile import SiteProfile


class ExtractionFailed(RuntimeError):
    """A page gave no article because its extraction raised, hung or crashed; `reason` says which."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchedPage:
    """All that extraction is told of a page."""

    body: bytes
    content_type: str | None
    url: str
    profile: SiteProfile
    candidate: Candidate | None
    fetched: datetime


class ExtractionPool:
    """Worker processes, started with the first page."""

    def __init__(self, *, workers: int, seconds: float) -> None:
        """`seconds`: after so long a page is given up and its worker replaced."""
        self._seconds = seconds
        # Not fork: the parent has threads and an event loop. spawn is what every platform has.
        self._pool = ProcessPool(workers, initializer=_prepare_worker, context=multiprocessing.get_context("spawn"))

    async def extract(self, page: FetchedPage) -> Article:
        """The article of a page. Raises ExtractionFailed."""
        future = self._pool.schedule(_extract_page, (page, self._seconds), timeout=self._seconds)
        try:
            answer = await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            raise
        except TimeoutError as error:
            raise ExtractionFailed("extract_timeout", f"took over {self._seconds:g} s") from error
        except ProcessExpired as error:
            raise ExtractionFailed("extract_crash", f"worker died (exit code {error.exitcode})") from error
        except Exception as error:
            raise ExtractionFailed("extract_error", f"{type(error).__name__}: {error}") from error
        if not isinstance(answer, Article):
            raise ExtractionFailed("extract_error", str(answer))
        return answer

    def close(self) -> None:
        """Stop the workers, finished or not."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def _prepare_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the crawl, which then stops its workers
    logging.disable(logging.CRITICAL)
    # lxml and the extractor recurse on deep trees; the parser stops at 256 levels, so this is enough for any page.
    sys.setrecursionlimit(5000)
    import trafilatura  # noqa: F401  (the first page would do it)

    gc.freeze()  # all that was imported stays: looking through it for garbage took a twentieth of the time


def _extract_page(page: FetchedPage, seconds: float) -> Article | str:
    """The article, or what was raised as text: lxml's exceptions cannot be sent between processes, and one of which
    only the unpickling fails would break the pool for all pages that follow."""
    if hasattr(signal, "setitimer"):
        # The kernel's own limit, for the case that the parent was killed while this page hangs in C code.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds + 5)
    try:
        return extract(
            decode(page.body, page.content_type),
            page.url,
            page.profile,
            candidate=page.candidate,
            fetched=page.fetched,
        )
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
