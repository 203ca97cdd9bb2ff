"""Bodies of pages whose article stands in a container with a misleading tag or name, or in two containers.

    python -m bench.misnamed [--half A] [--shared ../shared]

Takes the pages on which the body is right (F1 of .9 or more), changes the container of their text by script, and prints
for each way the F1 of ours and of trafilatura, and how many pages fall below .5. The corpora lie outside the project.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import fmean

from lxml.html import Element, HtmlElement, fragment_fromstring

from bench.confidence_pages import WHOLE, changed, scorer
from bench.halves import half
from bench.speed.newsrooms import PROJECT
from crawler.extract.article import extract
from crawler.extract.prose import prose_chars

_TAGS = ("aside", "footer", "nav", "button", "form", "figure")
_NAMES = ("sidebar", "related", "comments", "widget", "footer", "caption", "teaser")
_RIGHT, _LOST = 0.9, 0.5
_MIN_PARAGRAPHS = 4
"""Paragraphs of prose from which a container is split."""

Score = Callable[[str], float]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", default="A", choices=("A", "B"), help="half of the sites (default: A)")
    parser.add_argument("--shared", type=Path, default=PROJECT.parent / "shared", help="folder with corpus/ and score/")
    options = parser.parse_args()
    if not (options.shared / "score" / "metrics.py").exists():
        print(f"no corpora at {options.shared}: nothing measured (name their folder with --shared)")
        return 0
    found: dict[str, list[tuple[float, float]]] = {}
    for html, url, score in _pages(options.shared, options.half):
        if score(extract(html, url).body) < _RIGHT:
            continue
        same = changed(html, lambda container: None)
        for way, change in WAYS.items():
            broken = changed(html, change)
            if broken and broken != same:
                found.setdefault(way, []).append((score(extract(broken, url).body), score(_peer(broken, url))))
    print(
        "| the container becomes | pages | ours | trafilatura | lost: ours | trafilatura |\n|---|---|---|---|---|---|"
    )
    for way, rows in found.items():
        ours, peer = zip(*rows, strict=True)
        lost = " | ".join(str(sum(f1 < _LOST for f1 in system)) for system in (ours, peer))
        print(f"| {way} | {len(rows)} | {fmean(ours):.4f} | {fmean(peer):.4f} | {lost} |")
    return 0


def _pages(shared: Path, side: str) -> Iterator[tuple[str, str, Score]]:
    """HTML, URL and the scorer of each page of a half whose whole text is known."""
    sys.path.insert(0, str(shared / "score"))
    import metrics  # type: ignore[import-not-found]

    for path in (shared / "corpus" / f"{corpus}.jsonl.gz" for corpus in WHOLE):
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as lines:
            for page in map(json.loads, lines):
                if half(page["group"]) == side and (score := scorer(metrics, path.name.partition(".")[0], page)):
                    yield page["html"], page.get("url") or "https://unknown.example/", score


def _peer(html: str, url: str) -> str:
    from trafilatura import bare_extraction

    document = bare_extraction(html, url=url, include_comments=False)
    return str(getattr(document, "text", None) or "")


def _tagged(tag: str) -> Callable[[HtmlElement], object]:
    def change(container: HtmlElement) -> None:
        container.tag = tag

    return change


def _named(name: str, tag: str = "div") -> Callable[[HtmlElement], object]:
    def change(container: HtmlElement) -> None:
        for attribute in ("id", "itemprop", "role"):
            container.attrib.pop(attribute, None)
        container.tag = tag
        container.set("class", name)

    return change


def _split(container: HtmlElement) -> None:
    """The second half of the paragraphs moves into a sibling with another class, after an advertisement."""
    prose = [child for child in container if child.tag == "p" and prose_chars(child)]
    if len(prose) < _MIN_PARAGRAPHS:
        return
    second = Element(str(container.tag), {"class": "block-2"})
    second.extend(list(container)[container.index(prose[len(prose) // 2]) :])
    container.addnext(second)
    container.addnext(fragment_fromstring('<div class="mid-ad"><a href="/x">Advertisement</a></div>'))


WAYS: dict[str, Callable[[HtmlElement], object]] = {
    **{f"`<{tag}>`": _tagged(tag) for tag in _TAGS},
    **{f'`class="{name}"`': _named(name) for name in _NAMES},
    '`<aside class="sidebar">`': _named("sidebar", "aside"),
    "two siblings": _split,
}


if __name__ == "__main__":
    sys.exit(main())
