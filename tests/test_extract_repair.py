"""Markup that is repaired before the body is read: what becomes a paragraph or heading, and what is left as it is."""

from __future__ import annotations

import pytest
from lxml.html import tostring

from crawler.extract.body import keep_times_of_entries
from crawler.extract.page import parse_page
from crawler.extract.repair import repair_markup
from crawler.extract.split_containers import merge_containers, split_containers

URL = "https://town.example/2031/03/bridge"
TEXT = "The council of the town decided on Monday that the old stone bridge will stay closed for the whole summer."
OTHER = "Shopkeepers on both banks of the river heard of the decision only an hour before the meeting had begun."
LONG = f"{TEXT} {OTHER} " * 2


def repaired(body: str, attributes: str = "") -> str:
    page = parse_page(f"<html {attributes}><body>{body}</body></html>", URL)
    assert page is not None
    repair_markup(page)
    body_element = page.tree.find("body")
    assert body_element is not None
    markup = tostring(body_element, encoding="unicode").strip()
    return markup.removeprefix("<body>").removesuffix("</body>").replace(TEXT, "T").replace(OTHER, "O")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # drop caps
        ("<p><b class='dropcap'>T</b>he town</p>", "<p>The town</p>"),
        ("<p><b class='dropcap'>T</b> he town</p>", "<p>The town</p>"),
        ("<p><b class='dropcap'>A</b> town</p>", '<p><b class="dropcap">A</b> town</p>'),
        ("<p><b class='dropcap'>T</b> The town</p>", '<p><b class="dropcap">T</b> The town</p>'),
        ("<p><b class='dropcap'>The</b>re</p>", '<p><b class="dropcap">The</b>re</p>'),
        ("<p><b class='dropcap'></b>he</p>", '<p><b class="dropcap"></b>he</p>'),
        ("<p><b class='dropcap'>T</b></p>", '<p><b class="dropcap">T</b></p>'),
        ("<b class='dropcap'>T</b><p>he town</p>", "<p>The town</p>"),
        ("<b class='dropcap'>A</b><p>town</p>", "<p>Atown</p>"),
        ("<b class='dropcap'>T</b> <p> The town</p>", '<b class="dropcap">T</b> <p> The town</p>'),
        ("<p><b class='dropcap'>“T</b>he town</p>", "<p>“The town</p>"),
        # AMP
        ("<p amp-access='NOT subscriber'>Pay</p><p>x</p>", '<p amp-access="NOT subscriber">Pay</p><p>x</p>'),
        # tables that lay out the page
        (f"<table><tr><td>{LONG}</td><td>x</td></tr></table>", "<div><div><p>T O T O </p><p>x</p></div></div>"),
        (f"<table><tr><th>{LONG}</th></tr></table>", "<div><div><p>T O T O </p></div></div>"),
        (f"<table><tbody><tr><td>{LONG}<table><tr><td>y</td></tr></table></td></tr></tbody></table>",
         "<div><div><div><div>T O T O <table><tr><td>y</td></tr></table></div></div></div></div>"),
        (f"<table><tr><td>{TEXT}</td></tr></table>", "<table><tr><td>T</td></tr></table>"),
        # definition lists
        (f"<dl><dt>Q</dt><dd>{TEXT}</dd><dt>R</dt><dd><p>{OTHER}</p></dd></dl>",
         "<div><p>Q</p><p>T</p><p>R</p><div><p>O</p></div></div>"),
        (f"<dl><dt>Q</dt><dd>{TEXT}</dd><dd>x</dd></dl>", "<dl><dt>Q</dt><dd>T</dd><dd>x</dd></dl>"),
        # sub-headings
        ("<p>a</p><div class='subhead'>b</div><p>c</p>", '<p>a</p><h3 class="subhead">b</h3><p>c</p>'),
        ("<ul></ul><span class='subhead'>b</span><p>c</p>", '<ul></ul><h3 class="subhead">b</h3><p>c</p>'),
        ("<p>a</p><div class='subhead'>b</div>", '<p>a</p><div class="subhead">b</div>'),
        ("<p>a</p><div class='subhead'>b</div><div>c</div>", '<p>a</p><div class="subhead">b</div><div>c</div>'),
        ("<p>a</p><div class='subhead'></div><p>c</p>", '<p>a</p><div class="subhead"></div><p>c</p>'),
        ("<p>a</p><b class='subhead'>b</b><p>c</p>", '<p>a</p><b class="subhead">b</b><p>c</p>'),
        (f"<p>a</p><div class='subhead'>{TEXT + TEXT}</div><p>c</p>", '<p>a</p><div class="subhead">TT</div><p>c</p>'),
        # text between line breaks
        (f"<div>{TEXT}<br><br>{OTHER}</div>", "<div><p>T</p><br><br><p>O</p></div>"),
        (f"<div>{TEXT}<br> <br><i>x</i> {OTHER}<p>y</p>z</div>",
         "<div><p>T</p><br> <br><p><i>x</i> O</p><p>y</p><p>z</p></div>"),
        (f"<div>{TEXT}<br>{OTHER}<br><br>{OTHER}</div>", "<div><p>T<br>O</p><br><br><p>O</p></div>"),
        (f"<div>{TEXT}<br>x<br>{OTHER}</div>", "<div>T<br>x<br>O</div>"),
        (f"<div>{TEXT}<br><br><a href='/x'>{OTHER}</a></div>", '<div>T<br><br><a href="/x">O</a></div>'),
        (f"<div><i>{TEXT}</i><br><br>{OTHER}</div>", "<div><p><i>T</i></p><br><br><p>O</p></div>"),
        (f"<ul><li>{TEXT}<br><br>{OTHER}</li></ul>", "<ul><li>T<br><br>O</li></ul>"),
        (f"<b>{TEXT}<br><br>{OTHER}</b>", "<b>T<br><br>O</b>"),
        # spans
        (f"<div><span>{TEXT}</span> <span>{OTHER}</span><i>x</i></div>", "<div><p>T</p> <p>O</p><i>x</i></div>"),
        (f"<section><span>{TEXT}</span><span>{OTHER}</span></section>", "<section><p>T</p><p>O</p></section>"),
        (f"<article><span>{TEXT}</span><span>{OTHER}</span></article>", "<article><p>T</p><p>O</p></article>"),
        (f"<li><span>{TEXT}</span><span>{OTHER}</span></li>", "<li><span>T</span><span>O</span></li>"),
        (f"<div>x<span>{TEXT}</span><span>{OTHER}</span></div>", "<div>x<span>T</span><span>O</span></div>"),
        (f"<div><span>{TEXT}</span>x<span>{OTHER}</span></div>", "<div><span>T</span>x<span>O</span></div>"),
        (f"<div><span>{TEXT}</span><span>x</span></div>", "<div><span>T</span><span>x</span></div>"),
        # preformatted text
        (f"<pre>{TEXT}\n \n{OTHER}</pre>", "<div><p>T</p><p>O</p></div>"),
        (f"<pre>{TEXT}\n  {OTHER}\n\n\n\n</pre>", "<div><p>T</p><p>  O</p></div>"),
        (f"<pre>{TEXT}\n\nx = 1</pre>", "<pre>T\n\nx = 1</pre>"),
        (f"<pre>{TEXT}\n\n{OTHER}<b>x</b></pre>", "<pre>T\n\nO<b>x</b></pre>"),
        # list items
        ("<ul><li><h4>a</h4><p>b</p></li></ul>", "<ul><li> <h4>a</h4> <p>b</p></li></ul>"),
        ("<ul><li>a<p>b</p></li><li>c<i>d</i>e<p>f</p></li></ul>",
         "<ul><li>a <p>b</p></li><li>c<i>d</i>e <p>f</p></li></ul>"),
        # live blogs
        (f"<article><article><header>9:00</header><p>{TEXT}</p></article><article><p>{OTHER}</p></article></article>",
         "<article>9:00<p>T</p><p>O</p></article>"),
        (f"<article><article><p>{TEXT}</p></article></article>", "<article><article><p>T</p></article></article>"),
        (f"<article><p>{TEXT}</p></article><article><p>{OTHER}</p></article>",
         "<article><p>T</p></article><article><p>O</p></article>"),
        (f"<article><article><p>{TEXT}</p></article><article><p>x</p></article></article>",
         "<article><article><p>T</p></article><article><p>x</p></article></article>"),
        # photo essays
        (f"<figure><figcaption>{TEXT}</figcaption></figure>" * 3, "<div><p>T</p></div>" * 3),
        (f"<div><figcaption>{TEXT}</figcaption></div>" * 3, "<div><p>T</p></div>" * 3),
        (f"<figure><figcaption>{TEXT}</figcaption></figure>" * 2, "<figure><figcaption>T</figcaption></figure>" * 2),
        (f"<figure><figcaption>{TEXT}</figcaption></figure>" * 3 + f"<p>{OTHER}</p>",
         "<figure><figcaption>T</figcaption></figure>" * 3 + "<p>O</p>"),
        # hidden halves
        (f"<p>{TEXT}</p><div hidden><p>{OTHER}</p><p>{OTHER}</p></div>", "<p>T</p><div><p>O</p><p>O</p></div>"),
        (f"<p>{TEXT}</p><div hidden><p>{OTHER}</p><p>x</p></div>", '<p>T</p><div hidden><p>O</p><p>x</p></div>'),
        (f"<p>{TEXT}</p><div hidden><p>{OTHER}</p><p>{TEXT}</p></div>", '<p>T</p><div hidden><p>O</p><p>T</p></div>'),
        (f"<p>x</p><div hidden><p>{OTHER}</p><p>{OTHER}</p></div>", '<p>x</p><div hidden><p>O</p><p>O</p></div>'),
        (f"<div hidden><p>{OTHER}</p><p>{OTHER}</p></div>", '<div hidden><p>O</p><p>O</p></div>'),
        (f"<p>{TEXT}</p><div class='x'><p>{OTHER}</p><p>{OTHER}</p></div>",
         '<p>T</p><div class="x"><p>O</p><p>O</p></div>'),
    ],
)  # fmt: skip
def test_markup_is_repaired_or_left(before: str, after: str) -> None:
    assert repaired(before) == after


@pytest.mark.parametrize("heading", ["h2", "h3", "h4"])
def test_a_card_with_a_linked_heading_is_no_entry_of_a_live_blog(heading: str) -> None:
    card = f'<article><{heading}><a href="/x">a</a></{heading}><p>{TEXT}</p></article>'
    markup = f"<article>{card}<article><p>{OTHER}</p></article></article>"
    assert repaired(markup) == markup.replace(TEXT, "T").replace(OTHER, "O")


@pytest.mark.parametrize("attribute", ["amp", "⚡"])
def test_the_gate_of_an_amp_page_is_removed(attribute: str) -> None:
    gate = "<p amp-access='NOT subscriber'>Pay</p><p amp-access='subscriber'>x</p>"
    assert repaired(gate, attribute) == '<p amp-access="subscriber">x</p>'


@pytest.mark.parametrize("tag", ["div", "section", "article", "main", "center", "font", "span"])
def test_runs_are_looked_for_in_containers(tag: str) -> None:
    assert repaired(f"<{tag}>{TEXT}<br><br>{OTHER}</{tag}>") == f"<{tag}><p>T</p><br><br><p>O</p></{tag}>"


def test_runs_in_the_body_and_in_a_cell_become_paragraphs() -> None:
    assert repaired(f"{TEXT}<br><br>{OTHER}") == "<p>T</p><br><br><p>O</p>"
    cell = f"<table><tr><td>{TEXT}<br><br>{OTHER}</td></tr></table>"
    assert repaired(cell) == "<table><tr><td><p>T</p><br><br><p>O</p></td></tr></table>"


def test_only_the_first_hidden_parts_are_looked_at() -> None:
    hidden = f"<div hidden><p>{TEXT}</p><p>{TEXT}</p></div>"
    last = f"<div hidden><p>{OTHER}</p><p>{OTHER}</p></div>"
    assert "<div><p>O</p><p>O</p></div>" in repaired(f"<p>{TEXT}</p>{hidden * 10}{last}")
    assert "<div><p>O</p><p>O</p></div>" not in repaired(f"<p>{TEXT}</p>{hidden * 20}{last}")


@pytest.mark.parametrize("tag", ["h2", "h3", "h4", "h5", "h6", "p"])
def test_the_time_in_a_heading_stays(tag: str) -> None:
    page = parse_page(f"<{tag}><time>9:00</time> The gates open</{tag}>", URL)
    assert page is not None
    keep_times_of_entries(page.tree)
    assert len(page.tree.xpath("//time")) == (1 if tag == "p" else 0)
    assert "9:00 The gates open" in page.tree.text_content()


# -- containers that a template splits ------------------------------------------------------------------------------


def groups(body: str, text: str = TEXT) -> int:
    page = parse_page(body, URL)
    assert page is not None
    return len(split_containers(page.tree, text))


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("<div class='a'><p>T</p></div><div class='a'><p>O</p></div>", 1),
        ("<div class='a'><p>T</p></div><div class='b'><p>O</p></div>", 0),
        ("<div class='a'><p>T</p></div><section class='a'><p>O</p></section>", 0),
        ("<div><p>T</p></div><div><p>O</p></div>", 0),
        ("<div class='a'><p>T</p></div><div class='a'><p>T</p></div>", 0),  # the text has both
        ("<div class='a'><p>O</p></div><div class='a'><p>O</p></div>", 0),  # the text has neither
        ("<div class='a'><p>T</p></div><div class='a'><p>x</p></div>", 0),
        ("<div class='a'><p>T</p></div><div class='a'><p><a>O</a></p></div>", 0),
        ("<div class='a'><p>T</p></div><div class='a'><p>x</p><p>O</p></div>", 1),
        ("<div class='a'><p>T</p><p>T</p></div><div class='a'><p>O</p></div>", 1),
        ("<div class='a'><p>T</p></div><div class='a'><p>O</p></div><div class='a'><p>T</p></div>", 1),
        ("<article><div class='a'><p>T</p></div></article><article><div class='a'><p>O</p></div></article>", 0),
        ("<article><div class='a'><p>T</p></div><div class='a'><p>O</p></div></article>", 1),
        ("<div class='a'><p>T</p><div class='a'><p>O</p></div><p>T</p></div>", 0),  # one inside the other
        ("<body class='comment'><div class='a'><p>T</p></div><div class='a'><p>O</p></div></body>", 1),
    ],
)
def test_containers_of_one_class_belong_together_if_the_text_has_some_of_them(body: str, count: int) -> None:
    assert groups(body.replace(">T<", f">{TEXT}<").replace(">O<", f">{OTHER}<")) == count


@pytest.mark.parametrize(
    ("second", "count"),
    [
        ("<div class='b'>OOO</div>", 1),
        ("<section>OOO</section>", 1),
        ("<div class='b'>OO</div>", 0),  # two paragraphs may be anything
        ("<div class='author-bio'>OOO</div>", 0),
        ("<aside class='b'>OOO</aside>", 0),
        ("<div class='b'><h1>Next</h1>OOO</div>", 0),
        ("<div class='b'><h2><a href='/next'>Next</a></h2>OOO</div>", 0),
        ("<div class='b'><h2>Next</h2>OOO</div>", 1),
        ("<div><div class='b'>OOO</div></div>", 0),
        ("<div class='b'>TTT</div>", 0),  # the text has both
    ],
)
def test_siblings_with_three_paragraphs_belong_together_whatever_their_class_is(second: str, count: int) -> None:
    texts = {"TTT": f"<p>{TEXT}</p>" * 3, "OOO": f"<p>{OTHER}</p>" * 3, "OO": f"<p>{OTHER}</p>" * 2}
    body = f"<main><div class='a'>TTT</div><div class='ad'>Advertisement</div>{second}</main>"
    for name, paragraphs in texts.items():
        body = body.replace(name, paragraphs)
    assert groups(body) == count


def test_merged_containers_stand_in_the_first_in_order() -> None:
    page = parse_page("<div><p>1</p></div><div><p>2</p><p>3</p></div><div><p>4</p></div>", URL)
    assert page is not None
    containers = page.tree.xpath("//div")
    merge_containers(containers)
    assert [str(div.text_content()) for div in containers] == ["1234", "", ""]
