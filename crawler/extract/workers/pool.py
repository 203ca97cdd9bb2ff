"""Extraction in worker processes. The reactor never blocks; a page that hangs or crashes affects no other page."""

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

from crawler.encoding.charset import decode
from crawler.extract import extract
from crawler.extract.workers import GRACE_SECONDS
from crawler.items import Article, Candidate
from crawler.profile import SiteProfile

_RECURSION_LIMIT = 5000
"""lxml and trafilatura recurse on deep trees. The parser stops at 256 levels, so this is enough for any page."""


class ExtractionFailed(RuntimeError):
    """The extraction of a page raised, hung or crashed; `reason` says which."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchedPage:
    """Everything that the extraction takes of a page."""

    body: bytes
    content_type: str | None
    url: str
    profile: SiteProfile
    candidate: Candidate | None
    fetched: datetime


class ExtractionPool:
    """Worker processes, which start with the first page."""

    def __init__(self, *, workers: int, seconds: float) -> None:
        """`seconds`: time limit of a page. Its worker is then replaced."""
        self._seconds = seconds
        # Not fork: the parent has threads and an event loop. Every platform has spawn.
        self._pool = ProcessPool(workers, initializer=_prepare_worker, context=multiprocessing.get_context("spawn"))

    async def extract(self, page: FetchedPage) -> Article:
        """Return the article of a page. Raises ExtractionFailed."""
        future = self._pool.schedule(_extract_page, (page, self._seconds), timeout=self._seconds)
        try:
            result = await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            raise
        except TimeoutError as error:
            raise ExtractionFailed("extract_timeout", f"took over {self._seconds:g} s") from error
        except ProcessExpired as error:
            raise ExtractionFailed("extract_crash", f"worker died (exit code {error.exitcode})") from error
        except Exception as error:
            raise ExtractionFailed("extract_error", f"{type(error).__name__}: {error}") from error
        if not isinstance(result, Article):
            raise ExtractionFailed("extract_error", str(result))
        return result

    def close(self) -> None:
        """Stop the workers, including those that are still working."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def _prepare_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the crawl handles Ctrl-C and stops its workers
    logging.disable(logging.CRITICAL)
    sys.setrecursionlimit(_RECURSION_LIMIT)
    import trafilatura  # noqa: F401  (otherwise the first page pays for the import)

    # Imported modules stay for good: the garbage collector took a twentieth of the time to look through them.
    gc.freeze()


def _extract_page(page: FetchedPage, seconds: float) -> Article | str:
    """Return the article, or the exception as text.

    lxml's exceptions cannot be sent between processes. An exception that cannot be unpickled would break the pool for
    all pages that follow.
    """
    if hasattr(signal, "setitimer"):
        # A limit by the kernel, for a page that hangs in C code after the parent was killed.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds + GRACE_SECONDS)
    try:
        return extract(
            decode(page.body, page.content_type, page.profile.language),
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
