"""Class names and ids by which boxes, bylines, dates, sections and walls are recognised: one case for each."""

from __future__ import annotations

import pytest

from crawler.extract import extract
from crawler.extract.clutter_boxes import remove_clutter_boxes
from crawler.extract.page import ParsedPage, parse_page
from crawler.extract.related import extract_related
from crawler.extract.repair import repair_markup

URL = "https://town.example/2031/03/bridge"
TEXT = "The council of the town decided on Monday that the old stone bridge will stay closed for the whole summer."
OTHER = "Shopkeepers on both banks of the river heard of the decision only an hour before the meeting had begun."
BODY = f"<div class='entry-content'><p>{TEXT}</p><p>{OTHER}</p></div>"


def cases(names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", names.split())


def page_with(markup: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body><article><h1>The bridge closes</h1>{markup}{BODY}</article></body></html>"


def parsed(markup: str) -> ParsedPage:
    page = parse_page(page_with(markup), URL)
    assert page is not None
    return page


@cases("""
share sharing sharebar addtoany social follow follow-us followus newsletter subscribe subscription tag tags tag-list
taglist tag-cloud tagcloud post-tags posttags author-box authorbio author-info authorinfo about-author
aboutauthor comment comments comment-form commentsform respond breadcrumb breadcrumbs bread-crumb print copyright
toolbar modal modalwindow dialog popup pop-up lightbox socialshare social-links sociallinks socialicons share-bar
sharebuttons share-buttons sharelinks sharetools
""")
def test_a_clutter_box_is_removed_by_its_class_name(name: str) -> None:
    page = parsed(f"<div class='x {name}'>gone</div>")
    remove_clutter_boxes(page)
    assert "gone" not in page.tree.text_content()


@cases("stage shared-history printing tagging authority socialist commented followed")
def test_a_box_with_another_class_name_stays(name: str) -> None:
    page = parsed(f"<div class='{name}'>stays</div>")
    remove_clutter_boxes(page)
    assert "stays" in page.tree.text_content()


@cases("main article p a h1 h2 h3")
def test_an_element_that_is_never_a_box_stays_whatever_its_class_name(name: str) -> None:
    page = parsed(f"<{name} class='share'>stays</{name}>")
    remove_clutter_boxes(page)
    assert "stays" in page.tree.text_content()


def test_a_large_container_and_one_with_the_headline_are_no_clutter_boxes() -> None:
    page = parse_page(f"<div class='share'><h1>The bridge closes</h1></div><div class='tags'>{TEXT * 3}</div>", URL)
    assert page is not None
    remove_clutter_boxes(page)
    assert "The bridge closes" in page.tree.text_content()
    assert TEXT in page.tree.text_content()


@cases("""
related related-posts relatedstories yarpp yarpp-box read-also readalso check-also checkalso see-also also-read
read-next readnext see-more-stories read-morestories up-next upnext up_next more-stories more-articles more-news
more-from more-on morestories recommended recommendation recommendations recommended-box you-may-like you-might-like
you-may-also-like youmayalsolike you_might_also_like most-read most-popular most-viewed mostread trending b-inject
promo popular-posts popularposts similar-posts similar-articles similarposts suggested suggested-posts suggestedreads
inline-story inline-promo inlinepromo inlinerelated inline_related other-news other-articles other-stories othernews
""")
def test_a_box_of_other_articles_is_recognised_by_its_class_name(name: str) -> None:
    page = parsed(f"<div class='{name}'><a href='/a/7'>The ferry gets a new engine</a></div>")
    assert [(one.kind, one.title) for one in extract_related(page)] == [("block", "The ferry gets a new engine")]
    assert "ferry" not in page.tree.text_content()


@cases("related-to related-topics related-topic related-tags related-tag unrelated correlated moreover")
def test_a_box_with_an_alike_class_name_is_not_one_of_other_articles(name: str) -> None:
    page = parsed(f"<div class='{name}'><a href='/a/7'>The ferry gets a new engine</a></div>")
    assert extract_related(page) == []


@cases("div section aside ul ol nav footer article figure table blockquote p li")
def test_any_container_can_be_a_box_of_other_articles(name: str) -> None:
    inner = "<tr><td><a href='/a/7'>The ferry gets a new engine</a></td></tr>"
    inner = inner if name == "table" else "<a href='/a/7'>The ferry gets a new engine</a>"
    assert len(extract_related(parsed(f"<{name} class='promo'>{inner}</{name}>"))) == 1
    assert extract_related(parsed("<span class='promo'><a href='/a/7'>The ferry gets a new engine</a></span>")) == []


@cases("entry-content post_body article-text storycontent news-body")
def test_a_body_with_the_heading_of_a_box_is_no_box(name: str) -> None:
    def related(name: str) -> int:
        card = "<p><a href='/a/7'>The ferry gets an engine</a></p>"
        page = parse_page(f"<div class='{name}'><h3>Related</h3><p>In short</p>{card}</div>", URL)
        assert page is not None
        return len(extract_related(page))

    assert (related("column"), related(name)) == (1, 0)


@cases("""
byline by-line bylines author authors authorname author-name author_name article-origins writeby write-by writtenby
written-by writer reporter journalist byl editor-name editor_name
""")
def test_a_byline_is_recognised_by_its_class_name(name: str) -> None:
    assert extract(page_with(f"<div class='{name}'>Lena Holm</div>"), URL).authors == ["Lena Holm"]
    assert extract(page_with("<div class='editor names'>Lena Holm</div>"), URL).authors == []


@cases("""
cat-links post-cat post-cat-wrap post-category entry-category td-post-category post-categories article-category
article-section section-name section-title news-category
""")
def test_a_category_is_recognised_by_its_class_name(name: str) -> None:
    link = "<a href='/x/culture'>Culture and music</a>"
    article = extract(page_with(f"<div class='{name}'>{link}</div>"), URL)
    assert article.category == "Culture and music"
    assert article.provenance["category"] == "category-link"
    assert extract(page_with(f"<nav><div class='{name}'>{link}</div></nav>"), URL).category is None


@cases("breadcrumb breadcrumbs bread-crumb")
def test_a_category_is_the_last_section_of_a_breadcrumb(name: str) -> None:
    links = "<a href='/'>Home</a> <a href='/news'>News</a> <a href='/news/culture'>Culture</a>"
    article = extract(page_with(f"<div class='{name}'>{links}</div>"), URL)
    assert (article.category, article.provenance["category"]) == ("Culture", "breadcrumb")


@cases("category my-categories section rubric rubrik cattitle post_section")
def test_a_category_near_the_headline_is_recognised_by_its_class_name(name: str) -> None:
    article = extract(page_with(f"<span class='{name}'>Culture</span>"), URL)
    assert (article.category, article.provenance["category"]) == ("Culture", "near-headline")


@cases("""
tag tags tag-list taglist tag-links taglinks tag-cloud tagcloud article-tags articletags post-tags posttags entry-tags
entrytags topics keywords
""")
def test_tags_are_recognised_by_their_class_name(name: str) -> None:
    links = "<a href='/t/1'>Bridges</a> <a href='/t/2'>Rivers</a>"
    assert extract(page_with(f"<div class='{name}'>{links}</div>"), URL).tags == ["Bridges", "Rivers"]
    assert extract(page_with(f"<nav><div class='{name}'>{links}</div></nav>"), URL).tags == []


@cases("source source-name source_name sourcename news-source newssource article-source post-source story-source")
def test_the_source_is_recognised_by_its_class_name(name: str) -> None:
    assert extract(page_with(f"<span class='{name}'>The Far Gazette</span>"), URL).source == "The Far Gazette"


@cases("subtitle sub-title subhead subheadline sub-headline standfirst dek deck")
def test_a_standfirst_is_recognised_by_its_class_name(name: str) -> None:
    line = "Shops on both banks fear for their summer trade"
    assert extract(page_with(f"<div class='{name}'>{line}</div>"), URL).subtitle == line


@cases("""
subhead sub-head subheading subheadline sub-headline crosshead cross-head crossheading crossheadline intertitle
inter-title intertitre zwischentitel zwischen-titel section-title sectiontitle section-head section-heading
section-headline art_subhead
""")
def test_a_subheading_is_recognised_by_its_class_name(name: str) -> None:
    page = parsed(f"<p>{TEXT}</p><div class='{name}'>What comes next</div><p>{OTHER}</p>")
    repair_markup(page)
    assert [heading.text for heading in page.tree.iter("h3")] == ["What comes next"]


@cases("dropcap drop-cap drop_cap initial-letter initialletter first-letter firstletter")
def test_a_drop_cap_is_recognised_by_its_class_name(name: str) -> None:
    page = parsed(f"<p><span class='{name}'>T</span>he town decided.</p>")
    repair_markup(page)
    assert "The town decided." in page.tree.text_content()
    assert not page.tree.xpath(f"//span[@class='{name}']")


@pytest.mark.parametrize(
    "attribute",
    [
        "hidden", "style='display:none'", "style='display: none'", "class='hidden'", "class='hide'", "class='collapse'",
        "class='collapsed'", "class='collapsible'", "class='folded'", "id='more_hidden'", "hidden aria-hidden='true'",
    ],
)  # fmt: skip
@pytest.mark.parametrize("tag", ["div", "section", "span"])
def test_the_hidden_half_of_an_article_is_shown(attribute: str, tag: str) -> None:
    hidden = f"<{tag} {attribute}><p>{TEXT[4:]}</p><p>{OTHER[4:]}</p></{tag}>"
    page = parsed(f"<div><p>{TEXT}</p>{hidden}</div>")
    repair_markup(page)
    [paragraph] = [p for p in page.tree.iter("p") if p.text == TEXT[4:]]
    parent = paragraph.getparent()
    assert parent is not None
    assert dict(parent.attrib) == {}


@cases("""
paywall regwall subscriber-only subscription-wall piano-offer pianooffer tp-container-inner premium-wall premiumwall
premium-gate premiumgate
""")
def test_a_paywall_is_recognised_by_its_class_name(name: str) -> None:
    box = f"<div class='{name}'>Read on with a subscription today.</div>"
    assert extract(page_with(box), URL).paywalled
    assert not extract(page_with(f"<div class='{name}'></div>"), URL).paywalled
    assert not extract(page_with(box + f"<p>{TEXT}</p><p>{OTHER}</p>" * 9), URL).paywalled


@cases("""
date post-date time timestamp publish published posted posted-on postedon created when meta info postinfo byline pub
""")
def test_a_date_near_the_headline_is_recognised_by_its_class_name(name: str) -> None:
    markup = f"<div class='{name}'><i>The town</i> <b>Printed</b> 4 March 2031, 10:30 by <i>us</i> all here</div>"
    article = extract(page_with(markup), URL)
    assert (article.published_from, str(article.published)) == ("byline", "2031-03-04 10:30:00+00:00")


@cases("""
today current-date now clock copyright-date footer-date comment-date event-date reading-time
readtime-date widget-date read-time-date
""")
def test_a_date_with_another_class_name_is_not_the_articles(name: str) -> None:
    assert extract(page_with(f"<div class='date {name}'>4 March 2031, 10:30</div>"), URL).published is None


@cases("""
comment header site-header siteheader page-header main-header global-header top-header topbar top-bar masthead
menu nav navbar today weather ticker breaking footer widget
""")
def test_a_time_in_another_place_is_not_the_articles(name: str) -> None:
    time = "<time datetime='2031-03-04T10:30:00Z'>4 March</time>"
    assert extract(page_with(f"<div class='{name}'><p>{time}</p></div>"), URL).published is None
    assert extract(page_with(f"<div class='x'><p>{time}</p></div>"), URL).published is not None


@cases("nav footer aside")
def test_a_time_in_the_frame_of_the_page_is_not_the_articles(name: str) -> None:
    time = "<time datetime='2031-03-04T10:30:00Z'>4 March</time>"
    html = page_with("").replace("</article>", f"</article><{name}>{time}</{name}>")
    assert extract(html, URL).published is None
    in_article = extract(page_with(f"<{name}>{time}</{name}>"), URL)
    assert in_article.published_from == (None if name == "nav" else "article-frame")
    assert extract(page_with(f"<div>{time}</div>"), URL).published is not None


@cases("comment reply review teaser card promo related author bio newsletter caption")
def test_containers_of_other_voices_are_not_merged(name: str) -> None:
    from crawler.extract.split_containers import split_containers

    def groups(own: str, above: str) -> int:
        markup = "".join(f"<div class='{own}'><p>{text}</p></div>" for text in (TEXT, OTHER))
        page = parse_page(f"<div id='{above}'><div>{markup}</div></div>", URL)
        assert page is not None
        return len(split_containers(page.tree, TEXT))

    assert (groups("part", "x"), groups(f"a-{name}-x", "x"), groups("part", name)) == (1, 0, 0)
