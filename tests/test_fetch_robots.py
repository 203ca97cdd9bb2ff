"""robots.txt as one value: rules, crawl delay, sitemaps."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fetch.robots_txt import RobotsTxt
from crawler.rights.robots_lines import MAX_BYTES

URL = "https://marsad.example/robots.txt"


def test_sitemap_lines_come_absolute_each_once_in_order() -> None:
    body = (
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /admin\nSitemap: https://marsad.example/b.xml\n"
        b"SITEMAP: /a.xml # the older one\n\nsitemap:https://marsad.example/b.xml\nSitemap: ftp://marsad.example/c.xml\n"
        b"Sitemap: http://[::1\nSitemap:\nSite map: /d.xml\n"
    )
    links = RobotsTxt.parse(body, URL).sitemaps
    assert links == tuple(f"https://marsad.example/{name}.xml" for name in "bad")


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


@pytest.mark.parametrize("name", ["Rasid/0.1", "rasid/2", "RASID ", "Rasid (news crawler)", "Rasid, Otherbot"])
def test_a_group_is_ours_by_its_product_token(name: str) -> None:
    robots_txt = RobotsTxt.parse(f"User-agent: {name} # ours\nDisallow: /private/\n".encode(), URL)
    assert not robots_txt.allows("https://marsad.example/private/a", "Rasid")
    assert robots_txt.allows("https://marsad.example/private/a", "Otherbot")


@pytest.mark.parametrize("name", ["Rasidbot", "Rasid2", "rasid-images", "Not-Rasid"])
def test_a_group_with_a_longer_name_is_not_ours(name: str) -> None:
    robots_txt = RobotsTxt.parse(f"User-agent: {name}\nDisallow: /\n".encode(), URL)
    assert robots_txt.allows("https://marsad.example/a", "Rasid")


@pytest.mark.parametrize("line", ["Sitemap: /a.xml", "LLM-Policy: /llms.txt", "Last updated: today", "", "# names"])
def test_a_line_of_another_standard_does_not_end_the_names_of_a_group(line: str) -> None:
    body = f"User-agent: Rasid\r\n{line}\r\nUser-agent: Otherbot\r\nDisallow: /\r\n".encode()
    assert not RobotsTxt.parse(body, URL).allows("https://marsad.example/a", "Rasid")


@pytest.mark.parametrize("line", ["Crawl-delay: 5", "Content-Usage: train-ai=n", "Noindex: /a", "Disallow:"])
def test_a_rule_ends_the_names_of_a_group(line: str) -> None:
    body = f"User-agent: *\n{line}\n\nUser-agent: Otherbot\nDisallow: /\n".encode()
    robots_txt = RobotsTxt.parse(body, URL)
    assert robots_txt.allows("https://marsad.example/a", "Rasid")
    assert not robots_txt.allows("https://marsad.example/a", "Otherbot")


def test_rules_without_colons_and_with_typing_errors_hold() -> None:
    body = (
        b"User-agent *\nDissalow: /a\nDisallow /b\nSitemap https://marsad.example/s.xml\n"
        b"Site map: https://marsad.example/t.xml\n"
    )
    robots_txt = RobotsTxt.parse(body, URL)
    assert [robots_txt.allows(f"https://marsad.example{path}", "Rasid") for path in ("/a", "/b", "/c")] == [0, 0, 1]
    assert robots_txt.sitemaps == ("https://marsad.example/s.xml", "https://marsad.example/t.xml")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_neither_line_ends_nor_a_byte_order_mark_hide_the_rules(end: str, encoding: str) -> None:
    body = end.join(("User-agent: Rasid/1.0", "Disallow: /", "")).encode(encoding)
    assert not RobotsTxt.parse(body, URL).allows("https://marsad.example/a", "Rasid")


def test_rules_count_up_to_500_kibibytes_and_half_a_rule_does_not() -> None:
    start = b"User-agent: *\nDisallow: /first\n"
    rule = b"Disallow: /last/private\n"
    padding = b"#" * (MAX_BYTES - len(start) - len(rule) - 2) + b"\n"
    whole = start + padding + rule
    assert len(whole) < MAX_BYTES
    for body, allowed in ((whole, [False, False, True]), (start + b"#" * 10 + padding + rule, [False, True, True])):
        robots_txt = RobotsTxt.parse(body, URL)
        paths = ("/first", "/last/private", "/last/open")
        assert [robots_txt.allows(f"https://marsad.example{path}", "Rasid") for path in paths] == allowed
