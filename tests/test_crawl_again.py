"""Second crawls: what they request, how cheaply, and what they store."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Workplace
from tests.newssite import Handler, NewsSite, article_page

PAST = "2026-01-01T00:00:00Z"


class Versioned:
    """A document that is served with validators and answers 304 while it is the same."""

    def __init__(self, site: NewsSite, path: str, body: str, content_type: str = "text/html", *, dates: bool = False):
        self.body = body
        self.content_type = content_type
        self.dates = dates
        self.statuses: list[int] = []
        self.url = site.answer(path, self.answer)

    def answer(self, handler: Handler) -> None:
        tag = f'"{abs(hash(self.body))}"'
        name, value = ("Last-Modified", "Tue, 10 Nov 2026 08:30:00 GMT") if self.dates else ("ETag", tag)
        known = handler.headers.get("If-Modified-Since" if self.dates else "If-None-Match")
        status = 304 if known == value else 200
        self.statuses.append(status)
        handler.reply("" if status == 304 else self.body, self.content_type, status=status, headers={name: value})


def rss(*links: str) -> str:
    items = "".join(f"<item><title>T</title><link>{link}</link></item>" for link in links)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'


def text_of(n: int, change: str = "") -> tuple[str, ...]:
    return (f"Report {n} from the harbour tells of ship {n} and its crew of {n + 3} sailors{change}. " * 4,)


def last_run(workplace: Workplace) -> dict[str, Any]:
    (run,) = workplace.rows("SELECT * FROM runs ORDER BY id DESC LIMIT 1")
    return run | {"skipped": json.loads(run["skipped"])}


def test_a_channel_that_has_not_changed_gets_a_304_and_its_documents_are_not_requested(
    site: NewsSite, workplace: Workplace
) -> None:
    links = [site.article(f"/news/{n}.html", f"Report {n}", paragraphs=text_of(n)) for n in (1, 2)]
    by_tag = Versioned(site, "/tag.xml", rss(links[0]), "text/xml")
    by_date = Versioned(site, "/date.xml", rss(links[1]), "text/xml", dates=True)
    workplace.site_profile(site, feeds=[by_tag.url, by_date.url])
    workplace.run("crawl", "local")
    before = len(site.seen)
    second = workplace.run("crawl", "local")
    assert second.returncode == 0
    assert by_tag.statuses == by_date.statuses == [200, 304]
    assert sorted(site.paths()[before:]) == ["/date.xml", "/tag.xml"], "nor robots.txt, nor the articles"
    assert "channels unchanged: 2" in second.stderr
    assert last_run(workplace)["skipped"] == {"known": 2}


def test_a_channel_is_read_again_when_it_has_changed(site: NewsSite, workplace: Workplace) -> None:
    feed = Versioned(site, "/feed.xml", rss(site.article("/news/1.html", "One")), "text/xml")
    workplace.site_profile(site, feeds=[feed.url])
    workplace.run("crawl", "local")
    feed.body = rss(site.article("/news/2.html", "Two", paragraphs=text_of(2)), site.url + "news/1.html")
    workplace.run("crawl", "local")
    assert feed.statuses == [200, 200]
    assert last_run(workplace)["new"] == 1


def test_a_profile_that_was_changed_reads_an_unchanged_channel_again(site: NewsSite, workplace: Workplace) -> None:
    links = [site.article(f"/{kind}/1.html", kind, paragraphs=text_of(n)) for n, kind in enumerate(("news", "blog"))]
    feed = Versioned(
        site, "/map.xml", f"<urlset>{''.join(f'<url><loc>{x}</loc></url>' for x in links)}</urlset>", "text/xml"
    )
    workplace.site_profile(site, sitemaps=[feed.url], article_url="'/news/'")
    workplace.run("crawl", "local")
    workplace.site_profile(site, sitemaps=[feed.url], article_url="'/news/|/blog/'")
    workplace.run("crawl", "local")
    assert last_run(workplace)["new"] == 1


def test_a_page_that_failed_for_a_passing_reason_waits_before_it_is_tried_again(
    site: NewsSite, workplace: Workplace
) -> None:
    links = [site.put("/news/1.html", "sorry", status=503), site.article("/news/2.html", "Two")]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    workplace.run("crawl", "local", "-s", "RETRY_TIMES=0")
    (page,) = workplace.rows("SELECT * FROM pages WHERE state = 'pending'")
    assert page["reason"] == "http_503"
    before = len(site.seen)
    second = workplace.run("crawl", "local", "-s", "RETRY_TIMES=0")
    assert site.paths()[before:] == ["/feed.xml"]
    assert "1 retry later" in second.stderr
    site.article("/news/1.html", "One", paragraphs=text_of(1))
    workplace.change("UPDATE pages SET next_attempt = ?", PAST)
    site.feed("/feed.xml", [])  # dropped from the feed meanwhile
    workplace.run("crawl", "local")
    assert last_run(workplace)["new"] == 1


def test_a_wait_that_a_wrong_clock_wrote_is_not_waited_for(site: NewsSite, workplace: Workplace) -> None:
    link = site.put("/news/1.html", "sorry", status=503)
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [link])])
    workplace.run("crawl", "local", "-s", "RETRY_TIMES=0")
    workplace.change("UPDATE pages SET next_attempt = '2036-01-01T00:00:00Z'")
    site.article("/news/1.html", "One", paragraphs=text_of(1))
    workplace.run("crawl", "local")
    assert last_run(workplace)["new"] == 1


def stored_an_hour_ago(site: NewsSite, workplace: Workplace, page: Versioned) -> None:
    """Crawl once, and make the article due for a recheck."""
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [page.url])])
    assert workplace.run("crawl", "local", "-s", "NEWS_RECHECK_HOURS=1 9999 99999999").returncode == 0
    (row,) = workplace.rows("SELECT recheck_at FROM pages")
    assert row["recheck_at"] is not None
    workplace.change("UPDATE pages SET recheck_at = ?", PAST)
    workplace.change("UPDATE articles SET last_seen = ?", PAST)


AGAIN = ("crawl", "local", "-s", "NEWS_RECHECK_HOURS=1 9999 99999999")


def test_an_article_that_has_not_changed_is_unchanged_without_extraction(site: NewsSite, workplace: Workplace) -> None:
    page = Versioned(site, "/news/1.html", article_page("One", text_of(1)))
    stored_an_hour_ago(site, workplace, page)
    assert workplace.run(*AGAIN, "-s", "NEWS_EXTRACT_SECONDS=0.001").returncode == 0
    assert page.statuses == [200, 304]
    assert last_run(workplace)["unchanged"] == 1
    (article,) = workplace.rows("SELECT last_seen FROM articles")
    assert article["last_seen"] > PAST
    (row,) = workplace.rows("SELECT rechecks, state, recheck_at FROM pages")
    assert (row["rechecks"], row["state"]) == (1, "done")
    assert row["recheck_at"] > PAST


def test_a_body_that_has_not_changed_is_unchanged_although_the_server_knows_no_304(
    site: NewsSite, workplace: Workplace
) -> None:
    site.article("/news/1.html", "One", paragraphs=text_of(1))
    page = Versioned(site, "/unused.html", "")
    page.url = site.url + "news/1.html"
    stored_an_hour_ago(site, workplace, page)
    # An extraction that takes any time at all would fail.
    assert workplace.run(*AGAIN, "-s", "NEWS_EXTRACT_SECONDS=0.001").returncode == 0
    assert last_run(workplace)["unchanged"] == 1
    assert workplace.rows("SELECT * FROM revisions") == []


def test_a_changed_text_is_a_revision_and_the_site_is_known_to_correct_itself(
    site: NewsSite, workplace: Workplace
) -> None:
    page = Versioned(site, "/news/1.html", article_page("One", text_of(1)))
    stored_an_hour_ago(site, workplace, page)
    page.body = article_page("One", text_of(1, " and their cook"))
    workplace.run(*AGAIN)
    assert last_run(workplace)["updated"] == 1
    (revision,) = workplace.rows("SELECT kind, previous->>'body' AS body FROM revisions")
    assert "and their cook" not in revision["body"]
    assert workplace.rows("SELECT rechecks, corrections FROM sites") == [{"rechecks": 1, "corrections": 1}]


def test_an_article_that_is_gone_is_marked_and_stays_stored_and_may_come_back(
    site: NewsSite, workplace: Workplace
) -> None:
    pages = {n: Versioned(site, f"/news/{n}.html", article_page(f"No {n}", text_of(n))) for n in (404, 410)}
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [page.url for page in pages.values()])])
    workplace.run(*AGAIN)
    workplace.change("UPDATE pages SET recheck_at = ?", PAST)
    for status in pages:
        site.put(f"/news/{status}.html", "gone", status=status)
    workplace.run(*AGAIN)
    articles = workplace.rows("SELECT gone, body FROM articles")
    assert all(article["gone"] and article["body"] for article in articles)
    rows = workplace.rows("SELECT state, gone, reason, recheck_at FROM pages ORDER BY reason")
    assert [(row["state"], row["reason"]) for row in rows] == [("done", "http_404"), ("done", "http_410")]
    assert all(row["gone"] and row["recheck_at"] for row in rows), "requested again, because it may have been an error"
    workplace.change("UPDATE pages SET recheck_at = ?, gone = ?", PAST, PAST)
    site.answer("/news/404.html", pages[404].answer)
    workplace.run(*AGAIN)
    assert [row["gone"] is None for row in workplace.rows("SELECT gone FROM articles ORDER BY title")] == [True, False]
    assert workplace.rows("SELECT recheck_at FROM pages WHERE reason = 'http_410'") == [{"recheck_at": None}]


def test_a_lastmod_later_than_the_last_fetch_makes_an_article_due(site: NewsSite, workplace: Workplace) -> None:
    page = Versioned(site, "/news/1.html", article_page("One", text_of(1)))
    feed = Versioned(site, "/feed.xml", rss(page.url), "text/xml")
    workplace.site_profile(site, feeds=[feed.url])
    workplace.run("crawl", "local", "-s", "NEWS_RECHECK_HOURS=")
    workplace.change("UPDATE pages SET fetched = ?", PAST)
    feed.body = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="{page.url}"/>'
        "<updated>2026-01-02T00:00:00Z</updated></entry></feed>"
    )
    workplace.run("crawl", "local", "-s", "NEWS_RECHECK_HOURS=")
    assert page.statuses == [200, 304]
    assert last_run(workplace)["unchanged"] == 1


def test_a_sitemap_beside_a_feed_is_requested_once_a_day(site: NewsSite, workplace: Workplace) -> None:
    link = site.article("/news/1.html", "One")
    site.put("/map.xml", f"<urlset><url><loc>{link}</loc></url></urlset>", "text/xml")
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [link])], sitemaps=[site.url + "map.xml"])
    for _ in range(2):
        workplace.run("crawl", "local")
    assert site.paths().count("/map.xml") == 1
    workplace.change("UPDATE channels SET completed = ?", PAST)
    workplace.run("crawl", "local")
    assert site.paths().count("/map.xml") == 2


def test_of_a_sitemap_index_only_the_changed_children_are_read_again(site: NewsSite, workplace: Workplace) -> None:
    def index(newer: str) -> None:
        children = "".join(
            f"<sitemap><loc>{site.url}{name}.xml</loc><lastmod>{date}</lastmod></sitemap>"
            for name, date in (("new", newer), ("old", "2025-01-01T10:00:00Z"))
        )
        site.put("/index.xml", f"<sitemapindex>{children}</sitemapindex>", "text/xml")

    for name in ("new", "old"):
        link = site.article(f"/{name}/1.html", name, paragraphs=text_of(len(name)))
        site.put(f"/{name}.xml", f"<urlset><url><loc>{link}</loc></url></urlset>", "text/xml")
    index("2026-01-01T10:00:00Z")
    workplace.site_profile(site, sitemaps=[site.url + "index.xml"])
    workplace.run("crawl", "local")
    index("2036-01-01T10:00:00Z")
    workplace.run("crawl", "local")
    assert (site.paths().count("/new.xml"), site.paths().count("/old.xml")) == (2, 1)


def test_a_feed_that_has_overflowed_is_noticed_and_filled_from_the_sitemap_in_the_same_run(
    site: NewsSite, workplace: Workplace
) -> None:
    links = [site.article(f"/news/{n}.html", f"Report {n}", paragraphs=text_of(n)) for n in range(12)]
    site.put("/map.xml", "<urlset></urlset>", "text/xml")
    site.feed("/feed.xml", links[9:])
    workplace.site_profile(site, feeds=[site.url + "feed.xml"], sitemaps=[site.url + "map.xml"])
    workplace.run("crawl", "local")
    site.feed("/feed.xml", links[:3])  # six came and went between the two polls
    site.put("/map.xml", f"<urlset>{''.join(f'<url><loc>{x}</loc></url>' for x in links)}</urlset>", "text/xml")
    result = workplace.run("crawl", "local")
    assert "lists none of the newest articles of the last poll" in result.stderr
    assert len(workplace.rows("SELECT id FROM articles")) == 12
    (gap,) = workplace.rows("SELECT * FROM gaps")
    assert gap["closed"] is not None
    assert (gap["closed_by"], gap["new"]) == ("sitemap", 6)


def test_a_gap_is_filled_from_the_sitemap_of_robots_txt_if_the_profile_has_none(
    site: NewsSite, workplace: Workplace
) -> None:
    links = [site.article(f"/news/{n}.html", f"Report {n}", paragraphs=text_of(n)) for n in range(12)]
    site.put("/robots.txt", f"Sitemap: {site.url}map.xml", "text/plain")
    site.put("/map.xml", f"<urlset>{''.join(f'<url><loc>{x}</loc></url>' for x in links)}</urlset>", "text/xml")
    site.feed("/feed.xml", links[9:])
    workplace.site_profile(site, feeds=[site.url + "feed.xml"])
    workplace.run("crawl", "local")
    assert "/map.xml" not in site.paths()
    site.feed("/feed.xml", links[:3])
    workplace.run("crawl", "local")
    assert len(workplace.rows("SELECT id FROM articles")) == 12
    assert workplace.rows("SELECT closed_by FROM gaps") == [{"closed_by": "sitemap"}]


def test_a_pinned_item_does_not_hide_a_gap(site: NewsSite, workplace: Workplace) -> None:
    links = [site.article(f"/news/{n}.html", f"Report {n}", paragraphs=text_of(n)) for n in range(12)]
    site.feed("/feed.xml", [*links[6:9], links[11]])
    workplace.site_profile(site, feeds=[site.url + "feed.xml"])
    workplace.run("crawl", "local")
    site.feed("/feed.xml", [*links[:3], links[11]])
    workplace.run("crawl", "local")
    assert len(workplace.rows("SELECT id FROM gaps")) == 1


@pytest.mark.parametrize("is_dated_anew", [True, False])
def test_a_live_blog_on_top_of_a_feed_does_not_hide_that_it_has_overflowed(
    site: NewsSite, workplace: Workplace, is_dated_anew: bool
) -> None:
    def put_feed(hour: int, *numbers: int) -> None:
        live = f"{20 + hour}:00" if is_dated_anew else "20:00"
        items = [(site.url + "news/live.html", live), *((f"{site.url}news/{n}.html", f"{n:02}:00") for n in numbers)]
        text = "".join(
            f"<item><link>{link}</link><pubDate>Tue, 10 Nov 2026 {time}:00 +0000</pubDate></item>"
            for link, time in items
        )
        site.put("/feed.xml", f'<rss version="2.0"><channel>{text}</channel></rss>', "text/xml")

    links = "".join(f"<url><loc>{site.url}news/{n}.html</loc></url>" for n in range(12))
    site.put("/map.xml", f"<urlset>{links}</urlset>", "text/xml")
    workplace.site_profile(site, feeds=[site.url + "feed.xml"])
    site.put("/robots.txt", f"Sitemap: {site.url}map.xml", "text/plain")
    put_feed(0, 3, 2, 1)
    workplace.run("crawl", "local", "-a", "max_articles=0")
    put_feed(1, 11, 10, 9)
    workplace.run("crawl", "local", "-a", "max_articles=0")
    (gap,) = workplace.rows("SELECT since, until, closed_by, new FROM gaps")
    assert gap == {
        "since": "2026-11-10T20:00:00Z",
        "until": "2026-11-10T09:00:00Z",
        "closed_by": "sitemap",
        "new": 6,
    }


def test_a_feed_that_goes_on_where_it_was_has_no_gap(site: NewsSite, workplace: Workplace) -> None:
    links = [site.article(f"/news/{n}.html", f"Report {n}", paragraphs=text_of(n)) for n in range(6)]
    site.feed("/feed.xml", links[2:])
    workplace.site_profile(site, feeds=[site.url + "feed.xml"])
    workplace.run("crawl", "local")
    site.feed("/feed.xml", links[:5])
    workplace.run("crawl", "local")
    site.feed("/feed.xml", [])
    workplace.run("crawl", "local")
    assert workplace.rows("SELECT id FROM gaps") == []


def test_forget_makes_pages_due_again(site: NewsSite, workplace: Workplace) -> None:
    links = [site.article("/news/1.html", "One"), site.url + "news/missing.html"]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    workplace.run("crawl", "local")
    workplace.change(
        "UPDATE pages SET state = 'given_up', next_attempt = NULL WHERE outcome = 'failed'"
    )  # a week later

    def due() -> list[str]:
        records = workplace.rows("SELECT url FROM pages WHERE state = 'pending' ORDER BY id")
        return [row["url"].rsplit("/", 1)[1] for row in records]

    assert due() == []
    assert workplace.run("forget", "--failed").returncode == 0
    assert due() == ["missing.html"]
    assert workplace.run("forget", links[0] + "?utm_source=x").stdout == "1 page is due again\n"
    assert due() == ["1.html", "missing.html"]
    workplace.run("crawl", "local")
    assert (last_run(workplace)["unchanged"], last_run(workplace)["failed"]) == (1, 1)
    refused = workplace.run("forget", "--site", "local")
    assert refused.returncode == 2
    assert "confirm with --yes" in refused.stderr
    assert workplace.run("forget", "--site", "local", "--yes").stdout == "2 pages are due again\n"
    assert workplace.run("forget", "https://never.example/").returncode == 1
    assert workplace.run("forget").returncode == 2
    assert workplace.rows("SELECT count(*) AS n FROM articles") == [{"n": 1}]
