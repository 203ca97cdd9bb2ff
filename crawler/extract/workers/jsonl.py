"""Pages as JSON Lines → articles as JSON Lines, without the lines that a site repeats on its pages."""

from __future__ import annotations

import json
import os
import select
import signal
from collections import defaultdict
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any, BinaryIO

from crawler.extract import extract
from crawler.extract.published import published_in_page_zone
from crawler.extract.workers import GRACE_SECONDS
from crawler.extract.workers.single import SingleWorker, WorkerFailed
from crawler.items import Article
from crawler.similarity.repeated_lines import SiteLines, line_hashes, without_lines
from crawler.urls import host_of

_SECONDS = 20
"""Time limit of a page. Chosen by hand: most pages take under 0.1 s (`cpu_ms` in bench/score.md)."""

_PAUSE = 1.0
"""Seconds without input after which the results so far are returned, for callers that write page by page.
Chosen by hand; no measurement is recorded."""

_MAX_WAITING_CHARS = 100_000_000
"""Characters of text that wait for their site's repeated lines: a third of a gigabyte, or some 40,000 articles."""

_MAX_ERROR_CHARS = 300
_CHUNK_BYTES = 1 << 20


def extract_lines(lines: Iterable[bytes | None]) -> Iterator[dict[str, Any]]:
    """Return the article of each line `{"id","url","html"}`, or its id and an `error`, in order.

    A line that is not such an object returns its number and an error. A page that hangs or kills its process affects
    no other page.

    The lines that a site repeats are known once all its pages are read. Results are therefore returned at the end of
    the input, when the input pauses (None among the lines), or when they hold too much memory. Lines that are known
    at that time are removed.
    """
    results = _PendingResults()
    with SingleWorker(_extract_page, _SECONDS + GRACE_SECONDS) as worker:
        number = 0
        for line in lines:
            if line is None:
                yield from results.release()
                continue
            number += 1
            if line.strip():
                results.add(*_extract_line(number, line, worker))
            if results.size > _MAX_WAITING_CHARS:
                yield from results.release()
    yield from results.release()


def read_lines(file: BinaryIO, pause: float = _PAUSE) -> Iterator[bytes | None]:
    """The lines of a file or pipe, and None each time that no input came for `pause` seconds."""
    begun: list[bytes] = []
    while True:
        if not select.select([file], [], [], pause)[0]:
            yield None
        chunk = os.read(file.fileno(), _CHUNK_BYTES)
        if not chunk:
            break
        first, *more = chunk.split(b"\n")
        begun.append(first)
        for piece in more:
            yield b"".join(begun)
            begun = [piece]
    if line := b"".join(begun):
        yield line


def article_as_json(article: Article) -> dict[str, Any]:
    """An article as a JSON object. `text` has one paragraph a line. `published` is ISO 8601: an instant in the page's
    time zone, or a day if the page gives no more.

    If the page names no person, `authors` holds the source: these objects have no field for it.
    """
    return {
        "title": article.title,
        "text": article.body,
        "authors": article.authors or ([article.source] if article.source else []),
        "published": _published(article),
        "published_zone": article.published_zone,
        "language": article.language,
        "categories": [article.category] if article.category else [],
        "tags": article.tags,
        "confidence": article.confidence,
        "related": [{"kind": o.kind, "title": o.title, "url": o.url} for o in article.related],
    }


def _published(article: Article) -> str | None:
    published = published_in_page_zone(article)
    if published is None:
        return None
    return published.date().isoformat() if article.published_precision == "day" else published.isoformat()


class _PendingResults:
    """Results that wait until it is known which lines their sites repeat."""

    def __init__(self) -> None:
        self.size = 0
        self._results: list[tuple[str, dict[str, Any]]] = []
        self._sites: dict[str, SiteLines] = defaultdict(SiteLines)

    def add(self, host: str, result: dict[str, Any]) -> None:
        """Hold a result and count its lines."""
        self._results.append((host, result))
        if host and result.get("text"):
            self.size += len(result["text"])
            self._sites[host].add(line_hashes(result["text"].split("\n")))

    def release(self) -> Iterator[dict[str, Any]]:
        """All results held, in order. Their lines stay counted for the pages that follow."""
        waiting, self._results, self.size = self._results, [], 0
        repeated = {host: lines.known for host, lines in self._sites.items()}
        for host, result in waiting:
            if lines := repeated.get(host):
                result["text"] = "\n".join(without_lines(result["text"].split("\n"), lines))
            yield result


def _extract_line(
    number: int, line: bytes, worker: SingleWorker[tuple[str, str], dict[str, Any]]
) -> tuple[str, dict[str, Any]]:
    """The page's host and its result."""
    try:
        page = json.loads(line)
        result = {"id": page["id"]}
        html, url = page["html"], page.get("url") or ""
        if not isinstance(html, str) or not isinstance(url, str):
            raise TypeError("html and url must be text")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        problem = f'not a page {{"id","url","html"}}: {type(error).__name__}: {error}'
        return "", {"line": number, "error": problem}
    try:
        result |= worker.call((html, url))
    except WorkerFailed as error:
        result["error"] = str(error)
    return host_of(url).removeprefix("www."), result


def _extract_page(page: tuple[str, str]) -> dict[str, Any]:
    try:
        with _TimeLimit(_SECONDS):
            return article_as_json(extract(*page))
    except Exception as error:  # the edge of the stage: the pages that follow must still be extracted
        return {"error": f"{type(error).__name__}: {error}"[:_MAX_ERROR_CHARS]}


class _TimeLimit:
    """Raises TimeoutError in the body of the `with` after `seconds`, on platforms with interval timers."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, self._on_alarm)
            signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(self, *_: object) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _on_alarm(self, _number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"took over {self._seconds:g} s")
