"""Our entry into trafilatura reads what its public function reads, with the installed version of it."""

from __future__ import annotations

import gzip
import hashlib
import importlib
import inspect
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from lxml.etree import XPath, strip_elements, tostring
from lxml.html import HtmlElement, document_fromstring
from trafilatura import bare_extraction, html2txt, xpaths

from crawler.extract.article import extract
from crawler.extract.reader import marks
from crawler.extract.reader.fallbacks import by_justext, has_more_than
from crawler.extract.reader.reading import Reading
from crawler.extract.tree import parse_html
from tests.conftest import PROJECT

PAGES = Path(__file__).parent / "pages"
CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"

# The functions and expressions that crawler/extract/reader restates, as of trafilatura 2.3.1. To take a newer version:
# read what changed in each that this test names, change the restatement where it matters, run this file and `make
# score`, and put the new value here.
RESTATED = {
    "core.trafilatura_sequence": "f03dc4d2946d",
    "core._prepare_tree": "9595f0642825",
    "core._extract_and_compare": "f7d056c21182",
    "core._recall_retry": "59594c39714f",
    "core.bare_extraction": "2e57adb30620",
    "main_extractor.extract_content": "f0270c94ac5f",
    "main_extractor._extract": "3e0e39ed3e03",
    "main_extractor.recover_wild_text": "335f6d13321f",
    "main_extractor.prune_unwanted_sections": "e6eb7afcc64d",
    "htmlprocessing.tree_cleaning": "828e83a73930",
    "htmlprocessing.prune_unwanted_nodes": "4731f8e24ef8",
    "htmlprocessing.delete_by_link_density": "306ab5a31636",
    "external.compare_extraction": "2d3d1ffea3ba",
    "external.justext_rescue": "43d803082a76",
    "external.try_justext": "6f0fa6cffc36",
    "baseline.html2txt": "a8c97eab2097",
    "baseline._spaced_text": "d04314f988c6",
    "xpaths.BODY_XPATH": "049ab58f8ca0",
    "xpaths.OVERALL_DISCARD_XPATH": "90fe7cbe71fb",
    "xpaths.TEASER_DISCARD_XPATH": "ebb02f066626",
    "xpaths.DISCARD_IMAGE_ELEMENTS": "cb1ab981e449",
    "xpaths.RAW_TREE_PRUNE_XPATH": "0a775839824a",
    "xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH": "9cc18d34e6e2",
    "settings.BASIC_CLEAN_XPATH": "db6c25acd08a",
}


def source(name: str) -> str:
    """The source of a function of trafilatura, or the text of its XPath expressions."""
    module, attribute = name.split(".")
    value = getattr(importlib.import_module(f"trafilatura.{module}"), attribute)
    if callable(value) and not isinstance(value, XPath):
        return inspect.getsource(value)
    return "\n".join(expression.path for expression in (value if isinstance(value, list) else [value]))


@pytest.mark.parametrize("name", RESTATED)
def test_what_is_restated_is_as_it_was_when_it_was_restated(name: str) -> None:
    found = hashlib.sha256(source(name).encode()).hexdigest()[:12]
    assert found == RESTATED[name], f"trafilatura changed {name}: compare it with crawler/extract/reader ({found})"


def as_text(body: Any) -> str | None:
    return None if body is None else tostring(body, encoding="unicode")


def theirs(tree: HtmlElement, **options: Any) -> str | None:
    document = bare_extraction(tree, include_comments=False, include_links=True, **options)
    assert not isinstance(document, dict)
    return as_text(document.body) if document is not None else None


def assert_read_alike(html: str, where: str) -> None:
    tree = parse_html(html)
    if tree is None:
        return
    strip_elements(tree, "script", "style", "template", "svg", with_tail=False)
    before = tostring(tree)
    reading = Reading(tree)
    assert as_text(reading.fast()) == theirs(tree, fast=True), where
    assert as_text(reading.slow("en")) == theirs(tree, target_language="en"), where
    assert as_text(Reading(tree).slow(None)) == theirs(tree), where
    assert tostring(tree) == before, "the tree was changed"


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_a_page_is_read_alike(path: Path) -> None:
    assert_read_alike(path.read_text("utf-8"), path.name)


def test_pages_of_many_sites_are_read_alike() -> None:
    if not CORPUS.exists():
        pytest.skip("no corpora at ../shared")
    for path in sorted(CORPUS.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines):
                if number % 60 == 7:
                    page = json.loads(line)
                    assert_read_alike(page["html"], page["id"])


TEXTS = ("The council met on Monday. ", "A long sentence about the bridge, the river and the people who cross it. " * 3)
TAGS = ("div", "section", "article", "main", "p", "span", "ul", "li", "aside", "h2", "ol", "details", "table", "td")
INNER = ("p", "a", "b", "br", "h3", "blockquote", "time", "figure", "pre", "em", "form", "footer", "nav", "i")
TOKENS = tuple(
    token.strip("^").replace("(?:^| )", "").replace("?", "").replace("[Aa]", "A").replace("[-_]", "-")
    for group in vars(xpaths).values()
    if isinstance(group, tuple) and all(isinstance(token, str) for token in group)
    for token in group
    if "(?:-|" not in token
)
NAMES = (
    *TOKENS,
    *("post", "entry", "story", "text", "content", "main-Content", "Page-content", "fulltext", "FullText"),
    *("comments-title", "reply-1", "hide-x", "x hidden", "teaser-box", "Teaser", "caption", "comments", "comment-1"),
    *("disqus_thread", "dsq-comments", "commentary", "infinite-scroll", "mvp-post-add-box", "elementor-share-buttons"),
    *("cookie-banner", "page-footer", "akismet", "reader-comments", "article-comments", "article body", "main"),
)


def attributes(chance: random.Random) -> str:
    values = {
        "class": chance.choice((*NAMES, "box", "a b")),
        "id": chance.choice((*NAMES, "x1")),
        "style": chance.choice(("display:none", "display: none", "visibility:hidden", "color: red")),
        "role": chance.choice(("navigation", "Navigation", "article", "main", "button")),
        "aria-hidden": chance.choice(("true", "false")),
        "data-component": "MostPopularStories",
        "data-lp-replacement-content": "",
        "itemprop": "articleBody",
    }
    rarely = {
        "data-component": 0.02,
        "data-lp-replacement-content": 0.02,
        "itemprop": 0.03,
        "style": 0.06,
        "role": 0.08,
    }
    chosen = [name for name in values if chance.random() < rarely.get(name, 0.4 if name in ("class", "id") else 0.03)]
    chance.shuffle(chosen)
    return "".join(f' {name}="{values[name]}"' for name in chosen)


def markup(chance: random.Random, depth: int) -> Iterator[str]:
    for _ in range(chance.randint(1, 4)):
        tag = chance.choice(TAGS if depth else INNER)
        yield f"<{tag}{attributes(chance)}" + (f' href="/{chance.random()}"' if tag == "a" else "") + ">"
        if chance.random() < 0.6:
            yield chance.choice(TEXTS)
        if depth:
            yield from markup(chance, depth - 1)
        yield f"</{tag}>" + (chance.choice(TEXTS) if chance.random() < 0.3 else "")


def made_page(seed: int) -> HtmlElement:
    page = document_fromstring(f"<html><body>{''.join(markup(random.Random(seed), 5))}</body></html>")
    for element in page.iter("ul", "ol", "li"):  # as they are named when sections are looked for
        if seed % 2:
            element.tag = "item" if element.tag == "li" else "list"
    return page


def ordered(tree: HtmlElement, chosen: list[HtmlElement]) -> list[HtmlElement]:
    return [element for element in tree.iter() if element in set(chosen)]


def by_xpath(expressions: list[XPath], tree: HtmlElement) -> list[HtmlElement]:
    return ordered(tree, [element for expression in expressions for element in expression(tree)])


@pytest.mark.parametrize("seed", range(40))
def test_names_are_judged_as_trafilaturas_expressions_judge_them(seed: int) -> None:
    tree = made_page(seed)
    sections, captions, teasers = marks.unwanted_sections(tree)
    assert sections == by_xpath(xpaths.OVERALL_DISCARD_XPATH, tree)
    assert captions == by_xpath(xpaths.DISCARD_IMAGE_ELEMENTS, tree)
    assert teasers == by_xpath(xpaths.TEASER_DISCARD_XPATH, tree)
    first = [*xpaths.RAW_TREE_PRUNE_XPATH, *xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH]
    assert marks.cut_first(tree) == by_xpath(first, tree)
    expected = [found[0] for expression in xpaths.BODY_XPATH if (found := expression(tree))]
    assert list(marks.frames(tree)) == expected


@pytest.mark.parametrize("seed", range(40))
def test_the_length_of_a_page_is_that_of_its_text(seed: int) -> None:
    tree = made_page(seed)
    length = len(html2txt(copy(tree)))
    assert has_more_than(tree, length - 1)
    assert not has_more_than(tree, length)


@pytest.mark.parametrize("seed", range(30))
def test_made_up_markup_is_read_alike(seed: int) -> None:
    made = "".join(markup(random.Random(1000 + seed), 5))
    assert_read_alike(f"<html><body>{made}</body></html>", str(seed))


LINK = '<li><a href="/story-{n}">The bridge and its story number {n}</a></li>'
HOSTILE = {
    "links in a list": f"<ul>{''.join(LINK.format(n=n) for n in range(20_000))}</ul>",
    "a menu with names": "".join(f'<div class="menu n{n}"><a href="/{n}">{n}</a></div>' for n in range(10_000)),
    "nested containers": f"{'<div><a href=/x>x</a>' * 240}{'<p>' + TEXTS[1] + '</p>'}{'</div>' * 240}",
    "containers below containers": "<div class=related>" * 20_000,
    "one text": f"<p>{TEXTS[0] * 50_000}</p>",
    "lines": f"<div>{(TEXTS[0] + '<br>') * 20_000}</div>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_takes_time_in_proportion_to_its_size(name: str) -> None:
    started = process_time()
    story = "".join(f"<p>{number} {TEXTS[1]}</p>" for number in range(9))
    extract(f"<html><body><h1>The bridge</h1>{story}{HOSTILE[name]}</body></html>", "https://daily.example/bridge")
    # At most half a second on a quiet machine; the list of links took six before it was read in proportion.
    assert process_time() - started < 4


def test_the_function_words_of_all_languages_are_in_memory_once() -> None:
    page = "<html><p>A page of an unknown language that is too short for any reading</p></html>"
    program = (
        "import tracemalloc, trafilatura\nfrom crawler.extract import extract\ntracemalloc.start()\n"
        f"extract({page!r}, 'https://daily.example/a.html')\n"
        f"trafilatura.extract({page!r})\n"
        "print(tracemalloc.get_traced_memory()[0])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 35e6  # read by us and by trafilatura, 62 MB


@pytest.mark.parametrize(("count", "is_read"), [(300, True), (12_000, False)])
def test_justext_reads_no_page_of_very_many_paragraphs(count: int, is_read: bool) -> None:
    story = "".join(f"<div>{number}. {TEXTS[1]}</div>" for number in range(20))
    lines = "".join(f"<div>Line {number}</div>" for number in range(count))
    tree = parse_html(f"<html><body>{story}{lines}</body></html>")
    assert tree is not None
    started = process_time()
    assert bool(by_justext(tree, "en")[1]) is is_read
    assert process_time() - started < 4  # with all of them 17 seconds
