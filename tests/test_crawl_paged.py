"""Feeds and sections of several pages: followed as far back as needed, and not a request further."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from tests.conftest import Workplace
from tests.newssite import Handler, NewsSite

CRAWL = ("crawl", "local", "-a", "max_articles=0", "-L", "ERROR")


class Paged:
    """A channel that lists `per_page` of the `count` articles on each of its pages."""

    def __init__(self, site: NewsSite, count: int, per_page: int = 10) -> None:
        self.site, self.numbers, self.per_page = site, list(range(count, 0, -1)), per_page

    def publish(self, count: int) -> None:
        newest = self.numbers[0]
        self.numbers = [*range(newest + count, newest, -1), *self.numbers]

    def links(self, page: int) -> list[str]:
        numbers = self.numbers[(page - 1) * self.per_page : page * self.per_page]
        return [f"{self.site.url}news/{n}" for n in numbers]

    def has_next(self, page: int) -> bool:
        return len(self.numbers) > page * self.per_page


def page_of(handler: Handler, name: str = "page") -> int:
    return int(parse_qs(urlsplit(handler.path).query).get(name, ["1"])[0])


def serve_as(
    render: Callable[[Paged, int], str | None], channel: Paged, name: str = "page"
) -> Callable[[Handler], None]:
    def answer(handler: Handler) -> None:
        body = render(channel, page_of(handler, name))
        if body is None:
            handler.reply("<h1>Not found</h1>", status=404)
        else:
            handler.reply(body, "text/html" if "<html" in body else "application/xml")

    return answer


def rss(channel: Paged, page: int, head: str = "") -> str | None:
    items = "".join(f"<item><link>{link}</link><title>News</title></item>" for link in channel.links(page))
    return f"<rss version='2.0'><channel>{head}{items}</channel></rss>" if items else None


def rss_with_atom_link(channel: Paged, page: int) -> str | None:
    link = f"<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='next' href='/channel?page={page + 1}'/>"
    return rss(channel, page, link if channel.has_next(page) else "")


def wordpress(channel: Paged, page: int) -> str | None:
    return rss(channel, page, "<generator>https://wordpress.org/?v=6.8.1</generator>")


def section(channel: Paged, page: int) -> str | None:
    links = "".join(f"<h2><a href='{link}'>What happened there on that day</a></h2>" for link in channel.links(page))
    following = f"<a rel='next' href='?page={page + 1}'>Older</a>" if channel.has_next(page) else ""
    popular = f"<aside><a href='{channel.site.url}news/3'>The story that all of them read</a></aside>"
    return f"<html><body>{links}{popular}{following}</body></html>" if channel.links(page) else None


def known(workplace: Workplace) -> int:
    return len(workplace.rows("SELECT id FROM pages"))


def requests(site: NewsSite, since: int = 0) -> list[str]:
    return [seen.path for seen in site.seen[since:] if seen.path.startswith("/channel")]


def poll(site: NewsSite, workplace: Workplace, *words: str) -> list[str]:
    """The channel documents that a crawl requests."""
    before = len(site.seen)
    result = workplace.run(*CRAWL, *words)
    assert result.returncode == 0, result.stderr
    return requests(site, before)


def test_a_feed_of_many_pages_is_read_whole_at_first_then_once_a_poll_and_back_to_what_is_known_in_a_gap(
    site: NewsSite, workplace: Workplace
) -> None:
    channel = Paged(site, 60)
    workplace.site_profile(site, feeds=[site.answer("/channel", serve_as(rss_with_atom_link, channel))])
    assert len(poll(site, workplace)) == 6
    assert known(workplace) == 60
    assert poll(site, workplace) == ["/channel"]
    channel.publish(3)
    assert poll(site, workplace) == ["/channel"]
    assert known(workplace) == 63
    channel.publish(24)
    assert len(poll(site, workplace)) == 4, "three pages with new articles, and one without"
    assert known(workplace) == 87
    gaps = workplace.rows("SELECT closed IS NULL AS open, closed_by FROM gaps")
    assert gaps == [{"open": 0, "closed_by": "feed"}]
    assert workplace.rows("SELECT problem FROM channels") == [{"problem": None}]


def test_the_pages_of_a_wordpress_feed_are_read_to_the_last_one(site: NewsSite, workplace: Workplace) -> None:
    channel = Paged(site, 30)
    workplace.site_profile(site, feeds=[site.answer("/channel/feed/", serve_as(wordpress, channel, "paged"))])
    assert poll(site, workplace) == ["/channel/feed/", *(f"/channel/feed/?paged={n}" for n in (2, 3, 4))]
    assert known(workplace) == 30
    assert workplace.rows("SELECT url, failing_since FROM channels") == [
        {"url": f"{site.url}channel/feed/", "failing_since": None}
    ]
    assert workplace.rows("SELECT channel_problems FROM runs") == [{"channel_problems": 0}]


def test_further_pages_that_robots_txt_forbids_are_no_problem_of_the_feed(site: NewsSite, workplace: Workplace) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /*paged=", "text/plain")
    channel = Paged(site, 30)
    workplace.site_profile(site, feeds=[site.answer("/channel", serve_as(wordpress, channel, "paged"))])
    assert poll(site, workplace) == ["/channel"]
    assert workplace.rows("SELECT channel_problems FROM runs") == [{"channel_problems": 0}]
    assert workplace.rows("SELECT completed IS NOT NULL AS is_complete FROM channels") == [{"is_complete": 1}]


def test_a_section_of_many_pages_is_read_whole_at_first_then_once_a_poll_and_back_to_what_is_known_in_a_gap(
    site: NewsSite, workplace: Workplace
) -> None:
    channel = Paged(site, 60, per_page=20)
    url = site.answer("/channel", serve_as(section, channel))
    workplace.site_profile(site, sections=[url], article_url=r"'/news/\d+$'")
    assert len(poll(site, workplace)) == 3
    assert known(workplace) == 60
    assert poll(site, workplace) == ["/channel"]
    channel.publish(45)
    assert len(poll(site, workplace)) == 4
    assert known(workplace) == 105


def test_pages_that_list_the_same_articles_forever_are_not_followed(site: NewsSite, workplace: Workplace) -> None:
    channel = Paged(site, 10)
    workplace.site_profile(
        site, feeds=[site.answer("/channel", serve_as(lambda _, page: wordpress(channel, 1), channel))]
    )
    assert poll(site, workplace) == ["/channel", "/channel?paged=2"]


def test_the_first_crawl_follows_a_limited_number_of_pages(site: NewsSite, workplace: Workplace) -> None:
    channel = Paged(site, 200, per_page=2)
    workplace.site_profile(site, feeds=[site.answer("/channel", serve_as(rss_with_atom_link, channel))])
    assert len(poll(site, workplace, "-s", "NEWS_PAGES_BACK=4")) == 5
    assert poll(site, workplace, "-s", "NEWS_PAGES_BACK=4") == ["/channel"]
    assert len(poll(site, workplace, "-a", "force=1", "-s", "NEWS_MAX_CHANNEL_PAGES=12")) == 12


def test_beside_a_sitemap_the_pages_of_a_feed_are_only_followed_to_fill_a_gap(
    site: NewsSite, workplace: Workplace
) -> None:
    channel = Paged(site, 60)
    feed = site.answer("/channel", serve_as(rss_with_atom_link, channel))
    urls = "".join(f"<url><loc>{site.url}news/{n}</loc></url>" for n in channel.numbers)
    workplace.site_profile(site, feeds=[feed], sitemaps=[site.put("/map.xml", f"<urlset>{urls}</urlset>", "text/xml")])
    assert poll(site, workplace) == ["/channel"]
    channel.publish(12)
    assert len(poll(site, workplace)) == 3
    assert (known(workplace), site.paths().count("/map.xml")) == (72, 1)


def test_a_date_limits_how_far_back_a_feed_is_followed(site: NewsSite, workplace: Workplace) -> None:
    channel = Paged(site, 60)

    def dated(channel: Paged, page: int) -> str | None:
        items = "".join(
            f"<item><link>{link}</link><pubDate>{int(link.rpartition('/')[2]) // 3 + 1:02} Nov 2026 10:00:00 GMT"
            "</pubDate></item>"
            for link in channel.links(page)
        )
        return f"<rss version='2.0'><channel><generator>https://wordpress.org/</generator>{items}</channel></rss>"

    workplace.site_profile(site, feeds=[site.answer("/channel", serve_as(dated, channel, "paged"))])
    assert len(poll(site, workplace, "-a", "since=2026-11-15")) == 2
    assert len(poll(site, workplace, "-a", "since=2026-11-09")) == 4


def test_an_interrupted_first_crawl_is_taken_up_behind_the_pages_that_were_read(
    site: NewsSite, workplace: Workplace
) -> None:
    channel = Paged(site, 60)
    broken = {3}

    def feed(handler: Handler) -> None:
        if page_of(handler) in broken:
            handler.reply("later", status=503)
        else:
            serve_as(rss_with_atom_link, channel)(handler)

    workplace.site_profile(site, feeds=[site.answer("/channel", feed)])
    poll(site, workplace, "-s", "RETRY_TIMES=0")
    assert known(workplace) == 20
    broken.clear()
    poll(site, workplace)
    assert known(workplace) == 60
