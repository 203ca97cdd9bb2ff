"""The sitemaps that a site's robots.txt names."""

from __future__ import annotations

from protego import Protego

from crawler.urls import absolute_url


def sitemaps_of_robots(body: bytes, url: str) -> list[str]:
    """The Sitemap lines of a robots.txt as absolute URLs, each once, in its order."""
    robots = Protego.parse(body.decode("utf-8-sig", "replace"))
    links = (absolute_url(link, url) for link in robots.sitemaps)
    return list(dict.fromkeys(link for link in links if link))
