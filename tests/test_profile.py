"""Site profiles: what is accepted, what is rejected and with which message, and a site at another origin."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path
from urllib.parse import quote

import pytest
from lxml import html

from crawler.profile import CHANNEL_KEYS, Channel, ProfileError, SiteProfile
from crawler.profiles import read_profile, read_profiles

PROJECT = Path(__file__).resolve().parent.parent
SHIPPED = sorted([*(PROJECT / "sites").glob("*.toml"), *(PROJECT / "demo" / "sites").glob("*.toml")])
GOOD = 'title = "المثال"\nurl = "https://www.example.org/"\n'
SLUG = "/قمة-أستانا-بشأن-سوريا/"


def write(folder: Path, text: str | bytes, name: str = "example") -> Path:
    path = folder / f"{name}.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, more: str) -> SiteProfile:
    return read_profile(write(folder, GOOD + more))


MISTAKES = [
    # key, value in the message, rest of the message, profile
    (
        "langage",
        "'ar'",
        "unknown key; did you mean language?",
        GOOD + 'langage = "ar"',
    ),
    ("moved_to", "'x'", "unknown key", GOOD + 'moved_to = "x"'),
    ("name", "'x'", "unknown key", GOOD + 'name = "x"'),
    ("title", "None", "is missing; every profile needs title and url", 'url = "https://example.org/"'),
    ("title", "'  '", "is missing", 'title = "  "\nurl = "https://example.org/"'),
    ("title", "5", "must be a text in quotes", 'title = 5\nurl = "https://example.org/"'),
    ("url", "None", "is missing; every profile needs title and url", 'title = "x"'),
    ("url", "'example.org'", "must be an absolute http or https URL", 'title = "x"\nurl = "example.org"'),
    ("url", "'ftp://example.org/'", "must be an absolute http or https URL", 'title = "x"\nurl = "ftp://example.org/"'),
    ("language", "'arabic'", "ISO 639-1, like ar or en", GOOD + 'language = "arabic"'),
    ("language", "'AR'", "ISO 639-1, like ar or en", GOOD + 'language = "AR"'),
    ("language", "['ar']", "must be a text in quotes", GOOD + 'language = ["ar"]'),
    ("timezone", "'Damascus'", "like Asia/Damascus", GOOD + 'timezone = "Damascus"'),
    ("timezone", "'Asia'", "like Asia/Damascus", GOOD + 'timezone = "Asia"'),
    ("timezone", "'../../etc/passwd'", "like Asia/Damascus", GOOD + 'timezone = "../../etc/passwd"'),
    ("timezone", "3", "must be a text in quotes", GOOD + "timezone = 3"),
    ("enabled", "1", "must be a true or false", GOOD + "enabled = 1"),
    ("enabled", "'no'", "must be a true or false", GOOD + 'enabled = "no"'),
    (
        "hosts",
        "'https://feeds.example.net/'",
        "must be a host name in lower case",
        GOOD + 'hosts = ["https://feeds.example.net/"]',
    ),
    ("hosts", "'feeds.example.net:80'", "must be a host name in lower case", GOOD + 'hosts = ["feeds.example.net:80"]'),
    ("hosts", "'Feeds.example.net'", "lower case", GOOD + 'hosts = ["Feeds.example.net"]'),
    ("hosts", "''", "must be a host name in lower case", GOOD + 'hosts = [""]'),
    ("hosts", "7", "must be a host name in lower case", GOOD + "hosts = [7]"),
    ("hosts", "'feeds.example.net'", "must be a list in square brackets", GOOD + 'hosts = "feeds.example.net"'),
    ("feeds", "'https://example.org/feed'", "must be a list", GOOD + 'feeds = "https://example.org/feed"'),
    ("feeds", "'/feed'", "must be an absolute http or https URL", GOOD + 'feeds = ["/feed"]'),
    ("feeds", "5", "must be an absolute http or https URL", GOOD + "feeds = [5]"),
    (
        "feeds",
        "'https://feeds.example.net/rss'",
        "is not on the site's own hosts; if it belongs to the site, add hosts = ['feeds.example.net']",
        GOOD + 'feeds = ["https://feeds.example.net/rss"]',
    ),
    (
        "sitemaps",
        "'https://evilexample.org/'",
        "not on the site's own",
        GOOD + 'sitemaps = ["https://evilexample.org/"]',
    ),
    ("sections", "['https://example.org/news']", "add article_url", GOOD + 'sections = ["https://example.org/news"]'),
    ("article_url", r"'/\\d+('", "is not a valid regular expression: missing )", GOOD + r"article_url = '/\d+('"),
    ("article_url", "'a{99999999999}'", "is not a valid regular expression", GOOD + "article_url = 'a{99999999999}'"),
    ("article_url", "'((((", "is not a valid regular expression", GOOD + f"article_url = '{'(' * 20_000}'"),
    ("article_url", "['/a']", "must be a text in quotes", GOOD + "article_url = ['/a']"),
    ("delay", "-1", "must be a number of seconds from 0 to 600", GOOD + "delay = -1"),
    ("delay", "601", "must be a number of seconds from 0 to 600", GOOD + "delay = 601"),
    ("delay", "nan", "must be a number of seconds", GOOD + "delay = nan"),
    ("delay", "inf", "must be a number of seconds", GOOD + "delay = inf"),
    ("delay", "True", "must be a number of seconds", GOOD + "delay = true"),
    ("delay", "'1'", "must be a number of seconds", GOOD + 'delay = "1"'),
    ("selectors", "'p'", "must be a table", GOOD + 'selectors = "p"'),
    ("selectors.text", "'p'", "the keys are body, title", GOOD + '[selectors]\ntext = "p"'),
    ("selectors.body", "'p['", "is not a valid CSS selector", GOOD + '[selectors]\nbody = "p["'),
    ("selectors.body", "''", "is not a valid CSS selector", GOOD + '[selectors]\nbody = ""'),
    ("selectors.body", "'p::text'", "is not a valid CSS selector", GOOD + '[selectors]\nbody = "p::text"'),
    ("selectors.body", "5", "is not a valid CSS selector", GOOD + "[selectors]\nbody = 5"),
    ("selectors.remove", "['p']", "is not a valid CSS selector", GOOD + '[selectors]\nremove = ["p"]'),
    (
        "selectors.body",
        "':is(",
        "is not a valid CSS selector",
        GOOD + f"[selectors]\nbody = '{':is(' * 3000}a{')' * 3000}'",
    ),
]


@pytest.mark.parametrize(("key", "value", "way_out", "text"), MISTAKES, ids=lambda value: str(value)[:30])
def test_a_mistake_is_reported_with_file_key_value_and_way_out(
    tmp_path: Path, key: str, value: str, way_out: str, text: str
) -> None:
    with pytest.raises(ProfileError) as caught:
        read_profile(write(tmp_path, text))
    message = str(caught.value)
    assert message.startswith(f"example.toml: {key} = {value}")
    assert way_out in message


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (GOOD.encode("cp1256"), "it must be a UTF-8 text file"),
        (b"\xff\xfe\x00", "it must be a UTF-8 text file"),
        (GOOD + "feeds = [", "not valid TOML"),
        (GOOD + GOOD, "not valid TOML"),
        ("<html>", "not valid TOML"),
        (GOOD + "feeds = " + "[" * 50_000, "not valid TOML"),
        (GOOD + "delay = " + "1" * 5000, "not valid TOML"),
    ],
)
def test_a_file_that_is_not_toml_is_reported_by_name(tmp_path: Path, text: str | bytes, what: str) -> None:
    with pytest.raises(ProfileError, match=rf"^example\.toml: .*{what}"):
        read_profile(write(tmp_path, text))


@pytest.mark.parametrize("name", ["Example", "my-site", "1st", "موقع", "a.b", "_a", "a b"])
def test_a_file_name_that_is_not_a_spider_name_is_reported(tmp_path: Path, name: str) -> None:
    with pytest.raises(ProfileError, match=r"file name = .*must consist of lower-case letters, digits and underscores"):
        read_profile(write(tmp_path, GOOD, name))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('render = "articels"', "render = 'articels': must be true, false, or one of 'channels', 'articles', 'auto'"),
        ("render = 1", "render = 1: must be true, false, or one of"),
        (
            'render = "channels"',
            "render = 'channels': there are no sections; feeds, sitemaps and APIs are never rendered",
        ),
    ],
)
def test_what_is_rendered_is_one_of_three(tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "daily.toml"
    path.write_text(f'title = "Daily"\nurl = "https://daily.example/"\n{line}\n', "utf-8")
    with pytest.raises(ProfileError, match=re.escape(problem)):
        read_profile(path)


@pytest.mark.parametrize(("line", "order"), [('dates = "mdy"', "mdy"), ('dates = "dmy"', "dmy"), ("", None)])
def test_the_order_of_a_sites_dates_is_read(tmp_path: Path, line: str, order: str | None) -> None:
    path = tmp_path / "daily.toml"
    path.write_text(f'title = "Daily"\nurl = "https://daily.example/"\n{line}\n', "utf-8")
    assert read_profile(path).dates == order


@pytest.mark.parametrize("value", ['"ymd"', '"MDY"', "1", "[]"])
def test_another_order_of_dates_is_refused(tmp_path: Path, value: str) -> None:
    path = tmp_path / "daily.toml"
    path.write_text(f'title = "Daily"\nurl = "https://daily.example/"\ndates = {value}\n', "utf-8")
    with pytest.raises(ProfileError, match="must be 'dmy' or 'mdy': the order of day and month"):
        read_profile(path)


def test_a_missing_file_and_a_folder_are_reported(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    for name in ("missing.toml", "folder.toml"):
        with pytest.raises(ProfileError, match=f"^{name}: cannot be read"):
            read_profile(tmp_path / name)


def test_a_broken_profile_costs_only_its_own_site(tmp_path: Path) -> None:
    for number, (*_, text) in enumerate(MISTAKES):
        write(tmp_path, text, f"broken{number}")
    write(tmp_path, b"\xff", "bytes")
    write(tmp_path, GOOD, "No")
    write(tmp_path, GOOD, "good")
    write(tmp_path, "no profile", "notes").rename(tmp_path / "notes.txt")
    good, broken = read_profiles(tmp_path)
    assert list(good) == ["good"]
    assert len(broken) == len(MISTAKES) + 2
    assert all(problem.startswith(f"{name}.toml: ") for name, problem in broken.items())


def test_a_folder_without_profiles_has_none(tmp_path: Path) -> None:
    assert read_profiles(tmp_path) == ({}, {})
    assert read_profiles(tmp_path / "missing") == ({}, {})


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_profile_is_valid_and_has_channels(path: Path) -> None:
    profile = read_profile(path)
    assert profile.name == path.stem
    assert profile.channels()
    assert profile.article_url is not None
    assert not profile.is_article_url(profile.home)


def test_profiles_are_shipped() -> None:
    assert len(SHIPPED) >= 13


def test_all_that_a_profile_says_is_read(tmp_path: Path) -> None:
    profile = read(
        tmp_path,
        'language = "ar"\ntimezone = "Asia/Damascus"\nenabled = false\nhosts = ["feeds.example.net"]\n'
        'feeds = ["https://feeds.example.net/rss#x"]\nsitemaps = ["https://example.org/s.xml"]\ndelay = 2\n'
        "article_url = '/\\d+$'\n[selectors]\nbody = \"div.text > p\"\n",
    )
    assert (profile.name, profile.title, profile.url) == ("example", "المثال", "https://www.example.org/")
    assert (profile.language, profile.timezone, profile.enabled) == ("ar", "Asia/Damascus", False)
    assert profile.feeds == ("https://feeds.example.net/rss",)
    assert profile.delay == 2.0
    assert profile.selectors["body"].startswith("descendant-or-self::div[")
    assert profile.article_url is not None
    assert profile.own_hosts == {"example.org", "feeds.example.net"}


def test_a_selector_keeps_the_case_of_class_names_and_ids(tmp_path: Path) -> None:
    selectors = read(tmp_path, "[selectors]\nbody = 'div.storyBody'\nremove = '#adTop'\n").selectors
    tree = html.fromstring(
        "<section><div class='storyBody'>a</div><div class='storybody'>b</div><p id='adTop'>c</p></section>"
    )
    shown = {key: [str(element.text) for element in tree.xpath(path)] for key, path in selectors.items()}
    assert shown == {"body": ["a"], "remove": ["c"]}


def test_what_a_profile_does_not_say_has_a_safe_default(tmp_path: Path) -> None:
    profile = read(tmp_path, "")
    assert (profile.language, profile.timezone, profile.enabled, profile.delay) == (None, "UTC", True, None)
    assert profile.channels() == []
    assert profile.robots_url == "https://www.example.org/robots.txt"


def test_a_profile_that_notepad_wrote_is_read(tmp_path: Path) -> None:
    assert read_profile(write(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())).title == "المثال"


def test_channels_are_ordered_by_kind_and_selected_by_kind(tmp_path: Path) -> None:
    lines = [f'{key} = ["https://example.org/{key}"]' for key in reversed(CHANNEL_KEYS)]
    profile = read(tmp_path, "\n".join([*lines, "article_url = 'x'"]))
    assert [channel.kind for channel in profile.channels()] == list(CHANNEL_KEYS.values())
    assert profile.channels("section") == [Channel("section", "https://example.org/sections")]


def test_every_key_that_may_be_written_is_a_field(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        read(tmp_path, "nothing = 1")
    keys = str(caught.value).partition("the keys are ")[2].split(", ")
    assert keys == sorted({field.name for field in fields(SiteProfile)} - {"name", "moved_to"})
    assert all(key in keys for path in SHIPPED for key in tomllib.loads(path.read_text("utf-8")))


# -- own hosts -------------------------------------------------------------------------------------------------------


def test_only_subdomains_and_listed_hosts_are_the_sites_own(tmp_path: Path) -> None:
    profile = read(tmp_path, 'hosts = ["feeds.example.net"]')
    for url in (
        "https://example.org/",
        "http://www.example.org/a",
        "https://ar.example.org/a",
        "https://feeds.example.net/",
    ):
        assert profile.owns(url), url
    for url in (
        "https://example.net/",
        "https://example.org.evil.example/",
        "https://example.org@evil.example/",
        "http://[",
    ):
        assert not profile.owns(url), url


def test_a_site_with_an_international_host_owns_the_requested_url(tmp_path: Path) -> None:
    text = 'title = "x"\nurl = "https://مثال.إختبار/"\nhosts = ["صور.إختبار"]\nfeeds = ["https://صور.إختبار/feed"]'
    profile = read_profile(write(tmp_path, text))
    assert profile.owns("https://xn--mgbh0fb.xn--kgbechtv/a")
    assert profile.owns("https://مثال.إختبار/a")
    assert profile.owns(f"https://{'صور'.encode('idna').decode()}.xn--kgbechtv/a")


# -- URLs of articles ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pattern", ["/قمة-أستانا-[^/]+/$", "^https://www\\.example\\.org/[^/]+-[^/]+/$", "%D9%82%D9%85%D8%A9-"]
)
@pytest.mark.parametrize("path", [SLUG, quote(SLUG)])
def test_a_pattern_is_searched_in_the_readable_and_the_encoded_url(tmp_path: Path, pattern: str, path: str) -> None:
    profile = read(tmp_path, f"article_url = '{pattern}'")
    encoded_alone = "%" in pattern and path == SLUG
    assert profile.is_article_url("https://www.example.org" + path) is not encoded_alone
    assert not profile.is_article_url("https://www.example.org/about/")


def test_without_a_pattern_every_page_of_the_site_but_its_home_may_be_an_article(tmp_path: Path) -> None:
    profile = read(tmp_path, "")
    assert profile.is_article_url("https://www.example.org/a")
    assert profile.is_article_url("https://ar.example.org/a")
    assert not profile.is_article_url("https://www.example.org/")
    assert not profile.is_article_url("https://www.example.org?ref=1")
    assert not profile.is_article_url("https://example.net/a")


# -- the same site at another origin ---------------------------------------------------------------------------------


def test_a_moved_site_asks_its_channels_there(tmp_path: Path) -> None:
    profile = read(
        tmp_path,
        'hosts = ["feeds.example.net"]\nfeeds = ["https://feeds.example.net/rss?a=1"]\n'
        'sitemaps = ["https://www.example.org/s.xml"]',
    ).at("HTTP://127.0.0.1:8000/ignored?x#y")
    assert [channel.url for channel in profile.channels()] == [
        "http://127.0.0.1:8000/rss?a=1",
        "http://127.0.0.1:8000/s.xml",
    ]
    assert profile.home == "http://127.0.0.1:8000/"
    assert profile.robots_url == "http://127.0.0.1:8000/robots.txt"
    assert profile.own_hosts == {"127.0.0.1"}


def test_a_moved_site_owns_only_its_new_origin(tmp_path: Path) -> None:
    profile = read(tmp_path, "").at("http://127.0.0.1:8000/")
    assert profile.owns("http://127.0.0.1:8000/a")
    for url in (
        "http://127.0.0.1:8001/a",
        "https://127.0.0.1:8000/a",
        "https://www.example.org/a",
        "http://127.0.0.1/",
    ):
        assert not profile.owns(url), url
    assert profile.here("https://ar.example.org:8443/a?b=1") == "http://127.0.0.1:8000/a?b=1"
    assert profile.here("https://example.net/a") == "https://example.net/a"
    assert profile.here("http://127.0.0.1:8000/a") == "http://127.0.0.1:8000/a"


@pytest.mark.parametrize("path", [SLUG, quote(SLUG)])
@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000/", "http://127.0.0.1:8000", "http://localhost/", "http://[::1]:80/"]
)
def test_the_pattern_of_a_moved_site_is_searched_in_its_original_url(tmp_path: Path, path: str, address: str) -> None:
    real = read(tmp_path, "article_url = '^https://www\\.example\\.org/[^/]+-[^/]+/$'")
    moved = real.at(address)
    assert real.is_article_url(real.here("https://www.example.org" + path))
    assert moved.is_article_url(moved.here("https://www.example.org" + path))
    assert not moved.is_article_url(moved.here("https://www.example.org/"))
    assert not moved.is_article_url("https://example.net" + path)


def test_a_moved_site_without_a_pattern_still_knows_its_home(tmp_path: Path) -> None:
    moved = read(tmp_path, "").at("http://127.0.0.1:8000/")
    assert not moved.is_article_url("http://127.0.0.1:8000/")
    assert moved.is_article_url("http://127.0.0.1:8000/a")


def test_a_site_can_be_moved_on(tmp_path: Path) -> None:
    profile = read(tmp_path, "").at("http://127.0.0.1:8000/").at("http://127.0.0.1:9000/")
    assert profile.here("https://www.example.org/a") == "http://127.0.0.1:9000/a"


@pytest.mark.parametrize(
    "address", ["", "127.0.0.1:8000", "localhost:8000", "ftp://127.0.0.1/", "http://", "http://[", "/x"]
)
def test_an_invalid_url_is_reported(tmp_path: Path, address: str) -> None:
    with pytest.raises(ProfileError, match="is not an http or https URL; write it like"):
        read(tmp_path, "").at(address)


def test_asking_a_moved_site_for_a_hostile_url_raises_nothing(tmp_path: Path) -> None:
    for profile in (read(tmp_path, ""), read(tmp_path, "").at("http://127.0.0.1:8000/")):
        for url in ("http://[", "http://[::1", "", "http://h:x/", "http://\u2100/"):
            assert not profile.owns(profile.here(url))
            assert not profile.is_article_url(url)
