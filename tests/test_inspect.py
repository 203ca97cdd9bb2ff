"""`scrapy inspect`: what of a profile no longer holds, and the corrected file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crawler.onboard.compare import ProfileChange
from crawler.onboard.edit import changed_text
from demo.odd_sites.pages import article_page, list_page, rss
from demo.odd_sites.serve import ServedOddSite, serve_odd_sites
from demo.odd_sites.text import articles
from tests.conftest import Workplace
from tests.newssite import NewsSite

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")


@pytest.fixture(scope="module")
def served() -> Iterator[dict[str, ServedOddSite]]:
    """The odd sites."""
    with serve_odd_sites() as sites:
        yield sites


def _profile(workplace: Workplace, site: ServedOddSite, text: str) -> None:
    workplace.profile("mine", f'title = "Mine"\nurl = "{site.url}"\nallow_private = true\n{text}')


def _inspect(workplace: Workplace, *options: str, code: int) -> dict[str, Any]:
    result = workplace.run("inspect", "mine", "--json", *options, *FAST)
    assert result.returncode == code, result.stderr + result.stdout
    data: dict[str, Any] = json.loads(result.stdout)
    assert data["requests"] <= 25
    return data


def _messages(data: dict[str, Any]) -> list[str]:
    return [finding["message"] for finding in data["findings"]]


def test_a_profile_that_holds_is_left_alone(workplace: Workplace, served: dict[str, ServedOddSite]) -> None:
    site = served["feed_only"]
    _profile(workplace, site, f'language = "en"\ntimezone = "Europe/Berlin"\nfeeds = ["{site.url}news.rss"]\n')
    before = (workplace.folder / "sites" / "mine.toml").read_text("utf-8")
    result = workplace.run("inspect", "mine", "--fix", "--yes", *FAST)
    assert result.returncode == 0, result.stderr
    assert "The profile holds." in result.stdout.splitlines()
    assert (workplace.folder / "sites" / "mine.toml").read_text("utf-8") == before


def test_what_no_longer_holds_is_reported_and_corrected(workplace: Workplace, served: dict[str, ServedOddSite]) -> None:
    site = served["windows_1256"]
    text = (
        '# My favourite site.\nlanguage = "en"  # I guess\ntimezone = "America/New_York"\n'
        f'feeds = [\n  "{site.url}old-feed.xml",  # since 2019\n]\nsections = ["{site.url}"]\n'
        'article_url = \'/story/\\d+\'\ndelay = 0\n\n[selectors]\ntitle = "h1"\nbody = "div.gone"\n'
    )
    _profile(workplace, site, text)
    messages = _messages(_inspect(workplace, code=3))
    for part in (
        "old-feed.xml: The request failed: http 404",
        "rss.php: not in the profile: 24 articles",
        "article_url matches 0 of 24 articles",
        "the articles are in Arabic, right to left, not en",
        "the time zone is not America/New_York",
        "selectors.body selects nothing on 5 articles",
    ):
        assert [message for message in messages if part in message], (part, messages)
    assert len(messages) == 6
    result = workplace.run("inspect", "mine", "--fix", "--yes", *FAST)
    assert result.returncode == 3  # the selector is left to the user
    assert '+  "' + site.url in result.stdout.replace("+    ", "+  ")
    corrected = (workplace.folder / "sites" / "mine.toml").read_text("utf-8")
    assert "# My favourite site." in corrected
    assert "# I guess" in corrected
    profile = tomllib.loads(corrected)
    assert profile["feeds"] == [f"{site.url}rss.php"]
    assert (profile["language"], profile["timezone"]) == ("ar", "Etc/GMT-3")
    assert profile["selectors"] == {"title": "h1", "body": "div.gone"}
    assert _messages(_inspect(workplace, code=3)) == ["selectors.body selects nothing on 5 articles"]


def test_a_wall_is_reported_and_nothing_is_changed(workplace: Workplace, served: dict[str, ServedOddSite]) -> None:
    site = served["consent_wall"]
    _profile(workplace, site, f'feeds = ["{site.url}feed"]\n')
    before = (workplace.folder / "sites" / "mine.toml").read_text("utf-8")
    data = _inspect(workplace, "--fix", "--yes", code=3)
    assert data["verdict"] == "wall"
    assert "consent wall" in _messages(data)[0]
    assert (workplace.folder / "sites" / "mine.toml").read_text("utf-8") == before


def test_without_yes_and_terminal_nothing_is_changed(workplace: Workplace, served: dict[str, ServedOddSite]) -> None:
    site = served["feed_is_html"]
    _profile(workplace, site, f'feeds = ["{site.url}rss"]\n')
    before = (workplace.folder / "sites" / "mine.toml").read_text("utf-8")
    result = workplace.run("inspect", "mine", "--fix", *FAST)
    assert result.returncode == 3
    assert "nothing was changed: --yes changes the profile" in result.stderr
    assert f'"{site.url}feeds/everything.xml"' in result.stdout
    assert (workplace.folder / "sites" / "mine.toml").read_text("utf-8") == before


@pytest.mark.parametrize("words", [(), ("mine", "other"), ("nothing",)])
def test_wrong_usage_ends_with_2(workplace: Workplace, words: tuple[str, ...]) -> None:
    workplace.profile("mine", 'title = "Mine"\nurl = "http://127.0.0.1:9/"\n')
    result = workplace.run("inspect", *words)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_a_private_site_is_only_requested_if_the_profile_allows_it(
    workplace: Workplace, served: dict[str, ServedOddSite]
) -> None:
    site = served["no_dates"]
    before = len(site.requests)
    workplace.profile("mine", f'title = "Mine"\nurl = "{site.url}"\n')
    data = _inspect(workplace, code=3)
    assert (data["verdict"], len(site.requests)) == ("unreachable", before)
    assert "does not have allow_private" in _messages(data)[0]


def test_comments_and_tables_survive_a_change() -> None:
    text = (
        'title = "T"  # name\nfeeds = [\n  "https://a.example/1",  # first\n  "https://a.example/2",\n]\n\n'
        '[selectors]\nbody = "p"\n'
    )
    change = ProfileChange(
        values={"article_url": r"/\d+$", "language": "ar"},
        removed={"feeds": ["https://a.example/2"]},
        added={"news_sitemaps": ["https://a.example/news.xml"], "feeds": ["https://a.example/3"]},
    )
    after = changed_text(text, [change])
    assert tomllib.loads(after) == {
        "title": "T",
        "feeds": ["https://a.example/1", "https://a.example/3"],
        "article_url": r"/\d+$",
        "language": "ar",
        "news_sitemaps": ["https://a.example/news.xml"],
        "selectors": {"body": "p"},
    }
    assert "# name" in after
    assert "# first" in after
    assert r"article_url = '/\d+$'" in after


def test_a_list_that_becomes_empty_is_removed() -> None:
    change = ProfileChange(removed={"feeds": ["https://a.example/1"]})
    assert tomllib.loads(changed_text('title = "T"\nfeeds = ["https://a.example/1"]\n', [change])) == {"title": "T"}


def test_a_feed_that_ended_and_one_that_moved_are_corrected(workplace: Workplace, site: NewsSite) -> None:
    items = articles(12)
    links = [(f"/news/{one.slug}-{one.number}", one) for one in items]
    site.put("/", list_page("The Plain Paper", [(path, one.title) for path, one in links]))
    for path, one in links:
        site.put(path, article_page(one, "The Plain Paper"))
    recent = [(site.url.rstrip("/") + path, one) for path, one in links]
    ended = [(url, replace(one, published=one.published - timedelta(days=400))) for url, one in recent[:4]]
    site.put("/feed.xml", rss("The Plain Paper", recent), "text/xml")
    site.put("/ended.xml", rss("The Plain Paper", ended), "text/xml")
    site.answer("/moved.xml", lambda handler: handler.redirect("/feed.xml", 301))
    workplace.profile(
        "mine",
        f'title = "Mine"\nurl = "{site.url}"\nallow_private = true\n'
        f'feeds = ["{site.url}ended.xml", "{site.url}moved.xml"]\n',
    )
    messages = _messages(_inspect(workplace, "--fix", "--yes", code=0))
    assert messages == [
        f"feed {site.url}ended.xml: lists nothing newer than 2025-10-23",
        f"feed {site.url}moved.xml: has moved to {site.url}feed.xml",
    ]
    profile = tomllib.loads((workplace.folder / "sites" / "mine.toml").read_text("utf-8"))
    assert profile["feeds"] == [f"{site.url}feed.xml"]
