"""Discover the sitemaps that robots.txt names."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discover import sitemaps_of_robots

URL = "https://marsad.example/robots.txt"


def test_sitemap_lines_come_absolute_each_once_in_order() -> None:
    body = (
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /admin\nSitemap: https://marsad.example/b.xml\n"
        b"SITEMAP: /a.xml # the older one\n\nsitemap:https://marsad.example/b.xml\nSitemap: ftp://marsad.example/c.xml\n"
        b"Sitemap: http://[::1\nSitemap:\n"
    )
    assert sitemaps_of_robots(body, URL) == ["https://marsad.example/b.xml", "https://marsad.example/a.xml"]


def test_a_page_instead_of_robots_names_no_sitemap() -> None:
    assert sitemaps_of_robots(b"<html><body>Not found</body></html>", URL) == []
    assert sitemaps_of_robots(b"", URL) == []


@given(
    body=st.binary(max_size=300)
    | st.text(max_size=100).map(lambda text: f"Sitemap: {text}\nCrawl-delay: {text}".encode())
)
@settings(max_examples=200, deadline=None)
def test_no_robots_file_raises(body: bytes) -> None:
    assert all(link.startswith(("http://", "https://")) for link in sitemaps_of_robots(body, URL))
