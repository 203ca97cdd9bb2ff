"""Pages as JSON Lines → articles as JSON Lines."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any

from crawler.extract import extract
from crawler.extract.published import as_published
from crawler.items import Article

_SECONDS = 20  # a page that takes longer is answered with an error


def answers(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """For each line `{"id","url","html"}` its article, or its id and an `error`. A line that is no such object is
    answered with its number and an error. One page at a time, in order."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            page = json.loads(line)
            asked = {"id": page["id"]}
            html, url = page["html"], page.get("url") or ""
            if not isinstance(html, str) or not isinstance(url, str):
                raise TypeError("html and url must be text")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            yield {"line": number, "error": f"no page: {type(error).__name__}: {error}"}
            continue
        try:
            with _TimeLimit(_SECONDS):  # no `yield` in here: what the reader does with the answer takes its own time
                found = answer(extract(html, url))
        except Exception as error:  # the edge of the stage: the next page must have its turn
            found = {"error": f"{type(error).__name__}: {error}"[:300]}
        yield asked | found


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
