"""How often the section that a page shows is the one that it declares, on each half of the sites.

    python -m bench.sections [--corpus aeb,arabic] [--shared ../shared]

Few pages of the corpora have a known section. So of the pages that declare one (linked data, head), the declared one is
taken away, and what is found then is compared with it by folded words. An unlike answer may still be right: "Football"
where the head says "Sport". For the other pages it is counted how often one is found.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

from bench.halves import half
from bench.speed.newsrooms import PROJECT
from crawler.extract.jsonld import text_value, types_of
from crawler.extract.page import ParsedPage, parse_page
from crawler.extract.section import SECTION_METAS, find_category
from crawler.extract.title import find_title
from crawler.text import words

_CORPORA = "aeb,arabic,fundus_eval,fundus_tests,goose,newspaper,newspaper4k,postlight,readability,trafilatura"
_FOR_MACHINES = frozenset(("", "tags", "default", "index"))
_LIST = re.compile(r"[,;>|]")


def main() -> None:
    """Print the shares of pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", default=_CORPORA, help="comma-separated")
    parser.add_argument("--shared", type=Path, default=PROJECT.parent / "shared", help="folder with corpus/")
    options = parser.parse_args()
    pages = (
        page for name in options.corpus.split(",") for page in _pages(options.shared / "corpus" / f"{name}.jsonl.gz")
    )
    print(json.dumps(agreement(pages), indent=1))


def agreement(pages: Iterator[tuple[str, ParsedPage]]) -> dict[str, dict[str, float]]:
    """Half → shares of pages: `found` and `alike` of those that declare a section, `alike_of_found`, and `found_else`
    of those that declare none; and their numbers."""
    marks: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for name, page in pages:
        declared = take_declared(page)
        title = find_title(page)
        category = find_category(page, title.text if title else None)
        if not declared:
            marks[name]["found_else"].append(category is not None)
            continue
        is_alike = category is not None and _folded(category.text) in declared
        marks[name]["found"].append(category is not None)
        marks[name]["alike"].append(is_alike)
        if category is not None:
            marks[name]["alike_of_found"].append(is_alike)
    return {
        name: {mark: round(fmean(seen), 4) for mark, seen in found.items()}
        | {"declared": len(found["found"]), "others": len(found["found_else"])}
        for name, found in sorted(marks.items())
    }


def take_declared(page: ParsedPage) -> set[str]:
    """The sections that a page declares, folded; they and the linked breadcrumb are removed from it."""
    section = page.article.pop("articleSection", None)
    texts = [text_value(value) for value in (section if isinstance(section, list) else [section])]
    texts += [value for name in SECTION_METAS for value in page.meta.pop(name, [])[:1]]
    page.nodes = [node for node in page.nodes if "BreadcrumbList" not in types_of(node)]
    return {_folded(part) for text in texts for part in (text, *_LIST.split(text))} - _FOR_MACHINES


def _folded(text: str) -> str:
    return " ".join(words(text))


def _pages(corpus: Path) -> Iterator[tuple[str, ParsedPage]]:
    if not corpus.exists():
        print(f"{corpus.name}: no such corpus at {corpus.parent}, skipped")
        return
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            if (page := parse_page(record["html"], record["url"])) is not None:
                yield half(record["group"]), page


if __name__ == "__main__":
    main()
