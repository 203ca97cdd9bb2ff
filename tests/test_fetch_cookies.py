"""Cookies: for the time of one crawl of one site, and for nothing else."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.fetch.cookies import SiteCookiesMiddleware
from crawler.fetch.response import redirects_of
from spiders.news import NewsSpider
from tests.conftest import Workplace
from tests.newssite import Handler, NewsSite, article_page
from tests.test_crawl_again import text_of


def wall_site(site: NewsSite, workplace: Workplace, name: str, **keys: object) -> None:
    """A site that redirects each request without its cookie to a page that sets it and redirects back."""

    def page(handler: Handler) -> None:
        if f"consent={name}" not in handler.headers.get("Cookie", ""):
            handler.redirect(f"/{name}/consent?back={handler.path}")
        else:
            number = int(handler.path[-6])
            handler.reply(article_page(f"{name} {number}", text_of(number + 10 * len(name))))

    def consent(handler: Handler) -> None:
        (back,) = parse_qs(urlsplit(handler.path).query)["back"]
        headers = {"Location": back, "Set-Cookie": f"consent={name}; Path=/; Max-Age=86400"}
        handler.reply("", status=302, headers=headers)

    site.answer(f"/{name}/consent", consent)
    links = [site.answer(f"/{name}/{n}.html", page) for n in range(3)]
    workplace.site_profile(site, name, feeds=[site.feed(f"/{name}.xml", links)], **keys)


def outcomes(workplace: Workplace, name: str) -> list[str]:
    return [row["o"] for row in workplace.rows("SELECT coalesce(reason, outcome) AS o FROM pages WHERE site = ?", name)]


def test_a_wall_that_sets_a_cookie_and_redirects_back_is_passed(site: NewsSite, workplace: Workplace) -> None:
    for name in ("one", "other"):
        wall_site(site, workplace, name)
    wall_site(site, workplace, "without", cookies="false")
    site.put("/robots.txt", "User-agent: *\nAllow: /\n", "text/plain")
    result = workplace.run("due", "-L", "ERROR")
    assert (result.returncode, result.stderr.count("\n")) == (3, 1), result.stderr
    assert result.stderr.startswith("without: "), "all of its pages fail alike, as in an outage"
    assert [outcomes(workplace, name) for name in ("one", "other")] == [["new"] * 3] * 2
    assert outcomes(workplace, "without") == ["redirect_loop"] * 3
    for name in ("one", "other"):
        seen = [seen for seen in site.seen if seen.path.startswith(f"/{name}/")]
        cookies = {seen.headers.get("cookie") for seen in seen}
        assert cookies == {None, f"consent={name}"}, "the two have one host, and each has its own cookies"
    assert all("cookie" not in seen.headers for seen in site.seen if seen.path.startswith("/without"))
    assert workplace.rows("SELECT * FROM url_aliases WHERE url LIKE '%consent%'") == []

    before = len(site.seen)
    workplace.change("UPDATE pages SET recheck_at = '2026-01-01T00:00:00Z'")
    workplace.run("crawl", "one")
    later = site.seen[before:]
    assert "cookie" not in later[0].headers, "no cookie of an earlier crawl"
    assert outcomes(workplace, "one") == ["unchanged"] * 3


def test_a_wall_that_robots_txt_forbids_is_not_requested(site: NewsSite, workplace: Workplace) -> None:
    wall_site(site, workplace, "one")
    site.put("/robots.txt", "User-agent: *\nDisallow: /one/consent\n", "text/plain")
    workplace.run("crawl", "one")
    assert outcomes(workplace, "one") == ["robots"] * 3
    assert not [seen for seen in site.seen if "consent?" in seen.path]


@pytest.fixture
def middleware() -> SiteCookiesMiddleware:
    crawler = Crawler(NewsSpider, {"COOKIES_ENABLED": True})
    crawler.settings.freeze()
    return SiteCookiesMiddleware.from_crawler(crawler)


def sent(middleware: SiteCookiesMiddleware, url: str, **meta: object) -> str | None:
    request = Request(url, meta=meta)
    assert middleware.process_request(request) is None
    value = request.headers.get("Cookie")
    return value.decode() if value is not None else None


def receive(middleware: SiteCookiesMiddleware, url: str, *cookies: str) -> None:
    middleware.process_response(Request(url), Response(url, headers={"Set-Cookie": list(cookies)}))


def test_cookies_go_to_the_hosts_and_paths_that_they_are_for(middleware: SiteCookiesMiddleware) -> None:
    receive(middleware, "https://www.marsad.example/a", "a=1; Domain=marsad.example", "b=2; Path=/b; Secure")
    assert sent(middleware, "https://m.marsad.example/b") == "a=1"
    assert sent(middleware, "https://www.marsad.example/b/c") in ("a=1; b=2", "b=2; a=1")
    assert sent(middleware, "http://www.marsad.example/b/c") == "a=1"
    assert sent(middleware, "https://other.example/b") is None
    assert sent(middleware, "https://www.marsad.example/b/c", dont_merge_cookies=True) is None
    receive(middleware, "https://www.marsad.example/a", "a=1; Domain=marsad.example; Max-Age=0")
    assert sent(middleware, "https://m.marsad.example/b") is None


def test_cookies_that_no_server_would_accept_any_more_are_dropped(middleware: SiteCookiesMiddleware) -> None:
    for number in range(300):
        receive(middleware, "https://marsad.example/", f"visit{number}={'x' * 50}")
        assert len(sent(middleware, "https://marsad.example/") or "") < 16_000
    assert sent(middleware, "https://marsad.example/")


@pytest.mark.parametrize(
    ("urls", "redirects"),
    [
        ([], []),
        (["/old"], ["/old"]),
        (["/page", "/wall"], []),
        (["/page"], []),
        (["/old", "/page", "/wall"], ["/old"]),
        (["/old", "/wall", "/old", "/new"], ["/old", "/new"]),
    ],
)
def test_a_wall_between_two_requests_for_a_page_is_not_a_url_of_the_page(urls: list[str], redirects: list[str]) -> None:
    request = Request("https://a.example/page", meta={"redirect_urls": [f"https://a.example{url}" for url in urls]})
    response = Response("https://a.example/page", request=request)
    assert redirects_of(response) == [f"https://a.example{url}" for url in redirects]
