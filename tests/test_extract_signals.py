"""Which signal gives a field, and what a signal must look like: title, standfirst, authors, source, category, tags."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.extract import extract
from crawler.extract.authors import is_credit_line, persons_among, signature
from crawler.extract.names import split_names
from crawler.extract.page import ParsedPage, parse_page
from crawler.extract.source import find_source
from crawler.extract.standfirst import Standfirst, begins_body, find_standfirst
from crawler.extract.title import without_site
from crawler.items import Article, Candidate
from crawler.profile import SiteProfile
from crawler.text import words

URL = "https://town.example/2031/03/bridge"
TITLE = "The old stone bridge closes"
TEXT = "The council of the town decided on Monday that the old stone bridge will stay closed for the whole summer."
OTHER = "Shopkeepers on both banks of the river heard of the decision only an hour before the meeting had begun."


def linked(**node: Any) -> str:
    return f"<script type='application/ld+json'>{json.dumps({'@type': 'NewsArticle'} | node)}</script>"


def html(head: str = "", top: str = "", *, below: str = "", title: str = TITLE) -> str:
    text = f"<div class='entry-content'><p>{TEXT}</p><p>{OTHER}</p>{below}</div>"
    article = f"<article><h1>{title}</h1>{top}{text}</article>"
    return f"<html lang='en'><head>{head}</head><body>{article}</body></html>"


def read(head: str = "", top: str = "", *, below: str = "", title: str = TITLE) -> Article:
    return extract(html(head, top, below=below, title=title), URL)


def parsed(head: str = "", top: str = "", *, below: str = "", title: str = TITLE) -> ParsedPage:
    page = parse_page(html(head, top, below=below, title=title), URL)
    assert page is not None
    return page


# -- title ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (f"{TITLE} - The Far Gazette", TITLE),  # the whole name
        (f"{TITLE} | The Far Gazette Online", TITLE),  # and up to two words behind a name of several
        (f"{TITLE} | The Far Gazette of the river", f"{TITLE} | The Far Gazette of the river"),
        (f"{TITLE} - Harbourpost.com", TITLE),
        (f"{TITLE} - Harbour", TITLE),  # the beginning of the name
        (f"{TITLE} - Ha", f"{TITLE} - Ha"),
        (f"{TITLE} - The Far", TITLE),
        (f"{TITLE} - Norwegian", f"{TITLE} - Norwegian"),  # too much is missing
        (f"{TITLE} - Harbourpost news", f"{TITLE} - Harbourpost news"),  # words behind a name of one word
        (f"The Far Gazette : {TITLE}", TITLE),
        (f"Harbourpost » The Far Gazette » {TITLE} | Harbourpost", TITLE),
        (f"{TITLE} |", TITLE),
        ("The Far Gazette", ""),
        ("", ""),
        (f"{TITLE} - A Far Gazette", f"{TITLE} - A Far Gazette"),
        (f"{TITLE} - Ri", f"{TITLE} - Ri"),  # two letters of River are no name
        (f"{TITLE} - The New Far Bay", f"{TITLE} - The New Far Bay"),  # four words of The New Far Bayside
    ],
)
def test_the_name_of_the_site_is_no_part_of_a_title(title: str, expected: str) -> None:
    names = [
        words(name)
        for name in (
            "The Far Gazette",
            "Harbourpost",
            "Norwegian broadcasting corporation",
            "River",
            "The New Far Bayside",
        )
    ]
    assert without_site(title, names).strip(" |") == expected


@pytest.mark.parametrize(
    "head",
    [
        "<meta property='og:site_name' content='Far Post'>",
        "<meta name='application-name' content='Far Post'>",
        linked(publisher={"name": "Far Post"}),
        "<script type='application/ld+json'>{'@type':'WebSite','name':'Far Post'}</script>".replace("{'@", '{"@')
        .replace("':'", '":"').replace("','", '","').replace("'}", '"}'),
        '<script type="application/ld+json">{"@type":"NewsMediaOrganization","name":"Far Post"}</script>',
        '<script type="application/ld+json">{"@type":"Organization","name":"Far Post"}</script>',
    ],
)  # fmt: skip
def test_the_site_is_named_in_head_and_linked_data(head: str) -> None:
    assert read(head, title=f"{TITLE} | Far Post").title == TITLE
    assert read("", title=f"{TITLE} | Far Post").title == f"{TITLE} | Far Post"


def test_the_site_is_named_by_its_profile_and_its_host() -> None:
    profile = SiteProfile(name="far", title="Far Post", url="https://town.example/")
    assert extract(html(title=f"{TITLE} | Far Post"), URL, profile).title == TITLE
    for name in ("town.example", "Town"):
        assert read(title=f"{TITLE} | {name}").title == TITLE


def test_a_section_or_site_that_one_signal_adds_is_left_out() -> None:
    for added in (f"{TITLE} | Town life", f"{TITLE}, Town life", f"Town life | {TITLE}"):
        head = f"<meta property='og:title' content='{added}'><meta name='twitter:title' content='{added}'>"
        assert read(f"{head}<title>{added}</title>").title == TITLE
    longer = f"{TITLE} for the whole summer"
    assert read(linked(headline=longer), title=TITLE).title == longer
    assert read(linked(headline=f"Town life | {TITLE}")).title == f"Town life | {TITLE}"
    long_before = f"{'Town life of the whole river ' * 2}| {TITLE}"
    metas = f"<meta property='og:title' content='{long_before}'><meta name='twitter:title' content='{long_before}'>"
    without_headline = linked(url=URL)
    assert read(f"{metas}{without_headline}<title>{long_before}</title>").title == long_before
    metas = "<meta property='og:title' content='Bridges | Zoo'><meta name='twitter:title' content='Bridges | Zoo'>"
    assert read(metas + without_headline, title="Bridges").title == "Bridges | Zoo"


def test_the_title_is_read_from_each_signal() -> None:
    page = f"<body><p>{TEXT}</p></body>"
    for head, signal in (
        (linked(headline=TITLE), "json-ld"),
        (linked(name=TITLE), "json-ld"),
        (f"<meta property='og:title' content='{TITLE}'>", "meta:og:title"),
        (f"<meta name='twitter:title' content='{TITLE}'>", "meta:twitter:title"),
        (f"<title>{TITLE}</title>", "title"),
    ):
        article = extract(f"<head>{head}</head>{page}", URL)
        assert (article.title, article.provenance["title"]) == (TITLE, signal)
    assert extract(page, URL).title is None


# -- standfirst -----------------------------------------------------------------------------------------------------

MANY = [f"L{letter} Holm" for letter in "abcdefghijklmnopqrstuvwxyz"]
LINE = "Shops on both banks of the river fear for their summer trade"


@pytest.mark.parametrize(
    ("head", "top", "text"),
    [
        ("", f"<div class='standfirst'>{LINE}</div>", LINE),
        (linked(alternativeHeadline=LINE), "", LINE),
        ("", f"<h1 class='standfirst'>{LINE}</h1>", None),  # a tag that shows no standfirst
        ("", f"<div class='standfirst'>{TITLE}</div>", None),
        ("", "<div class='standfirst'>In short</div>", None),
        ("", f"<div class='standfirst'>{LINE * 11}</div>", None),
        ("", f"<p>{TEXT}</p><div class='standfirst'>{LINE}</div>", None),  # a heading in the body
        ("", f"<p>By Lena Holm</p><div class='standfirst'>{LINE}</div>", LINE),
        (f"<meta property='og:description' content='{LINE}'>", f"<p>{LINE}</p>", LINE),
        (f"<meta name='description' content='{LINE}'>", f"<h2>{LINE}</h2>", LINE),
        (f"<meta name='description' content='{LINE}'>", f"<b>{LINE}</b>", None),
        (f"<meta name='description' content='{LINE}'>", f"<p>{LINE[:47]}</p>", None),
        (f"<meta name='description' content='{LINE[:30]}'>", f"<p>{LINE}</p>", None),
        (f"<meta name='description' content='{LINE}'>", f"<p>Some{LINE}</p>", None),
        (f"<meta name='description' content='{LINE}'>", f"<p>Shops on the river fear {LINE}</p>", None),
        (f"<meta name='description' content='{LINE}'>", f"<p>{LINE * 11}</p>", None),
        (f"<meta name='description' content='{LINE}'>", f"<div><i></i><i></i><i></i><i></i>{LINE}</div>", None),
    ],
)  # fmt: skip
def test_a_standfirst_is_named_or_shows_the_description(head: str, top: str, text: str | None) -> None:
    page = parsed(head, top)
    standfirst = find_standfirst(page, TITLE)
    assert (standfirst and standfirst.text) == text


@pytest.mark.parametrize("tag", ["p", "h2", "h3", "div", "span", "strong"])
def test_a_standfirst_is_in_any_of_these_elements(tag: str) -> None:
    standfirst = find_standfirst(parsed(top=f"<{tag} class='standfirst'>{LINE}</{tag}>"), TITLE)
    assert standfirst is not None


def test_the_title_as_description_is_no_standfirst() -> None:
    head = f"<meta name='description' content='{LINE} and more'>"
    assert find_standfirst(parsed(head, f"<p>{LINE}</p>", title=LINE), LINE) is None
    page = parse_page(f"<div class='standfirst'>{LINE}</div><p>{TEXT}</p>", URL)
    assert page is not None
    assert find_standfirst(page, None) is None  # no headline to stand below


@pytest.mark.parametrize(
    ("head", "top", "begins"),
    [
        ("", f"<div class='standfirst'>{LINE}. {OTHER}</div>", True),
        ("", f"<div class='standfirst'>{LINE}.</div>", False),
        (f"<meta name='description' content='{LINE}…'>", f"<p>{LINE} and more of it</p>", True),
        (f"<meta name='description' content='{LINE} and...'>", f"<p>{LINE} and more of it</p>", True),
        (f"<meta name='description' content='{LINE}'>", f"<p>{LINE} and more of it</p>", False),
        (f"<meta name='description' content='{LINE}'>", f"<p>{LINE}. {OTHER}</p>", True),
    ],
)
def test_a_standfirst_of_several_sentences_or_a_cut_description_begins_the_body(
    head: str, top: str, begins: bool
) -> None:
    standfirst = find_standfirst(parsed(head, top), TITLE)
    assert standfirst is not None
    assert standfirst.is_first_paragraph == begins


def test_a_standfirst_that_the_body_has_is_not_added() -> None:
    standfirst = Standfirst(f"{LINE}. {OTHER}", is_first_paragraph=True)
    assert begins_body(standfirst, [TEXT, f"{LINE}. {TEXT}"])
    assert not begins_body(standfirst, [TEXT, OTHER])
    assert not begins_body(standfirst, [TEXT] * 5 + [LINE])
    article = read("", f"<div class='standfirst'>{LINE}. {OTHER}</div>")
    assert (article.paragraphs[0], article.subtitle) == (f"{LINE}. {OTHER}", None)
    assert read("", f"<div class='standfirst'>{LINE}.</div>").subtitle == f"{LINE}."
    assert read("", f"<div class='standfirst'>{TEXT}</div>").subtitle is None


# -- authors and source ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("node", "authors", "source"),
    [
        ({"author": "Lena Holm"}, ["Lena Holm"], None),
        ({"creator": {"name": "Lena Holm"}}, ["Lena Holm"], None),
        ({"author": [{"name": ["Lena Holm", "Bo Stone"]}, {"name": ""}]}, ["Lena Holm", "Bo Stone"], None),
        ({"author": [{"name": "Lena Holm"}, {"name": "LENA HOLM"}]}, ["Lena Holm"], None),
        ({"author": {"@type": "Organization", "name": "The Far Gazette"}}, [], "The Far Gazette"),
        ({"author": {"@type": "NewsMediaOrganization", "name": "The Far Gazette"}}, [], "The Far Gazette"),
        ({"creator": {"@type": "Corporation", "name": "The Far Gazette"}}, [], "The Far Gazette"),
        ({"author": {"@type": "Organization"}}, [], None),
        ({"author": {"@type": "Person", "name": "Lena Holm"}}, ["Lena Holm"], None),
        ({"author": ["Reuters", "Lena Holm"]}, ["Lena Holm"], "Reuters"),
        ({"author": ["Reuters", "AFP"]}, [], "Reuters"),
        ({"author": ["Source: The Far Gazette", "Lena Holm"]}, ["Lena Holm"], "The Far Gazette"),
        ({"author": ["Town Example desk", "Lena Holm"]}, ["Lena Holm"], "Town Example desk"),
        ({"author": ["town", "Lena Holm"]}, ["Lena Holm"], "town"),
        ({"author": ["Townsend Lane"]}, ["Townsend Lane"], None),
        ({"author": MANY}, MANY[:20], None),
    ],
)  # fmt: skip
def test_authors_of_the_linked_data_are_persons(node: dict[str, Any], authors: list[str], source: str | None) -> None:
    article = read(linked(**node))
    assert (article.authors, article.source) == (authors, source)


@pytest.mark.parametrize(
    ("top", "authors"),
    [
        ("<p><a rel='author'>Lena Holm</a></p>", ["Lena Holm"]),
        ("<p><span itemprop='author'>Lena Holm</span></p>", ["Lena Holm"]),
        (f"<p><span itemprop='author'>Lena Holm, {TEXT} {TEXT}</span></p>", []),
        ("<div class='byline'>Lena Holm</div>", ["Lena Holm"]),
        ("<div class='byline'>By</div><div class='byline'>Lena Holm</div>", ["Lena Holm"]),
        (f"<div class='byline'>{TEXT} {TEXT}</div><div class='byline'>Lena Holm</div>", ["Lena Holm"]),
        ("<div class='byline'>of the <a href='/l'>Lena Holm</a>, <a href='/b'>Bo Stone</a> <a>x</a></div>",
         ["Lena Holm", "Bo Stone"]),
        ("<ul class='byline'><li>Lena Holm</li><li>Bo Stone</li><li>x</li></ul>", ["Lena Holm", "Bo Stone"]),
        ("<div class='byline'><div><span>Lena Holm</span><span>Bo Stone</span></div></div>", ["Lena Holm", "Bo Stone"]),
        ("<div class='byline'><span>Lena Holm</span> of us</div>", ["Lena Holm of us"]),
        ("<div class='byline'>Source: Far Post</div>", []),
        ("<div>By Lena Holm</div>", ["Lena Holm"]),
        ("<div><b>By Lena Holm</b></div>", ["Lena Holm"]),
        ("<div>By <i>Lena</i> <i>Holm</i></div>", ["Lena Holm"]),
        ("<div>By the <i>L</i><i>e</i><i>n</i><i>a</i></div>", []),
        ("<table><tr><td>By Lena Holm</td></tr></table>", []),
    ],
)  # fmt: skip
def test_a_byline_is_marked_named_or_begins_like_one(top: str, authors: list[str]) -> None:
    assert read(top=top).authors == authors


@pytest.mark.parametrize("tag", ["p", "div", "span", "a", "li", "strong", "b", "em", "h3", "h4", "h5", "h6", "address"])
def test_a_line_near_the_headline_is_a_byline_in_any_short_element(tag: str) -> None:
    assert read(top=f"<{tag}>By Lena Holm</{tag}>").authors == ["Lena Holm"]


def test_a_byline_that_is_the_whole_page_is_none() -> None:
    page = f"<html><body class='author'><h1>{TITLE}</h1><p>{LINE}</p></body></html>"
    assert extract(page, URL).authors == []
    byline = "<p><a rel='author'>Lena Holm</a></p>"
    assert extract(
        f"<body><main>{byline}<h1>{TITLE}</h1><p>{TEXT}</p><i rel='author'>Bo Stone</i></main>", URL
    ).authors == ["Lena Holm"]


@pytest.mark.parametrize(
    ("paragraphs", "name"),
    [
        ([TEXT, "Lena Holm"], "Lena Holm"), ([TEXT, "Lena von Holm"], None),
        ([TEXT, "Lena-Maria O'Holm"], "Lena-Maria O'Holm"),
        (["Lena Holm"], None), ([], None), ([TEXT, "Lena"], None), ([TEXT, "Lena Holm Anna Berg Stone"], None),
        ([TEXT, "Lena Holm and Bo Stone"], None), ([TEXT, "Lena Holm!"], None), ([TEXT, "Associated Press"], None),
        ([TEXT, "Lena Aleksandersdatter Holmströmsborgsson"], None), ([TEXT, "Лена Хольм"], "Лена Хольм"),
    ],
)  # fmt: skip
def test_a_signature_is_a_name_alone(paragraphs: list[str], name: str | None) -> None:
    assert signature(paragraphs) == name


@pytest.mark.parametrize(
    ("line", "is_credit"),
    [
        ("Reporting by Lena Holm", True), ("Reporting by Lena Holm and Bo Stone", True), ("Reporting by Lena", False),
        ("Additional reporting by Lena Holm", True), ("Reporting by Lena Holm Anna Berg Stone", False),
        ("Reporting by Lena Holm?", False), ("Reporting by Lena Holm (in town)", False), ("Lena Holm", False),
        (f"Reporting by {'Lena Holm, ' * 10}Bo Stone", False), ("تحرير: لينا سعيد", True), ("Redaktion", False),
    ],
)  # fmt: skip
def test_a_credit_line_has_names_and_nothing_else(line: str, is_credit: bool) -> None:
    assert is_credit_line(line) == is_credit


def test_names_are_cleaned() -> None:
    assert split_names("By author: Lena Holm –") == ["Lena Holm"]
    assert split_names("Written by by Lena Holm") == ["Lena Holm"]
    assert split_names("by by by Lena Holm") == ["by Lena Holm"]
    assert split_names("7") == []
    page = parsed("<meta property='og:site_name' content='Far Post'>")
    assert persons_among(["Lena Holm", "Reuters", "Far Post"], page) == ["Lena Holm"]


@pytest.mark.parametrize(
    ("paragraphs", "top", "source"),
    [
        (["Source: Far Post", TEXT], "", "Far Post"),
        ([TEXT, "Source: Far Post", OTHER, OTHER], "", "Far Post"),
        ([TEXT, TEXT, TEXT, "Source: Far Post", OTHER, OTHER], "", "Far Post"),
        ([TEXT, TEXT, "Source: Far Post", TEXT, OTHER, OTHER], "", None),
        ([TEXT], "<span class='source'>Far Post</span>", "Far Post"),
        ([TEXT], "<span class='source'>Source: Far Post.</span>", "Far Post"),
        ([TEXT], f"<span class='source'>x</span><span class='source'>{TEXT}</span>", None),
        (["TOWN (Reuters) - It is closed."], "", "Reuters"), (["TOWN (AFP/Reuters) - It is."], "", "AFP"),
        (["TOWN - SANA - It is.", TEXT], "", None), (["TOWN - AFP - It is closed.", TEXT], "", "AFP"),
        (["TOWN -- Reuters: It is closed.", TEXT], "", "Reuters"),
        ([TEXT, "TOWN (Reuters) - It is closed.", TEXT], "", "Reuters"),
        ([TEXT, TEXT, "TOWN (Reuters) - It is closed.", TEXT], "", None),
        ([f"{TEXT} (Reuters) said so and that was all of it for the day."], "", None),
        ([TEXT, TEXT, f"{TEXT} (Reuters)"], "", "Reuters"), (["Reuters"], "", None), ([], "", None),
    ],
)  # fmt: skip
def test_the_source_is_a_line_an_element_or_an_agency(paragraphs: list[str], top: str, source: str | None) -> None:
    assert find_source(parsed(top=top), paragraphs) == source


# -- category and tags ----------------------------------------------------------------------------------------------


def breadcrumb(*names: Any) -> str:
    items = [{"@type": "ListItem", "name": name} if isinstance(name, str) else name for name in names]
    return linked(**{"@type": "BreadcrumbList", "itemListElement": items})


@pytest.mark.parametrize(
    ("head", "top", "category", "signal"),
    [
        (breadcrumb("Home", "News", "Culture"), "", "Culture", "json-ld:breadcrumb"),
        (breadcrumb("Home", "Culture", TITLE), "", "Culture", "json-ld:breadcrumb"),
        (breadcrumb("Culture"), "", "Culture", "json-ld:breadcrumb"),
        (breadcrumb("Home", {"item": {"name": "Culture"}}, "https://x"), "", "Culture", "json-ld:breadcrumb"),
        (breadcrumb("Home", "One of seven words that are too many"), "", None, None),
        (breadcrumb("Home", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamte"), "", None, None),
        ("<meta property='og:site_name' content='Far Post'>" + breadcrumb("Home", "Far Post"), "", None, None),
        (linked(articleSection="Culture"), "", "Culture", "json-ld"),
        (linked(articleSection=["All", "Culture"]), "", "Culture", "json-ld"),
        ("", "<p itemprop='articleSection'>» Culture /</p>", "Culture", "itemprop"),
        ("", "<a rel='category tag' href='/x'>Culture</a>", "Culture", "category-link"),
        ("", "<aside><a rel='category' href='/x'>Culture</a></aside>", None, None),
        ("", "<a href='/2031/03'>Culture</a>", "Culture", "near-headline"),
        ("", "<a href='/2031/04'>Culture</a>", None, None),
        ("", "<a href='/'>Culture</a>", None, None),
        ("", "<ul><li><a href='/2031/03'>Culture</a></li><li>One</li><li>Two</li></ul>", None, None),
        ("", "<nav><a href='/2031/03'>Culture</a></nav>", None, None),
        ("", "<span class='category'>A name of four words</span>", None, None),
        ("", "<span class='category'></span>", None, None),
        ("", "<span class='category'>12 March</span>", None, None),
        ("<meta name='section' content='...'>", "", None, None),
    ],
)  # fmt: skip
def test_a_category_comes_from_the_nearest_section(
    head: str, top: str, category: str | None, signal: str | None
) -> None:
    article = read(head, top)
    assert (article.category, article.provenance.get("category")) == (category, signal)


@pytest.mark.parametrize("tag", ["span", "div", "p", "h2", "h3", "h4", "h5", "h6", "strong"])
def test_a_category_near_the_headline_is_in_any_short_element(tag: str) -> None:
    assert read(top=f"<{tag} class='category'>Culture</{tag}>").category == "Culture"


def test_a_section_in_the_place_of_the_byline_is_no_author() -> None:
    assert read(linked(articleSection="Town Life", author="Town Life")).authors == []


@pytest.mark.parametrize(
    ("head", "top", "tags"),
    [
        (linked(keywords="Bridges, Rivers"), "", ["Bridges", "Rivers"]),
        (linked(keywords=["Bridges", "Five words without a comma"]), "", ["Bridges", "Five words without a comma"]),
        (linked(keywords="Five words without a comma"), "", []),
        (linked(keywords="Bridges, BRIDGES"), "", ["Bridges"]),
        (linked(keywords="Bridges, " + "x" * 81), "", ["Bridges"]),
        (linked(keywords=[f"Tag {n}x" for n in range(60)]), "", [f"Tag {n}x" for n in range(50)]),
        (linked(keywords="Bridges") + "<meta name='keywords' content='Rivers'>", "", ["Bridges"]),
        ("", "<a rel='tag' href='/t'>Bridges</a><a rel='category tag' href='/c'>Culture</a>", ["Bridges"]),
        ("", "<p class='tags'><a href='/t'>Bridges</a></p><p class='topics'><a href='/u'>Rivers</a></p>", ["Bridges"]),
        ("", "<div class='tags'>Bridges</div>", []),
    ],
)  # fmt: skip
def test_tags_come_from_one_signal(head: str, top: str, tags: list[str]) -> None:
    assert read(head, top).tags == tags


# -- the channel ----------------------------------------------------------------------------------------------------


def a_candidate(**fields: Any) -> Candidate:
    return Candidate(url=URL, channel="feed", channel_url="https://town.example/feed", **fields)


def test_the_channel_fills_what_a_page_without_content_lacks() -> None:
    candidate = a_candidate(title=TITLE, authors=["Lena Holm"], categories=["Culture"], language="en")
    empty = extract("", URL, candidate=candidate)
    assert (empty.title, empty.authors, empty.category, empty.language) == (TITLE, ["Lena Holm"], "Culture", "en")
    assert set(empty.provenance.values()) == {"channel:feed"}
    page = html(linked(author="Bo Stone", articleSection="Sports"))
    full = extract(page, URL, candidate=candidate)
    assert (full.authors, full.category, full.language) == (["Bo Stone"], "Sports", "en")
    assert "channel:feed" not in full.provenance.values()
    agency = a_candidate(authors=["Reuters", "Lena Holm"])
    assert extract(html(), URL, candidate=agency).authors == ["Lena Holm"]
