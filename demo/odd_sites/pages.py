"""Pages and channels of the odd sites."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from html import escape
from urllib.parse import quote

from demo.odd_sites.text import OddArticle

Headers = dict[str, str]
HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Reply:
    """The response to one request."""

    body: str | bytes = ""
    content_type: str | None = HTML
    status: int = 200
    headers: Headers = field(default_factory=dict)

    def encoded(self) -> bytes:
        """The body as it is sent."""
        return self.body.encode() if isinstance(self.body, str) else self.body


Route = Callable[[Headers, dict[str, str]], Reply]
"""Headers (names in lower case) and parameters of the query → response."""


def fixed(body: str | bytes, content_type: str | None = HTML, status: int = 200, **headers: str) -> Route:
    """A route that always sends the same."""
    reply = Reply(body, content_type, status, {name.replace("_", "-"): value for name, value in headers.items()})
    return lambda _headers, _query: reply


def redirect(location: str, **headers: str) -> Route:
    """A route that redirects."""
    return fixed("", status=302, location=location, **headers)


def page(
    title: str, body: str, *, head: str = "", language: str = "en", charset: str = '<meta charset="utf-8">'
) -> str:
    """An HTML page."""
    direction = ' dir="rtl"' if language == "ar" else ""
    return (
        f'<!DOCTYPE html><html lang="{language}"{direction}><head>{charset}<title>{escape(title)}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def article_page(
    article: OddArticle,
    site: str,
    *,
    date: str | None = "meta",
    printed: str = "",
    head: str = "",
    related: Iterable[tuple[str, str]] = (),
    charset: str = '<meta charset="utf-8">',
) -> str:
    """The page of an article. `date`: "meta" for a machine-readable date, None for none. `printed`: the date as it is
    shown. `related`: URL and title of other articles below the text."""
    if date == "meta":
        head += f'<meta property="article:published_time" content="{article.published.isoformat()}">'
    by = {"ar": "بقلم", "en": "By"}[article.language]
    label = {"ar": "اقرأ أيضا", "en": "Related articles"}[article.language]
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.paragraphs)
    links = "".join(f'<li><a href="{url}">{escape(title)}</a></li>' for url, title in related)
    box = f'<section class="related"><h3>{label}</h3><ul>{links}</ul></section>' if links else ""
    stamp = f'<span class="date">{printed}</span>' if printed else ""
    body = (
        f'<nav class="menu"><a href="/">{escape(site)}</a> <a href="/about">About</a></nav><main><article>'
        f'<h1>{escape(article.title)}</h1><p class="byline">{by} {escape(article.author)}</p>{stamp}{text}</article>'
        f"{box}</main><footer>{escape(site)} 2026</footer>"
    )
    return page(f"{article.title} - {site}", body, head=head, language=article.language, charset=charset)


def list_page(
    site: str,
    links: Iterable[tuple[str, str]],
    *,
    menu: Iterable[tuple[str, str]] = (),
    head: str = "",
    language: str = "en",
    charset: str = '<meta charset="utf-8">',
) -> str:
    """A home or section page: URL and headline of each article."""
    cards = "".join(
        f'<article class="card"><h2><a href="{url}">{escape(title)}</a></h2></article>' for url, title in links
    )
    items = "".join(f'<li><a href="{url}">{escape(name)}</a></li>' for url, name in menu)
    return page(
        site,
        f'<nav class="menu"><ul>{items}<li><a href="/about">About us</a></li></ul></nav><h1>{escape(site)}</h1>'
        f'<main>{cards}</main><footer><a href="/contact">Contact</a></footer>',
        head=head,
        language=language,
        charset=charset,
    )


def rss(site: str, items: Iterable[tuple[str, OddArticle]], *, dated: bool = True, zone: str | None = None) -> str:
    """An RSS feed of URLs and articles. `zone`: an offset like +0300 in which the dates are written."""
    entries = "".join(
        f"<item><title>{escape(article.title)}</title><link>{escape(url)}</link>"
        + (f"<pubDate>{_rfc822(article.published, zone)}</pubDate>" if dated else "")
        + "</item>"
        for url, article in items
    )
    start = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0">'
    return f"{start}<channel><title>{escape(site)}</title>{entries}</channel></rss>"


def sitemap(urls: Iterable[tuple[str, datetime | None]]) -> str:
    """An XML sitemap of URLs and dates of their last change."""
    entries = "".join(
        f"<url><loc>{escape(url)}</loc>" + (f"<lastmod>{date.isoformat()}</lastmod>" if date else "") + "</url>"
        for url, date in urls
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


def feed_tag(path: str, kind: str = "application/rss+xml") -> str:
    """A link tag for a feed."""
    return f'<link rel="alternate" type="{kind}" title="RSS" href="{path}">'


def ascii_path(path: str) -> str:
    """A path with its letters percent-encoded."""
    return quote(path, safe="/?=&-_.")


def _rfc822(moment: datetime, zone: str | None) -> str:
    if zone is None:
        return format_datetime(moment)
    offset = datetime.strptime(zone, "%z").tzinfo
    return format_datetime(moment.astimezone(offset))
