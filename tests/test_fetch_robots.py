"""robots.txt as one value: rules, crawl delay, sitemaps."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fetch.robots_txt import RobotsTxt

URL = "https://marsad.example/robots.txt"


def test_sitemap_lines_come_absolute_each_once_in_order() -> None:
    body = (
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /admin\nSitemap: https://marsad.example/b.xml\n"
        b"SITEMAP: /a.xml # the older one\n\nsitemap:https://marsad.example/b.xml\nSitemap: ftp://marsad.example/c.xml\n"
        b"Sitemap: http://[::1\nSitemap:\n"
    )
    assert RobotsTxt.parse(body, URL).sitemaps == ("https://marsad.example/b.xml", "https://marsad.example/a.xml")


def test_a_page_in_place_of_robots_txt_has_no_rules_and_no_sitemaps() -> None:
    for body in (b"<html><body>Not found</body></html>", b""):
        robots_txt = RobotsTxt.parse(body, URL)
        assert robots_txt.sitemaps == ()
        assert robots_txt.allows("https://marsad.example/a", "Rasid")
        assert robots_txt.crawl_delay("Rasid") is None


def test_the_group_of_our_user_agent_holds_for_us_and_the_one_of_all_for_the_others() -> None:
    body = (
        b"User-agent: *\nDisallow: /\nCrawl-delay: 10\n\n"
        b"User-agent: rasid\nDisallow: /private/\nAllow: /private/news/\nCrawl-delay: 2\n"
    )
    robots_txt = RobotsTxt.parse(body, URL)
    allowed = {
        p: robots_txt.allows(f"https://marsad.example{p}", "Rasid") for p in ("/a", "/private/b", "/private/news/c")
    }
    assert allowed == {"/a": True, "/private/b": False, "/private/news/c": True}
    assert not robots_txt.allows("https://marsad.example/a", "Otherbot")
    assert (robots_txt.crawl_delay("Rasid"), robots_txt.crawl_delay("Otherbot")) == (2.0, 10.0)


@given(
    body=st.binary(max_size=300)
    | st.text(max_size=100).map(lambda text: f"Sitemap: {text}\nCrawl-delay: {text}".encode())
)
@settings(max_examples=200, deadline=None)
def test_no_robots_file_raises(body: bytes) -> None:
    robots_txt = RobotsTxt.parse(body, URL)
    assert all(link.startswith(("http://", "https://")) for link in robots_txt.sitemaps)
    assert isinstance(robots_txt.allows(URL, "Rasid"), bool)
