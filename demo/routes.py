"""The routes of each site: path → page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from demo import channels, theme_agency, theme_ar, theme_en, wordpress
from demo.answer import Answer
from demo.content import Story
from demo.markup import PointerHtml, picture_path
from demo.served_site import ServedSite

Query = Mapping[str, str]
Route = Callable[[Query], Answer]
STATIC = Path(__file__).resolve().parent / "static"


@dataclass(frozen=True, slots=True)
class Theme:
    """The pages of a site."""

    article: Callable[[ServedSite, Story], str]
    listing: Callable[[ServedSite, str, list[Story]], str]
    notice: Callable[[ServedSite, str, str], str]
    home: str
    """Heading of the home page."""

    not_found: tuple[str, str]
    """Heading and text of the 404 page."""


THEMES = {
    "wordpress": Theme(
        article=theme_ar.article,
        listing=theme_ar.listing,
        notice=theme_ar.notice,
        home="الرئيسية",
        not_found=("الصفحة غير موجودة", "لم نجد الصفحة التي طلبتها. ربما نُقلت أو حُذفت."),
    ),
    "ledger": Theme(
        article=theme_en.article,
        listing=theme_en.listing,
        notice=theme_en.notice,
        home="Latest",
        not_found=("Page not found", "There is nothing at this address. Try one of the sections above."),
    ),
    "agency": Theme(
        article=theme_agency.article,
        listing=theme_agency.listing,
        notice=theme_agency.notice,
        home="The wire",
        not_found=("Not found", "No such page."),
    ),
}


def routes_of(served: ServedSite) -> dict[str, Route]:
    """Every path of a site, percent-decoded, with its page."""
    routes = _pages(served)
    if served.site.engine == "wordpress":
        routes |= _wordpress_channels(served, theme_ar.pointer)
    elif served.site.engine == "ledger":
        routes["/news-sitemap.xml"] = _xml(lambda: channels.news_sitemap(served), _newest(served.stories()))
        routes["/robots.txt"] = _text(channels.robots(served, "/news-sitemap.xml", closed="/search"))
    else:
        routes["/feed.atom"] = _xml(lambda: channels.atom(served), _newest(served.stories()), "application/atom+xml")
        routes["/sitemap.xml"] = _xml(lambda: channels.sitemap(_all_pages(served)), _newest(served.stories()))
        routes["/robots.txt"] = _text(channels.robots(served, "/sitemap.xml", closed="/subscribers/"))
    return {unquote(path): route for path, route in routes.items()}


def not_found(served: ServedSite) -> Answer:
    """The site's 404 page."""
    theme = THEMES[served.site.engine]
    return Answer(theme.notice(served, *theme.not_found), status=404)


def _pages(served: ServedSite) -> dict[str, Route]:
    """Home, sections, authors, tags, articles, their pictures, about and contact."""
    theme, site = THEMES[served.site.engine], served.site
    slash = "/" if site.engine == "wordpress" else ""
    routes: dict[str, Route] = {
        "/": lambda query: _home(served, theme, query),
        "/style.css": lambda _: Answer((STATIC / f"{site.name}.css").read_text("utf-8"), "text/css; charset=UTF-8"),
        f"/about{slash}": lambda _: Answer(theme.notice(served, *site.about.split("\n", 1))),
        f"/contact{slash}": lambda _: Answer(theme.notice(served, *site.contact.split("\n", 1))),
    }
    for slug, name in site.sections.items():
        routes[served.section_path(slug)] = _listing(served, theme, name, served.stories(section=slug))
    for name in served.authors:
        routes[served.author_path(name)] = _listing(served, theme, name, served.stories(author=name))
    for tag in served.tags:
        routes[served.tag_path(tag)] = _listing(served, theme, tag, served.stories(tag=tag))
    for story in site.stories:
        routes[story.path] = _article(served, theme, story)
        routes[picture_path(story)] = _picture(story)
    return routes


def _home(served: ServedSite, theme: Theme, query: Query) -> Answer:
    """The newest articles; `?p=NUMBER`, as in WordPress's feeds, redirects to the article."""
    for story in served.site.stories:
        if query.get("p") == str(story.number):
            return Answer("", status=301, headers={"Location": served.story_url(story)})
    stories = served.stories()[:10]
    return Answer(theme.listing(served, theme.home, stories), changed=_newest(stories))


def _listing(served: ServedSite, theme: Theme, heading: str, stories: list[Story]) -> Route:
    return lambda _: Answer(theme.listing(served, heading, stories), changed=_newest(stories))


def _article(served: ServedSite, theme: Theme, story: Story) -> Route:
    return lambda _: Answer(theme.article(served, story), changed=story.changed)


def _picture(story: Story) -> Route:
    """A drawing of hills in a colour that depends on the article's number."""
    hue = story.number * 47 % 360
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 320"><rect width="800" height="320" '
        f'fill="hsl({hue} 45% 82%)"/><circle cx="{120 + hue}" cy="90" r="46" fill="hsl({hue} 60% 94%)"/>'
        f'<path d="M0 320 L0 230 L190 150 L370 260 L560 130 L800 250 L800 320 Z" fill="hsl({hue} 35% 45%)"/></svg>'
    )
    return lambda _: Answer(svg, "image/svg+xml", changed=story.published)


def _wordpress_channels(served: ServedSite, pointer_html: PointerHtml) -> dict[str, Route]:
    newest = _newest(served.stories())
    sitemaps: dict[str, list[tuple[str, datetime | None]]] = {
        "/wp-sitemap-posts-post-1.xml": [(served.story_url(story), story.changed) for story in served.stories()],
        "/wp-sitemap-posts-page-1.xml": [(served.url(path), None) for path in ("/", "/about/", "/contact/")],
        "/wp-sitemap-taxonomies-category-1.xml": [
            (served.url(served.section_path(slug)), None) for slug in served.site.sections
        ],
    }
    routes: dict[str, Route] = {
        "/feed/": _xml(lambda: channels.rss(served, pointer_html), newest, "application/rss+xml"),
        "/wp-sitemap.xml": _xml(lambda: channels.sitemap_index(served.url(path) for path in sitemaps)),
        "/robots.txt": _text(channels.robots(served, "/wp-sitemap.xml", closed="/wp-admin/")),
        "/wp-json/": lambda _: wordpress.root(served),
        "/wp-json/wp/v2/posts": lambda query: wordpress.posts(served, pointer_html, query),
        "/wp-json/wp/v2/categories": lambda _: wordpress.terms(served, "categories"),
        "/wp-json/wp/v2/tags": lambda _: wordpress.terms(served, "tags"),
    }
    for path, pages in sitemaps.items():
        routes[path] = _sitemap(pages)
    for story in served.site.stories:
        routes[f"/wp-json/wp/v2/posts/{story.number}"] = _wordpress_post(served, story, pointer_html)
    return routes


def _wordpress_post(served: ServedSite, story: Story, pointer_html: PointerHtml) -> Route:
    return lambda query: wordpress.post(served, story, pointer_html, query)


def _sitemap(pages: list[tuple[str, datetime | None]]) -> Route:
    return _xml(lambda: channels.sitemap(pages))


def _all_pages(served: ServedSite) -> list[tuple[str, datetime | None]]:
    pages: list[tuple[str, datetime | None]] = [(served.url("/"), _newest(served.stories()))]
    pages += [(served.url(served.section_path(slug)), None) for slug in served.site.sections]
    return pages + [(served.story_url(story), story.changed) for story in served.stories()]


def _xml(text: Callable[[], str], changed: datetime | None = None, kind: str = "text/xml") -> Route:
    return lambda _: Answer(text(), f"{kind}; charset=UTF-8", changed=changed)


def _text(text: str) -> Route:
    return lambda _: Answer(text, "text/plain; charset=UTF-8")


def _newest(stories: list[Story]) -> datetime | None:
    return max((story.changed for story in stories), default=None)
