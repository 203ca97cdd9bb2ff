"""What is read of a page before any field: its tree, text, base, metadata, linked data, headline and dates."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml.html import HtmlElement

from crawler.extract import extract
from crawler.extract.body import texts_of
from crawler.extract.hydration import state_blocks
from crawler.extract.jsonld import bare_url, linked_data, main_article, resolved, text_value, urls_of
from crawler.extract.page import ParsedPage, element_text, is_elsewhere, parse_page
from crawler.extract.published import published_in_page_zone
from crawler.extract.scripts import data_scripts
from crawler.extract.tree import canonical_link, parse_html
from crawler.items import Article
from crawler.profile import SiteProfile

URL = "https://town.example/2031/03/bridge"
TITLE = "The old stone bridge closes"
TEXT = "The council of the town decided on Monday that the old stone bridge will stay closed for the whole summer."
OTHER = "Shopkeepers on both banks of the river heard of the decision only an hour before the meeting had begun."
FETCHED = datetime(2031, 3, 5, 12, tzinfo=UTC)


def parsed(html: str, url: str = URL) -> ParsedPage:
    page = parse_page(html, url)
    assert page is not None
    return page


def first(html: str, path: str) -> HtmlElement:
    tree = parse_html(html)
    assert tree is not None
    element: HtmlElement = tree.xpath(path)[0]
    return element


# -- the tree -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("html", ["", " \n", "\x00\x01", "￾￿", "<!-- only a comment -->"])
def test_a_page_without_content_has_no_tree(html: str) -> None:
    assert parse_page(html, URL) is None


def test_what_no_text_can_have_is_left_out() -> None:
    html = '<?xml version="1.0" encoding="ascii"?><p>o\x01n\x7fe\ud800 ￾t￿wo</p><!-- x --><?php y ?>'
    assert str(parsed(html).tree.text_content()).strip() == "one two"


@pytest.mark.parametrize("tag", ["script", "style", "template", "svg"])
def test_what_is_not_shown_is_left_out(tag: str) -> None:
    assert str(parsed(f"<p>a<{tag}>x</{tag}>b</p>").tree.text_content()).strip() == "ab"


def test_a_shadow_root_is_shown() -> None:
    assert "x" in parsed("<p>a</p><template shadowrootmode='open'><p>x</p></template>").tree.text_content()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>a<b>b</b>c</div>", "abc"), ("<div>a<br>b</div>", "a b"),
        ("<div>a<hr>b</div>", "a b"), ("<div>a<p>b</p>c</div>", "a b c"),
        ("<div><i>a</i><p>b</p><i>c</i></div>", "a b c"), ("<div> a </div>tail", "a"), ("<div><i>a</i></div>tail", "a"),
        *[(f"<div>a<{tag}>b</{tag}>c</div>", "a b c")
          for tag in ("address", "article", "aside", "blockquote", "center", "details", "dl", "fieldset", "figcaption",
                      "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "main", "nav",
                      "ol", "pre", "section", "summary", "ul")],
        *[(f"<div>a<ul><{tag}>b</{tag}>c</ul></div>", "a b c") for tag in ("dd", "dt", "li")],
        *[(f"<div><table><tr><{tag}>b</{tag}><{tag}>c</{tag}></tr></table></div>", "b c") for tag in ("td", "th")],
    ],
)  # fmt: skip
def test_text_has_a_space_where_a_block_or_line_ends(html: str, text: str) -> None:
    assert element_text(first(html, "//div")) == text


@pytest.mark.parametrize(
    ("html", "elsewhere"),
    [
        ("<nav><i></i></nav>", True), ("<aside><i></i></aside>", True), ("<header><i></i></header>", True),
        ("<footer><i></i></footer>", True), ("<article><header><i></i></header></article>", False),
        ("<article><footer><i></i></footer></article>", False), ("<article><nav><i></i></nav></article>", True),
        ("<main><i></i></main>", False),
    ],
)  # fmt: skip
def test_header_menu_footer_and_sidebar_are_elsewhere(html: str, elsewhere: bool) -> None:
    assert is_elsewhere(first(html, "//i")) == elsewhere


def test_links_are_resolved_against_the_base() -> None:
    page = parsed("<base><base href='/x/'><a href='a'>a</a><a href='javascript:x'>b</a><a>c</a>")
    assert [page.other_page(link) for link in page.tree.iter("a")] == ["https://town.example/x/a", None, None]
    assert parsed("<base href='javascript:x'><p>x</p>").base == URL
    assert [page.other_page(link) for link in first(f"<p><a href='{URL}/?a#b'>x</a></p>", "//p")] == [None]


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ("<link rel='Canonical nofollow' href=' /a '>", "/a"),
        ("<link rel='canonical'><link rel='canonical' href='/b'>", "/b"),
        ("<link rel='next' href='/a'>", None), ("<meta property='OG:url' content='/c'>", "/c"),
        ("<meta property='og:url'>", None),
        ("<meta property='og:image' content='/d'>", None),
        ("<link rel='canonical' href='/a'><meta property='og:url' content='/c'>", "/a"),
    ],
)  # fmt: skip
def test_the_canonical_link_is_read_from_the_head(html: str, link: str | None) -> None:
    assert canonical_link(first(f"<head>{html}</head><p>x</p>", "/html")) == link


def test_metadata_is_read_by_property_name_and_itemprop() -> None:
    page = parsed(
        "<meta property=' A ' content='1'><meta name='a' content='2'><meta itemprop='A' content='3'><meta name='a'>"
    )
    assert page.meta == {"a": ["1", "2", "3"]}
    assert parsed("<meta name='a' content=' '><meta name='b' content=' x '>").first_meta("a", "b") == "x"


# -- the headline ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "headline"),
    [
        (f"<title>{TITLE}</title><h1>Far Post</h1><h1>{TITLE}</h1>", TITLE),
        (f"<title>{TITLE}</title><h1>Far Post</h1><h2 class='Title'>{TITLE}</h2>", TITLE),
        (f"<title>{TITLE}</title><h1>Far Post</h1><h2>{TITLE}</h2>", "Far Post"),
        (f"<meta property='og:title' content='{TITLE}'><title>x</title><h1>Far Post</h1><h1>{TITLE}</h1>", TITLE),
        (f"<title>{TITLE}</title><h2 class='title'>{TITLE}</h2><h1>{TITLE}</h1>", TITLE),
        (f"<title>{TITLE}</title><h2 class='title'>The old stone bridge</h2><h1>Old stone bridge closes</h1>",
         "Old stone bridge closes"),
        ("<title>Bridge</title><h2 class='title'>Bridge</h2><h1>Far Post</h1>", "Far Post"),
        ("<title>Bridge</title><h1>Far Post</h1><h1>Bridge</h1>", "Bridge"),
        (f"<title>{TITLE}</title><h1></h1><h1>Far Post</h1>", "Far Post"),
        ("<header><h1>Far Post</h1></header><h1>Another one</h1>", "Another one"),
        ("<header><h1>Far Post</h1></header><h2>Another one</h2>", "Far Post"),
        (f"<title>{TITLE}</title><h2>Another</h2><h3>{TITLE} now</h3>", f"{TITLE} now"),
        ("<title>The bridge</title><h2>The bridge now</h2>", None),
        *[(f"<title>{TITLE}</title><{tag}>{TITLE}</{tag}>", TITLE)
          for tag in ("b", "strong", "font", "span", "div", "p")],
        (f"<title>{TITLE}</title><table><tr><td>{TITLE}</td></tr></table>", TITLE),
        (f"<title>{TITLE}</title><p><i>{TITLE}</i></p>", None),
        (f"<title>{TITLE}</title><p>{TITLE} now</p>", None),
        (f"<title>{TITLE}</title><p>{TITLE}<i></i></p>", None),
        (f"<title>{TITLE}</title><h2>{TITLE} now</h2>", f"{TITLE} now"),
        (f"<title>{TITLE * 12}</title><p>{TITLE * 12}</p>", None),
    ],
)  # fmt: skip
def test_the_headline_shows_the_title_of_the_head(html: str, headline: str | None) -> None:
    element = parsed(html).headline
    assert (element_text(element) if element is not None else None) == headline


SEARCHED = "Bridge closing: what we know"


@pytest.mark.parametrize(
    ("h1", "other", "headline"),
    [
        ("<nav><h1>{}</h1></nav>", f"<h2>{TITLE}</h2>", TITLE),
        ("<ul><li><h1>{}</h1></li></ul>", f"<h2>{TITLE}</h2>", TITLE),
        ("<div class='Crumbs'><h1>{}</h1></div>", f"<h1>{TITLE}</h1>", TITLE),
        ("<a href='/'>Home</a><h1>{}</h1>", f"<h2>{TITLE}</h2>", TITLE),
        ("<b>Home</b><h1>{}</h1>", f"<h2>{TITLE}</h2>", SEARCHED),
        ("<nav><h1>{}</h1></nav>", f"<nav><h2>{TITLE}</h2></nav>", SEARCHED),
        ("<nav><h1>{}</h1></nav>", "<h2>Another one</h2>", SEARCHED),
        ("<nav><h1>{}</h1></nav>", f"<h2><i>City</i><b>{TITLE}</b></h2>", TITLE),
        ("<nav><h1>{}</h1></nav>", f"<h3>{TITLE}</h3>", SEARCHED),
    ],
)
def test_an_h1_at_the_end_of_a_breadcrumb_yields_to_the_shown_title(h1: str, other: str, headline: str) -> None:
    node = json.dumps({"@type": "NewsArticle", "headline": SEARCHED, "alternativeHeadline": TITLE})
    own = f"<script type='application/ld+json'>{node}</script>"
    for head in (f"<meta name='twitter:title' content='{TITLE}'>", own):
        markup = f"<head><title>{SEARCHED}</title>{head}</head><body>{h1.format(SEARCHED)}{other}</body>"
        element = parsed(markup).headline
        assert element is not None
        assert element_text(element) == headline


@pytest.mark.parametrize("headline", ["Bridge: the old stone bridge closes today", "Closed until autumn"])
def test_the_headline_as_printed_is_not_in_the_body_if_the_title_is_worded_otherwise(headline: str) -> None:
    head = f"<title>{TITLE}</title><meta property='og:title' content='{TITLE}'>"
    node = json.dumps({"@type": "NewsArticle", "headline": TITLE})
    article = f"<h1>{headline}</h1><div><p>{headline}</p><p>{TEXT}</p><p>{OTHER}</p><p>{TEXT} {OTHER}</p></div>"
    html = f"<head>{head}<script type='application/ld+json'>{node}</script></head><article>{article}</article>"
    result = extract(f"<html>{html}</html>", URL)
    assert (result.title, result.paragraphs) == (TITLE, [TEXT, OTHER, f"{TEXT} {OTHER}"])


def test_elements_near_the_headline_are_its_siblings_then_those_of_its_ancestors() -> None:
    html = "<div><p>1</p><div><p>2</p><h1>x</h1><div><p>3</p></div></div></div><p>4</p>"
    assert [p.text for p in parsed(html).near_headline(frozenset("p"))] == ["2", "3", "1"]
    deep = "<p>0</p>" + "<div>" * 6 + "<p>1</p><h1>x</h1>" + "</div>" * 6
    assert [p.text for p in parsed(f"<div><p>9</p>{deep}</div>").near_headline(frozenset("p"))] == ["1"]
    large = f"<div><div>{'<i></i>' * 1500}</div><p>1</p><h1>x</h1></div>"
    assert list(parsed(large).near_headline(frozenset("p"))) == []
    assert list(parsed("<p>1</p>").near_headline(frozenset("p"))) == []


# -- linked data ----------------------------------------------------------------------------------------------------


def test_the_node_of_the_page_is_found_by_url_then_by_headline_then_alone() -> None:
    nodes: list[dict[str, Any]] = [{"@type": "NewsArticle", "headline": name, "url": f"/{name}"} for name in "abc"]
    assert main_article(nodes, {"/b"}, "c") == nodes[1]
    assert main_article(nodes, set(), "C!") == nodes[2]
    assert main_article([{"@type": "NewsArticle", "name": "x"}, *nodes], set(), "X") == {
        "@type": "NewsArticle",
        "name": "x",
    }
    assert main_article(nodes, set(), "d") is None
    assert main_article(nodes[:1], set(), None) == nodes[0]
    dated = [node | {"datePublished": "2031"} for node in nodes]
    assert main_article([nodes[0], *dated[1:]], set(), None) == dated[1]
    assert main_article(dated, set(), None) is None
    assert main_article([], set(), None) is None


def test_the_canonical_url_of_a_page_names_its_node() -> None:
    nodes = [{"@type": "NewsArticle", "headline": name, "url": f"https://town.example/{name}"} for name in "abc"]
    script = f"<script type='application/ld+json'>{json.dumps(nodes)}</script>"
    page = parsed(f"<head><link rel='canonical' href='https://www.town.example/b/'>{script}</head><p>x</p>")
    assert page.article["headline"] == "b"


def test_urls_and_values_of_nodes_are_read_in_all_their_forms() -> None:
    node = {"url": "https://a.example/x/", "@id": "http://www.a.example/y?q#z", "mainEntityOfPage": {"@id": "//b"}}
    assert urls_of(node) == {"a.example/x", "a.example/y", "//b"}
    assert urls_of({"mainEntityOfPage": {"url": "c"}, "url": "", "@id": 7}) == {"c"}
    assert bare_url(" https://www.a.example/x/#a\n?b ") == "a.example/x"
    forms: tuple[Any, ...] = ("a&amp;b", ["a", "b"], [], {"@value": "a"}, {"name": "a"}, {"url": "a"}, 7)
    assert [text_value(value) for value in forms] == ["a&b", "a", "", "a", "a", "a", ""]
    assert text_value([[[["a"]]]]) == "a"
    assert text_value([[[[["a"]]]]]) == ""
    person = {"@id": "#p", "name": "Lena Holm"}
    assert resolved([{"@id": "#p"}, None, "x", {"@id": "#q"}, {"@id": 7}], [person]) == [
        person,
        "x",
        {"@id": "#q"},
        {"@id": 7},
    ]
    assert resolved({"@id": "#p"}, [{"@id": "#p"}]) == [{"@id": "#p"}]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('{"name": "a"}', ["a"]), ('[{"name": "a"}, [{"name": "b"}]]', ["a", "b"]),
        ('{"name": "a", "@graph": [{"name": "b"}, {"name": "c"}]}', ["a", "b", "c"]),
        ('{"name": "a", "mainEntity": {"name": "b"}, "mainEntityOfPage": {"name": "c"}}', ["a", "b", "c"]),
        ('{"name": "a", "itemListElement": [{"name": "b"}]}', ["a"]),
        ('{"name": "a"};', ["a"]), ('<!-- {"name": "a"} -->', ["a"]), ('//<![CDATA[\n{"name": "a"}\n//]]>', ["a"]),
        ('/* <![CDATA[ */ {"name": "a"} /* ]]> */', ["a"]),
        ("{&quot;name&quot;: &quot;a&quot;}", ["a"]), ("[{&quot;name&quot;: &quot;a&quot;}]", ["a"]),
        ("{ &quot;name&quot;: &quot;a&quot;}", ["a"]), ("{\n&quot;name&quot;: &quot;a&quot;}", ["a"]),
        ('{"name": "a",}', ["a"]), ('{"name": "a", "l": [1, ], }', ["a"]),
        ('{"name": "a"}{"name": "b"}', ["a", "b"]), ('{"name": "a"} x {"name": "b",} {"name"', ["a", "b"]),
        ('{"name": "a\nb"}', ["a\nb"]), ("null", []), ("7", []), ("{", []),
        (f'{{"name": "a"}}{" " * 2000}{{"name": "b"}}', ["a"]),
    ],
)  # fmt: skip
def test_linked_data_is_read_and_repaired(text: str, names: list[str]) -> None:
    for kind in ("application/ld+json", "Application/LD+JSON; charset=utf-8"):
        tree = parse_html(f"<script type='{kind}'>{text}</script><script type='{kind}'></script><p>x</p>")
        assert tree is not None
        assert [node.get("name") for node in linked_data(tree)] == names
    tree = parse_html(f"<script>{text}</script><p>x</p>")
    assert tree is not None
    assert linked_data(tree) == []


def test_linked_data_has_bounds() -> None:
    for text in (f'"{"x" * 2_000_001}"', json.dumps([{"a": n} for n in range(6000)]), '{"a":1}' * 200):
        tree = parse_html(f"<script type='application/ld+json'>{text}</script><p>x</p>")
        assert tree is not None
        assert len(linked_data(tree)) in (0, 100, 4999, 5000)


# -- the state of scripts -------------------------------------------------------------------------------------------

PARTS = [TEXT, OTHER, TEXT + OTHER]


@pytest.mark.parametrize(
    ("value", "paragraphs"),
    [
        (PARTS, PARTS), ({"story": PARTS}, PARTS), ({"a": {"b": [PARTS]}}, PARTS),
        ({"story": "<p>" + "</p><p>".join(PARTS) + "</p>"}, PARTS),
        *[({"story": tag.join(PARTS)}, PARTS) for tag in ("<br>", "</div>", "</h2>", "</li>", "</blockquote>", "\n")],
        ([{"type": "p", "data": {"text": text}} for text in PARTS], PARTS),
        ([{"a": {"b": {"c": {"text": text}}}} for text in PARTS], PARTS),
        ([{"a": {"b": {"c": {"d": {"text": text}}}}} for text in PARTS], []),
        ([TEXT], []), ("x" * 300, []), (["x" * 300, "y" * 300], []), ([f"{{a b {TEXT}}}"] * 4, []), ([7, None], []),
        ([TITLE + " and the town is sad to see it closed all summer", *PARTS],
         [TITLE + " and the town is sad to see it closed all summer", *PARTS]),
        (["In short", *PARTS], PARTS),
        ({"a": PARTS, "b": [*PARTS, OTHER]}, [*PARTS, OTHER]),
        (["Bread &amp; butter " + TEXT, OTHER, OTHER], ["Bread & butter " + TEXT, OTHER, OTHER]),
    ],
)  # fmt: skip
def test_the_longest_prose_of_a_state_is_the_text(value: Any, paragraphs: list[str]) -> None:
    assert texts_of(state_blocks([value], "")) == paragraphs


def test_the_title_in_a_state_is_no_paragraph() -> None:
    long_title = f"{TITLE} and the town is sad to see it closed all summer"
    assert texts_of(state_blocks([[long_title, *PARTS]], long_title)) == PARTS


@pytest.mark.parametrize(
    ("script", "is_state"),
    [
        ("<script type='application/json'>{}</script>", True), ("<script id='__NEXT_DATA__'>{}</script>", True),
        ("<script>window.x = {}</script>", True), ("<script>f({})</script>", False),
        ("<script>x == {}</script>", False),
        ("<script type='application/ld+json'>{}</script>", False),
    ],
)  # fmt: skip
def test_a_state_is_a_script_of_data(script: str, is_state: bool) -> None:
    for length, kept in ((300, True), (100, False)):
        tree = parse_html("<p>x</p>" + script.replace("{}", json.dumps({"a": "x" * length})))
        assert tree is not None
        assert bool(data_scripts(tree)) == (is_state and kept)


def test_a_state_is_found_behind_scripts_that_are_none() -> None:
    state = f"<script type='application/json'>{json.dumps(PARTS)}</script>"
    assert parsed(
        f"<p>x</p><script>f()</script><script type='application/ld+json'>{{}}</script>{state}"
    ).scripts.values() == [PARTS]


@pytest.mark.parametrize(
    ("script", "values"),
    [
        ("{broken", []), ("window.x = {broken", []), ("window.x = {};", [{}]),
        ("boot(); window.__STATE__={}; Fusion.globalContent={};", [{}, {}]),
        ('window["__STATE__"] = {}', [{}]), ("x();window.__STATE__=JSON.parse(STRING);", [{}]),
        ("x();window.__STATE__=JSON.parse(5);", []), ("   ", []),
    ],
)  # fmt: skip
def test_states_are_read_where_frameworks_write_them(script: str, values: list[Any]) -> None:
    value = {"text": "x" * 300}
    written = json.dumps(value)
    script = script.replace("STRING", json.dumps(written)).replace("{}", written)
    page = parsed(f"<p>x</p><script>{script}{' ' * 300}</script>")
    assert page.scripts.values() == [value for _ in values]


def test_a_page_with_hardly_a_paragraph_is_bare() -> None:
    assert parsed(f"<p>{TEXT}</p><p>x</p>").is_bare
    assert not parsed(f"<p>{TEXT}</p><p>{OTHER}</p>").is_bare


# -- dates ----------------------------------------------------------------------------------------------------------

DATE = "2031-03-04T09:30:00+02:00"
META_NAMES = """
article:published_time article:published:time og:article:published_time og:published_time datepublished
parsely-pub-date sailthru.date cxenseparse:recs:publishtime dc.date.issued dcterms.issued dcterms.created
dc.date.created dc.date dcterms.date publish-date publish_date publishdate pubdate publication_date published_at date
article.published article_date_original datecreated article.created displaydate og:pubdate article:post_date
"""
MODIFIED_NAMES = (
    "article:modified_time og:updated_time datemodified dcterms.modified last-modified article:updated_time"
)


def read(head: str = "", top: str = "", *, below: str = "", **options: Any) -> Article:
    article = f"<article><h1>{TITLE}</h1>{top}<div class='entry-content'><p>{TEXT}</p><p>{OTHER}</p></div></article>"
    html = f"<html lang='en'><head>{head}</head><body>{article}{below}</body></html>"
    return extract(html, URL, **{"fetched": FETCHED} | options)


@pytest.mark.parametrize("name", META_NAMES.split())
def test_a_date_is_read_from_each_meta_element(name: str) -> None:
    article = read(f"<meta name='{name}' content='{DATE}'><meta name='{name}' content='2030-01-01'>")
    assert (str(article.published), article.published_from) == ("2031-03-04 07:30:00+00:00", f"meta:{name}")
    assert article.published_raw == DATE


@pytest.mark.parametrize("name", MODIFIED_NAMES.split())
def test_the_date_of_a_change_is_read_from_each_meta_element(name: str) -> None:
    assert str(read(f"<meta name='{name}' content='{DATE}'>").modified) == "2031-03-04 07:30:00+00:00"


@pytest.mark.parametrize("kind", ["NewsArticle", "WebPage"])
def test_dates_are_read_from_the_linked_data(kind: str) -> None:
    def script(**node: str) -> str:
        return f"<script type='application/ld+json'>{json.dumps({'@type': kind} | node)}</script>"

    article = read(script(datePublished=DATE, dateModified=DATE))
    assert (article.published_from, str(article.modified)) == ("json-ld", "2031-03-04 07:30:00+00:00")
    created = read(script(dateCreated=DATE))
    assert created.published_from == ("json-ld:created" if kind == "NewsArticle" else None)


@pytest.mark.parametrize(
    ("top", "signal", "date"),
    [
        (f"<time datetime='{DATE}'>x</time>", "time", "2031-03-04 07:30"),
        (f"<time content='{DATE}'>x</time>", "time", "2031-03-04 07:30"),
        ("<time>4 March 2031, 9:30</time>", "time", "2031-03-04 09:30"),
        ("<time>soon</time>", None, None),
        (f"<b itemprop='datePublished' content='{DATE}'>x</b>", "marked", "2031-03-04 07:30"),
        (f"<b itemprop='datePublished' datetime='{DATE}'>x</b>", "marked", "2031-03-04 07:30"),
        ("<b itemprop='datePublished'>4 March 2031, 9:30</b>", "marked", "2031-03-04 09:30"),
        ("<div class='date'>Town desk, 4 March 2031, 9:30</div>", "byline", "2031-03-04 09:30"),
        (f"<div class='date'>4 March 2031 {TEXT} {OTHER}</div>", None, None),
        ("<div>4 March 2031, 9:30</div>", "near-headline", "2031-03-04 09:30"),
        ("<div>The town was sad on 4 March 2031</div>", None, None),
        ("<div>4 March 2031<i></i><i></i><i></i></div>", "beside-headline", "2031-03-04 00:00"),
        ("<div>4 March</div>", None, None),
        ("<div>3 hours ago</div>", "near-headline", "2031-03-05 09:00"),
        ("<div>منذ 3 ساعات</div>", "near-headline", "2031-03-05 09:00"),
        ("<div>قبل 3 ساعات</div>", "near-headline", "2031-03-05 09:00"),
        ("<div>3 ساعت پیش</div>", "near-headline", "2031-03-05 09:00"),
        ("<i>x 2031</i>" * 5 + "<div>4 March 2031</div>", "beside-headline", "2031-03-04 00:00"),
        ("<i>x 2031</i>" * 4 + "<div>4 March 2031</div>", "near-headline", "2031-03-04 00:00"),
        ("<aside><div>4 March 2031</div></aside>", None, None),
        ("<article><time datetime='2031-03-04T09:30Z'>x</time></article>", None, None),
    ],
)  # fmt: skip
def test_a_date_is_read_from_the_page(top: str, signal: str | None, date: str | None) -> None:
    article = read(top=top)
    assert article.published_from == signal
    assert str(article.published)[:16] == str(date)


@pytest.mark.parametrize(
    "label",
    [
        "Date", "Published", "Publication date", "Datum", "Veröffentlicht", "Erschienen", "Publié le", "Fecha",
        "Publicado", "Data", "Tarih", "Yayın tarihi", "تاريخ النشر", "التاريخ", "تاريخ", "نشر في", "تاریخ انتشار",
        "تاریخ", "Дата",
    ],
)  # fmt: skip
@pytest.mark.parametrize("tag", ["li", "p", "div", "span", "td", "dd", "dt"])
def test_a_labelled_date_is_read_anywhere(label: str, tag: str) -> None:
    if label not in ("Date", "Datum") and tag != "li":
        return
    wrapped = f"<{tag}>{label}: 04.03.2031</{tag}>"
    wrapped = f"<table><tr>{wrapped}</tr></table>" if tag == "td" else wrapped
    article = read(below=wrapped)
    assert (article.published_from, str(article.published)[:10]) == ("label", "2031-03-04")


@pytest.mark.parametrize(
    "below",
    [
        "<p>Dates: 04.03.2031</p>", f"<p>Date: 04.03.2031 {TEXT}</p>", "<p>Date: soon</p>",
    ],
)  # fmt: skip
def test_what_is_no_labelled_date_is_not_read(below: str) -> None:
    assert read(below=below).published is None


def test_a_labelled_date_in_a_footer_or_in_pieces_is_a_last_resort() -> None:
    for below in ("<footer><p>Date: 04.03.2031</p></footer>", "<p><i>Date:</i><i>04.</i><i>03.2031</i></p>"):
        article = read(below=below)
        assert (article.published_from, str(article.published)[:10]) == ("label-elsewhere", "2031-03-04")


def test_a_label_may_have_an_element_of_its_own() -> None:
    assert read(below="<p><b>Date</b> 04.03.2031</p>").published_from == "label"
    assert read(below="<p>Date: x</p>" * 9 + "<p>Date: 04.03.2031</p>").published_from == "label"
    assert read(below="<p>Date: x</p>" * 10 + "<p>Date: 04.03.2031</p>").published_from != "label"


def test_a_time_in_a_card_of_another_article_is_not_taken() -> None:
    card = f"<article><p><time datetime='{DATE}'>x</time></p></article>"
    assert read(below=card).published is None
    assert read(top=f"<div>{card}</div>").published is None
    nested = "<article><article><time>4 March 2031</time></article></article>"
    assert extract(f"<body><div><h1>{TITLE}</h1><p>{TEXT}</p></div>{nested}</body>", URL).published is None


def test_a_selector_of_the_profile_gives_the_date() -> None:
    profile = SiteProfile(name="town", title="Town", url=URL, selectors={"published": "//b[@id='d']"})
    for markup in (f"<b id='d' datetime='{DATE}'>x</b>", f"<b id='d' content='{DATE}'>x</b>", f"<b id='d'>{DATE}</b>"):
        article = extract(f"<article><h1>{TITLE}</h1>{markup}<p>{TEXT}</p></article>", URL, profile)
        assert (article.published_from, str(article.published)) == ("selector", "2031-03-04 07:30:00+00:00")
    texts = SiteProfile(name="town", title="Town", url=URL, selectors={"published": "//b/text()"})
    assert extract(f"<h1>{TITLE}</h1><b>{DATE}</b>", URL, texts).published_from != "selector"


@pytest.mark.parametrize("zone", ["+05:30", "-03:00", "+00:00"])
def test_an_article_is_published_in_the_zone_of_its_page(zone: str) -> None:
    article = read(f"<meta name='date' content='2031-03-04T09:30:00{zone}'>")
    assert article.published_zone == f"page {zone}"
    assert str(published_in_page_zone(article)) == f"2031-03-04 09:30:00{zone}"
    assert published_in_page_zone(Article(url=URL, site="")) is None
    article.provenance.clear()
    assert published_in_page_zone(article) == article.published


@pytest.mark.parametrize(
    "tag",
    ["span", "div", "p", "li", "a", "em", "small", "strong", "abbr", "h2", "h3", "h4", "h5", "h6", "b", "i", "font"],
)
def test_a_date_near_the_headline_is_read_from_any_short_element(tag: str) -> None:
    article = read(top=f"<{tag}>4 March 2031, 9:30</{tag}>")
    assert (article.published_from, str(article.published)[:16]) == ("near-headline", "2031-03-04 09:30")


def test_a_time_with_a_zone_replaces_one_without() -> None:
    article = read("<meta name='date' content='2031-03-04T11:00:00'>", f"<time datetime='{DATE}'>x</time>")
    assert (article.published_from, str(article.published)[:16]) == ("time", "2031-03-04 07:30")
    article = read("<meta name='date' content='2031-03-04'>", "<time datetime='2031-03-04T11:00:00'>x</time>")
    assert (article.published_from, str(article.published)[:16]) == ("time", "2031-03-04 11:00")


def test_an_exact_date_of_another_day_replaces_nothing() -> None:
    head = "<meta name='date' content='2031-03-04'>"
    assert str(read(head, "<time datetime='2031-03-09T09:30:00Z'>x</time>").published)[:10] == "2031-03-04"
    assert str(read(head, "<time datetime='2031-03-04T09:30:00Z'>x</time>").published)[:16] == "2031-03-04 09:30"
    assert str(read("<meta name='date' content='2031-03-04T08:00:00Z'>" + head).published)[:16] == "2031-03-04 08:00"
