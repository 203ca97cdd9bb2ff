"""Boxes and pointers of other articles: what is removed from the page, what becomes data, and what stays."""

from __future__ import annotations

import pytest
from lxml.html import HtmlElement

from crawler.extract.cards import cards_in, is_link_box, is_link_only, links_in
from crawler.extract.page import ParsedPage, parse_page
from crawler.extract.related import extract_related

URL = "https://town.example/2031/03/bridge"
TEXT = "The council of the town decided on Monday that the old stone bridge will stay closed for the whole summer."
FERRY = "<a href='/a/7'>The ferry gets a new engine</a>"
MILL = "<a href='/a/8'>The mill opens its doors again</a>"


def parsed(body: str) -> ParsedPage:
    page = parse_page(f"<html><body><h1>The bridge closes</h1>{body}</body></html>", URL)
    assert page is not None
    return page


def removed(body: str) -> list[tuple[str, str | None, str | None]]:
    """Kind, title and last part of the URL of what is removed."""
    return [(one.kind, one.title, one.url and one.url.rsplit("/", 1)[-1]) for one in extract_related(parsed(body))]


def left(body: str) -> str:
    page = parsed(body)
    extract_related(page)
    return " ".join(str(page.tree.text_content()).split()).removeprefix("The bridge closes").strip()


def box(markup: str) -> tuple[ParsedPage, HtmlElement]:
    page = parsed(f"<div id='box'>{markup}</div>")
    return page, page.tree.xpath("//*[@id='box']")[0]


# -- cards ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "is_box"),
    [
        (FERRY, True),
        (f"{FERRY} <p>{'A teaser. ' * 8}</p>", True),  # more teaser than links, but no running text
        (f"{FERRY} <p>{'Running text ' * 20}</p>", False),
        (f"{FERRY} {MILL * 4} <p>{'Running text ' * 18}</p>", False),
        (f"{FERRY * 12} <p>{'Running text ' * 18}</p>", True),  # mostly links
        (f"{FERRY} {'x ' * 50}", True),
        (f"{FERRY} <p>{'A teaser. ' * 15}</p>", False),  # hardly any links
        ("<a href='/a/7'>Sports</a>", False),  # no title
        ("<p>Nothing</p>", False),
        ("<a href='/a/7'></a>", False),
        (FERRY * 151, False),
        (f"<h1>The bridge closes</h1>{FERRY}", True),
        (f"{FERRY}<div><a href='/a/8'><b>The mill</b> {'in a link ' * 25}</a></div>", True),
        (f"<div>{FERRY}{'running text ' * 18}</div>{MILL * 3}", False),
        (f"{FERRY} <p>{'町の古い石橋が閉鎖される。' * 9}</p>", False),
        (f"{FERRY} <p>{'町の古い石橋が閉鎖される。' * 7}</p>", True),
    ],
)
def test_a_box_of_links_has_titles_and_no_running_text(markup: str, is_box: bool) -> None:
    page, element = box(markup)
    assert is_link_box(element, page) == is_box


def test_the_page_and_what_holds_its_headline_are_no_boxes() -> None:
    def is_box(body: str, path: str) -> bool:
        page = parse_page(body, URL)
        assert page is not None
        return is_link_box(page.tree.xpath(path)[0], page)

    with_headline = f"<main>{FERRY}</main><div><div><h1>The bridge closes</h1></div>{FERRY}</div>"
    assert [is_box(with_headline, path) for path in ("//body", "//main", "//div")] == [False, False, False]
    assert is_box(f"<div>{FERRY}</div>", "//div")


@pytest.mark.parametrize(
    ("markup", "titles"),
    [
        ("<a href='/a/7'><h3>The ferry gets a new engine</h3><p>x</p></a>", ["The ferry gets a new engine"]),
        ("<a href='/a/7'><h3></h3>The ferry gets a new engine</a>", ["The ferry gets a new engine"]),
        ("<a href='/a/7' aria-label='The ferry gets a new engine'></a>", ["The ferry gets a new engine"]),
        ("<a href='/a/7' title='The ferry gets a new engine'></a>", ["The ferry gets a new engine"]),
        ("<a href='/a/7'><img alt='The ferry gets a new engine'></a>", ["The ferry gets a new engine"]),
        ("<a href='/a/7' title=' '><img alt='The ferry gets a new engine'></a>", ["The ferry gets a new engine"]),
        ("<a href='/a/7'></a>", []),
        ("<a href='/a/7'>町の古い石橋が夏の間閉鎖へ</a><a href='/s/1'>地域の話題</a>", ["町の古い石橋が夏の間閉鎖へ"]),
        (f"<a href='/a/7'>{'The ferry gets a new engine ' * 11}</a>", []),
        ("<a href='/a/7'>A new engine</a>", []),
        ("<a href='/a/7'>Neueröffnung Fährverbindung</a>", []),
        (f"<a href='/a/7'>The ferry</a>{FERRY}<a href='/a/7'>More about it</a>", ["The ferry gets a new engine"]),
        (f"<a href='{URL}'>The bridge closes for the summer</a>{FERRY}", ["The ferry gets a new engine"]),
        ("<a href='mailto:desk@town.example'>Write to the town desk</a>", []),
    ],
)  # fmt: skip
def test_a_card_has_the_longest_title_of_its_links(markup: str, titles: list[str]) -> None:
    page, element = box(markup)
    assert [title for title, _ in cards_in(element, page)] == titles


def test_links_have_all_their_texts_and_lead_to_another_page() -> None:
    page, element = box(f"<a href='/a/7'>The</a> <a href='/a/7'>ferry</a><a href='/a/9'></a><a href='{URL}'>here</a>")
    assert links_in(element, page) == [("The ferry", "https://town.example/a/7")]


@pytest.mark.parametrize(
    ("markup", "only"),
    [(FERRY, True), (f"• {FERRY} |", True), (f"{FERRY} and much more", False), ("", False), ("abc", False)],
)
def test_an_element_of_links_may_have_a_separator(markup: str, only: bool) -> None:
    _, element = box(markup)
    assert is_link_only(element) == only


# -- boxes with a heading -------------------------------------------------------------------------------------------

HEADED = [("block", "The ferry gets a new engine", "7"), ("block", "The mill opens its doors again", "8")]


@pytest.mark.parametrize(
    "markup",
    [
        f"<h3>Related stories</h3><ul><li>{FERRY}</li><li>{MILL}</li></ul>",
        f"<h3>Related stories</h3><p>{FERRY}</p><p></p><p>{MILL}</p>",
        f"<div><h3>Related stories</h3></div><p>{FERRY}</p><p>{MILL}</p>",
        f"<div><b>Most read</b><p>{FERRY}</p><p>{MILL}</p></div>",
        f"<div><h3>Related stories</h3><div><p>In short</p>{FERRY}</div><div>{MILL}</div></div>",
        f"<section><div><div><h3>Related stories</h3></div></div><div><p>In short</p>{FERRY}{MILL}</div></section>",
        f"<div class='c'><h3>Related stories</h3><p>{FERRY}</p></div><div class='c'><p>{MILL}</p></div>",
        f"<div class='c'><h3>Related stories</h3><i>x</i><p>{FERRY}</p></div><div class='c'><p>{MILL}</p></div>",
    ],
)
def test_a_box_with_a_heading_is_removed(markup: str) -> None:
    assert removed(f"<p>{TEXT}</p>{markup}<p>{TEXT}</p>") == [("inline", *rest) for _, *rest in HEADED]
    assert left(f"<p>{TEXT}</p>{markup}<p>{TEXT}</p>") == TEXT + TEXT
    assert [one.after for one in extract_related(parsed(f"<p>{TEXT}</p>{markup}<p>{TEXT}</p>"))] == [TEXT] * 2
    assert removed(f"<p>{TEXT}</p>{markup}") == HEADED


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (f"<p>{TEXT}</p>", f"<h2>A heading</h2><p>{TEXT}</p>", "inline"),
        (f"<p>{TEXT}</p><p> </p>", f"<img src='/i.png'><p>{TEXT}</p>", "inline"),
        (f"<p>{TEXT}</p>", "<p>A short line.</p>", "block"),
        (f"<p>{TEXT}</p>", f"<p><a href='/x'>{TEXT}</a></p>", "block"),
        (f"<p>{TEXT}</p>", f"<div><p>{TEXT}</p></div>", "block"),
        ("", f"<p>{TEXT}</p>", "block"),
        (f"<p>{TEXT}</p>", "", "block"),
        (f"<ul><li>{TEXT}</li></ul>", f"<p>{TEXT}</p>", "block"),
        (f"<p>{TEXT}</p><div>", f"<i></i><p>A caption</p></div><p>{TEXT}</p>", "block"),
    ],
)
def test_a_box_between_paragraphs_of_running_text_is_inline(before: str, after: str, kind: str) -> None:
    theme_box = f"<div class='read-also'>{FERRY}</div>"
    for markup in theme_box, f"<div><div>{theme_box}</div></div>", f"<div><b>Most read</b><div>{FERRY}</div></div>":
        assert removed(before + markup + after) == [(kind, "The ferry gets a new engine", "7")]


@pytest.mark.parametrize(
    "markup",
    [
        f"<h3>Related stories</h3><p>{TEXT} {FERRY}</p>",
        f"<div><h3>Related stories</h3><p>{TEXT}</p><p>{TEXT} {FERRY}</p></div>",
        f"<div><div><div><div><div><h3>Related stories</h3>x</div>x</div>x</div>x</div><i>x</i>{FERRY}</div>",
        "<h3>Related stories</h3><ul><li><a href='/s'>Sports</a></li></ul>",
        f"<div><h3>Related stories</h3><i>x</i>{FERRY * 151}</div>",
        f"<div><h3>Related stories</h3><i>x</i>{'<b></b>' * 151}{FERRY}</div>",
        f"<h3>Related stories about the town</h3><p>{FERRY}</p>",
    ],
)
def test_a_heading_without_a_box_stays(markup: str) -> None:
    assert removed(f"<main><p>{TEXT}</p>{markup}</main>") == []
    assert "Related stories" in left(f"<main><p>{TEXT}</p>{markup}</main>")


def test_cards_of_another_class_or_tag_do_not_belong_to_a_box() -> None:
    first = f"<div class='c'><h3>Related stories</h3><p>{FERRY}</p></div>"
    for other in (f"<div class='d'><p>{MILL}</p></div>", f"<section class='c'><p>{MILL}</p></section>"):
        assert removed(first + other) == HEADED[:1]
    assert removed(first.replace(" class='c'", "") + f"<div><p>{MILL}</p></div>") == HEADED[:1]
    two = f"<div class='c'><p>{TEXT}</p><h3>Related stories</h3><p>{FERRY}</p></div><div class='c'><p>{MILL}</p></div>"
    assert removed(two) == HEADED[:1]


def test_at_most_twelve_blocks_follow_a_heading() -> None:
    links = "".join(f"<p><a href='/a/{n}'>The ferry gets engine number {n}</a></p>" for n in range(14))
    assert len(removed(f"<main><h3>Related stories</h3>{links}</main>")) == 12


def test_an_article_is_listed_once_a_kind_and_in_order() -> None:
    boxes = f"<div class='promo'>{FERRY}{MILL}</div>" * 2
    pointer = f"<p>Read also: {FERRY}</p>" * 2
    named = "<p>Read also: The well is dry</p>" * 2 + "<p>Read also: The well is deep</p>"
    assert removed(boxes + pointer + named) == [
        *HEADED,
        ("inline", "The ferry gets a new engine", "7"),
        ("inline", "The well is dry", None),
        ("inline", "The well is deep", None),
    ]
    assert [one.position for one in extract_related(parsed(boxes + pointer))] == [0, 1, 2]


# -- pointers in running text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"<p>Read also: {FERRY}</p>", ("The ferry gets a new engine", "7")),
        ("<p>Read also: The ferry</p>", ("The ferry", None)),
        (f"<p>Read also {FERRY}</p>", ("The ferry gets a new engine", "7")),  # strong: a link is enough
        (f"<p>Read {FERRY}</p>", ("The ferry gets a new engine", "7")),  # weak, and nothing but a link follows
        (f"<p>Read: {FERRY} now</p>", ("The ferry gets a new engine now", "7")),  # weak with a separator
        (f"<div><p>{TEXT}</p><span>Read also: {FERRY}</span></div>", ("The ferry gets a new engine", "7")),
        (f"<div><b>Read also:</b> {FERRY}</div>", ("The ferry gets a new engine", "7")),
        (f"<div><div><p>Read also: {FERRY}</p></div></div>", ("The ferry gets a new engine", "7")),
        ("<p>Read also: <a href='/a/7'></a></p>", None),
        ("<p><i> </i><a href='/a/7'>Read also: The ferry</a></p>", ("The ferry", "7")),
        ("<p>Read also ... The ferry</p>", ("The ferry", None)),
    ],
)
def test_a_pointer_is_removed_with_what_it_announces(markup: str, expected: tuple[str, str | None] | None) -> None:
    pointers = [("inline", *expected)] if expected else []
    assert removed(f"<div><p>{TEXT}</p>{markup}<p>{TEXT}</p></div>") == pointers
    assert left(f"<div><p>{TEXT}</p>{markup}<p>{TEXT}</p></div>").replace(TEXT, "").strip() == ""
    after = [one.after for one in extract_related(parsed(f"<div><p>{TEXT}</p>{markup}<p>{TEXT}</p></div>"))]
    assert after in ([TEXT], [])


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Read the ferry gets a new engine</p>",  # weak without link
        "<p>Read: the ferry gets a new engine</p>",
        f"<p>Read what {FERRY} says</p>",  # weak without separator
        f"<p>Read also what the council of the town said of it all on Monday night in {FERRY}, and more of it</p>",
        "<p>Read also the ferry</p>",  # strong, neither separator nor link
        f"<p>Read also: {TEXT} {TEXT} {TEXT}</p>",
        f"<p>Nobody will read also: {FERRY}</p>",
        f"<div>Read also: {FERRY}<div>{TEXT}</div></div>",
        f"<p>x <span>Read also: {FERRY}</span></p>",
        f"<div><span>Read also: {FERRY}</span> and so on<p>{TEXT}</p></div>",
        f"<div>And so on <span>Read also: {FERRY}</span><p>{TEXT}</p></div>",
        f"<p><span>Read also: {FERRY}</span></p>".replace("<p>", "<a>").replace("</p>", "</a>"),
    ],
)
def test_prose_that_begins_like_a_pointer_stays(markup: str) -> None:
    assert "ead" in left(f"<p>{TEXT}</p>{markup}")
    assert [one for one in removed(f"<p>{TEXT}</p>{markup}") if one[0] == "inline"] == []


@pytest.mark.parametrize("tag", ["strong", "b", "span"])
def test_an_inline_element_alone_can_be_a_pointer(tag: str) -> None:
    assert removed(f"<div><p>{TEXT}</p><{tag}>Read also: The ferry</{tag}></div>") == [("inline", "The ferry", None)]


def test_several_links_of_a_pointer_are_articles_of_their_own() -> None:
    markup = f"<p>Read also: {FERRY}, <a href='/a/8'>See also: The mill opens again</a></p>"
    assert removed(markup) == [("inline", "The ferry gets a new engine", "7"), ("inline", "The mill opens again", "8")]
    assert removed("<p>Read also: <a href='/a/7'>More: The ferry</a></p>") == [("inline", "More: The ferry", "7")]


def test_a_pointer_without_what_it_announces_is_removed_and_a_heading_is_not() -> None:
    assert (removed("<p>Read also:</p>" + f"<p>{TEXT}</p>"), left(f"<p>Read also:</p><p>{TEXT}</p>")) == ([], TEXT)
    assert left(f"<h3>Read also</h3><p>{TEXT}</p>") == f"Read also{TEXT}"
    assert removed(f"<div><p>Read also</p><p>{FERRY}</p></div>") == [("inline", "The ferry gets a new engine", "7")]
    assert removed(f"<div><h3>Read also</h3><p>{FERRY}</p></div>") == [("block", "The ferry gets a new engine", "7")]


# -- pointers between line breaks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"Read also: {FERRY}", ("The ferry gets a new engine", "7")),
        (f"Read also {FERRY}", ("The ferry gets a new engine", "7")),
        ("Read also: The ferry", ("The ferry", None)),
        (f"Read: {FERRY}", ("The ferry gets a new engine", "7")),
        (f"<i></i>Read also: <b>{FERRY}</b>", ("The ferry gets a new engine", "7")),
        (f"Read {FERRY}", None), ("Read: the ferry", None), ("Read also", None), ("Read also the ferry", None),
        (f"Read also: {TEXT} {TEXT} {TEXT} {FERRY}", None), ("Reading: the ferry", None),
    ],
)  # fmt: skip
def test_a_line_between_breaks_is_a_pointer_with_a_separator_or_a_link(
    line: str, expected: tuple[str, str | None] | None
) -> None:
    for markup in (f"<div>First line<br>{line}<br>Last line</div>", f"<div>{line}<br>Last line<p>{TEXT}</p></div>"):
        assert removed(markup) == ([("inline", *expected)] if expected else [])
    page = parsed(f"<div>First line<br><br>{line}<br>Last line</div>")
    related = extract_related(page)
    assert [one.after for one in related] == (["First line"] if expected else [])
    text = str(page.tree.text_content())
    assert ("First line" in text, "Last line" in text, "erry" in text) == (True, True, not expected and "erry" in line)
