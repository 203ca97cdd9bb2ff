"""The site that somebody means: by name, title, host or URL, in every command that takes a site."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.site_names import NamedSite, find_site
from tests.conftest import Workplace
from tests.inprocess import Commands
from tests.newssite import NewsSite

SITES = [
    NamedSite("aljazeera_net", "https://www.aljazeera.net/", ("الجزيرة نت",), frozenset({"aljazeera.net"})),
    NamedSite(
        "bbc_arabic", "https://www.bbc.com/arabic", ("بي بي سي عربي",), frozenset({"bbc.com", "feeds.bbci.co.uk"})
    ),
    NamedSite("un_ar", "https://news.un.org/ar/", ("أخبار الأمم",), frozenset({"news.un.org"})),
    NamedSite("un_en", "https://news.un.org/en/", ("UN News",), frozenset({"news.un.org"})),
    NamedSite("the_guardian", "https://www.theguardian.com/", ("The Guardian",), frozenset({"theguardian.com"})),
]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("bbc_arabic", "bbc_arabic"),
        ("aljazeera", "aljazeera_net"),
        ("AlJazeera", "aljazeera_net"),
        ("bbc", "bbc_arabic"),
        ("بي بي سي عربي", "bbc_arabic"),
        ("الجزيره نت", "aljazeera_net"),
        ("theguardian", "the_guardian"),
        ("aljazeera.net", "aljazeera_net"),
        ("https://www.aljazeera.net/", "aljazeera_net"),
        ("http://m.aljazeera.net/news/2026/11/1/x?utm_source=y#z", "aljazeera_net"),
        ("https://www.bbc.com/arabic/articles/c123", "bbc_arabic"),
        ("https://news.un.org/ar/story/2026/11/1", "un_ar"),
        ("news.un.org/en", "un_en"),
    ],
)
def test_a_site_is_found_by_what_people_know_of_it(text: str, name: str) -> None:
    assert find_site(text, SITES).name == name


@pytest.mark.parametrize(
    ("text", "suggestions"),
    [
        ("aljazera", ("aljazeera_net",)),
        ("guardian", ("the_guardian",)),
        ("un", ("un_en", "un_ar")),
        ("https://www.bbc.com/sport", ("bbc_arabic",)),
        ("https://news.un.org/", ("un_ar", "un_en")),
        ("https://www.aljazera.net/", ("aljazeera_net",)),
        ("nothing_like_it", ()),
        ("", ()),
        ("___", ()),
        ("://", ()),
        ("http://[::1", ()),
    ],
)
def test_what_is_not_clear_is_suggested_and_never_taken(text: str, suggestions: tuple[str, ...]) -> None:
    match = find_site(text, SITES)
    assert (match.name, match.suggestions) == (None, suggestions)


@pytest.fixture
def stored(workplace: Workplace, site: NewsSite) -> Workplace:
    """One article of `local_news` is stored."""
    links = [site.article("/a.html", "First")]
    feed = site.feed("/feed.xml", links)
    workplace.profile(
        "local_news",
        f'title = "أخبار محلية"\nurl = "{site.url}"\ndelay = 0\nallow_private = true\nfeeds = ["{feed}"]\n',
    )
    return workplace


def test_crawl_takes_the_url_of_an_article_and_says_whose_it_is(stored: Workplace, site: NewsSite) -> None:
    result = stored.run("crawl", f"{site.url}a.html")
    assert result.returncode == 0, result.stderr
    assert f"{site.url}a.html: this is the site local_news" in result.stderr
    assert [row["site"] for row in stored.rows("SELECT site FROM articles")] == ["local_news"]


def test_every_command_with_a_site_takes_the_beginning_of_a_name_and_a_title(
    stored: Workplace, capfd: pytest.CaptureFixture[str]
) -> None:
    assert stored.run("crawl", "local").returncode == 0
    scrapy = Commands(stored.database, capfd, sites=stored.folder / "sites")
    for words, said in [
        (("export", "-", "--site", "أخبار محلية", "--columns", "site"), "local_news"),
        (("search", "first", "--site", "local"), "local_news"),
        (("release", str(stored.folder / "out"), "--name", "news", "--site", "local"), "1 article of 1 site"),
        (("reextract", "--site", "local", "--dry-run"), "1 page extracted again"),
        (("restore", "--site", "local", "--since", "7 days"), "no replaced text was found"),
        (("forget", "--site", "local"), "1 page is due again"),
    ]:
        result = scrapy(*words)
        assert result.code == 0, (words, result)
        assert said in result.out, words
        assert "this is the site local_news" in result.err, words


@pytest.mark.parametrize(
    "words",
    [
        ("export", "-", "--site"),
        ("search", "first", "--site"),
        ("release", "out", "--name", "news", "--site"),
        ("reextract", "--site"),
        ("restore", "--since", "2026", "--site"),
        ("forget", "--site"),
        ("due", "--sites"),
        ("extract", "page.html", "--site"),
        ("crawl",),
    ],
    ids=" ".join,
)
def test_every_command_with_a_site_suggests_what_was_meant(
    stored: Workplace, capfd: pytest.CaptureFixture[str], words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    stored.run("crawl", "local_news") if words[0] == "restore" else stored.database.touch()
    (stored.folder / "page.html").write_text("<p>x</p>", "utf-8")
    if words[0] == "extract":
        words = ("extract", str(stored.folder / "page.html"), "--site")
    result = Commands(stored.database, capfd, sites=stored.folder / "sites")(*words, "lokal_news")
    assert result.code == 2
    assert "unknown site lokal_news; did you mean local_news?" in result.err


def test_a_site_that_only_the_catalogue_has_can_be_added(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    result = Commands(tmp_path / "news.db", capfd)("crawl", "enab baladi")
    assert result.code == 2
    assert "add enab_baladi` adds it" in result.err


def test_a_url_that_no_site_owns_can_be_added(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    result = Commands(tmp_path / "news.db", capfd)("crawl", "https://nobody.example/")
    assert result.code == 2
    assert "unknown site https://nobody.example/; `scrapy add https://nobody.example/` adds it" in result.err
