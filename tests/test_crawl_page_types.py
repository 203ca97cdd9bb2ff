"""A sitemap that lists more than articles, and a profile without `article_url`."""

from __future__ import annotations

import json

from tests.conftest import Workplace
from tests.newssite import PARAGRAPHS, NewsSite, article_page

LINES = (
    "The {n} boats of the harbour went out before dawn and came back with less than they had hoped for.",
    "A school in district {n} opened its doors after two years of work, and its head spoke to the parents.",
    "Rain filled reservoir {n} within a week, so that the water board lifted the limits for gardens and pools.",
)


def declared_page(title: str, node: dict[str, object], n: int = 0) -> str:
    """A page with a text and a declaration of what it is."""
    script = f"<script type='application/ld+json'>{json.dumps(node)}</script>"
    text = "".join(f"<p>{line.format(n=n)}</p>" for line in LINES)
    return f"<html><head><title>{title}</title>{script}</head><body><h1>{title}</h1>{text}</body></html>"


def sitemap(site: NewsSite, paths: list[str]) -> str:
    urls = "".join(f"<url><loc>{site.url}{path.lstrip('/')}</loc></url>" for path in paths)
    return site.put("/sitemap.xml", f"<urlset>{urls}</urlset>", "text/xml")


def test_products_episodes_and_standing_pages_of_a_sitemap_are_no_articles_and_are_not_requested_again(
    site: NewsSite, workplace: Workplace
) -> None:
    site.put("/shop/net", declared_page("A fishing net", {"@type": "Product", "offers": {"price": "12"}}))
    site.put("/podcast/7", declared_page("Episode 7: the old harbour", {"@type": "PodcastEpisode"}))
    site.put("/who-we-are", declared_page("About us", {"@type": "WebPage"}))
    site.put("/kitchen/soup", declared_page("A soup of three fishes", {"@type": "Recipe"}))
    site.article("/news/pier", "The pier opens again", paragraphs=PARAGRAPHS)
    undated = article_page("The lighthouse is painted red", (LINES[0].format(n=3), LINES[2].format(n=8)))
    site.put("/news/lighthouse", undated.replace("article:published_time", "x"))
    paths = ["/shop/net", "/podcast/7", "/who-we-are", "/kitchen/soup", "/news/pier", "/news/lighthouse"]
    workplace.site_profile(site, sitemaps=[sitemap(site, paths)])
    workplace.run("crawl", "local")
    assert workplace.pages() == {
        **dict.fromkeys(("/shop/net", "/podcast/7", "/who-we-are"), "not_news"),
        **dict.fromkeys(("/kitchen/soup", "/news/pier", "/news/lighthouse"), "new"),
    }
    states = workplace.rows("SELECT DISTINCT state, next_attempt FROM pages WHERE reason = 'not_news'")
    assert states == [{"state": "done", "next_attempt": None}]


def put_products(site: NewsSite, count: int, start: int = 0) -> list[str]:
    paths = [f"/shop/product-number-{n}-of-ours" for n in range(start, start + count)]
    for n, path in enumerate(paths, start):
        node: dict[str, object] = {"@type": "Product", "offers": {"price": str(n)}}
        site.put(path, declared_page(f"Net number {n}", node, n))
    return paths


def put_news(site: NewsSite, count: int, folder: str = "/news", start: int = 0) -> list[str]:
    paths = [f"{folder}/report-number-{n}-from-town" for n in range(start, start + count)]
    for n, path in enumerate(paths, start):
        site.article(path, f"Report {n} from the town", paragraphs=tuple(line.format(n=n) for line in LINES))
    return paths


def requested(site: NewsSite, folder: str, since: int = 0) -> int:
    return sum(path.startswith(folder) for path in site.paths()[since:])


def stored(workplace: Workplace) -> int:
    (row,) = workplace.rows("SELECT count(*) AS n FROM pages WHERE article_id IS NOT NULL")
    return int(row["n"])


def test_pages_whose_urls_look_like_those_of_products_are_set_aside_and_tried_later(
    site: NewsSite, workplace: Workplace
) -> None:
    paths = [*put_products(site, 70), *put_news(site, 12)]
    workplace.site_profile(site, sitemaps=[sitemap(site, paths)])
    first = workplace.run("crawl", "local")
    assert stored(workplace) == 12
    assert requested(site, "/shop/") < 30
    assert "unlikely article" in first.stderr
    before = len(site.seen)
    workplace.run("crawl", "local")
    assert requested(site, "/shop/", before) <= 10, "some of those that were set aside, once a day"
    before = len(site.seen)
    workplace.run("crawl", "local")
    assert requested(site, "/shop/", before) == 0

    # An article moves in where only products were: it is found, and so is all that was set aside.
    sitemap(site, [*paths, *put_news(site, 8, "/shop", 500)])
    before = len(site.seen)
    workplace.run("crawl", "local")
    assert stored(workplace) > 12
    workplace.run("crawl", "local")
    assert stored(workplace) == 20
    assert workplace.rows("SELECT id FROM pages WHERE state = 'set_aside'") == []


def test_a_page_that_was_set_aside_is_requested_once_a_feed_lists_it_or_the_profile_gets_a_pattern(
    site: NewsSite, workplace: Workplace
) -> None:
    paths = put_products(site, 70)
    workplace.site_profile(site, sitemaps=[sitemap(site, paths)])
    workplace.run("crawl", "local")
    (aside, *_, last) = (row["url"] for row in workplace.rows("SELECT url FROM pages WHERE state = 'set_aside'"))
    site.article("/" + aside.split("/", 3)[3], "The net that was an article", paragraphs=PARAGRAPHS)
    workplace.site_profile(site, sitemaps=[site.url + "sitemap.xml"], feeds=[site.feed("/feed.xml", [aside])])
    workplace.run("crawl", "local", "-a", "channel=feed")
    assert stored(workplace) == 1
    workplace.change("UPDATE pages SET state = 'set_aside', outcome = NULL, attempts = 0 WHERE url = ?", last)
    workplace.site_profile(site, sitemaps=[site.url + "sitemap.xml"], article_url="'/shop/'")
    workplace.run("crawl", "local")
    assert workplace.rows("SELECT id FROM pages WHERE state = 'set_aside'") == []
