"""The tags of an article: where they are declared or shown, and what in them is for machines."""

from __future__ import annotations

import json

import pytest

from crawler.extract import extract
from crawler.items import Article

URL = "https://town.example/economy/rates"
TEXT = "".join(
    f"<p>On {day} the council of the town decided that the old stone bridge would stay closed for another week.</p>"
    for day in ("Monday", "Tuesday", "Thursday", "Friday")
)


def read(*, after: str = "", page: str = "", head: str = "", attributes: str = "") -> Article:
    article = f"<article {attributes}><h1>Rates rise</h1><div class='entry-content'>{TEXT}</div>{after}</article>"
    html = f"<html><head>{head}</head><body>{page}<main><div>{article}</div></main></body></html>"
    return extract(html, URL)


def keywords(content: str, name: str = "news_keywords") -> str:
    return f'<meta name="{name}" content="{content}">'


def linked(**values: object) -> str:
    data = {"@type": "NewsArticle", "headline": "Rates rise"} | values
    return f"<script type='application/ld+json'>{json.dumps(data)}</script>"


@pytest.mark.parametrize(
    ("content", "tags"),
    [
        ("Bridges, bridges, BRIDGES", ["Bridges"]),
        ("الجسر, الجِسر, أنهار", ["الجسر", "أنهار"]),
        ("桥梁、河流", ["桥梁", "河流"]),
        ("04000000, medtop:20000385, subj:12, Rivers", ["Rivers"]),
        ("Topic/World/Europe, News/Rivers, Content/Region/Far Coast", ["Europe", "Rivers", "Far Coast"]),
        ("Rock/Pop, TCP/IP", ["Rock/Pop", "TCP/IP"]),
        ("Section: Sport, Tag:Rivers, Lite:true, (3) Bridges", ["Rivers", "Bridges"]),
        ("a-long-name-for-machines, day-to-day", ["day-to-day"]),
        ("Economy, Far Post, Ada Marsh, all, Rivers", ["Rivers"]),
        ("Rates rise, Rivers:, #Bridges, other://x", ["Rivers", "Bridges"]),
    ],
)
def test_only_names_for_readers_are_tags_each_once(content: str, tags: list[str]) -> None:
    head = "<meta property='article:section' content='Economy'><meta property='og:site_name' content='Far Post'>"
    assert read(head=head + keywords("Ada Marsh", "author") + keywords(content)).tags == tags


def test_keywords_for_news_come_before_tags_of_the_head_and_these_before_linked_data() -> None:
    data, tag = linked(keywords=["Image", "People"]), "<meta property='article:tag' content='Bridges'>"
    assert read(head=data).tags == ["Image", "People"]
    assert read(head=data + tag).tags == ["Bridges"]
    assert read(head=data + tag + keywords("Rivers, Boats")).tags == ["Rivers", "Boats"]


@pytest.mark.parametrize(
    "heading", ["الوسوم:", "كلمات مفتاحية", "Tags", "Schlagworte:", "关键词：", "タグ", "برچسب‌ها:"]
)
def test_short_links_below_a_heading_for_tags(heading: str) -> None:
    links = "<ul><li><a href='/x/1'>Bridges</a></li><li><a href='/x/2'>Old rivers</a></li></ul>"
    assert read(after=f"<div><div><h4>\n {heading} </h4></div>{links}</div>").tags == ["Bridges", "Old rivers"]
    assert read(after=f"<div><h4>{heading}</h4>{TEXT}{links}</div>").tags == []
    assert read(page=f"<nav><h4>{heading}</h4>{links}</nav>").tags == []


def test_links_to_pages_of_tags_that_stand_together_behind_the_headline() -> None:
    links = "<a href='/tag/a'>الجسر</a> <a href='/%D9%88%D8%B3%D9%85/b'>أنهار</a>"
    assert read(after=f"<div>{links}</div>").tags == ["الجسر", "أنهار"]
    assert read(after=f"<p>We wrote much about {links} in the years before and shall go on with it.</p>").tags == []
    assert read(page=f"<div>{links}</div>").tags == []


def test_a_class_name_of_wordpress_is_no_box_of_tags() -> None:
    more = "<div><a href='/more'>Share this with all your friends</a></div>"
    assert read(attributes="class='post-12 type-post tag-bridges'", after=more).tags == []
    assert read(after="<div class='post-tags'><a href='/t/1'>Bridges</a></div>").tags == ["Bridges"]
