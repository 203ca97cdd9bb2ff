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
from crawler.extract.published import as_published
from crawler.extract.workers.single import IsolatedWork, WorkFailed
from crawler.items import Article
from crawler.similarity.repeated_lines import SiteLines, line_hashes, without_lines
from crawler.urls import host_of

_SECONDS = 20  # a page that takes longer is answered with an error
_PAUSE = 1.0
"""Seconds without input after which somebody who writes page by page gets the answers so far."""

_MAX_HELD = 100_000_000
"""Characters of text; a third of a gigabyte in memory, or some 40,000 articles."""


def answers(lines: Iterable[bytes | None]) -> Iterator[dict[str, Any]]:
    """For each line `{"id","url","html"}` its article, or its id and an `error`; in order. A line that is no such
    object is answered with its number and an error. A page that hangs or kills its process costs only itself.

    What a site repeats is known when all its pages are read: answers come at the end, or when the input pauses (None
    among the lines), or when they hold too much memory. Lines that are known by then are cut.
    """
    held = _HeldAnswers()
    with IsolatedWork(_extract_page, _SECONDS + 5) as work:
        number = 0
        for line in lines:
            if line is None:
                yield from held.released()
                continue
            number += 1
            if line.strip():
                held.add(*_answer_line(number, line, work))
            if held.size > _MAX_HELD:
                yield from held.released()
    yield from held.released()


def lines_of(file: BinaryIO, pause: float = _PAUSE) -> Iterator[bytes | None]:
    """The lines of a file or pipe, and None each time that no more came for `pause` seconds."""
    begun: list[bytes] = []
    while True:
        if not select.select([file], [], [], pause)[0]:
            yield None
        chunk = os.read(file.fileno(), 1 << 20)
        if not chunk:
            break
        first, *more = chunk.split(b"\n")
        begun.append(first)
        for piece in more:
            yield b"".join(begun)
            begun = [piece]
    if line := b"".join(begun):
        yield line


def answer(article: Article) -> dict[str, Any]:
    """An article as a JSON object; paragraphs of `text` are lines, `published` is ISO 8601 by the page's clock.

    Where no person is named, the source stands for the authors: these lines have no field for it.
    """
    return {
        "title": article.title,
        "text": article.body,
        "authors": article.authors or ([article.source] if article.source else []),
        "published": published.isoformat() if (published := as_published(article)) else None,
        "language": article.language,
        "categories": [article.category] if article.category else [],
        "tags": article.tags,
        "related": [{"kind": o.kind, "title": o.title, "url": o.url} for o in article.related],
    }


class _HeldAnswers:
    """Answers that wait until it is known what their sites repeat."""

    def __init__(self) -> None:
        self.size = 0
        self._answers: list[tuple[str, dict[str, Any]]] = []
        self._sites: dict[str, SiteLines] = defaultdict(SiteLines)

    def add(self, host: str, found: dict[str, Any]) -> None:
        """Hold an answer, and count its lines."""
        self._answers.append((host, found))
        if host and found.get("text"):
            self.size += len(found["text"])
            self._sites[host].add(line_hashes(found["text"].split("\n")))

    def released(self) -> Iterator[dict[str, Any]]:
        """All that were held, in order. The lines stay counted for the pages that follow."""
        waiting, self._answers, self.size = self._answers, [], 0
        known = {host: lines.known for host, lines in self._sites.items()}
        for host, found in waiting:
            if lines := known.get(host):
                found["text"] = "\n".join(without_lines(found["text"].split("\n"), lines))
            yield found


def _answer_line(number: int, line: bytes, work: IsolatedWork[tuple[str, str], dict[str, Any]]) -> tuple[str, Any]:
    """The page's host, and its answer."""
    try:
        page = json.loads(line)
        asked = {"id": page["id"]}
        html, url = page["html"], page.get("url") or ""
        if not isinstance(html, str) or not isinstance(url, str):
            raise TypeError("html and url must be text")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return "", {"line": number, "error": f"no page: {type(error).__name__}: {error}"}
    try:
        found = work.ask((html, url))
    except WorkFailed as error:
        found = {"error": str(error)}
    return host_of(url).removeprefix("www."), asked | found


def _extract_page(page: tuple[str, str]) -> dict[str, Any]:
    try:
        with _TimeLimit(_SECONDS):
            return answer(extract(*page))
    except Exception as error:  # the edge of the stage: the next page must have its turn
        return {"error": f"{type(error).__name__}: {error}"[:300]}


class _TimeLimit:
    """Raises TimeoutError in the body of the `with` after so many seconds, where the platform can."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, self._ring)
            signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(self, *_: object) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, _number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"took over {self._seconds:g} s")
