"""Discover from section pages and home pages."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discover import ChannelProblem, ChannelResult, discover
from crawler.profile import Channel, SiteProfile

HOME = "https://marsad.example/"
PROFILE = SiteProfile(
    name="marsad",
    title="المرصد",
    url=HOME,
    language="ar",
    article_url=re.compile(r"^https?://[^/]+/(?:news/)?[^/]+-[^/]+/$"),
)
CHANNEL = Channel("section", HOME + "section/local/")


def discovered(body: str | bytes, headers: dict[str, str] | None = None) -> ChannelResult:
    raw = body.encode() if isinstance(body, str) else body
    return discover(CHANNEL, raw, PROFILE, url=CHANNEL.url, headers=headers or {})


def title_of(link: str) -> str | None:
    [candidate] = discovered(f"<html><body>{link}</body></html>").candidates
    return candidate.title


def test_links_to_articles_are_candidates_in_the_order_of_the_page() -> None:
    result = discovered(
        "<!DOCTYPE html><html><head><link rel='next' href='/section/local/page/2/'></head><body>"
        "<nav><a href='/'>Home</a><a href='/about/'>About</a><a href='#top'>Top</a><a>no link</a></nav>"
        "<a href='/news/new-bridge/'>A new bridge opens to traffic</a><a href='../../news/old-mill/'>x</a>"
        "<a href='https://elsewhere.example/news/far-away/'>Elsewhere, something happens</a>"
        "<a href='javascript:void(0)'>js</a><a href='mailto:a@b.example'>mail</a><a href='http://[::1'>v6</a>"
        "<a href='data:text/html,x'>data</a><a href='/news/new-bridge/#comments'>3 comments on this article</a></body>"
    )
    assert [candidate.url for candidate in result.candidates] == [HOME + "news/new-bridge/", HOME + "news/old-mill/"]
    first = result.candidates[0]
    assert (first.title, first.published, first.channel) == ("A new bridge opens to traffic", None, "section")
    assert result.skipped == {"not_article": 2, "foreign": 1, "invalid_url": 4, "repeated": 1}
    assert [child.channel.url for child in result.children] == [HOME + "section/local/page/2/"]
    assert result.problems == []


def test_links_are_relative_to_the_base_of_the_page() -> None:
    result = discovered("<html><head><base href='/news/'></head><body><a href='new-bridge/'>x</a></body></html>")
    assert [candidate.url for candidate in result.candidates] == [HOME + "news/new-bridge/"]


@pytest.mark.parametrize("base", ["http://[", "javascript:x", "https://elsewhere.example/"])
def test_an_invalid_or_foreign_base_yields_no_foreign_candidates(base: str) -> None:
    result = discovered(f"<html><head><base href='{base}'></head><body><a href='/news/new-bridge/'>x</a></body></html>")
    assert all(PROFILE.owns(candidate.url) for candidate in result.candidates)


def test_the_headline_is_taken_from_whichever_link_to_the_article_has_it() -> None:
    address = "/%D8%AC%D8%B3%D8%B1-%D8%AC%D8%AF%D9%8A%D8%AF/"
    result = discovered(
        f"<html><body><a href='{address}'><img src='x'><span>محليات</span></a>"
        f"<h2><a href='{address}'>افتتاح جسر جديد في القرية</a></h2>"
        f"<a href='https://marsad.example{address}'>أكمل القراءة عن هذا الخبر المهم جدا في القرية &raquo;</a></body>"
    )
    assert [candidate.title for candidate in result.candidates] == ["افتتاح جسر جديد في القرية"]


@pytest.mark.parametrize(
    ("link", "title"),
    [
        ("<a href='/a-b/'>Council &amp; mayor agree <b>at last</b></a>", "Council & mayor agree at last"),
        ("<a href='/a-b/' aria-label='مكتبة تمدد ساعات القراءة'><img></a>", "مكتبة تمدد ساعات القراءة"),
        ("<a href='/a-b/'>Read more about this story</a>", None),
        ("<a href='/a-b/'>اقرأ المزيد من تفاصيل الخبر</a>", None),
        ("<a href='/a-b/'>سياسة</a>", None),
        ("<a href='/a-b/'><h3>River rises after the rain</h3><p>Teaser text of the card</p><time>now</time></a>",
         "River rises after the rain"),
        ("<a href='/a-b/'><div>Local</div><div>River rises after the rain</div></a>", None),
        ("<a href='/a-b/'>村の図書館が夜間の開館時間を延長</a>", "村の図書館が夜間の開館時間を延長"),
        ("<a href='/a-b/'>" + "word " * 100 + "</a>", None),
    ],
)  # fmt: skip
def test_only_what_looks_like_a_headline_is_a_title(link: str, title: str | None) -> None:
    assert title_of(link) == title


@pytest.mark.parametrize("encoding", ["windows-1256", "utf-8"])
def test_the_charset_of_the_page_is_found(encoding: str) -> None:
    page = f"<html><head><meta charset='{encoding}'></head><body><a href='/a-b/'>افتتاح جسر جديد في القرية</a></body>"
    assert discovered(page.encode(encoding)).candidates[0].title == "افتتاح جسر جديد في القرية"


def test_a_page_without_any_article_is_reported() -> None:
    result = discovered("<html><body><div id='app'></div><a href='/'>Home</a></body></html>")
    assert result.candidates == []
    assert len(result.problems) == 1
    assert result.problems[0].startswith("No link of the page is an article")


def test_a_feed_under_the_address_of_a_section_is_read() -> None:
    result = discovered("<rss><channel><item><title>t</title><link>/x</link></item></channel></rss>")
    assert [candidate.url for candidate in result.candidates] == [HOME + "x"]


@pytest.mark.parametrize("body", ["", "   ", "\x00"])
def test_an_empty_page_is_a_problem_of_the_channel(body: str) -> None:
    with pytest.raises(ChannelProblem):
        discovered(body)


@pytest.mark.parametrize(
    "unit", ["<div>", "<a href='/a-b/'>", "<a ", "<h1>", "</div>", "<!--", "&lt;a", "<base href='x'>"]
)
def test_a_page_with_an_endlessly_repeated_character_is_read_quickly(unit: str) -> None:
    started = time.perf_counter()
    discovered("<html><body>" + unit * 50_000)
    assert time.perf_counter() - started < 60


PARTS = [
    b"<a href='",
    b"/a-b/'>",
    b"</a>",
    b"<h2>",
    b"<base href='",
    b"//[",
    b"x y z",
    b"&#x110000;",
    b"<",
    b"\0",
    b"\xe9",
]


@given(body=st.binary(max_size=300) | st.lists(st.sampled_from(PARTS), max_size=30).map(b"".join))
@settings(max_examples=300, deadline=None)
def test_no_page_raises_anything_but_a_channel_problem(body: bytes) -> None:
    try:
        result = discovered(body)
    except ChannelProblem:
        return
    assert all(PROFILE.owns(candidate.url) for candidate in result.candidates)
