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
