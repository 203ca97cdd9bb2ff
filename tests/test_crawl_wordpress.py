"""Crawls of a site through its WordPress API, as WordPress answers."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from tests.conftest import Workplace
from tests.newssite import Handler, NewsSite


def test_a_wordpress_api_with_fewer_pages_than_its_header_has_is_read_to_its_end(
    site: NewsSite, workplace: Workplace
) -> None:
    def posts(handler: Handler) -> None:
        if "page=2" in handler.path:
            gone = {"code": "rest_post_invalid_page_number", "message": "…", "data": {"status": 400}}
            handler.reply(json.dumps(gone), "application/json", status=400)
        else:
            post = [{"link": site.url + "a/", "date_gmt": "2026-11-10T08:30:00", "title": {"rendered": "A"}}]
            handler.reply(json.dumps(post), "application/json", headers={"X-WP-TotalPages": "2"})

    site.article("/a/", "A")
    workplace.site_profile(site, wordpress_apis=[site.answer("/wp-json/wp/v2/posts", posts)])
    first = workplace.run("crawl", "local")
    assert (first.returncode, "channel problems" in first.stderr) == (0, False)
    before = len(site.seen)
    assert "channels unchanged: 1" in workplace.run("crawl", "local").stderr
    assert len(site.seen) == before + 1


def test_an_error_of_a_wordpress_api_is_reported_with_its_own_code(site: NewsSite, workplace: Workplace) -> None:
    refusal = json.dumps({"code": "rest_invalid_param", "message": "…", "data": {"status": 400}})
    api = site.put("/wp-json/wp/v2/posts", refusal, "application/json", status=400)
    workplace.site_profile(site, wordpress_apis=[api])
    assert "returned the error 'rest_invalid_param'" in workplace.run("crawl", "local").stderr
    assert workplace.rows("SELECT status FROM channels") == [{"status": 400}]


def test_behind_a_page_of_known_posts_no_older_page_is_requested(site: NewsSite, workplace: Workplace) -> None:
    title = "first"

    def posts(handler: Handler) -> None:
        page = 2 if "page=2" in handler.path else 1
        post = [{"link": f"{site.url}{page}/", "date_gmt": f"2026-11-1{2 - page}T08:30:00", "title": title}]
        handler.reply(json.dumps(post), "application/json", headers={"X-WP-TotalPages": "2"})

    workplace.site_profile(site, wordpress_apis=[site.answer("/wp-json/wp/v2/posts", posts)])
    workplace.run("crawl", "local", "-a", "max_articles=0")
    assert len(workplace.rows("SELECT id FROM pages")) == 2
    before, title = len(site.seen), "edited"
    workplace.run("crawl", "local", "-a", "max_articles=0")
    assert len(site.seen) == before + 1


def test_an_api_with_more_pages_than_a_run_may_request_is_read_on_where_the_last_run_stopped(
    site: NewsSite, workplace: Workplace
) -> None:
    numbers, failing = list(range(60, 0, -1)), {14}
    pages: list[int] = []

    def posts(handler: Handler) -> None:
        page = int(parse_qs(urlsplit(handler.path).query)["page"][0])
        pages.append(page)
        if page in failing:
            handler.reply("later", status=503)
            return
        post = [
            {"link": f"{site.url}{n}/", "date_gmt": f"2026-11-10T08:{n % 60:02}:00", "title": {"rendered": "A"}}
            for n in numbers[2 * page - 2 : 2 * page]
        ]
        handler.reply(json.dumps(post), "application/json", headers={"X-WP-TotalPages": str(len(numbers) // 2)})

    def poll() -> list[int]:
        pages.clear()
        settings = ("-s", "NEWS_MAX_CHANNEL_PAGES=10", "-s", "RETRY_TIMES=0")
        assert workplace.run("crawl", "local", "-a", "max_articles=0", *settings).returncode == 0
        return list(pages)

    workplace.site_profile(site, wordpress_apis=[site.answer("/wp-json/wp/v2/posts", posts)])
    assert poll() == [*range(1, 11)]
    numbers[:0] = [62, 61]  # two new posts move all others on by one page
    assert poll() == [1, 2, 10, 11, 12, 13, 14] or pages == [1, 10, 2, 11, 12, 13, 14]
    failing.clear()
    assert sorted(poll()) == [1, *range(13, 22)]
    assert sorted(poll()) == [1, *range(21, 30)]
    assert sorted(poll()) == [1, 29, 30, 31]
    assert len(workplace.rows("SELECT id FROM pages")) == 62
    assert poll() == [1]
