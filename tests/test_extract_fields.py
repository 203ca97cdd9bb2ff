"""Each field from the signal that deserves trust, and from the channel only where the page is silent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import trafilatura

import crawler
from crawler.extract import extract
from crawler.extract.jsonld import linked_data
from crawler.extract.names import split_names
from crawler.extract.title import without_site
from crawler.extract.tree import parse_html
from crawler.items import Article, Candidate
from crawler.profile import SiteProfile
from crawler.text import words

URL = "https://town.example/2031/03/bridge"
TEXT = "".join(
    f"<p>On {day} the council of the town decided that the old stone bridge would stay closed for another week.</p>"
    for day in ("Monday", "Tuesday", "Thursday", "Friday")
)


def read(head: str = "", body: str = "", **options: object) -> Article:
    article = f"<article><h1>The bridge closes</h1>{body}<div class='entry-content'>{TEXT}</div></article>"
    html = f"<html lang='en'><head>{head}</head><body>{article}</body></html>"
    return extract(html, URL, **options)  # type: ignore[arg-type]


def ld(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


@pytest.mark.parametrize(
    ("url", "link", "expected"),
    [
        ("https://town.example/2031/03/x/amp", "https://town.example/2031/03/x", "https://town.example/2031/03/x"),
        ("https://m.town.example/2031/x", "https://www.town.example/2031/x", "https://www.town.example/2031/x"),
        ("https://amp.town.example/a/x", "https://town.example/a/x", "https://town.example/a/x"),
        ("https://town.example/?p=7", "/2031/x", "https://town.example/2031/x"),
        ("https://town.example/x?utm_source=a", "https://town.example/x/", "https://town.example/x/"),
        ("https://town.example/2031/03/x", "https://town.example/", None),
        ("https://town.example/?p=7", "https://town.example/", None),
        ("https://town.example/news/x", "https://town.example/news/", None),
        ("https://town.example/2031/03/x", "/404", None),
        ("https://town.example/2031/x", "https://other.example/2031/x", None),
        ("https://town.example/2031/x", "https://news.town.example/2031/x", None),
        ("https://town.example/2031/x", "javascript:alert(1)", None),
        ("https://town.example/2031/x", "http://a b/2031/x", None),
    ],
)
def test_a_canonical_link_is_believed_within_the_site_and_when_it_can_be_the_pages(
    url: str, link: str, expected: str | None
) -> None:
    head = f"<link rel='canonical' href='{link}'>"
    html = f"<html><head>{head}</head><body><article><h1>The bridge closes</h1>{TEXT}</article></body></html>"
    assert extract(html, url).url == (expected or url)


def test_an_article_says_what_extracted_it() -> None:
    assert read().extractor == f"rasid {crawler.__version__}, trafilatura {trafilatura.__version__}"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The bridge closes - Town Herald", "The bridge closes"),
        ("Town Herald | The bridge closes", "The bridge closes"),
        ("The bridge - closed at last", "The bridge - closed at last"),
        ("The bridge closes - Local - Town Herald", "The bridge closes - Local"),
        ("Town Herald", ""),
    ],
)
def test_site_name_is_cut_by_comparison(title: str, expected: str) -> None:
    assert without_site(title, [words("Town Herald")]) == expected


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ada Marsh and Tom Reed", ["Ada Marsh", "Tom Reed"]),
        ("بقلم: سلمى الحايك", ["سلمى الحايك"]),
        ("كتبت ريما الخطيب", ["ريما الخطيب"]),
        ("إعداد: سلمى الأحمد ومازن الخطيب", ["سلمى الأحمد", "مازن الخطيب"]),
        ("Von Karla Stein, Jan Moor", ["Karla Stein", "Jan Moor"]),
        ("Ada Marsh | 12:20 | updated", ["Ada Marsh"]),
        ("https://town.example/author/ada", []),
        ("By", []),
    ],
)
def test_byline_gives_the_names_alone(byline: str, names: list[str]) -> None:
    assert split_names(byline) == names


def test_publisher_and_agency_are_no_authors_but_the_source() -> None:
    authors = '"publisher":{"name":"Town Herald"},"author":[{"name":"Town Herald"},{"name":"Reuters"}]'
    article = read(ld(f'{{"@type":"NewsArticle","headline":"The bridge closes",{authors}}}'))
    assert article.authors == []
    assert article.source == "Town Herald"


def test_later_signal_of_the_same_day_gives_time_and_zone() -> None:
    head = ld('{"@type":"NewsArticle","headline":"The bridge closes","datePublished":"2031-03-04"}')
    article = read(head + '<meta property="article:published_time" content="2031-03-04T09:30:00+02:00">')
    assert article.published == datetime(2031, 3, 4, 7, 30, tzinfo=UTC)
    assert article.published_from == "meta:article:published_time"


def test_date_of_another_article_node_is_not_taken() -> None:
    head = ld(
        '[{"@type":"NewsArticle","headline":"Another story","url":"https://town.example/other","datePublished":"2020-01-01T00:00:00Z"},'
        '{"@type":"NewsArticle","headline":"The bridge closes","url":"https://town.example/2031/03/bridge","datePublished":"2031-03-04T07:00:00Z"}]'
    )
    assert read(head).published == datetime(2031, 3, 4, 7, tzinfo=UTC)


def test_relative_date_without_fetch_time_is_no_date() -> None:
    assert read(body="<span class='date'>3 hours ago</span>").published is None


def test_printed_date_is_read_in_the_profile_time_zone() -> None:
    profile = SiteProfile(name="town", title="Town Herald", url="https://town.example/", timezone="Asia/Damascus")
    article = read(body="<span class='date'>4 March 2031 10:00</span>", profile=profile)
    assert article.published == datetime(2031, 3, 4, 7, tzinfo=UTC)
    assert article.published_precision == "minute"


def test_channel_fills_only_what_the_page_does_not_say() -> None:
    published = datetime(2031, 3, 4, 6, tzinfo=UTC)
    candidate = Candidate(
        url=URL, channel="feed", channel_url="https://town.example/feed", title="Feed title", published=published,
        authors=["Ada Marsh"], categories=["Local"], language="ar",
    )  # fmt: skip
    article = read(candidate=candidate)
    assert (article.title, article.language) == ("The bridge closes", "en")
    assert (article.published, article.published_from) == (published, "channel:feed")
    assert (article.authors, article.provenance["authors"]) == (["Ada Marsh"], "channel:feed")
    assert (article.category, article.provenance["category"]) == ("Local", "channel:feed")


def test_selectors_of_the_profile_override_the_generic_reading() -> None:
    selectors = {
        "title": "//*[@id='t']", "published": "//*[@id='d']", "category": "//*[@id='c']", "authors": "//*[@id='a']",
        "body": "//*[@id='b']", "remove": "//*[@id='r']",
    }  # fmt: skip
    profile = SiteProfile(name="town", title="Town Herald", url="https://town.example/", selectors=selectors)
    body = (
        "<b id='t'>Its real title</b><i id='d'>5 March 2031</i><i id='c'>Bridges</i><i id='a'>Ada Marsh</i>"
        "<div id='b'><p>The one paragraph that the editor marked.</p><p id='r'>Not this.</p></div>"
    )
    article = read(body=body, profile=profile)
    assert (article.title, article.category, article.authors) == ("Its real title", "Bridges", ["Ada Marsh"])
    assert article.published == datetime(2031, 3, 5, tzinfo=UTC)
    assert article.paragraphs == ["The one paragraph that the editor marked."]


@pytest.mark.parametrize(
    "text",
    [
        '{"@type":"NewsArticle","headline":"A"}',
        '<!-- {"@type":"NewsArticle","headline":"A"} -->',
        '{"@type":"NewsArticle","headline":"A",}',
        '{"@type":"NewsArticle",\n"headline":"A"};',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"A"}\n//]]>',
        '{"@type":"NewsArticle","headline":"A"}{"@type":"WebSite"}',
        '{"@graph":[{"@type":"WebSite"},{"@type":"NewsArticle","headline":"A"}]}',
    ],
)
def test_linked_data_is_mended_where_that_is_safe(text: str) -> None:
    tree = parse_html(f"<html><head>{ld(text)}</head><body><p>x</p></body></html>")
    assert tree is not None
    assert any(node.get("headline") == "A" for node in linked_data(tree))


def test_article_body_of_the_linked_data_rescues_a_body_that_scripts_draw() -> None:
    schema_body = " ".join(f"Sentence number {n} of the long report on the bridge." for n in range(30))
    node = f'{{"@type":"NewsArticle","headline":"The bridge closes","articleBody":"{schema_body}"}}'
    html = (
        f"<html><head>{ld(node)}</head><body><h1>The bridge closes</h1><div id='app'></div><p>Loading</p></body></html>"
    )
    assert extract(html, URL).paragraphs == [schema_body]


def test_article_body_of_the_linked_data_never_replaces_a_good_body() -> None:
    schema_body = "Another article that a theme pasted here. " * 30
    node = f'{{"@type":"NewsArticle","headline":"The bridge closes","articleBody":"{schema_body}"}}'
    assert all("theme pasted" not in paragraph for paragraph in read(ld(node)).paragraphs)


def with_last_line(line: str, head: str = "") -> Article:
    html = f"<html lang='en'><head>{head}</head><body><article><h1>The bridge closes</h1>{TEXT}{line}</article></body>"
    return extract(html, URL)


@pytest.mark.parametrize("line", ["<p><strong>Ada Quay</strong></p>", "<p style='text-align:right'>Ada Quay</p>"])
def test_a_name_alone_under_the_text_is_its_author_where_nobody_else_is_named(line: str) -> None:
    article = with_last_line(line)
    assert (article.authors, article.provenance["authors"], len(article.paragraphs)) == (["Ada Quay"], "signature", 4)
    assert with_last_line(line, "<meta name='author' content='Bo Stone'>").authors == ["Bo Stone"]


@pytest.mark.parametrize("line", ["<p>Nothing more.</p>", "<p>Ends at noon</p>", "<p>Agence France Presse</p>"])
def test_other_short_last_lines_are_no_authors(line: str) -> None:
    assert with_last_line(line).authors == []


def test_authors_of_cards_are_not_the_articles() -> None:
    byline = "<div class='top'><span>By <a rel='author'>Ada Quay</a> and <a rel='author'>Bo Stone</a></span></div>"
    card = "<div><div><div><div><span><a rel='author'>Cy Harbour</a></span></div></div></div></div>"
    html = (
        f"<html><body><div><div><div><div>{byline}</div></div></div></div><h1>The bridge closes</h1>{TEXT}{card}</body>"
    )
    assert extract(html, URL).authors == ["Ada Quay", "Bo Stone"]


@pytest.mark.parametrize(
    "element",
    [
        f"<a href='{URL}#respond'>Cancel reply</a>",
        f"<a href='{URL}'>3 March 2031</a>",
        "<div class='section'>Sign up to our newsletter today</div>",
        "<div class='section'>Ada Quay, Bo Stone</div>",
        "<span class='category-count'>12</span>",
    ],
)
def test_what_stands_near_the_headline_and_is_no_section_is_no_category(element: str) -> None:
    assert read(body=element).category is None
    assert read(body=element + "<div class='section'>Town life</div>").category == "Town life"


@pytest.mark.parametrize(
    "markup",
    [
        "<ul><li class='tags__item'><a href='/a'>bridges</a></li><li class='tags__item'><a href='/b'>stone</a></ul>",
        "<a href='/a'><span class='tag-like'>bridges</span></a><a href='/b'><span class='tag-like'>stone</span></a>",
    ],
)
def test_tags_that_stand_in_an_element_each_are_all_found(markup: str) -> None:
    assert read(body=markup).tags == ["bridges", "stone"]


def test_keywords_with_spaces_alone_between_them_are_words_where_nothing_else_names_tags() -> None:
    keywords = "<meta name='news_keywords' content='Bridges Stone Council Closing Mill River'>"
    assert read(keywords).tags == ["Bridges", "Stone", "Council", "Closing", "Mill", "River"]
    assert read(keywords, "<div class='tags'><a href='/a'>old bridges</a></div>").tags == ["old bridges"]
    assert read("<meta property='article:tag' content='the old bridges of our town'>").tags == [
        "the old bridges of our town"
    ]


def test_a_title_in_the_place_of_the_sites_name_is_still_the_title() -> None:
    title = "The old stone bridge of our town closes for another week"
    head = f"<title>{title}</title><meta name='application-name' content='{title}'>"
    assert extract(f"<html><head>{head}</head><body><h1>{title}</h1>{TEXT}</body></html>", URL).title == title
