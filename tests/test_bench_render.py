"""The benchmark of rendered pages: all articles of its sites are crawled, and the memory is that of all processes."""

from __future__ import annotations

import sys

import pytest

from bench.render import Crawl, Site, article, crawl, table
from crawler import extract


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_a_plain_crawl_is_measured() -> None:
    measured = crawl(3, plain=True)
    assert (measured.articles, measured.requests) == (3, 5)  # with robots.txt and the feed
    assert 0 < measured.seconds < measured.cpu + 60
    assert measured.memory["all"] == measured.memory["python"] > 30


def test_both_sites_have_the_same_articles() -> None:
    plain, scripts = Site(2, plain=True), Site(2, plain=False)
    page, shell = plain.answer("/2026/1"), scripts.answer("/2026/1")
    assert page
    assert shell
    assert (
        extract(page[1], "https://x.example/2026/1").paragraphs
        == extract(article(1), "https://x.example/2026/1").paragraphs
    )
    assert not extract(shell[1], "https://x.example/2026/1").paragraphs


def test_the_table_is_of_pages_without_the_start() -> None:
    few = Crawl(articles=10, requests=12, seconds=5.0, cpu=4.0, memory={"all": 100.0})
    many = Crawl(articles=60, requests=112, seconds=30.0, cpu=14.0, memory={"all": 300.4, "chrom": 200.0, "node": 50.0})
    row = "| rendered | 0.50 s | 0.20 s | 2.0 | 300 MB: Chromium 200 MB, Playwright 50 MB |"
    assert row in table(60, 1.0, {"rendered": (few, many)}).splitlines()
