"""Learned templates on sites with many pages: quality, agreement, wrong pages, and CPU time beside the full extraction.

    python -m bench.templates FOLDER/fundus_tests.jsonl.gz [--changed-from 20] [--sites 20] [--only NAMES] [--verbose]

The corpus is one of ../shared/templates/build.py: the pages of a site stand together, and each has the truth. With
--redesign, build.py changes a site from one variant on; --changed-from names it. Each page is read in turn by the full
extraction and as a crawl reads it, with what the site's template has learnt so far, in this process. CPU times depend
on the machine and on what else it does: compare figures of one run. The scores are those of ../shared/score.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from statistics import fmean, median
from typing import Any

from bench.speed.newsrooms import PROJECT
from crawler import clock
from crawler.extract import extract
from crawler.extract.templates.describe import described
from crawler.extract.templates.site import SiteTemplate
from crawler.extract.templates.use import extract_by_task
from crawler.extract.templates.verify import differences
from crawler.extract.workers.jsonl import article_as_json
from crawler.items import Article

_METRICS = ("body4_f1", "bodyopt4_f1", "title", "date_instant", "authors")
_WORSE = 0.05
"""A page is wrong if the F1 of its text is this much below that of the full extraction."""

_FULL, _FULL_SAME = "full extraction", "the same pages in full"
_TEMPLATE, _ALL = "pages by template", "all pages as in a crawl"
Page = dict[str, Any]


@dataclass
class Results:
    """What was measured."""

    scores: dict[str, list[dict[str, float]]] = field(default_factory=lambda: defaultdict(list))
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    ways: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    differing: Counter[str] = field(default_factory=Counter)
    """Of the pages by template: in what they differ from the full extraction."""

    wrong: list[str] = field(default_factory=list)
    noticed: Counter[int | None] = field(default_factory=Counter)
    """Pages of a changed site up to the first that its template did not give or that was checked and differed."""

    wrong_after: int = 0
    sites: list[tuple[str, Counter[str], SiteTemplate]] = field(default_factory=list)


def main() -> int:
    """Run it; 1 if there is nothing to measure."""
    options = _options()
    metrics = options.shared / "score"
    if not options.corpus.is_file() or not (metrics / "metrics.py").is_file():
        print(f"no {options.corpus}, or no metrics at {metrics}: nothing measured", file=sys.stderr)
        return 1
    sys.path.insert(0, str(metrics))
    score = importlib.import_module("metrics").score_record
    results = Results()
    only = set(options.only.split(",")) if options.only else None
    for number, (name, pages) in enumerate(groupby(_pages(options.corpus, only), key=lambda page: str(page["group"]))):
        if options.sites and number >= options.sites:
            break
        if not number:
            pages = iter(list(pages))
            _warm_up(next(pages))
        _measure(results, name, pages, score, options.changed_from)
    if not results.sites:
        print(f"{options.corpus} has no page of these sites", file=sys.stderr)
        return 1
    _print(results, is_changed=bool(options.changed_from), is_verbose=options.verbose)
    return 0


def _pages(corpus: Path, only: set[str] | None) -> Iterator[Page]:
    """The pages of a corpus, of some sites only."""
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        yield from (page for page in map(json.loads, lines) if only is None or str(page["group"]) in only)


def _warm_up(page: Page) -> None:
    """The first page pays for imports."""
    extract(page["html"], page["url"])


def _measure(
    results: Results,
    name: str,
    pages: Iterator[Page],
    score: Callable[[Page, dict[str, Any]], dict[str, float]],
    changed_from: int,
) -> None:
    """Read the pages of one site."""
    site, ways, noticed, changed = SiteTemplate(), Counter[str](), None, 0
    for page in pages:
        html, url = page["html"], page["url"]
        whole, whole_ms = _timed(extract, html, url)
        (article, use), ms = _timed(extract_by_task, html, url, site.task(url))
        _, learning_ms = _timed(site.record, use, clock.now())
        ways[use.way] += 1
        if use.way == "missed":
            results.reasons[use.reason or ""] += 1
        rows = {_FULL: score(page, article_as_json(whole)), _ALL: score(page, article_as_json(article))}
        for row, took in ((_FULL, whole_ms), (_ALL, ms + learning_ms)):
            results.scores[row].append(rows[row])
            results.times[row].append(took)
        is_wrong = False
        if use.way == "template":
            is_wrong = rows[_ALL]["body4_f1"] < rows[_FULL]["body4_f1"] - _WORSE
            _add_template_page(results, rows, (whole, article), (whole_ms, ms))
            results.wrong += [str(page["id"])] * is_wrong
        if changed_from and page["made"]["variant"] >= changed_from:
            changed += 1
            results.wrong_after += is_wrong
            if noticed is None and use.way != "template" and (use.way != "checked" or use.differences):
                noticed = changed
    results.ways += ways
    results.sites.append((name, ways, site))
    if changed_from:
        results.noticed[noticed] += 1


def _add_template_page(
    results: Results, rows: dict[str, dict[str, float]], articles: tuple[Article, Article], times: tuple[float, float]
) -> None:
    results.differing.update(differences(*articles) or ["nothing"])
    for row, source, took in ((_FULL_SAME, _FULL, times[0]), (_TEMPLATE, _ALL, times[1])):
        results.scores[row].append(rows[source])
        results.times[row].append(took)


def _timed(function: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """The result and the CPU milliseconds."""
    started = time.process_time()
    result = function(*arguments)
    return result, (time.process_time() - started) * 1000


def _print(results: Results, *, is_changed: bool, is_verbose: bool) -> None:
    if is_verbose:
        for name, ways, site in results.sites:
            print(f"\n{name}: {dict(ways)}")
            print("\n".join(list(described(name, site))[1:]))
        print()
    print("| | pages | " + " | ".join(_METRICS) + " | CPU ms median | mean |\n|---|" + "---:|" * (len(_METRICS) + 3))
    for row in (_FULL, _ALL, _FULL_SAME, _TEMPLATE):
        scores, times = results.scores[row], results.times[row]
        cells = [fmean(values) if (values := [one[m] for one in scores if m in one]) else 0.0 for m in _METRICS]
        shown = " | ".join(f"{cell:.4f}" for cell in cells)
        print(f"| {row} | {len(scores)} | {shown} | {median(times or [0]):.1f} | {fmean(times or [0]):.1f} |")
    later = sum(results.ways.values()) - results.ways["full"]
    share = (results.ways["template"] + results.ways["checked"]) / max(1, later)
    print(f"\npages: {dict(results.ways)}; of those with a template it gives {share:.1%}")
    print(f"not given because of: {dict(results.reasons.most_common())}")
    print(f"pages by template differ from the full extraction in: {dict(results.differing)}")
    print(f"wrong and not noticed (F1 {_WORSE} below the full extraction): {len(results.wrong)} {results.wrong[:20]}")
    for name, _, site in results.sites:
        if site.template is None:
            print(f"no template at the end: {name}: {site.problem}")
    if is_changed:
        print(f"the change was noticed on page: {dict(results.noticed)}; wrong pages after it: {results.wrong_after}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--changed-from", type=int, default=0, metavar="N", help="the variant of the redesign")
    parser.add_argument("--sites", type=int, default=0, metavar="N", help="the first N sites only")
    parser.add_argument("--only", default="", metavar="NAMES", help="these sites only, separated by commas")
    parser.add_argument("--verbose", action="store_true", help="print each site's template as `rasid template` does")
    parser.add_argument("--shared", type=Path, default=PROJECT.parent / "shared")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
