"""Crawls of a well-behaved site: what is requested, in which order, and what a second crawl does."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

from crawler.items import OUTCOMES
from tests.conftest import PROJECT, Workplace
from tests.newssite import PARAGRAPHS, NewsSite, article_page


def put_articles(site: NewsSite, count: int) -> list[str]:
    links = []
    for n in range(count):
        text = (f"Report number {n} from the harbour tells of ship {n} and its crew of {n + 3} sailors. " * 4,)
        links.append(site.article(f"/news/{n}-report.html", f"Report {n}", paragraphs=text))
    return links


def article_requests(site: NewsSite) -> list[str]:
    return [path for path in site.paths() if path.startswith("/news/")]


def test_second_crawl_requests_no_article_and_reports_nothing_new(site: NewsSite, workplace: Workplace) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", put_articles(site, 3))])
    assert workplace.run("crawl", "local").returncode == 0
    before = len(article_requests(site))
    second = workplace.run("crawl", "local")
    assert second.returncode == 0
    assert "nothing new" in second.stderr
    assert "3 known" in second.stderr
    assert before == len(article_requests(site)) == 3
    assert [run["new"] for run in workplace.rows("SELECT new FROM runs ORDER BY id")] == [3, 0]


def test_force_fetches_again_and_a_changed_text_is_an_update_with_a_revision(
    site: NewsSite, workplace: Workplace
) -> None:
    links = put_articles(site, 2)
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    workplace.run("crawl", "local")
    (old,) = workplace.rows("SELECT body FROM articles WHERE title = 'Report 0'")
    corrected = f"{old['body']} Corrected: the ship never left the harbour."
    site.article("/news/0-report.html", "Report 0", paragraphs=(corrected,))
    assert workplace.run("crawl", "local", "-a", "force=1").returncode == 0
    (run,) = workplace.rows("SELECT * FROM runs ORDER BY id DESC LIMIT 1")
    assert (run["new"], run["updated"], run["unchanged"]) == (0, 1, 1)
    (revision,) = workplace.rows("SELECT previous->>'body' AS body FROM revisions")
    assert revision == old


def test_newest_articles_are_requested_first(site: NewsSite, workplace: Workplace) -> None:
    links = put_articles(site, 5)
    site.feed("/a.xml", links)
    sitemap = "".join(
        f"<url><loc>{site.url}news/old-{n}.html</loc><lastmod>2025-01-0{n + 1}</lastmod></url>" for n in range(3)
    )
    site.put(
        "/sitemap.xml", f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{sitemap}</urlset>', "text/xml"
    )
    workplace.site_profile(site, feeds=[site.url + "a.xml"], sitemaps=[site.url + "sitemap.xml"])
    workplace.run("crawl", "local")
    newest_first = [f"/news/{n}-report.html" for n in range(5)] + [f"/news/old-{n}.html" for n in (2, 1, 0)]
    assert article_requests(site) == newest_first


def test_max_articles_leaves_the_rest_for_the_next_crawl(site: NewsSite, workplace: Workplace) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", put_articles(site, 5))])
    workplace.run("crawl", "local", "-a", "max_articles=2")
    assert article_requests(site) == ["/news/0-report.html", "/news/1-report.html"]
    workplace.run("crawl", "local")
    assert len(article_requests(site)) == 5
    assert len(workplace.rows("SELECT id FROM articles")) == 5


def test_since_leaves_out_what_the_channel_dates_earlier(site: NewsSite, workplace: Workplace) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", put_articles(site, 4))])
    result = workplace.run("crawl", "local", "-a", "since=2026-11-10T22:00:00Z")
    assert len(article_requests(site)) == 2
    assert "2 too old" in result.stderr


def test_one_kind_of_channel_can_be_requested_alone(site: NewsSite, workplace: Workplace) -> None:
    links = put_articles(site, 1)
    site.put("/", f'<!DOCTYPE html><a href="{links[0]}">Report 0</a>')
    feed = site.feed("/feed.xml", links)
    workplace.site_profile(site, feeds=[feed], sections=[site.url], article_url="'/news/'")
    workplace.run("crawl", "local", "-a", "channel=section")
    assert site.paths() == ["/robots.txt", "/", "/news/0-report.html"]


def test_robots_txt_lists_the_sitemaps_of_a_site_without_channels(site: NewsSite, workplace: Workplace) -> None:
    link = put_articles(site, 1)[0]
    site.put("/robots.txt", f"Sitemap: {site.url}map.xml\nSitemap: /second.xml\n", "text/plain")
    for name in ("map", "second"):
        site.put(f"/{name}.xml", f"<urlset><url><loc>{link}</loc></url></urlset>", "text/xml")
    workplace.site_profile(site)
    assert workplace.run("crawl", "local").returncode == 0
    assert workplace.pages() == {"/news/0-report.html": "new"}


def test_a_sitemap_index_that_lists_itself_is_read_once(site: NewsSite, workplace: Workplace) -> None:
    names = "".join(f"<sitemap><loc>{site.url}{name}.xml</loc></sitemap>" for name in ("a", "b", "index"))
    for name in ("a", "b", "index"):
        site.put(f"/{name}.xml", f"<sitemapindex>{names}</sitemapindex>", "text/xml")
    workplace.site_profile(site, sitemaps=[site.url + "index.xml"])
    assert workplace.run("crawl", "local").returncode == 0
    assert sorted(site.paths()) == ["/a.xml", "/b.xml", "/index.xml", "/robots.txt"]


def test_one_text_under_two_addresses_is_stored_twice_and_marked_once(site: NewsSite, workplace: Workplace) -> None:
    links = [site.article("/news/first.html", "First headline"), site.article("/news/second.html", "Second headline")]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    workplace.run("crawl", "local")
    marked = workplace.rows("SELECT duplicate_of FROM articles ORDER BY id")
    assert [row["duplicate_of"] for row in marked] == [None, 1]
    assert workplace.rows("SELECT new, duplicate FROM runs") == [{"new": 1, "duplicate": 1}]


def test_two_addresses_that_lead_to_one_page_are_one_article(site: NewsSite, workplace: Workplace) -> None:
    link = site.article("/news/slug.html", "One page")
    site.answer("/p.html", lambda handler: handler.redirect("/news/slug.html"))
    workplace.site_profile(
        site, feeds=[site.feed("/feed.xml", [site.url + "p.html?p=7", link + "?utm_source=rss", link])]
    )
    workplace.run("crawl", "local")
    assert [row["url"] for row in workplace.rows("SELECT url FROM articles")] == [link]
    assert workplace.rows("SELECT requested, new, duplicate FROM runs") == [{"requested": 2, "new": 1, "duplicate": 1}]


def test_a_url_to_which_a_redirect_led_is_not_requested_again(site: NewsSite, workplace: Workplace) -> None:
    link = site.article("/news/slug.html", "One page")
    site.answer("/p.html", lambda handler: handler.redirect("/news/slug.html"))
    feed = site.feed("/feed.xml", [site.url + "p.html"])
    workplace.site_profile(site, feeds=[feed])
    workplace.run("crawl", "local")
    site.feed("/feed.xml", [site.url + "p.html", link])
    result = workplace.run("crawl", "local")
    assert result.returncode == 0, result.stderr
    assert site.paths().count("/news/slug.html") == 1
    assert workplace.rows("SELECT requested, new, skipped FROM runs")[1] == {
        "requested": 0,
        "new": 0,
        "skipped": '{"known": 2}',
    }


def test_a_profile_can_be_pointed_at_another_address(site: NewsSite, workplace: Workplace) -> None:
    site.article("/2026/report.html", "Report")
    site.feed("/feed.xml", ["https://www.daily.example/2026/report.html", "https://ads.example/2026/x.html"])
    workplace.profile(
        "daily",
        'title = "Daily"\nurl = "https://daily.example/"\nfeeds = ["https://daily.example/feed.xml"]\n'
        "article_url = '^https://daily\\.example/\\d{4}/'\n",
    )
    result = workplace.run("crawl", "daily", "-a", f"url={site.url}", "-s", "DOWNLOAD_DELAY=0")
    assert workplace.pages() == {"/2026/report.html": "new"}
    assert "1 foreign" in result.stderr


def test_kill_9_loses_no_page_and_stores_none_twice(site: NewsSite, workplace: Workplace) -> None:
    links = put_articles(site, 40)
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    for _ in range(3):
        with workplace.start("crawl", "local", "-s", "DOWNLOAD_DELAY=0.05") as crawl:
            wait_for_requests(site, len(site.seen) + 9)
            crawl.send_signal(signal.SIGKILL)
            crawl.communicate()
    site.feed("/feed.xml", [])  # what the feed has dropped meanwhile is not lost
    assert workplace.run("crawl", "local").returncode == 0
    assert sorted(row["page_url"] for row in workplace.rows("SELECT page_url FROM articles")) == sorted(links)
    assert workplace.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    for run in workplace.rows("SELECT * FROM runs"):
        assert run["requested"] == run["new"]


def test_sigterm_ends_cleanly_and_the_next_crawl_takes_up_the_rest(site: NewsSite, workplace: Workplace) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", put_articles(site, 30))])
    with workplace.start("crawl", "local", "-s", "DOWNLOAD_DELAY=0.3") as crawl:
        wait_until(lambda: len(article_requests(site)) > 3)
        stopped = time.monotonic()
        crawl.terminate()
        _, err = crawl.communicate(timeout=30)
        assert time.monotonic() - stopped < 15
    assert crawl.returncode == 0, err
    (run,) = workplace.rows("SELECT * FROM runs")
    assert run["finish_reason"] == "shutdown"
    assert run["requested"] == run["new"] + run["unfinished"]
    workplace.run("crawl", "local")
    assert len(workplace.rows("SELECT id FROM articles")) == 30


def test_two_crawls_write_one_database_at_once(site: NewsSite, workplace: Workplace) -> None:
    for name in ("one", "two"):
        links = [
            site.article(
                f"/{name}/{n}.html", f"{name} {n}", paragraphs=(f"Text {n} of {name} on ships and tides. " * 6,)
            )
            for n in range(25)
        ]
        workplace.site_profile(site, name, feeds=[site.feed(f"/{name}.xml", links)])
    crawls = [workplace.start("crawl", name, "-s", "NEWS_BATCH_SIZE=1") for name in ("one", "two")]
    for crawl in crawls:
        _, err = crawl.communicate(timeout=60)
        assert crawl.returncode == 0, err
    assert workplace.rows("SELECT site, count(*) AS n FROM articles GROUP BY site") == [
        {"site": "one", "n": 25},
        {"site": "two", "n": 25},
    ]


def test_a_callback_that_raises_costs_its_page_and_the_exit_code(site: NewsSite, workplace: Workplace) -> None:
    links = [site.article("/news/bad.html", "Bad"), site.article("/news/good.html", "Good")]
    workplace.site_profile(site, "raising", feeds=[site.feed("/feed.xml", links)])
    result = workplace.run("crawl", "raising", "-s", "SPIDER_MODULES=tests.oddspiders")
    assert result.returncode == 1
    assert workplace.pages() == {"/news/bad.html": "callback_error", "/news/good.html": "new"}
    assert "the page has no such table" in result.stderr
    (run,) = workplace.rows("SELECT * FROM runs")
    assert (run["requested"], run["new"], run["failed"], run["finish_reason"]) == (2, 1, 1, "failed")


def test_a_page_that_a_spider_finishes_more_than_once_counts_once_and_the_error_is_logged(
    site: NewsSite, workplace: Workplace
) -> None:
    good = site.article("/news/good.html", "Good", paragraphs=("Good news of the harbour. " * 9,))
    links = [site.article("/news/bad.html", "Bad"), good]
    workplace.site_profile(site, "twice", feeds=[site.feed("/feed.xml", links)])
    result = workplace.run("crawl", "twice", "-s", "SPIDER_MODULES=tests.oddspiders")
    assert result.returncode == 1
    for link in links:
        assert f"{link} finished a second time (article); only the first outcome counts" in result.stderr
    (run,) = workplace.rows("SELECT * FROM runs")
    # The error may be logged before the first of the articles has passed the pipelines, or after.
    assert (run["requested"], run["new"] + run["failed"]) == (2, 2)
    assert (run["updated"], run["unchanged"], run["duplicate"], run["dropped"], run["unfinished"]) == (0, 0, 0, 0, 0)
    assert workplace.pages()["/news/good.html"] == "new"
    assert len(workplace.rows("SELECT id FROM articles")) == run["new"]


def test_a_channel_whose_reading_raises_costs_only_itself_and_the_exit_code(
    site: NewsSite, workplace: Workplace
) -> None:
    feeds = [site.feed("/bad.xml", []), site.feed("/good.xml", put_articles(site, 2))]
    workplace.site_profile(site, "deaf", feeds=feeds)
    result = workplace.run("crawl", "deaf", "-s", "SPIDER_MODULES=tests.oddspiders")
    assert result.returncode == 1
    assert "the channel has no such list" in result.stderr
    assert len(workplace.rows("SELECT id FROM articles")) == 2


def test_a_broken_spider_module_costs_only_its_own_sites(site: NewsSite, workplace: Workplace) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", put_articles(site, 1))])
    result = workplace.run("crawl", "local", "-s", "SPIDER_MODULES=tests.oddspiders")
    assert result.returncode == 0
    assert "tests.oddspiders.broken cannot be imported" in result.stderr
    assert len(workplace.rows("SELECT id FROM articles")) == 1


def wait_for_requests(site: NewsSite, count: int) -> None:
    wait_until(lambda: len(site.seen) >= count)


def wait_until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)


def test_commands_work_from_a_subfolder(site: NewsSite, workplace: Workplace) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", put_articles(site, 1))])
    assert workplace.run("list", cwd=PROJECT / "docs").stdout.split() == ["local"]
    assert workplace.run("crawl", "local", cwd=PROJECT / "tests").returncode == 0
    assert len(workplace.rows("SELECT id FROM articles")) == 1


def test_crawl_output_file_has_the_exports_columns_and_one_header(
    site: NewsSite, workplace: Workplace, tmp_path: Path
) -> None:
    links = put_articles(site, 2)
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    out = tmp_path / "out.csv"
    workplace.run("crawl", "local", "-a", "max_articles=1", "-o", str(out))
    workplace.run("crawl", "local", "-o", str(out))
    lines = out.read_text("utf-8").splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("url,site,title,subtitle,body,")
    assert [line.split(",")[0] for line in lines[1:]] == links


def test_cron_hears_nothing_of_a_crawl_that_went_well(site: NewsSite, workplace: Workplace) -> None:
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [*put_articles(site, 1), site.url + "missing.html"])])
    result = workplace.run("crawl", "local", "-L", "ERROR")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_a_page_that_hangs_or_crashes_the_extractor_costs_only_itself(site: NewsSite, workplace: Workplace) -> None:
    links = [site.put("/news/deep.html", "<div>" * 100_000), *put_articles(site, 2)]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    result = workplace.run("crawl", "local")
    assert result.returncode == 0, result.stderr
    assert [row["new"] for row in workplace.rows("SELECT new FROM runs")] == [2]


def test_a_stats_extension_sees_every_outcome_under_its_stage(site: NewsSite, workplace: Workplace) -> None:
    links = put_articles(site, 3)
    links += [site.url + "news/missing.html", site.put("/news/short.html", "<h1>Short</h1><p>Too short.</p>")]
    links.append(site.put("/news/picture.html", "PNG", "image/png"))
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    result = workplace.run("crawl", "local", "-s", "STATS_DUMP=1", "-L", "INFO")
    stats = dict(re.findall(r"'((?:discover|fetch|extract|validate|archive|store|run)/[\w/]+)': (\d+)", result.stderr))
    counts = {key: int(count) for key, count in stats.items()}
    assert {key: counts[key] for key in counts if key.startswith(("discover/", "store/", "archive/", "run/"))} == {
        "discover/channels": 1,
        "discover/candidates": 6,
        "discover/new": 6,
        "store/new": 3,
        "archive/records": 3,
        "run/exit_code": 0,
        "run/id": 1,
    }
    assert counts["fetch/requested"] == 6
    assert counts["fetch/failed/http_404"] == counts["fetch/dropped/not_html"] == 1
    assert counts["extract/articles"] == 4
    outcomes = {key: n for key, n in counts.items() if key.split("/")[1] in OUTCOMES and key != "discover/new"}
    assert sum(outcomes.values()) == 6
    assert sum(n for key, n in outcomes.items() if key.startswith("validate/dropped/")) == 1


def test_a_plain_spider_of_scrapy_can_store_articles(site: NewsSite, workplace: Workplace) -> None:
    workplace.environment["ARTICLE"] = "https://plain.example/news/1"
    result = workplace.run("crawl", "plain", "-s", "SPIDER_MODULES=tests.oddspiders", "-a", "since=2026-01-01")
    assert result.returncode == 0, result.stderr
    assert workplace.rows("SELECT url, site FROM articles") == [
        {"url": "https://plain.example/news/1", "site": "plain"}
    ]
    (run,) = workplace.rows("SELECT site, new, arguments FROM runs")
    assert run == {"site": "plain", "new": 1, "arguments": '{"since": "2026-01-01"}'}


def test_an_article_of_14_hours_ago_is_dated_to_the_hour_in_store_and_export(
    site: NewsSite, workplace: Workplace
) -> None:
    printed = {"/news/en.html": "14 hours ago", "/news/ar.html": "قبل 14 ساعة"}
    for n, (path, text) in enumerate(printed.items()):
        page = article_page(path, (PARAGRAPHS[n],)).replace("</h1>", f"</h1><span class='date'>{text}</span>")
        site.put(path, re.sub("<meta property[^>]*>", "", page))
    links = [f"<item><link>{site.url}news/{name}.html</link></item>" for name in ("en", "ar")]
    site.put("/feed.xml", f"<rss version='2.0'><channel>{''.join(links)}</channel></rss>", "text/xml")
    workplace.site_profile(site, feeds=[site.url + "feed.xml"])
    workplace.run("crawl", "local")
    stored = workplace.rows("SELECT published_precision, published_raw FROM articles ORDER BY url DESC")
    assert [tuple(row.values()) for row in stored] == [("hour", "14 hours ago"), ("hour", "قبل 14 ساعة")]
    out = workplace.folder / "out.jsonl"
    assert workplace.run("export", str(out)).returncode == 0
    assert [json.loads(line)["published_precision"] for line in out.read_text().splitlines()] == ["hour", "hour"]


def test_robots_txt_is_read_by_the_product_token_and_not_by_the_rest_of_the_user_agent(
    site: NewsSite, workplace: Workplace
) -> None:
    put_articles(site, 2)
    groups = "User-agent: Mozilla\nDisallow: /\n\nUser-agent: rasid\nDisallow: /news/0\n\nUser-agent: *\nDisallow: /\n"
    site.put("/robots.txt", groups, "text/plain")
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [f"{site.url}news/{n}-report.html" for n in range(2)])])
    workplace.run("crawl", "local")
    assert article_requests(site) == ["/news/1-report.html"]
