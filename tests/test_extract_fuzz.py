"""Whatever a page does, extraction gives an Article, soon, that fits the contract of the stages behind it."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.extract import extract
from crawler.items import Article

PAGES = [path.read_text("utf-8") for path in sorted((Path(__file__).parent / "pages").glob("*.html"))]
URL = "https://site.example/2031/03/a-page"
WRECKAGE = [
    "<",
    "<div",
    "</article>",
    "\x00",
    "\x1f",
    "\ud800",
    "&#0;",
    "&#xD800;",
    "<!--",
    "]]>",
    "<p",
    '"',
    "<table><tr>",
    "\u202e",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.sampled_from(PAGES))
def test_mutated_page_still_gives_a_sound_article(seed: int, page: str) -> None:
    random_ = random.Random(seed)
    for _ in range(random_.randint(1, 12)):
        at, length = random_.randrange(len(page) + 1), random_.randint(0, 200)
        page = page[:at] + random_.choice([*WRECKAGE, "", page[at : at + 50] * 3]) + page[at + length :]
    assert_sound(extract(page, URL))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_a_sound_article(text: str) -> None:
    assert_sound(extract(text, URL))


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 20_000 + "text" + "</div>" * 20_000,
        "<b><i><span>" * 5_000 + "text",
        "<p>" + '<a href="/x">a link of three words</a> ' * 30_000,
        "<ul>" + "<li><a href='/a-b-c'>Related: another story of the town</a></li>" * 5_000,
        "<p>اقرأ أيضا:</p>" * 5_000,
        "<p>" + "word " * 400_000,
        "<p>" + "aaaaaaaa" * 100_000,
        "<p>text<br>" * 5_000,
        '<script type="application/ld+json">' + "[" * 100_000 + "</script><p>x",
        '<script type="application/ld+json">' + '{"@graph":[' * 3_000 + "</script><p>x",
        "<div>" + "text between two breaks<br><br>" * 20_000 + "</div>",
        "<div><p>a</p>"
        + f"<div hidden>{'<p>' + 'long words ' * 9}{'<p>' + 'long words ' * 9}</div>" * 3_000
        + "</div>",
        "<table><tr><td>" * 200 + "word " * 20_000,
        "<blockquote>five words of a quote</blockquote><p>and some text that has none</p>" * 3_000,
        "<article><header><h2>x</h2></header>" * 3_000 + "<p>" + "word " * 1_000,
        "<div>Datum</div>" * 20_000,
        "<pre>" + "    line of a typed text\n\n" * 20_000 + "</pre>",
        "<script type='application/json'>" + '{"a":[' * 3_000 + "</script>",
        "<script type='application/json'>" + "[" + '{"text":"' + "long words " * 30 + '"},' * 9_000 + "1]</script>",
        "<h1>" + "A - " * 20_000 + "</h1>",
        "<meta property='og:title' content='" + "| " * 50_000 + "'>",
    ],
    ids=lambda page: page[:24],
)
def test_hostile_page_ends_soon(page: str) -> None:
    start = time.process_time()
    assert_sound(extract(f"<html><body><h1>A title of a page</h1>{page}</body></html>", URL))
    assert time.process_time() - start < 6


def assert_sound(article: Article) -> None:
    texts = [article.title, article.subtitle, article.category, *article.paragraphs, *article.authors, *article.tags]
    for text in texts:
        if text is not None:
            assert text == text.strip()
            assert text
            assert "\n" not in text
            text.encode("utf-8")
    assert article.published is None or article.published.utcoffset() is not None
    assert [related.position for related in article.related] == list(range(len(article.related)))
    assert all(related.url is None or related.url.startswith("http") for related in article.related)
