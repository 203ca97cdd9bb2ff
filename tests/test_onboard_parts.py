"""The parts of `scrapy add`: typed addresses, article patterns, time zones, choosing channels, names of profiles."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.items import Candidate, ChannelKind
from crawler.onboard.address import AddressError, urls_of
from crawler.onboard.article_pattern import learn_pattern, looks_like_article
from crawler.onboard.choose import choose
from crawler.onboard.found_channel import FoundChannel
from crawler.onboard.opml import OpmlError, read_opml
from crawler.onboard.timezone import Sighting, country_of_host, guess_zone, offset_between
from crawler.onboard.write import profile_name
from crawler.profile import Channel

WINTER, SUMMER = datetime(2026, 1, 10, 12, tzinfo=UTC), datetime(2026, 7, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("www.example.com", "https://www.example.com/"),
        (" Example.COM. ", "https://example.com/"),
        ("htp://example.com/news", "https://example.com/news"),
        ("http://example.com", "http://example.com/"),
        ("http//www.example.com", "http://www.example.com/"),
        ("https:/example.com", "https://example.com/"),
        ("https:\\\\example.com\\ar", "https://example.com/ar"),
        ("https://https://example.com/", "https://example.com/"),
        ("feed://example.com/rss", "https://example.com/rss"),
        ("www,example,com", "https://www.example.com/"),
        ("www..example.com", "https://www.example.com/"),
        ("wwww.example.com", "https://www.example.com/"),
        ("ht tps://example .com", "https://example.com/"),
        ("«aljazeera.net»", "https://aljazeera.net/"),
        ("user:secret@example.com", "https://example.com/"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("localhost:8000/ar/", "http://localhost:8000/ar/"),
        ("موقع.عربي", "https://موقع.عربي/"),
    ],
)
def test_an_address_with_typing_errors_is_understood(typed: str, first: str) -> None:
    assert urls_of(typed)[0] == first


def test_other_schemes_and_the_other_form_of_the_host_are_tried_next() -> None:
    assert urls_of("example.com/x") == [
        "https://example.com/x",
        "http://example.com/x",
        "https://www.example.com/x",
        "http://www.example.com/x",
    ]


@pytest.mark.parametrize(
    "typed", ["", "hello", "ftp://files.example.com/", "javascript:alert(1)", "a" * 5000, "http://"]
)
def test_what_is_no_address_is_refused_in_one_sentence(typed: str) -> None:
    with pytest.raises(AddressError, match=r"write it like www\.example\.com"):
        urls_of(typed)


@pytest.mark.parametrize(
    ("articles", "others", "more", "no_articles"),
    [
        pytest.param(
            [
                f"https://x.example/{s}/2026/11/{d:02}/{w}-house-opens"
                for d in range(1, 9)
                for s in ("a", "b")
                for w in "qr"
            ],
            ["https://x.example/a/", "https://x.example/about-us", "https://x.example/tag/house-opens"],
            ["https://x.example/new-section/2027/01/02/something-else"],
            ["https://x.example/a/", "https://x.example/2026/11/", "https://x.example/authors/mira-tolland"],
            id="date and slug",
        ),
        pytest.param(
            [f"https://x.example/news/{n}" for n in range(1000, 1020)],
            ["https://x.example/news/", "https://x.example/news/archive", "https://x.example/sport"],
            ["https://x.example/news/5"],
            ["https://x.example/news/archive", "https://x.example/sport/5/extra"],
            id="number",
        ),
        pytest.param(
            [f"https://x.example/news.php?id={n}" for n in range(20)],
            ["https://x.example/news.php", "https://x.example/section.php?sid=4"],
            ["https://x.example/news.php?lang=ar&id=77"],
            ["https://x.example/section.php?sid=4"],
            id="query",
        ),
        pytest.param(
            [f"https://x.example/قمة-أستانا-رقم-{n}-بشأن-سوريا/" for n in "ابجدهوزحطي"],
            ["https://x.example/category/politics/", "https://x.example/من-نحن/", "https://x.example/اتصل-بنا/"],
            ["https://x.example/%D8%B9%D9%86%D9%88%D8%A7%D9%86-%D8%AC%D8%AF%D9%8A%D8%AF-%D8%AC%D8%AF%D8%A7/"],
            ["https://x.example/من-نحن/", "https://x.example/category/politics/"],
            id="Arabic slug alone",
        ),
        pytest.param(
            [f"https://x.example/story-{n}.html" for n in range(100, 120)],
            ["https://x.example/index.html", "https://x.example/contact.html"],
            ["https://x.example/other-story-7777.html"],
            ["https://x.example/contact.html", "https://x.example/story-100.pdf"],
            id="extension",
        ),
    ],
)
def test_the_pattern_finds_new_articles_and_nothing_else(
    articles: list[str], others: list[str], more: list[str], no_articles: list[str]
) -> None:
    pattern = learn_pattern(articles, others)
    assert pattern is not None
    assert pattern.matched == len(articles)
    assert all(re.search(pattern.regex, url) or re.search(pattern.regex, _readable(url)) for url in more)
    assert not [url for url in no_articles if re.search(pattern.regex, url)]


def test_where_addresses_have_many_forms_their_last_parts_decide() -> None:
    folders = ["news", "news/local", "sport/football", "a/b/c", "culture/film/reviews", "opinion-pages", "x/y-z"]
    articles = [f"https://x.example/{folder}/the-harbour-opens-again-{n * 'x'}/" for folder in folders for n in (1, 2)]
    pattern = learn_pattern(articles, [f"https://x.example/{folder}/" for folder in folders])
    assert pattern is not None
    assert re.search(pattern.regex, "https://x.example/d/e/f/g/some-other-headline-here/")
    assert not re.search(pattern.regex, "https://x.example/sport/football/")


def test_pictures_and_lists_do_not_look_like_articles() -> None:
    paths = ("news/the-harbour-opens-again", "2026/11/27/x", "news/4711", "?p=4711", "show.php?id=5")
    assert all(looks_like_article(f"https://x.example/{path}") for path in paths)
    paths = (
        "a/harbour-opens-again-2026.jpg",
        "tag/the-harbour-opens-again",
        "author/mira-van-der-berg-12",
        "",
        "about-us",
    )
    assert not [path for path in paths if looks_like_article(f"https://x.example/{path}")]


def test_there_is_no_pattern_where_articles_look_like_everything_else() -> None:
    words = "harbour council market river school garden bridge castle forest museum".split()  # noqa: SIM905
    assert (
        learn_pattern([f"https://x.example/{w}" for w in words[:5]], [f"https://x.example/{w}" for w in words[5:]])
        is None
    )
    assert learn_pattern([], ["https://x.example/about"]) is None


def test_a_zone_has_the_offsets_that_were_seen_in_the_country() -> None:
    seen = [Sighting(WINTER, timedelta(hours=-7)), Sighting(SUMMER, timedelta(hours=-6))]
    assert guess_zone(seen, country="US", country_from="its domain", language="en").name == "America/Denver"
    seen = [Sighting(WINTER, timedelta(hours=2)), Sighting(SUMMER, timedelta(hours=3))]
    guess = guess_zone(seen, country="LB", country_from="its domain", language="ar")
    assert (guess.name, guess.is_certain) == ("Asia/Beirut", True)


def test_a_zone_that_is_said_holds_until_the_dates_contradict() -> None:
    in_beirut = [Sighting(WINTER, timedelta(hours=2)), Sighting(SUMMER, timedelta(hours=3))]
    assert guess_zone(in_beirut, country=None, language="ar", preferred="Asia/Beirut").name == "Asia/Beirut"
    assert guess_zone(in_beirut, country="LB", language="ar", preferred="Asia/Damascus").name == "Asia/Beirut"
    guess = guess_zone([], country=None, language="ar", preferred="Asia/Damascus")
    assert (guess.name, guess.reason) == ("Asia/Damascus", "no date contradicts it")


def test_without_a_country_the_offset_is_kept_and_called_a_guess() -> None:
    guess = guess_zone([Sighting(WINTER, timedelta(hours=3))], country=None, language="ar")
    assert (guess.name, guess.is_certain) == ("Etc/GMT-3", False)
    assert "a guess" in guess.reason


def test_without_dates_the_country_decides_and_without_both_it_is_utc() -> None:
    assert guess_zone([], country="SY", country_from="its domain", language="ar").name == "Asia/Damascus"
    assert guess_zone([], country="US", country_from="its domain", language="en").name == "America/New_York"
    assert guess_zone([], country=None, language="he").name == "Asia/Jerusalem"
    assert guess_zone([], country=None, language="ar").name == "UTC"
    in_utc = [Sighting(WINTER, timedelta())]
    assert guess_zone(in_utc, country="DE", country_from="its domain", language="de").name == "Europe/Berlin"


def test_the_country_is_that_of_the_domain_unless_it_is_sold_everywhere() -> None:
    hosts = {"a.sy": "SY", "www.a.co.uk": "GB", "a.com": None, "a.tv": None, "a.me": None, "127.0.0.1": None}
    assert {host: country_of_host(host) for host in hosts} == hosts


def test_a_printed_time_and_the_time_in_the_feed_give_the_offset() -> None:
    assert offset_between(WINTER + timedelta(hours=3), WINTER) == timedelta(hours=3)
    assert offset_between(WINTER + timedelta(hours=5, minutes=47), WINTER) == timedelta(hours=5, minutes=45)
    assert offset_between(WINTER + timedelta(minutes=7), WINTER) is None
    assert offset_between(WINTER + timedelta(days=2), WINTER) is None


def _found(kind: ChannelKind, numbers: range, *, total: int | None = None, documents: int = 1) -> FoundChannel:
    url = f"https://x.example/{kind}"
    listed = [Candidate(url=f"https://x.example/{n}", channel=kind, channel_url=url) for n in numbers]
    return FoundChannel(
        channel=Channel(kind, url), requested=url, source="test", candidates=listed, total=total, documents=documents
    )


def _kinds(*channels: FoundChannel) -> list[ChannelKind]:
    return [one.found.channel.kind for one in choose(channels).chosen]


def test_the_channels_that_list_most_with_fewest_requests_are_chosen() -> None:
    feed, home = _found("feed", range(20)), _found("section", range(30))
    assert _kinds(home, feed) == ["feed", "section"]
    assert _kinds(_found("section", range(20)), feed) == ["feed"]
    assert _kinds(feed, _found("wordpress", range(100), total=5000)) == ["wordpress"]
    assert _kinds(_found("sitemap", range(20)), feed) == ["feed"]
    assert _kinds(_found("sitemap", range(200)), feed) == ["feed", "sitemap"]
    assert _kinds(_found("sitemap", range(200))) == ["sitemap"]
    assert _kinds(_found("wordpress", range(100), total=500), _found("sitemap", range(400))) == ["wordpress"]


def test_a_large_archive_is_left_to_the_user() -> None:
    choice = choose([_found("feed", range(20)), _found("sitemap", range(3000), total=2_000_000, documents=700)])
    assert [one.found.channel.kind for one in choice.chosen] == ["feed"]
    assert choice.left_out[0][1] == "an archive of about 2,000,000 pages in 700 documents"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.example-daily.com/", "example_daily"),
        ("https://www.bbc.co.uk/", "bbc"),
        ("https://www.bbc.com/arabic", "bbc_arabic"),
        ("https://news.un.org/ar/", "news_un_ar"),
        ("http://127.0.0.1:8000/", "site_127_0_0_1_8000"),
        ("https://24news.example/", "site_24news"),
        ("https://taken.net/", "taken_net"),
        ("https://xn--mgbh0fb.xn--kgbechtv/", "xn_mgbh0fb"),
    ],
)
def test_a_profile_is_named_after_its_host(url: str, name: str) -> None:
    assert profile_name(url, {"taken"}) == name
    assert profile_name("https://taken.net/", {"taken", "taken_net"}) == "taken_net_2"


def test_opml_of_feed_readers_is_read(tmp_path: Path) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text(
        '<?xml version="1.0"?><opml version="2.0"><head><title>t</title></head><body>'
        '<outline text="News"><outline type="rss" text="A" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/>'
        '<outline type="rss" text="B" xmlurl="https://b.example/rss"/></outline>'
        '<outline text="A again" xmlUrl="https://a.example/feed"/><outline text="no feed"/></body></opml>',
        "utf-8",
    )
    assert read_opml(path) == ["https://a.example/feed", "https://b.example/rss"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not XML"),
        ("hello", "is not"),
        ("<html><body>no</body></html>", "is not OPML"),
        ("<opml><body><outline text='x'/></body></opml>", "lists no feed"),
        ("<opml><body>" + "<outline xmlUrl='https://a.example/0'/>" + "</body>", "^$"),
        (
            "<opml><body>"
            + "".join(f"<outline xmlUrl='https://a.example/{n}'/>" for n in range(501))
            + "</body></opml>",
            "at most 500",
        ),
    ],
)
def test_bad_opml_is_refused_in_one_sentence(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text(text, "utf-8")
    if problem == "^$":  # cut off: what can be read is used
        assert read_opml(path) == ["https://a.example/0"]
        return
    with pytest.raises(OpmlError, match=problem):
        read_opml(path)


def test_opml_expands_no_entities(tmp_path: Path) -> None:
    path, secret = tmp_path / "feeds.opml", tmp_path / "secret"
    secret.write_text("https://secret.example/", "utf-8")
    path.write_text(
        f'<!DOCTYPE opml [<!ENTITY x SYSTEM "{secret.as_uri()}">]><opml><body><outline xmlUrl="https://a.example/"/>'
        '<outline text="t">&x;</outline></body></opml>',
        "utf-8",
    )
    assert read_opml(path) == ["https://a.example/"]
    with pytest.raises(OpmlError, match="cannot be read"):
        read_opml(tmp_path / "missing.opml")


def _readable(url: str) -> str:
    from urllib.parse import unquote

    return unquote(url)
