"""The documents that list a site's articles: RSS and Atom feeds, sitemaps, the Google News sitemap, robots.txt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from demo.content import REFERENCE, Story
from demo.markup import PointerHtml, body_html, excerpt
from demo.served_site import ServedSite

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
RSS_ITEMS = 10  # WordPress: "Syndication feeds show the most recent 10 items"


def rss(served: ServedSite, pointer_html: PointerHtml) -> str:
    """RSS 2.0 as WordPress writes it: the newest articles, with dc:creator, categories and the whole content."""
    items = "\n".join(_rss_item(served, story, pointer_html) for story in served.stories()[:RSS_ITEMS])
    newest = format_datetime(served.stories()[0].changed)
    return f"""{_XML}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>{escape(served.site.title)}</title><link>{served.url("/")}</link>
<atom:link href="{served.url("/feed/")}" rel="self" type="application/rss+xml" />
<description>{escape(served.site.tagline)}</description><lastBuildDate>{newest}</lastBuildDate><language>ar</language>
{items}
</channel></rss>
"""


def _rss_item(served: ServedSite, story: Story, pointer_html: PointerHtml) -> str:
    terms = [served.site.sections[story.section], *story.tags]
    categories = "".join(f"<category>{_cdata(term)}</category>" for term in terms)
    creator = story.authors[0] if story.authors else served.site.title
    return f"""<item><title>{escape(story.title)}</title><link>{escape(_feed_url(served, story))}</link>
<dc:creator>{_cdata(creator)}</dc:creator><pubDate>{format_datetime(story.published)}</pubDate>{categories}
<guid isPermaLink="false">{served.url("/")}?p={story.number}</guid>
<description>{_cdata(excerpt(story))}</description>
<content:encoded>{_cdata(body_html(served, story, pointer_html))}</content:encoded></item>"""


def _feed_url(served: ServedSite, story: Story) -> str:
    """The article as the feed links it: some feeds add tracking parameters, some link a URL that redirects."""
    tracking = "utm_source=feed&utm_medium=rss&utm_campaign=newest"
    if story.feed_link == "redirect":
        return served.url("/") + f"?p={story.number}&{tracking}"
    return served.story_url(story) + (f"?{tracking}" if story.feed_link == "tracking" else "")


def atom(served: ServedSite) -> str:
    """An Atom feed of all articles."""
    entries = "\n".join(_atom_entry(served, story) for story in served.stories())
    updated = max(story.changed for story in served.stories())
    return f"""{_XML}<feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(served.site.title)}</title>
<id>{served.url("/")}</id><link rel="self" href="{served.url("/feed.atom")}" /><link href="{served.url("/")}" />
<updated>{_second(updated)}</updated>
{entries}
</feed>
"""


def _atom_entry(served: ServedSite, story: Story) -> str:
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in story.authors)
    return f"""<entry xml:lang="{story.language}"><title>{escape(story.title)}</title>
<id>tag:{served.site.name}.example,2026:{story.number}</id>
<link rel="alternate" type="text/html" hreflang="{story.language}" href="{escape(_feed_url(served, story))}" />
<published>{_second(story.published)}</published><updated>{_second(story.changed)}</updated>{authors}
<category term="{escape(story.section)}" label="{escape(served.site.sections[story.section])}" />
<summary>{escape(excerpt(story))}</summary></entry>"""


def sitemap(pages: Iterable[tuple[str, datetime | None]]) -> str:
    """A sitemap of URLs with the moments of their last change, where known."""
    rows = "\n".join(
        f"<url><loc>{escape(url)}</loc>{f'<lastmod>{_second(changed)}</lastmod>' if changed else ''}</url>"
        for url, changed in pages
    )
    return f'{_XML}<urlset xmlns="{_SITEMAP}">\n{rows}\n</urlset>\n'


def sitemap_index(urls: Iterable[str]) -> str:
    """A sitemap of sitemaps."""
    rows = "\n".join(f"<sitemap><loc>{escape(url)}</loc></sitemap>" for url in urls)
    return f'{_XML}<sitemapindex xmlns="{_SITEMAP}">\n{rows}\n</sitemapindex>\n'


def news_sitemap(served: ServedSite) -> str:
    """A Google News sitemap: the articles of the two days before the demo's present, as Google's rules require."""
    recent = [story for story in served.stories() if REFERENCE - story.published <= timedelta(days=2)]
    rows = "\n".join(
        f"""<url><loc>{escape(served.story_url(story))}</loc><news:news><news:publication>
<news:name>{escape(served.site.title)}</news:name><news:language>{story.language}</news:language></news:publication>
<news:publication_date>{_second(served.local(story.published))}</news:publication_date>
<news:title>{escape(story.title)}</news:title></news:news></url>"""
        for story in recent
    )
    space = "http://www.google.com/schemas/sitemap-news/0.9"
    return f'{_XML}<urlset xmlns="{_SITEMAP}" xmlns:news="{space}">\n{rows}\n</urlset>\n'


def robots(served: ServedSite, sitemap_path: str, *, closed: str) -> str:
    """robots.txt: everything is allowed except one folder."""
    return f"User-agent: *\nDisallow: {closed}\n\nSitemap: {served.url(sitemap_path)}\n"


def _second(moment: datetime) -> str:
    """RFC 3339 to the second."""
    return moment.isoformat(timespec="seconds")


def _cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
