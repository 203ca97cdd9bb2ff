"""Headers, cookies, user agent, proxy and settings of a profile: what is accepted, and to whom it is sent."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from crawler.fetch.cookies import SiteCookiesMiddleware
from crawler.fetch.site_headers import SiteHeadersMiddleware
from crawler.profile import ProfileError, SiteCookie, SiteProfile
from crawler.profiles import read_profile
from crawler.scrapyext.profile_settings import apply_profile
from crawler.scrapyext.spider_loader import ProfileSpiderLoader
from tests.conftest import Workplace
from tests.newssite import NewsSite, serve

GOOD = 'title = "Daily"\nurl = "https://www.example.org/"\nhosts = ["api.example.net"]\n'
SECRET = "s3cr3t"


def read(folder: Path, more: str) -> SiteProfile:
    path = folder / "daily.toml"
    path.write_text(GOOD + more)
    return read_profile(path)


MISTAKES = [
    ("headers", f'headers = "Authorization: {SECRET}"', "must be a table"),
    ("headers.Authorization", f'headers = {{ Authorization = ["{SECRET}"] }}', "must be a text in quotes"),
    ("headers.X-Key", f'headers = {{ X-Key = "{SECRET}\\n" }}', "has a line break"),
    ("headers.X-Key", f'headers = {{ X-Key = "{SECRET} $" }}', "write $$ for a dollar sign"),
    ("headers.X Key", f'headers = {{ "X Key" = "{SECRET}" }}', "is not a name of a header"),
    ("headers.cookie", f'headers = {{ cookie = "{SECRET}" }}', "cannot be set here: use the key cookies"),
    ("headers.User-Agent", 'headers = { User-Agent = "x" }', "use the key user_agent"),
    ("headers.If-None-Match", 'headers = { If-None-Match = "x" }', "each request has its own"),
    ("headers.x-key", 'headers = { X-Key = "a", x-key = "b" }', "is there twice"),
    ("cookies", f'cookies = "{SECRET}"', "must be true, false, or a table"),
    ("cookies", f'cookies = ["{SECRET}"]', "must be true, false, or a table"),
    ("cookies.a b", f'cookies = {{ "a b" = "{SECRET}" }}', "needs a name"),
    ("cookies.a", f'cookies = {{ a = "{SECRET};" }}', "percent-encode it"),
    ("cookies.a", "cookies = { a = 5 }", "must be a text in quotes"),
    ("cookies.valeu", f'[[cookies]]\nname = "a"\nvaleu = "{SECRET}"', "unknown key; did you mean value?"),
    (
        "cookies.a.host",
        '[[cookies]]\nname = "a"\nvalue = "b"\nhost = "x.example"',
        "is not one of the site's own hosts",
    ),
    ("cookies.a.path", '[[cookies]]\nname = "a"\nvalue = "b"\npath = "x"', "must begin with /"),
    ("cookies", f'cookies = {{ a = "{SECRET * 700}" }}', "are longer than 4000 characters"),
    ("user_agent", "user_agent = 5", "must be a text in quotes"),
    ("user_agent", 'user_agent = "a\\nb"', "has a line break"),
    ("proxy", f'proxy = "socks5://user:{SECRET}@proxy.example:1080"', "must be a URL like http://proxy.example:3128"),
    ("proxy", f'proxy = "http://user:{SECRET}@proxy.example:port"', "must be a URL like"),
    ("settings", 'settings = "x"', "must be a table"),
    ("settings.DOWNLOAD_DELAI", "[settings]\nDOWNLOAD_DELAI = 5", "unknown setting; did you mean DOWNLOAD_DELAY?"),
    ("settings.NEWS_MIN_BODY", "[settings]\nNEWS_MIN_BODY = 5", "did you mean NEWS_MIN_BODY_CHARS?"),
    ("settings.NEWS_MIN_BODY_CHARS", "[settings]\nNEWS_MIN_BODY_CHARS = -5", "must be a whole number"),
    ("settings.NEWS_RESPECT_DIRECTIVES", '[settings]\nNEWS_RESPECT_DIRECTIVES = ["noia"]', "'noia' must be one of"),
    ("settings.NEWS_DB", '[settings]\nNEWS_DB = "x.db"', "concerns all sites; set it in settings.toml"),
    ("settings.NEWS_MIN_INTERVAL", "[settings]\nNEWS_MIN_INTERVAL = 5", "use the key min_interval"),
    ("settings.NEWS_ALLOW_PRIVATE", "[settings]\nNEWS_ALLOW_PRIVATE = true", "use the key allow_private"),
    ("settings.SPIDER_MODULES", '[settings]\nSPIDER_MODULES = ["x"]', "is read before there is a spider"),
    ("settings.TWISTED_REACTOR", '[settings]\nTWISTED_REACTOR = "x"', "a process has it once"),
    ("settings.LOG_LEVEL", '[settings]\nLOG_LEVEL = "INFO"', "a process has it once"),
    ("settings.DOWNLOAD_TIMEOUT", '[settings]\nDOWNLOAD_TIMEOUT = "long"', "must be a number"),
    ("settings.HTTPAUTH_PASS", f'[settings]\nHTTPAUTH_PASS = "{SECRET}$"', "write $$ for a dollar sign"),
    ("settings.COOKIES_ENABLED", '[settings]\nCOOKIES_ENABLED = "no"', "must be true or false"),
    ("settings.COOKIES_ENABLED", 'cookies = { a = "b" }\n[settings]\nCOOKIES_ENABLED = false', "would not be sent"),
    ("settings.ITEM_PIPELINES", '[settings.ITEM_PIPELINES]\n"no.Such" = 1', "no.Such cannot be imported"),
    ("spider", 'spider = "DailySpider"', "must be the full name of a class"),
]


@pytest.mark.parametrize(("key", "text", "way_out"), MISTAKES, ids=lambda value: str(value)[:25])
def test_a_mistake_is_reported_without_a_secret_value(tmp_path: Path, key: str, text: str, way_out: str) -> None:
    with pytest.raises(ProfileError) as caught:
        read(tmp_path, text)
    message = str(caught.value)
    assert message.startswith(f"daily.toml: {key} = ")
    assert way_out in message
    assert SECRET not in message


def test_what_a_user_writes_is_read_and_neither_printed_nor_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOKEN", raising=False)
    profile = read(
        tmp_path,
        f'headers = {{ Authorization = "Bearer $TOKEN", X-Edition = "{SECRET}" }}\n'
        f'cookies = {{ session = "{SECRET}" }}\n'
        f'user_agent = "Daily reader"\nproxy = "http://user:{SECRET}@proxy.example:3128"\n'
        "[settings]\nCLOSESPIDER_TIMEOUT = 60\nNEWS_MIN_BODY_CHARS = 20\nHTTPERROR_ALLOWED_CODES = [404]\n",
    )
    assert profile.headers == {"Authorization": "Bearer $TOKEN", "X-Edition": SECRET}
    assert profile.cookies == (SiteCookie(name="session", value=SECRET),)
    assert SECRET not in repr(profile)
    assert pickle.loads(pickle.dumps(profile)) == profile
    assert profile.missing_variable == (
        "daily.toml: headers.Authorization needs the environment variable TOKEN, which is not set"
    )


def test_a_site_is_not_crawled_without_its_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read(tmp_path, 'user_agent = "Reader ${READER_VERSION}"')
    loader = ProfileSpiderLoader(tmp_path, ["spiders"])
    assert loader.list() == ["daily"]
    with pytest.raises(KeyError, match=r"daily\.toml: user_agent needs the environment variable READER_VERSION, "):
        loader.load("daily")
    monkeypatch.setenv("READER_VERSION", "7")
    assert Crawler(loader.load("daily"), get_project_settings()).settings["USER_AGENT"] == "Reader 7"


def test_a_table_of_settings_adds_and_a_setting_takes_precedence_over_a_key(tmp_path: Path) -> None:
    settings = Settings({"DEFAULT_REQUEST_HEADERS": {"Accept": "text/html"}, "DOWNLOAD_DELAY": 1})
    more = '[settings]\nDOWNLOAD_DELAY = 4\n[settings.DEFAULT_REQUEST_HEADERS]\nAccept-Language = "ar"\n'
    apply_profile(settings, read(tmp_path, f"delay = 3\n{more}"))
    assert dict(settings["DEFAULT_REQUEST_HEADERS"]) == {"Accept": "text/html", "Accept-Language": "ar"}
    assert (settings["DOWNLOAD_DELAY"], settings["AUTOTHROTTLE_START_DELAY"]) == (4, 3)
    settings.set("DOWNLOAD_DELAY", 5, priority="spider")
    assert settings["DOWNLOAD_DELAY"] == 5


class ProfileSpider(Spider):
    """A spider with a profile."""

    name = "daily"
    profile: SiteProfile


def crawler_of(profile: SiteProfile) -> Crawler:
    crawler = Crawler(ProfileSpider, Settings({"COOKIES_ENABLED": True}))
    crawler.spider = ProfileSpider()
    crawler.spider.profile = profile
    return crawler


def sent(profile: SiteProfile, request: Request) -> Request:
    """A request as it passes the middlewares of headers and cookies."""
    crawler = crawler_of(profile)
    SiteHeadersMiddleware.from_crawler(crawler).process_request(request)
    SiteCookiesMiddleware.from_crawler(crawler).process_request(request)
    return request


@pytest.mark.parametrize(
    ("url", "cookie"),
    [
        ("https://www.example.org/a", b"host=2; session=1"),
        ("https://example.org/a", b"session=1"),
        ("https://api.example.net/a", b"session=1"),
        ("https://v2.api.example.net/a", b"session=1"),
        ("https://www.example.org/reader/x", b"path=3; host=2; session=1"),
        ("http://www.example.org/a", None),
        ("https://example.net/a", None),
        ("https://example.org.evil.example/a", None),
    ],
)
def test_headers_and_cookies_are_sent_to_hosts_of_the_site_and_not_without_tls(
    tmp_path: Path, url: str, cookie: bytes | None
) -> None:
    profile = read(
        tmp_path,
        'headers = { X-Key = "k" }\n[[cookies]]\nname = "session"\nvalue = "1"\n'
        '[[cookies]]\nname = "host"\nvalue = "2"\nhost = "www.example.org"\n'
        '[[cookies]]\nname = "path"\nvalue = "3"\npath = "/reader"\nhost = "www.example.org"\n',
    )
    request = sent(profile, Request(url))
    assert request.headers.get("Cookie") == cookie
    assert request.headers.get("X-Key") == (b"k" if cookie else None)
    redirected = sent(profile, request.replace(url="https://elsewhere.example/"))
    assert "X-Key" not in redirected.headers
    assert "Cookie" not in redirected.headers
    assert sent(profile, redirected.replace(url="https://www.example.org/a")).headers["X-Key"] == b"k"


def test_a_header_that_the_spider_sets_itself_stays(tmp_path: Path) -> None:
    profile = read(tmp_path, 'headers = { X-Key = "k" }\nproxy = "http://proxy.example:3128"')
    request = sent(profile, Request("https://www.example.org/", headers={"x-key": "own"}, meta={"proxy": None}))
    assert (request.headers["X-Key"], request.meta["proxy"]) == (b"own", None)


@pytest.fixture
def proxy() -> Iterator[NewsSite]:
    """A proxy, which answers for the paths that are put there: whole URLs."""
    with serve() as newssite:
        yield newssite


def test_a_crawl_through_a_proxy_sends_headers_cookies_and_user_agent_with_every_request(
    proxy: NewsSite, workplace: Workplace
) -> None:
    origin = "http://daily.example"
    page = proxy.article("x", "The north pier").removeprefix(proxy.url)
    answer = proxy.find(page)
    assert answer is not None
    proxy.answer(f"{origin}/a.html", answer)
    proxy.put(f"{origin}/robots.txt", "", "text/plain")
    proxy.put(
        f"{origin}/feed.xml", f"<rss version='2.0'><channel><item><link>{origin}/a.html</link></item></channel></rss>"
    )
    workplace.profile(
        "daily",
        f'title = "Daily"\nurl = "{origin}/"\ndelay = 0\nfeeds = ["{origin}/feed.xml"]\n'
        f'proxy = "http://reader:$PASSWORD@{proxy.url[7:-1]}"\nheaders = {{ X-Key = "${{KEY}}" }}\n'
        'cookies = { session = "$SESSION" }\nuser_agent = "Daily reader"\n',
    )
    workplace.environment |= {"PASSWORD": "p", "KEY": "k", "SESSION": SECRET}
    result = workplace.run("crawl", "daily", "-L", "DEBUG")
    assert (result.returncode, workplace.pages()) == (0, {"/a.html": "new"}), result.stderr
    assert [request.path for request in proxy.seen] == [
        f"{origin}/{name}" for name in ("robots.txt", "feed.xml", "a.html")
    ]
    for request in proxy.seen:
        assert (request.headers["x-key"], request.headers["cookie"]) == ("k", f"session={SECRET}")
        assert (request.headers["user-agent"], request.headers["proxy-authorization"]) == (
            "Daily reader",
            "Basic cmVhZGVyOnA=",
        )
    assert SECRET not in result.stderr
    assert SECRET not in workplace.database.read_bytes().decode("latin-1")


def test_a_site_may_replace_a_cookie_and_too_many_of_its_own_do_not_cost_that_of_the_profile(tmp_path: Path) -> None:
    crawler = crawler_of(read(tmp_path, 'cookies = { session = "1" }'))
    middleware = SiteCookiesMiddleware.from_crawler(crawler)
    url = "https://www.example.org/"

    def next_cookie(*set_by_site: str, **meta: object) -> bytes | None:
        request = Request(url, meta=dict(meta))
        middleware.process_request(request)
        middleware.process_response(request, Response(url, headers={"Set-Cookie": list(set_by_site)}))
        following = Request(url, meta=dict(meta))
        middleware.process_request(following)
        return following.headers.get("Cookie")

    assert next_cookie("session=3; Path=/", cookiejar="host") == b"session=3", "for this host only: not one of each"
    assert next_cookie("session=2; Domain=example.org; Path=/") == b"session=2"
    assert next_cookie("huge=" + "x" * 9000) == b"session=1"
    assert next_cookie(cookiejar="second") == b"session=1"
