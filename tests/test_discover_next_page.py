"""The next page of a feed or section: which link it is, and which links it is not."""

from __future__ import annotations

import json
import re

import pytest

from crawler.discover import discover
from crawler.items import ChannelKind
from crawler.profile import Channel, SiteProfile
from tests.test_discover_feed import rss

HOME = "https://marsad.example/"
ITEM = f"<link>{HOME}news/1</link>"
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'>{}<entry><id>x</id><link href='/news/1'/></entry></feed>"
WORDPRESS = "<generator>https://wordpress.org/?v=6.8.1</generator>"


def next_pages(kind: ChannelKind, body: str, url: str) -> list[str]:
    profile = SiteProfile(name="marsad", title="M", url=HOME, article_url=re.compile(r"/news/\d+$"))
    result = discover(Channel(kind, url), body.encode(), profile, url=url, headers={})
    assert all(child.is_next and child.channel.kind == kind for child in result.children)
    return [child.channel.url for child in result.children]


@pytest.mark.parametrize(
    ("body", "following"),
    [
        (rss(ITEM, head="<atom:link rel='next' href='/feed?page=2'/>"), "feed?page=2"),
        (rss(ITEM, head=f"{WORDPRESS}<atom:link rel='next' href='/feed?page=2'/>"), "feed?page=2"),
        (rss(ITEM, head=WORDPRESS), "feed?paged=2"),
        (rss(head=WORDPRESS), None),
        (rss(ITEM, head="<generator>Our own</generator><atom:link rel='self' href='/feed'/>"), None),
        (rss(ITEM, head="<atom:link rel='next' href='/feed'/>"), None),
        (rss(ITEM, head="<atom:link rel='next' href='https://other.example/feed?page=2'/>"), None),
        (rss(ITEM, head="<atom:link rel='next' href='javascript:void(0)'/>"), None),
        (rss(f"{ITEM}<atom:link rel='next' href='/news/2'/>"), None),
        (ATOM.format("<link rel='next' href='feed?page=2'/>"), "feed?page=2"),
        (ATOM.format("<link rel='prev-archive' href='/2026/10.xml'/>"), "2026/10.xml"),
        (ATOM.format("<link rel='next-archive' href='/2026/12.xml'/>"), None),
        (
            json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [], "next_url": "/feed?after=9"}),
            "feed?after=9",
        ),
        (json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [], "next_url": 9}), None),
    ],
)
def test_the_next_page_of_a_feed(body: str, following: str | None) -> None:
    assert next_pages("feed", body, HOME + "feed") == ([HOME + following] if following else [])


def test_the_page_after_a_further_page_of_a_wordpress_feed_is_the_next_one() -> None:
    assert next_pages("feed", rss(ITEM, head=WORDPRESS), HOME + "feed/?cat=4&paged=7") == [HOME + "feed/?cat=4&paged=8"]


@pytest.mark.parametrize(
    ("own", "links", "following"),
    [
        ("world/", "<a rel='nofollow next' href='?page=2'>2</a>", "world/?page=2"),
        ("world/", "<link rel='next' href='/world/page/2/'>", "world/page/2/"),
        ("world/", "<a class='next page-numbers' href='page/2/'>more</a>", "world/page/2/"),
        ("world/", "<div class='nav-previous'><a href='/world/older'>Older posts</a></div>", "world/older"),
        (
            "",
            "<a class='blog-pager-older-link' href='/search?updated-max=2026'>رسائل أقدم</a>",
            "search?updated-max=2026",
        ),
        (
            "world",
            "<a href='/world?page=1'>1</a><a href='/world?page=3'>3</a><a href='/world?page=2'>2</a>",
            "world?page=2",
        ),
        ("world?page=2", "<a href='/world?page=1'>1</a><a href='/world?page=3'>3</a>", "world?page=3"),
        ("world/page/9/", "<a href='/world/page/8/'>8</a><a href='/world/page/10/'>10</a>", "world/page/10/"),
        ("world/", "<a href='/sports/page/2/'>2</a>", None),
        ("world/page/2/", "<a href='/world/'>1</a><a href='/world/page/1/'>1</a>", None),
        ("world/", "<a class='carousel-next' href='#'>&gt;</a><a class='next' href='javascript:go()'>&gt;</a>", None),
        ("world/", "<a class='next' href='/news/7'>The next story in our series</a>", None),
        ("world/", "<a class='next' href='https://other.example/2'>more</a>", None),
    ],
)
def test_the_next_page_of_a_section(own: str, links: str, following: str | None) -> None:
    body = f"<html><body><h2><a href='/news/1'>What happened on that day</a></h2>{links}</body></html>"
    assert next_pages("section", body, HOME + own) == ([HOME + following] if following else [])
