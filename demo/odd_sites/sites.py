"""The sixteen sites: what is odd about each, its routes, and its articles."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from demo.odd_sites import pages
from demo.odd_sites.pages import (
    Reply,
    Route,
    article_page,
    ascii_path,
    feed_tag,
    fixed,
    list_page,
    redirect,
    rss,
    sitemap,
)
from demo.odd_sites.text import OddArticle, articles

COUNT = 24
"""Articles of a site."""

_ABOUT = "We write about small towns. " * 12
_MONTHS = (
    *("كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران"),
    *("تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"),
)
_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_SECTIONS = 400


@dataclass(slots=True)
class Built:
    """The routes of a site, and the paths of its articles."""

    routes: dict[str, Route] = field(default_factory=dict)
    articles: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OddSite:
    """One site."""

    name: str
    what: str
    build: Callable[[str], Built]
    """From the site's origin, like http://127.0.0.1:8000."""

    verdict: str = "ok"
    """What `rasid add` must say about it."""

    why_not: str = ""
    """A part of the note which says that not all articles will be found; empty if all can be."""


def _built(
    name: str, items: list[tuple[str, OddArticle]], *, home_links: int = 10, head: str = "", language: str = "en"
) -> Built:
    """A home page, an about page and an ordinary page for each article."""
    built = Built(articles=[path for path, _ in items])
    links = [(path, article.title) for path, article in items]
    built.routes["/"] = fixed(list_page(name, links[:home_links], head=head, language=language))
    about = pages.page(f"About - {name}", f"<h1>About us</h1><p>{_ABOUT}</p>")
    built.routes["/about"] = built.routes["/contact"] = fixed(about)
    for position, (path, article) in enumerate(items):
        related = links[position + 1 : position + 4]
        built.routes[path] = fixed(article_page(article, name, related=related))
    return built


def _english(count: int = COUNT, seed: int = 1) -> list[tuple[str, OddArticle]]:
    return [(f"/{one.section}/{one.slug}-{one.number}", one) for one in articles(count, seed=seed)]


def _arabic(count: int = COUNT, seed: int = 1) -> list[tuple[str, OddArticle]]:
    return [(ascii_path(f"/{one.slug}/"), one) for one in articles(count, language="ar", seed=seed)]


def _feed_only(origin: str) -> Built:
    items = _english()
    built = _built("The Asker Gazette", items, head=feed_tag("/news.rss"))
    feed = rss("The Asker Gazette", [(origin + path, one) for path, one in items], zone="+0100")
    built.routes["/news.rss"] = fixed(feed, "application/rss+xml")
    return built


def _sitemap_only(origin: str) -> Built:
    items = _english(seed=2)
    built = _built("Tarn Island News", items)
    others = [(origin + path, None) for path in ("/", "/about", "/contact")]
    built.routes["/map.xml"] = fixed(
        sitemap([*others, *((origin + path, one.published) for path, one in items)]), pages.XML
    )
    built.routes["/robots.txt"] = fixed(f"User-agent: *\nSitemap: {origin}/map.xml\n", "text/plain")
    return built


def _wordpress_without_feed(origin: str) -> Built:
    items = _arabic()
    head = (
        '<link rel="https://api.w.org/" href="/wp-json/"><link rel="stylesheet" href="/wp-content/themes/x/style.css">'
    )
    built = _built("صحيفة المنارة", items, head=head, language="ar")
    built.routes["/feed/"] = fixed("<h1>No feed available</h1>", status=403)
    posts = [
        {
            "link": origin + path,
            "date_gmt": f"{one.published:%Y-%m-%dT%H:%M:%S}",
            "modified_gmt": f"{one.published:%Y-%m-%dT%H:%M:%S}",
            "title": {"rendered": one.title},
        }
        for path, one in items
    ]
    total = {"X-WP-Total": str(len(posts)), "X-WP-TotalPages": "1"}
    reply = Reply(json.dumps(posts), "application/json; charset=UTF-8", headers=total)
    built.routes["/wp-json/wp/v2/posts"] = lambda _headers, _query: reply
    return built


def _no_dates(origin: str) -> Built:
    items = _english(seed=3)
    built = _built("The Undated", items, head=feed_tag("/feed"))
    built.routes |= {path: fixed(article_page(one, "The Undated", date=None)) for path, one in items}
    built.routes["/feed"] = fixed(
        rss("The Undated", [(origin + path, one) for path, one in items], dated=False), pages.XML
    )
    return built


def _arabic_dates(origin: str) -> Built:
    items = _arabic(seed=2)
    built = _built("أخبار الوادي", items, head=feed_tag("/rss"), language="ar")
    for path, one in items:
        day = one.published
        printed = f"{day.day} {_MONTHS[day.month - 1]} {day.year} - {day:%H:%M}".translate(_DIGITS)
        built.routes[path] = fixed(article_page(one, "أخبار الوادي", date=None, printed=printed))
    built.routes["/rss"] = fixed(
        rss("أخبار الوادي", [(origin + path, one) for path, one in items], dated=False), pages.XML
    )
    return built


def _relative_links(origin: str) -> Built:
    items = _english(seed=4)
    built = _built("Millmoor Today", items, head=f'<base href="/news/">{feed_tag("../feeds/all.xml")}')
    built.routes["/feeds/all.xml"] = fixed(
        rss("Millmoor Today", [(f"..{path}", one) for path, one in items]), pages.XML
    )
    return built


def _wrong_canonical(origin: str) -> Built:
    items = _english(seed=5)
    built = _built("The Copycat", items, head=feed_tag("/feed.xml"))
    head = f'<link rel="canonical" href="{origin}/">'
    built.routes |= {path: fixed(article_page(one, "The Copycat", head=head)) for path, one in items}
    built.routes["/feed.xml"] = fixed(rss("The Copycat", [(origin + path, one) for path, one in items]), pages.XML)
    return built


def _consent_wall(origin: str) -> Built:
    items = _english(seed=6)
    text = (
        "<h1>We value your privacy</h1><p>We and our partners use cookies. Accept all cookies to continue to the "
        "site.</p><button>Accept all</button>"
    )
    wall = fixed(pages.page("Before you continue", text))
    built = Built(articles=[path for path, _ in items])
    built.routes = dict.fromkeys(["/", *built.articles], wall)
    return built


def _cookie_wall(origin: str) -> Built:
    """Sets a cookie and redirects back: who sends the cookie gets the page."""
    items = _english(seed=7)
    open_site = _built("The Cookie Jar", items, head=feed_tag("/feed"))
    built = Built(articles=open_site.articles)

    def guarded(path: str, route: Route) -> Route:
        def reply(headers: dict[str, str], query: dict[str, str]) -> Reply:
            if "visited=1" in headers.get("cookie", ""):
                return route(headers, query)
            return Reply(status=302, headers={"Location": f"/cookies?back={path}"})

        return reply

    def cookies(_headers: dict[str, str], query: dict[str, str]) -> Reply:
        return Reply(status=302, headers={"Location": query.get("back", "/"), "Set-Cookie": "visited=1; Path=/"})

    built.routes = {path: guarded(path, route) for path, route in open_site.routes.items()}
    built.routes["/feed"] = fixed(rss("The Cookie Jar", [(origin + path, one) for path, one in items]), pages.XML)
    built.routes["/cookies"] = cookies
    return built


def _javascript(origin: str) -> Built:
    items = _english(seed=8)
    built = Built(articles=[path for path, _ in items])
    shell = fixed(pages.page("Loading", '<div id="root"></div><script src="/app.js"></script>'))
    built.routes = dict.fromkeys(["/", *built.articles], shell)
    return built


def _robots_forbids(origin: str) -> Built:
    built = _built("The Private Post", _english(seed=9), head=feed_tag("/feed"))
    built.routes["/robots.txt"] = fixed("User-agent: *\nDisallow: /\n", "text/plain")
    return built


def _windows_1256(origin: str) -> Built:
    """Everything in windows-1256, which only a meta element of the pages declares."""
    items = [(f"/news.php?id={one.number}", one) for one in articles(COUNT, language="ar", seed=3)]
    name, charset = "جريدة الساحل", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1256">'
    links = [(path, one.title) for path, one in items]
    home = list_page(name, links[:10], head=feed_tag("/rss.php"), language="ar", charset=charset)
    built = Built(articles=[path for path, _ in items])
    built.routes["/"] = fixed(home.encode("cp1256"), "text/html")
    for path, one in items:
        built.routes[path] = fixed(article_page(one, name, charset=charset).encode("cp1256"), "text/html")
    feed = rss(name, [(origin + path, one) for path, one in items], zone="+0300")
    built.routes["/rss.php"] = fixed(feed.replace("UTF-8", "windows-1256").encode("cp1256"), "text/xml")
    return built


def _two_languages(origin: str) -> Built:
    """English at /en/, Arabic at /ar/, each with its own feed; the home page is English."""
    built = Built()
    for language, name in (("en", "Bridge News"), ("ar", "أخبار الجسر")):
        items = [(f"/{language}/story/{one.number}", one) for one in articles(COUNT, language=language, seed=4)]
        part = _built(name, items)
        other = "".join(f'<link rel="alternate" hreflang="{code}" href="/{code}/">' for code in ("en", "ar"))
        head = feed_tag(f"/{language}/feed") + other
        links = [(path, one.title) for path, one in items[:10]]
        menu = [("/en/", "English"), ("/ar/", "العربية")]
        home = fixed(list_page(name, links, head=head, language=language, menu=menu))
        feed = rss(name, [(origin + path, one) for path, one in items])
        built.routes |= part.routes | {f"/{language}/": home, f"/{language}/feed": fixed(feed, pages.XML)}
        built.articles += part.articles
    built.routes["/"] = built.routes["/en/"]
    return built


def _feed_is_html(origin: str) -> Built:
    """The link tag leads to a page about feeds, which links the feed itself."""
    items = _english(seed=10)
    built = _built("The Pointer", items, head=feed_tag("/rss"))
    text = '<h1>Our feeds</h1><p>Subscribe to <a href="/feeds/everything.xml">all articles (RSS)</a>.</p>'
    built.routes["/rss"] = fixed(pages.page("RSS - The Pointer", text))
    feed = rss("The Pointer", [(origin + path, one) for path, one in items])
    built.routes["/feeds/everything.xml"] = fixed(feed, pages.XML)
    return built


def _language_redirect(origin: str) -> Built:
    """The home page redirects to the front page of a language: English only if the request prefers it."""
    items = [(f"/ar/{one.published:%Y/%m/%d}/{one.number}", one) for one in articles(COUNT, language="ar", seed=5)]
    built = _built("شبكة النخيل", items, language="ar")
    head = feed_tag("/ar/feed/")
    links = [(path, one.title) for path, one in items[:10]]
    built.routes["/ar/"] = fixed(list_page("شبكة النخيل", links, head=head, language="ar"))
    built.routes["/en/"] = fixed(list_page("Palm Network", [], language="en"))
    built.routes["/ar/feed/"] = fixed(rss("شبكة النخيل", [(origin + path, one) for path, one in items]), pages.XML)
    built.routes["/"] = lambda headers, query: redirect(
        "/en/" if headers.get("accept-language", "").startswith("en") else "/ar/", vary="Accept-Language"
    )(headers, query)
    return built


def _many_sections(origin: str) -> Built:
    """400 sections, each with articles of its own; the home page has the newest. No feed, no sitemap."""
    items = [(f"/section-{n % _SECTIONS}/{one.slug}-{one.number}", one) for n, one in enumerate(articles(80, seed=11))]
    name = "The Hundred Desks"
    menu = [(f"/section-{n}", f"Section {n}") for n in range(_SECTIONS)]
    built = _built(name, items)
    links = [(path, one.title) for path, one in items]
    built.routes["/"] = fixed(list_page(name, links[:50], menu=menu))
    for number in range(_SECTIONS):
        own = [link for link in links if link[0].startswith(f"/section-{number}/")]
        built.routes[f"/section-{number}"] = fixed(list_page(name, own, menu=menu))
    return built


SITES = (
    OddSite("feed_only", "a feed and nothing else", _feed_only),
    OddSite("sitemap_only", "a sitemap in robots.txt and nothing else", _sitemap_only),
    OddSite("wordpress", "WordPress with the feed switched off", _wordpress_without_feed),
    OddSite("no_dates", "no date on any page", _no_dates),
    OddSite("arabic_dates", "dates only in Arabic text", _arabic_dates),
    OddSite("relative_links", "relative links in feed and pages", _relative_links),
    OddSite("wrong_canonical", "every page declares the home page as its canonical URL", _wrong_canonical),
    OddSite("consent_wall", "a consent wall for every address", _consent_wall, verdict="wall"),
    OddSite("cookie_wall", "sets a cookie and redirects back", _cookie_wall),
    OddSite("javascript", "pages that scripts fill", _javascript, verdict="javascript"),
    OddSite("robots", "robots.txt forbids everything", _robots_forbids, verdict="robots"),
    OddSite("windows_1256", "everything in windows-1256", _windows_1256),
    OddSite("two_languages", "an Arabic and an English edition", _two_languages),
    OddSite("feed_is_html", "the feed of the link tag is an HTML page", _feed_is_html),
    OddSite("language_redirect", "the home page redirects by language", _language_redirect),
    OddSite("many_sections", "400 sections, no feed, no sitemap", _many_sections, why_not="400 sections"),
)
