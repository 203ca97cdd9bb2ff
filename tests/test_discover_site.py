"""Discover the same articles of one WordPress site from each of its channels."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.discover import ChannelResult, discover, request_url
from crawler.items import ChannelKind
from crawler.profile import Channel, SiteProfile
from crawler.profiles import read_profile

ROOT = Path(__file__).parents[1]
SITE = ROOT.parent / "shared" / "humanvoice"
ADDRESS = "http://humanvoice.test/"

pytestmark = pytest.mark.skipif(not SITE.is_dir(), reason=f"the reference site is not at {SITE}")


@pytest.fixture(scope="module")
def profile() -> SiteProfile:
    return read_profile(ROOT / "sites" / "humanvoice.toml").at(ADDRESS)


@pytest.fixture(scope="module")
def posts() -> dict[str, dict[str, Any]]:
    truth: list[dict[str, Any]] = json.loads((SITE / "site_truth.json").read_text("utf-8"))
    return {post["url"]: post for post in truth}


def discovered(profile: SiteProfile, kind: ChannelKind, path: str, file: str) -> ChannelResult:
    channel = Channel(kind, ADDRESS + path)
    body = (SITE / "site" / file).read_bytes()
    return discover(channel, body, profile, url=request_url(channel), headers={"x-wp-totalpages": "1"})


@pytest.mark.parametrize(
    ("kind", "path", "file"),
    [
        ("feed", "feed/", "feed/index.xml"),
        ("sitemap", "wp-sitemap-posts-post-1.xml", "wp-sitemap-posts-post-1.xml"),
        ("wordpress", "wp-json/wp/v2/posts", "wp-json/posts.json"),
        ("section", "", "index.html"),
    ],
)
def test_each_channel_yields_the_six_posts(
    profile: SiteProfile, posts: dict[str, dict[str, Any]], kind: ChannelKind, path: str, file: str
) -> None:
    result = discovered(profile, kind, path, file)
    assert len(posts) == 6
    assert {candidate.url for candidate in result.candidates} == set(posts)
    assert (result.problems, [child for child in result.children if not child.is_next]) == ([], [])
    for candidate in result.candidates:
        post = posts[candidate.url]
        assert kind == "sitemap" or candidate.title == post["title"]
        if kind in ("feed", "wordpress"):
            assert candidate.published == datetime.fromisoformat(post["published"])
        if kind == "feed":
            assert candidate.authors == [post["author"]]
            assert candidate.categories[0] == post["category"]


def test_the_category_pages_together_give_the_six_posts(profile: SiteProfile, posts: dict[str, dict[str, Any]]) -> None:
    values: dict[str, str | None] = {}
    for name in ("politics", "economy"):
        page = discovered(profile, "section", f"category/{name}/", f"category/{name}/index.html")
        values |= {candidate.url: candidate.title for candidate in page.candidates}
    assert values == {url: post["title"] for url, post in posts.items()}


def test_the_index_leads_to_the_posts_and_not_to_the_categories(profile: SiteProfile) -> None:
    result = discovered(profile, "sitemap", "wp-sitemap.xml", "wp-sitemap.xml")
    assert [child.channel for child in result.children] == [Channel("sitemap", ADDRESS + "wp-sitemap-posts-post-1.xml")]
    assert result.skipped == {"not_posts": 1}
