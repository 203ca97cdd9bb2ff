"""How the body is read: trafilatura's fast path, its fallbacks, split containers, and articleBody as a last resort."""

from __future__ import annotations

import json

import pytest

from crawler.extract import extract
from crawler.extract.body import Block, body_blocks, marked_blocks
from crawler.extract.page import parse_page
from crawler.extract.tree import parse_html

URL = "https://town.example/2031/03/bridge"
TEXT = "The council of the town decided on Monday that the old stone bridge will stay closed for the whole summer."
OTHER = "Shopkeepers on both banks of the river heard of the decision only an hour before the meeting had begun."
DAYS = [
    f"On day {n} the council of the town met again and spoke of the bridge for {n} hours for nothing."
    for n in range(14)
]


def paragraphs(*numbers: int) -> str:
    return "".join(f"<p>{DAYS[number]}</p>" for number in numbers)


def blocks(body: str, schema_body: str = "") -> list[Block]:
    page = parse_page(f"<html><head><title>x</title></head><body>{body}</body></html>", URL)
    assert page is not None
    return body_blocks(page, schema_body)


def texts(body: str, schema_body: str = "") -> list[str]:
    return [block.text for block in blocks(body, schema_body)]


def test_containers_of_one_class_are_read_as_one_body() -> None:
    parts = (
        f"<div class='article-body'>{paragraphs(0, 1, 2)}</div><i>Ad</i><div class='article-body'>{paragraphs(3)}</div>"
    )
    assert texts(f"<main>{parts}</main>") == DAYS[:4]


def test_two_short_paragraphs_are_read_as_paragraphs_without_what_stands_around_them() -> None:
    for first, second in ((TEXT, ""), (TEXT[:40], OTHER[:40]), (TEXT, OTHER)):
        own = [text for text in (first, second) if text]
        inner = "".join(f"<p>{text}</p>" for text in own)
        meta, more = "<div class='meta'><a href='/x'>By Lena</a></div>", "<div><a href='/y'>More of it all</a></div>"
        assert texts(f"<article>{meta}{inner}{more}</article>") == [text.strip() for text in own]
    assert len(texts("<article><div class='meta'><a href='/x'>By Lena</a></div><p>So short.</p></article>")) <= 1


def test_the_fallbacks_are_used_where_the_fast_path_has_little_of_the_prose() -> None:
    first = f"<div class='entry-content'><p>{TEXT}</p><p>{OTHER}</p><p>{DAYS[9]}</p></div>"
    assert texts(f"{first}<div class='wrap'>{paragraphs(*range(9))}</div>") == [TEXT, OTHER, DAYS[9], *DAYS[:9]]
    assert texts(f"{first}<div class='wrap'>{paragraphs(0, 1)}</div>") == [TEXT, OTHER, DAYS[9]]
    linked = "".join(f"<p><a href='/{n}'>{day}</a></p>" for n, day in enumerate(DAYS[:9]))
    assert texts(f"{first}<div class='wrap'>{linked}</div>") == [TEXT, OTHER, DAYS[9]]
    short = "".join(f"<p>{day[:79]}</p>" for day in DAYS[:9])
    assert texts(f"{first}<div class='wrap'>{short}</div>") == [TEXT, OTHER, DAYS[9]]


@pytest.mark.parametrize("tag", ["h4", "dd"])
def test_the_fallbacks_are_used_where_the_text_is_not_from_paragraphs(tag: str) -> None:
    parent = "main" if tag == "h4" else "dl"
    inner = "".join(f"<{tag}>{day}</{tag}>" for day in DAYS)
    assert len(texts(f"<{parent}>{inner}</{parent}>")) >= 10


def test_a_menu_is_removed_and_one_that_is_never_closed_is_not() -> None:
    body = f"<article><p>{TEXT}</p><p>{OTHER}</p>{paragraphs(0, 1)}</article>"
    assert texts(f"<nav><p>Home and away</p></nav>{body}") == [TEXT, OTHER, *DAYS[:2]]
    unclosed = " ".join(texts(f"<nav><ul><li><a href='/'>Home</a></li></ul>{body}"))
    assert all(text in unclosed for text in (TEXT, OTHER, *DAYS[:2]))


@pytest.mark.parametrize(
    "tag",
    [
        "aside", "embed", "footer", "iframe", "menu", "object", "audio", "canvas", "map", "picture", "svg", "video",
        "button", "datalist", "dialog", "fieldset", "label", "legend", "option", "select", "textarea", "time",
    ],
)  # fmt: skip
def test_what_is_no_text_is_removed_and_what_follows_stays(tag: str) -> None:
    page = parse_page(f"<article><p>{TEXT}</p><p>a<{tag}>gone</{tag}>b</p>{paragraphs(0, 1)}</article>", URL)
    assert page is not None
    body_blocks(page, "")
    assert "gone" not in page.tree.text_content()
    assert "b" in str(page.tree.text_content()).replace(TEXT, "")


def test_blocks_have_their_kind_links_and_group() -> None:
    rows = (
        "<table><tr><th>Day</th><th></th><th>Hours</th></tr><tr><td>1</td><td><a href='/x'>seven</a></td></tr></table>"
    )
    items = "<ul><li>One <a href='/y'>link</a></li><li>Two</li></ul>"
    body = (
        f"<article><p>{TEXT}</p><h2>Head</h2>{rows}{items}<blockquote>{OTHER}</blockquote>{paragraphs(0, 1)}</article>"
    )
    values = [(block.text, block.kind, block.linked) for block in blocks(body)]
    assert values[:7] == [
        (TEXT, "p", 0), ("Head", "head", 0), ("Day | Hours", "row", 0), ("1 | seven", "row", 5),
        ("One link", "item", 4), ("Two", "item", 0), (OTHER, "quote", 0),
    ]  # fmt: skip
    groups = [block.group for block in blocks(body)]
    assert groups[2] == groups[3] != groups[4] == groups[5]


def test_lines_of_marked_elements_are_blocks() -> None:
    tree = parse_html("<div>a<br>b <a>c</a> d<p>e</p>f</div>tail<div>g</div>")
    assert tree is not None
    result = marked_blocks(tree.xpath("//div"))
    assert [(block.text, block.linked, block.group) for block in result] == [
        ("a", 0, 0), ("b c d", 1, 0), ("e", 0, 0), ("f", 0, 0), ("tail", 0, 0), ("g", 0, 1),
    ]  # fmt: skip


# -- articleBody ----------------------------------------------------------------------------------------------------

SCHEMA = "\n".join(DAYS[:12])


@pytest.mark.parametrize(
    ("body", "schema_body", "uses_schema"),
    [
        ("<p>Loading</p>", SCHEMA, True),
        ("<p>Loading</p>", SCHEMA[:480], False),  # a teaser
        (f"<article><p>{DAYS[0]}</p><p>{DAYS[1]}</p><p>{DAYS[2]}</p></article>", SCHEMA, True),  # its own teaser
        (f"<article><p>{TEXT}</p><p>{OTHER}</p><p>{TEXT} {OTHER}</p></article>", SCHEMA, False),  # a text of its own
        (f"<article>{paragraphs(0, 1, 2, 3, 4)}</article>", SCHEMA, False),  # more than a third of it
        (f"<article>{paragraphs(0, 1, 2, 3, 4, 5, 6, 7, 8)}</article>", SCHEMA * 3, False),  # stands for itself
        (f"<p>Loading</p><div class='comment-list'>{paragraphs(*range(8))}</div>", SCHEMA, False),  # enough paragraphs
        (f"<p>{TEXT}</p>", SCHEMA, True),  # a scrap
    ],
)  # fmt: skip
def test_article_body_is_used_where_the_page_has_little_of_it(body: str, schema_body: str, uses_schema: bool) -> None:
    result = texts(body, schema_body)
    assert (result == schema_body.split("\n")) == uses_schema


def test_a_text_of_its_own_is_kept_and_a_teaser_of_article_body_is_not() -> None:
    schema_body = "\n".join(DAYS)
    assert texts(f"<article>{paragraphs(0, 1, 2, 3)}</article>", schema_body) == DAYS
    own = f"<article><p>{TEXT}</p><p>{OTHER}</p><p>{TEXT} {OTHER}</p></article>"
    assert texts(own, schema_body) == [TEXT, OTHER, f"{TEXT} {OTHER}"]


def test_article_body_is_read_without_its_markup() -> None:
    schema_body = "<p>" + "</p><p>".join(DAYS[:12]) + "&lt;br/&gt;x &amp; <b>y</b></p>"
    for tag in ("</p>", "<br>", "</div>", "</h2>", "</li>", "\r\n"):
        assert texts("<p>Loading</p>", schema_body.replace("</p>", tag)) == [*DAYS[:11], DAYS[11], "x & y"]


def test_article_body_and_state_of_a_page() -> None:
    node = json.dumps({"@type": "NewsArticle", "articleBody": SCHEMA})
    page = f"<script type='application/ld+json'>{node}</script><h1>The bridge</h1><p>Loading</p>"
    assert extract(page, URL).paragraphs == DAYS[:12]
    state = f"<script type='application/json'>{json.dumps(DAYS)}</script><h1>The bridge</h1>"
    assert extract(f"{state}<p>Loading</p>", URL).paragraphs == DAYS
    assert DAYS[4] not in extract(f"{state}<main>{' '.join(DAYS[:3])}</main>", URL).body
