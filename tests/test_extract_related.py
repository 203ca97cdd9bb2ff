"""Pointers to other articles become data; what merely looks like one stays in the body."""

from __future__ import annotations

import pytest

from crawler.extract import extract
from crawler.extract.lexicon import is_block_heading, pointer_at_start
from crawler.items import Article
from crawler.text import words

URL = "https://town.example/2031/03/bridge"
BEFORE = (
    "The council of the town decided on Monday that the old stone bridge will be closed for the whole of the summer."
)
AFTER = "Shopkeepers on both banks said they had heard of the decision only an hour before the meeting had begun."


def article_with(middle: str) -> Article:
    body = f"<p>{BEFORE}</p>{middle}<p>{AFTER}</p><p>{BEFORE}</p>"
    page = f"<article><h1>The bridge closes</h1><div class='entry-content'>{body}</div></article>"
    return extract(f"<html><body>{page}</body></html>", URL)


def related_of(article: Article) -> list[tuple[str, str | None, str | None]]:
    return [(related.kind, related.title, related.url) for related in article.related]


@pytest.mark.parametrize(
    "marker",
    [
        "اقرأ أيضاً: ", "إقرأ أيضا : ", "أقرأ ايضًا ", "اقرئي أيضاً | ", "اقرأ المزيد.. ", "طالع أيضاً: ",
        "شاهد أيضاً: ", "انظر أيضا: ",
        "بیشتر بخوانید: ", "همچنین بخوانید: ", "Read more: ", "READ ALSO: ", "Related: ", "See also: ",
        "Up next: ", "Don’t miss: ",
        "Lire aussi : ", "À lire aussi – ", "Lesen Sie auch: ", "Mehr zum Thema: ",
        "Lee también: ", "Te puede interesar: ", "Ayrıca okuyun: ", "İlgili haber: ",
    ],
)  # fmt: skip
def test_pointer_with_a_link_is_inline_related_and_not_body(marker: str) -> None:
    article = article_with(f"<p><strong>{marker}<a href='/a/7'>The ferry gets a new engine</a></strong></p>")
    assert related_of(article) == [("inline", "The ferry gets a new engine", "https://town.example/a/7")]
    assert article.paragraphs == [BEFORE, AFTER, BEFORE]


@pytest.mark.parametrize("tag", ["p", "h3", "blockquote", "div"])
def test_pointer_is_found_in_any_block(tag: str) -> None:
    article = article_with(f"<{tag}>Read also: <a href='/a/7'>The ferry gets a new engine</a></{tag}>")
    assert related_of(article) == [("inline", "The ferry gets a new engine", "https://town.example/a/7")]
    assert article.paragraphs == [BEFORE, AFTER, BEFORE]


def test_marker_inside_the_link_is_not_part_of_the_title() -> None:
    article = article_with("<p><a href='/a/7'>اقرأ أيضاً: عبارة النهر تحصل على محرك جديد</a></p>")
    assert related_of(article) == [("inline", "عبارة النهر تحصل على محرك جديد", "https://town.example/a/7")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Read the whole report on <a href='/r'>the council's pages</a>, which were updated on Monday.",
        "More than forty people came to the meeting, and <a href='/r'>most of them</a> spoke against it.",
        "Related costs, the mayor said, will be paid by <a href='/r'>the province</a> and not by the town.",
        "اقرأ أيضاً في قلوب أهل المدينة حزنا على الجسر القديم الذي عبره آباؤهم وأجدادهم منذ أكثر من مئة عام.",
    ],
)
def test_sentence_that_begins_with_a_marker_word_stays(sentence: str) -> None:
    article = article_with(f"<p>{sentence}</p>")
    assert len(article.paragraphs) == 4
    assert article.related == []


def test_box_is_known_by_its_heading_whatever_its_class() -> None:
    cards = "".join(f"<li><a href='/a/{i}'>Story number {i} of the town</a></li>" for i in range(3))
    article = article_with(
        f"<div class='x1'><div class='x2'><h4>قد يعجبك أيضاً</h4></div><ul class='x3'>{cards}</ul></div>"
    )
    assert [related.kind for related in article.related] == ["inline"] * 3
    assert [related.after for related in article.related] == [BEFORE] * 3
    assert article.paragraphs == [BEFORE, AFTER, BEFORE]


@pytest.mark.parametrize(
    "name", ["jnews_inline_related_post", "b-inject related", "check-also-box", "yarpp-related", "read-also"]
)
def test_theme_box_is_known_by_its_name(name: str) -> None:
    article = article_with(f"<div class='{name}'><a href='/a/7'>The ferry gets a new engine</a></div>")
    assert related_of(article) == [("inline", "The ferry gets a new engine", "https://town.example/a/7")]
    assert article.paragraphs == [BEFORE, AFTER, BEFORE]


def test_body_named_related_is_not_cut() -> None:
    page = f"<h1>The bridge closes</h1><p>{BEFORE}</p><p>{AFTER} <a href='/x'>More here</a></p>"
    html = f"<html><body><article class='related-content'>{page}</article></body></html>"
    assert len(extract(html, URL).paragraphs) == 2


def test_link_to_the_page_itself_is_not_related() -> None:
    article = article_with(f"<div class='related-posts'><a href='{URL}#top'>The bridge closes for the summer</a></div>")
    assert article.related == []


@pytest.mark.parametrize(
    ("text", "taken"), [("اِقرأ أيضًا عن", 2), ("Read more about it", 2), ("The council", None), ("", None)]
)
def test_longest_pointer_at_the_start_is_found(text: str, taken: int | None) -> None:
    pointer = pointer_at_start(words(text))
    assert (pointer.length if pointer else None) == taken


@pytest.mark.parametrize(
    "text",
    ["مقالات ذات صلة", "الأكثر قراءةً", "You may also like", "En çok okunanlar", "Mehr zum Thema", "Lo más leído"],
)
def test_headings_of_boxes_are_known_in_seven_languages(text: str) -> None:
    assert is_block_heading(words(text))


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ("Read also: <a href='/a/7'>The ferry \n gets a&nbsp;new engine</a>", "The ferry gets a new engine"),
        ("\n <br> Read also: <a href='/a/7'>The ferry</a>", "The ferry"),
    ],
)
def test_a_pointer_between_breaks_is_read_without_the_white_space_of_its_markup(lines: str, title: str) -> None:
    article = article_with(f"<p>One more line of the text.<br>{lines}<br>The last line of the paragraph.</p>")
    assert related_of(article) == [("inline", title, "https://town.example/a/7")]
    assert article.related[0].after == "One more line of the text."


BOX = "<div class='related'><ul>{links}<li><a href='/2031/03/ferry'>The ferry gets a new engine</a></li></ul></div>"
FERRY = ("inline", "The ferry gets a new engine", "https://town.example/2031/03/ferry")


@pytest.mark.parametrize(
    ("title", "href"),
    [
        ("Health and Fitness", "/health-fitness/"), ("Sons of the River", "/topic/sons-of-river"),
        ("Download our app", "/app"), ("Terms of Service", "/site-services/terms-of-service"),
        ("Real Estate Home Page and More", "https://houses.example/"),
        ("Share the bridge closes on Facebook", "https://www.facebook.com/sharer/sharer.php?u=https://town.example/1"),
        ("Share this story with friends", "https://twitter.com/intent/tweet?url=https://town.example/1"),
        ("Share this on your phone", "https://wa.me/?text=https://town.example/1"),
    ],
)  # fmt: skip
def test_sections_services_and_forms_for_sharing_in_a_box_are_no_articles(title: str, href: str) -> None:
    article = article_with(BOX.format(links=f"<li><a href='{href}'>{title}</a></li>"))
    assert related_of(article) == [FERRY]
    assert article.paragraphs == [BEFORE, AFTER, BEFORE]


@pytest.mark.parametrize(
    ("title", "href"),
    [
        ("Saving the Bees", "/video/383914/saving-the-bees"), ("Saving the Bees", "/view?id=17"),
        ("Saving the Bees", "/nature/how-we-are-saving-the-bees"), ("How we save the bees today", "/nature/bees"),
        ("She tweets about the bridge", "https://twitter.com/holm/status/17"),
    ],
)  # fmt: skip
def test_short_titles_in_a_box_are_articles_if_their_address_names_one(title: str, href: str) -> None:
    article = article_with(BOX.format(links=f"<li><a href='{href}'>{title}</a></li>"))
    assert [related.title for related in article.related] == [title, FERRY[1]]


def test_a_site_with_short_addresses_keeps_short_titles() -> None:
    box = BOX.format(links="<li><a href='/nature/bees'>Saving the Bees</a></li>")
    body = f"<p>{BEFORE}</p><p>{AFTER}</p><p>{BEFORE}</p>{box}"
    page = f"<article><h1>The bridge closes</h1><div class='entry-content'>{body}</div></article>"
    article = extract(f"<html><body>{page}</body></html>", "https://town.example/town/bridge")
    assert [related.title for related in article.related] == ["Saving the Bees", FERRY[1]]
