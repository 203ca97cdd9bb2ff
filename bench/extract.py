"""CPU time of the extraction of real pages, by step, with trafilatura alone beside it in the same run.

    python -m bench.extract [--corpus aeb,arabic] [--rounds 3] [--slowest 10] [--shared ../shared]

The pages are those of ../shared/corpus. No template of theirs is known, so each goes through the whole extraction. Each
page is read in turn by ours and by trafilatura (with metadata, as in bench/floor.py); of several rounds the median of a
page counts. A step's time does not include the steps that it calls. CPU times depend on the machine and on what else
it does: compare figures of one run.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean, median
from typing import Any, NamedTuple

from bench.speed.newsrooms import PROJECT

_ARTICLE = "crawler.extract.article"
STEPS = (
    ("parse", "crawler.extract.page", "parse_html"),
    ("page: names, head, headline", _ARTICLE, "parse_page"),
    ("invisible data", _ARTICLE, "invisible_marks"),
    ("URL", _ARTICLE, "article_url"),
    ("related", _ARTICLE, "extract_related"),
    ("title", _ARTICLE, "find_title"),
    ("authors", _ARTICLE, "find_byline"),
    ("category, tags", _ARTICLE, "find_category"),
    ("category, tags", _ARTICLE, "find_tags"),
    ("dates", _ARTICLE, "find_published"),
    ("dates", _ARTICLE, "find_modified"),
    ("standfirst", _ARTICLE, "find_standfirst"),
    ("body: cuts and repair", _ARTICLE, "read_body"),
    ("body: trafilatura", "crawler.extract.body", "read_blocks"),
    ("body: trafilatura", "crawler.extract.second_reading", "read_blocks"),
    ("body: clutter", _ARTICLE, "without_clutter"),
    ("body: second reading", _ARTICLE, "second_reading"),
    ("source", _ARTICLE, "find_source"),
    ("language", _ARTICLE, "find_language"),
    ("page type", _ARTICLE, "page_type"),
    ("page type", _ARTICLE, "is_paywalled"),
)
"""Step, module in which a function is looked up, name. Functions of one step count together."""

_REST, _WHOLE, _PEER = "rest", "whole extraction", "trafilatura alone"
_FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
Times = dict[str, float]


class Row(NamedTuple):
    """One step over all pages, in milliseconds a page."""

    step: str
    mean: float
    median: float
    p95: float
    worst: float


class Stopwatch:
    """CPU milliseconds of steps that call each other."""

    def __init__(self) -> None:
        self.times: Times = defaultdict(float)
        self._inner = [0.0]

    def timed(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with its time counted for a step, without the steps inside it."""

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            self._inner.append(0.0)
            started = time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                took = (time.process_time() - started) * 1000
                self.times[step] += took - self._inner.pop()
                self._inner[-1] += took

        return wrapped

    def taken(self) -> Times:
        """The times since the last call."""
        times, self.times = dict(self.times), defaultdict(float)
        return times


def main() -> int:
    """Run it; 1 if there are no pages."""
    options = _options()
    names = set(options.corpus.split(",")) if options.corpus else None
    pages = list(pages_of(options.shared / "corpus", names))
    if not pages:
        print(f"no corpora at {options.shared}: nothing measured (name their folder with --shared)", file=sys.stderr)
        return 1
    times = measured(pages, options.rounds)
    print(f"{len(pages)} pages, milliseconds of CPU a page, median of {options.rounds} round(s)\n")
    print(table(times))
    slowest = sorted(zip(times, pages, strict=True), key=lambda pair: -pair[0][_WHOLE])[: options.slowest]
    for of_page, (url, _) in slowest:
        step = max((name for name in of_page if name not in (_WHOLE, _PEER)), key=lambda name: of_page[name])
        print(f"{of_page[_WHOLE]:8.1f} ms, {of_page[step]:.1f} of them {step}: {url}")
    return 0


def pages_of(folder: Path, corpora: set[str] | None) -> Iterator[tuple[str, str]]:
    """URL and HTML of each page of these corpora, or of all."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        if corpora is None or path.name.removesuffix(".jsonl.gz") in corpora:
            with gzip.open(path, "rt", encoding="utf-8", errors="replace") as lines:
                for page in map(json.loads, lines):
                    yield page.get("url") or "https://unknown.example/", page["html"]


def measured(pages: list[tuple[str, str]], rounds: int) -> list[Times]:
    """The times of each page by step, with those of trafilatura alone."""
    from trafilatura import bare_extraction

    watch = Stopwatch()
    for step, module, name in STEPS:
        where = importlib.import_module(module)
        setattr(where, name, watch.timed(step, getattr(where, name)))
    extract = watch.timed(_REST, importlib.import_module(_ARTICLE).extract)
    peer = watch.timed(_PEER, bare_extraction)
    kept: list[list[Times]] = [[] for _ in pages]
    # The first page pays for imports and is measured again.
    for round_ in range(-1, rounds):
        for (url, html), found in zip(pages[: 1 if round_ < 0 else None], kept, strict=False):
            extract(html, url, fetched=_FETCHED)
            times = watch.taken()
            times[_WHOLE] = sum(times.values())
            peer(html, url=url, with_metadata=True)
            times |= watch.taken()
            if round_ >= 0:
                found.append(times)
    return [{step: median(once.get(step, 0.0) for once in found) for step in _names(found)} for found in kept]


def _names(found: list[Times]) -> list[str]:
    return list(dict.fromkeys(step for once in found for step in once))


def rows(times: list[Times]) -> list[Row]:
    """The figures of each step, in the order in which they run, then those of the whole."""
    found = []
    for step in (*dict.fromkeys(step for step, _, _ in STEPS), _REST, _WHOLE, _PEER):
        values = sorted(of_page.get(step, 0.0) for of_page in times)
        found.append(Row(step, fmean(values), median(values), values[len(values) * 95 // 100], values[-1]))
    return found


def table(times: list[Times]) -> str:
    """The figures as Markdown."""
    lines = ["| step | mean | median | p95 | slowest page |", "|---|---|---|---|---|"]
    lines += [f"| {r.step} | {r.mean:.2f} | {r.median:.2f} | {r.p95:.2f} | {r.worst:.1f} |" for r in rows(times)]
    return "\n".join(lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", help="comma-separated names of files in corpus/, without .jsonl.gz")
    parser.add_argument("--rounds", type=int, default=1, help="read each page N times and take the median")
    parser.add_argument("--slowest", type=int, default=5, help="print the N slowest pages with their slowest step")
    parser.add_argument("--shared", type=Path, default=PROJECT.parent / "shared", help="folder with corpus/")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
