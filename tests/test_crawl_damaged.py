"""Channels whose documents are cut off or empty: they are read again the next time."""

from __future__ import annotations

import gzip

from tests.conftest import Workplace
from tests.newssite import NewsSite

NO_PAGES = ("crawl", "local", "-a", "max_articles=0")
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def known(workplace: Workplace) -> int:
    return len(workplace.rows("SELECT id FROM pages"))


def test_a_child_sitemap_that_was_cut_off_is_read_again_although_its_index_dates_it_old(
    site: NewsSite, workplace: Workplace
) -> None:
    entries = "".join(f"<url><loc>{site.url}news/{n}.html</loc></url>" for n in range(400))
    complete = gzip.compress(f'<urlset xmlns="{SITEMAP}">{entries}</urlset>'.encode())
    child = site.put("/child.xml.gz", complete[: len(complete) // 2], "application/gzip")
    entry = f"<sitemap><loc>{child}</loc><lastmod>2026-11-10T00:00:00Z</lastmod></sitemap>"
    index = site.put("/index.xml", f'<sitemapindex xmlns="{SITEMAP}">{entry}</sitemapindex>', "text/xml")
    workplace.site_profile(site, sitemaps=[index], article_url="'/news/'")
    workplace.run(*NO_PAGES)
    assert 0 < known(workplace) < 400
    site.put("/child.xml.gz", complete, "application/gzip")
    workplace.run(*NO_PAGES)
    assert known(workplace) == 400
    before = len(site.seen)
    assert "channels unchanged: 1" in workplace.run(*NO_PAGES).stderr
    assert site.paths()[before:] == ["/index.xml"]


def test_a_feed_that_was_cut_off_is_not_requested_conditionally(site: NewsSite, workplace: Workplace) -> None:
    items = [f"<item><title>{n}</title><link>{site.url}{n}.html</link></item>" for n in range(6)]
    head, tag = '<rss version="2.0"><channel>', {"ETag": '"one"'}
    feed = site.put("/feed.xml", head + "".join(items[:3]) + items[3][:-20], "text/xml", headers=tag)
    workplace.site_profile(site, feeds=[feed])
    workplace.run(*NO_PAGES)
    assert known(workplace) == 3
    site.put("/feed.xml", head + "".join(items) + "</channel></rss>", "text/xml", headers=tag)
    workplace.run(*NO_PAGES)
    assert "if-none-match" not in site.seen[-1].headers
    assert known(workplace) == 6
    workplace.run(*NO_PAGES)
    assert site.seen[-1].headers["if-none-match"] == '"one"'


def test_a_section_page_without_articles_is_still_a_problem_at_the_second_poll(
    site: NewsSite, workplace: Workplace
) -> None:
    section = site.put("/news/", "<html><body><div id=app></div></body></html>")
    workplace.site_profile(site, sections=[section], article_url="'/[0-9]+'")
    workplace.run(*NO_PAGES)
    since = workplace.rows("SELECT failing_since FROM channels WHERE failing_since IS NOT NULL")
    assert len(since) == 1
    assert "No link of the page is an article" in workplace.run(*NO_PAGES).stderr
    assert workplace.rows("SELECT failing_since FROM channels") == since
