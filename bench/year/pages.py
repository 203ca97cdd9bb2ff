"""The documents of a made-up site: pages, notices, feed, sitemap."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from html import escape

from bench.year.world import Site, Story, Version

_NUMBER = re.compile(r"/(?:news/(\d+)\.html|\d{4}/\d{2}/story-(\d+)/)$")
ARTICLE_URL = r"/(news/\d+\.html|\d{4}/\d{2}/story-\d+/)$"
"""For profiles."""

SECTION = "/news/"
"""Path of the section page."""

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"

NOTICES = {
    "maintenance": "We are improving this website. Our technicians are working on our servers tonight, and all pages "
    "will be back in a few hours. We apologise to all our readers and thank them for their patience and loyalty.",
    "soft_404": "The page that you are looking for could not be found. It may have been moved or removed by our "
    "editors. Please check the address, use our search or return to the front page to read the latest reports.",
    "login": "Subscribe to continue reading. Sign in with your account or choose one of our offers to get access to "
    "all reports, analyses and commentaries of our newsroom on all of your devices, every day and at any time.",
}


def story_number(path: str) -> int | None:
    """The number of the article that a path belongs to, in either form."""
    found = _NUMBER.search(path)
    return int(found[1] or found[2]) if found else None


def story_at(path: str) -> int | None:
    """The number of the article at exactly this path of a site; None for a garbled address that ends like one."""
    return story_number(path) if _NUMBER.match(path) else None


def story_path(story: Story, *, renamed: bool) -> str:
    """The path of an article."""
    return f"/{story.published:%Y/%m}/story-{story.number}/" if renamed else f"/news/{story.number}.html"


def article_page(site: Site, story: Story, version: Version, url: str, *, dated: datetime, redesigned: bool) -> str:
    """The page of an article, with the three earlier ones beside it."""
    earlier = site.stories[max(story.number - 4, 0) : story.number - 1]
    links = "".join(
        f'<li><a href="{site.prefix}/news/{n.number}.html">{escape(n.versions[0].title)}</a></li>' for n in earlier
    )
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in version.paragraphs)
    title = escape(version.title)
    head = (
        f'<title>{title} | {site.name}</title><link rel="canonical" href="{url}">'
        f'<meta property="article:published_time" content="{dated.isoformat()}">'
        f'<meta property="article:modified_time" content="{version.since.isoformat()}">'
    )
    if redesigned:
        main = (
            f'<div class="layout"><div class="headline"><h1>{title}</h1></div><section class="story-text">{text}'
            f'</section><div class="more-stories"><h4>Related</h4><ul>{links}</ul></div></div>'
        )
    else:
        main = f"<main><article><h1>{title}</h1>{text}</article></main><aside><h3>Latest</h3><ul>{links}</ul></aside>"
    return _document(site, head, main)


def notice_page(site: Site, kind: str) -> str:
    """A page in place of an article."""
    text = NOTICES.get(kind, "")
    body = f"<main><h1>{site.name}</h1><p>{text}</p></main>" if text else '<div id="app"></div>'
    return _document(site, f"<title>{site.name}</title>", body)


def home_page(site: Site, stories: Iterable[Story], now: datetime) -> str:
    """The home page: headlines with the beginnings of the newest articles."""
    teasers = "".join(
        f'<div class="teaser"><h2><a href="{site.prefix}/news/{story.number}.html">{escape(version.title)}</a></h2>'
        f"<p>{escape(version.paragraphs[0])}</p></div>"
        for story in stories
        if (version := story.version(now))
    )
    return _document(site, f"<title>{site.name}</title>", f"<main><h1>{site.name}</h1>{teasers}</main>")


def section_page(site: Site, stories: Iterable[tuple[str, Story]], now: datetime) -> str:
    """A section page: headlines of articles, each with its URL."""
    items = "".join(
        f'<li><h2><a href="{url}">{escape(version.title)}</a></h2></li>'
        for url, story in stories
        if (version := story.version(now))
    )
    return _document(site, f"<title>{site.name}</title>", f"<main><h1>News</h1><ul>{items}</ul></main>")


def feed(site: Site, stories: Iterable[tuple[str, Story, datetime]], now: datetime) -> str:
    """RSS; each article with its URL and the date that the feed gives it."""
    items = "".join(
        f"<item><title>{escape(version.title)}</title><link>{url}</link><guid>{url}</guid>"
        f"<pubDate>{format_datetime(date)}</pubDate></item>"
        for url, story, date in stories
        if (version := story.version(now))
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{site.name}</title>{items}</channel></rss>'


def sitemap(urls: Iterable[tuple[str, datetime]]) -> str:
    """Articles with their dates."""
    entries = "".join(f"<url><loc>{url}</loc><lastmod>{date.isoformat()}</lastmod></url>" for url, date in urls)
    return f'<?xml version="1.0"?><urlset xmlns="{_SITEMAP}">{entries}</urlset>'


def sitemap_index(children: Iterable[tuple[str, datetime | None]]) -> str:
    """The children, with the times at which they changed if these are known."""
    entries = "".join(
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{changed.isoformat()}</lastmod>' if changed else ''}</sitemap>"
        for url, changed in children
    )
    return f'<?xml version="1.0"?><sitemapindex xmlns="{_SITEMAP}">{entries}</sitemapindex>'


def _document(site: Site, head: str, body: str) -> str:
    direction = "rtl" if site.language == "ar" else "ltr"
    return (
        f'<!DOCTYPE html><html lang="{site.language}" dir="{direction}"><head><meta charset="utf-8">{head}</head><body>'
        f'<header><nav><a href="{site.prefix}/">{site.name}</a> <a href="{site.prefix}/news/">News</a></nav></header>'
        f"{body}"
        f"<footer><p>{site.name}, all rights reserved</p></footer></body></html>"
    )
