"""Politeness, measured at the server: when which request came in."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from crawler.fetch.onsite import PrivateAddress, check_address, ports_of
from crawler.profile import SiteProfile
from tests.conftest import Workplace
from tests.newssite import Handler, NewsSite, serve
from tests.test_crawl_again import PAST, last_run, text_of
from tests.test_crawl_site import wait_until

QUICK = ("-s", "AUTOTHROTTLE_ENABLED=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=4")
TOLERANCE = 0.05  # seconds between the send and the receipt that another request did not have


def test_a_crawl_delay_is_respected_within_a_run_and_between_runs(site: NewsSite, workplace: Workplace) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 2\n", "text/plain")
    links = [site.article(f"/news/{n}.html", f"Report {n}", paragraphs=text_of(n)) for n in range(2)]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    for _ in range(2):
        assert workplace.run("crawl", "local", *QUICK).returncode == 0
    assert site.paths() == ["/robots.txt", "/feed.xml", "/news/0.html", "/news/1.html", "/feed.xml"]
    distances = [later.at - earlier.at for earlier, later in pairwise(site.seen)]
    assert min(distances) >= 2 - TOLERANCE


def test_retry_after_is_waited_for_and_the_page_still_comes(site: NewsSite, workplace: Workplace) -> None:
    requests: list[tuple[str, float]] = []

    def busy(handler: Handler) -> None:
        """Refuses the first time: one page with seconds, the other with a date."""
        first = handler.path not in [path for path, _ in requests]
        requests.append((handler.path, site.seen[-1].at))
        until = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
        page = text_of(int(handler.path.removeprefix("/news/")[0]))[0]
        handler.reply(
            "slow down" if first else f"<h1>Busy {handler.path}</h1><p>{page}",
            status=429 if first else 200,
            headers={"Retry-After": "2" if "seconds" in handler.path else until} if first else {},
        )

    links = [site.answer(f"/news/{n}-{how}.html", busy) for n, how in enumerate(("seconds", "date"))]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    assert workplace.run("crawl", "local", "-s", "AUTOTHROTTLE_ENABLED=0").returncode == 0
    assert last_run(workplace)["new"] == 2
    assert [path for path, _ in requests].count(requests[0][0]) == 2
    refused = dict(reversed(requests))
    for path, at in refused.items():
        following = min(seen.at for seen in site.seen if seen.at > at)
        assert 2 - TOLERANCE <= following - at < 5, path


def test_a_long_retry_after_ends_the_run_and_is_remembered_by_the_next(site: NewsSite, workplace: Workplace) -> None:
    links = [site.put("/news/0.html", "slow down", status=503, headers={"Retry-After": "7"})]
    links += [site.article(f"/news/{n}.html", f"Report {n}", paragraphs=text_of(n)) for n in range(1, 40)]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    patience = ("-s", "NEWS_WAIT_SECONDS=1", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1", "-s", "AUTOTHROTTLE_ENABLED=0")
    assert workplace.run("crawl", "local", *patience).returncode == 0
    refused = next(seen for seen in site.seen if seen.path == "/news/0.html")
    assert site.seen[-1] is refused, "no request was sent after it"
    run = last_run(workplace)
    assert run["skipped"]["host_asks_to_wait"] >= 20, "most were not requested"
    assert set(json.loads(run["reasons"])) == {"host_asks_to_wait"}
    assert workplace.rows("SELECT count(*) AS n FROM pages WHERE state = 'given_up'") == [{"n": 0}]
    early = workplace.run("crawl", "local", *patience)
    assert site.seen[-1] is refused, "nor by the next run, which came too early"
    assert early.returncode in (0, 1)
    workplace.change("UPDATE pages SET next_attempt = ?", PAST)
    site.article("/news/0.html", "Report 0", paragraphs=text_of(0))
    assert workplace.run("crawl", "local", *QUICK).returncode == 0
    first = site.seen[site.seen.index(refused) + 1]
    assert first.at - refused.at >= 7 - TOLERANCE
    assert len(workplace.rows("SELECT id FROM articles")) == 40


def test_a_wait_from_an_earlier_run_costs_pages_on_another_host_than_the_channels_no_attempt(
    site: NewsSite, workplace: Workplace
) -> None:
    elsewhere = site.url.replace("127.0.0.1", "localhost")
    links = [site.article(f"/news/{n}.html", f"R {n}", paragraphs=text_of(n)) for n in range(20)]
    feed = site.feed("/feed.xml", [link.replace(site.url, elsewhere) for link in links])
    workplace.site_profile(site, feeds=[feed], hosts=["127.0.0.1", "localhost"])
    workplace.run("crawl", "local", "-a", "max_articles=0")
    host = elsewhere.split("/")[2]
    until = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    workplace.change("INSERT INTO hosts (host, not_before) VALUES (?, ?)", host, until)
    assert workplace.run("crawl", "local").returncode == 0
    assert last_run(workplace)["skipped"]["host_asks_to_wait"] == 20
    assert last_run(workplace)["requested"] == 0
    assert workplace.rows("SELECT max(attempts) AS n FROM pages") == [{"n": 0}]


def test_a_crawl_that_is_killed_after_robots_txt_leaves_the_next_one_its_distance(
    site: NewsSite, workplace: Workplace
) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 6\n", "text/plain")
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [])])
    with workplace.start("crawl", "local", *QUICK) as crawl:
        wait_until(lambda: workplace.database.exists() and bool(site.seen) and bool(cached_robots(workplace)))
        crawl.kill()
    assert site.paths() == ["/robots.txt"]
    assert workplace.run("crawl", "local", *QUICK).returncode == 0
    first, second = site.seen
    assert second.path == "/feed.xml"
    assert second.at - first.at >= 6 - TOLERANCE


def test_two_processes_with_sites_on_one_host_keep_its_crawl_delay_together(
    site: NewsSite, workplace: Workplace
) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 2\n", "text/plain")
    for name in ("one", "two"):
        links = [site.article(f"/{name}/{n}.html", name, paragraphs=text_of(n, f" and {name}")) for n in range(2)]
        workplace.site_profile(site, name, feeds=[site.feed(f"/{name}/feed.xml", links)])
    crawls = [workplace.start("crawl", name, *QUICK) for name in ("one", "two")]
    for crawl in crawls:
        _, err = crawl.communicate(timeout=120)
        assert crawl.returncode == 0, err
    requests = [seen for seen in site.seen if seen.path != "/robots.txt"]
    assert len(requests) == 6
    assert min(later.at - earlier.at for earlier, later in pairwise(requests)) >= 2 - TOLERANCE


def cached_robots(workplace: Workplace) -> list[dict[str, object]]:
    return workplace.rows("SELECT host FROM hosts WHERE robots_fetched IS NOT NULL")


def test_robots_txt_is_requested_once_a_day(site: NewsSite, workplace: Workplace) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /private/\n", "text/plain")
    links = [
        site.article(f"/{where}/1.html", where, paragraphs=text_of(n)) for n, where in enumerate(("news", "private"))
    ]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    for _ in range(2):
        workplace.run("crawl", "local", "-a", "force=1")
    assert workplace.pages() == {"/news/1.html": "unchanged", "/private/1.html": "robots"}
    assert site.paths().count("/robots.txt") == 1
    workplace.change("UPDATE hosts SET robots_fetched = ?", PAST)
    workplace.run("crawl", "local")
    assert site.paths().count("/robots.txt") == 2


def test_robots_txt_is_requested_once_however_many_requests_wait_for_it(site: NewsSite, workplace: Workplace) -> None:
    def slow(handler: Handler) -> None:
        time.sleep(0.5)
        handler.reply("User-agent: *\nDisallow: /private/\n", "text/plain")

    site.answer("/robots.txt", slow)
    feeds = [site.feed(f"/{n}.xml", []) for n in range(5)] + [site.feed("/private/feed.xml", [])]
    workplace.site_profile(site, feeds=feeds)
    result = workplace.run("crawl", "local", *QUICK, "-s", "STATS_DUMP=1", "-L", "INFO")
    assert site.paths().count("/robots.txt") == 1
    assert sorted(site.paths()[1:]) == [f"/{n}.xml" for n in range(5)]
    stats = {"request_count": 1, "response_count": 1, "response_status_count/200": 1, "forbidden": 1}
    for name, number in stats.items():
        assert f"'robotstxt/{name}': {number}" in result.stderr


def test_a_robots_txt_that_fails_ends_all_requests_that_wait_for_it(site: NewsSite, workplace: Workplace) -> None:
    def slow(handler: Handler) -> None:
        time.sleep(0.5)
        handler.reply("out of order", status=500)

    site.answer("/robots.txt", slow)
    workplace.site_profile(site, feeds=[site.feed(f"/{n}.xml", []) for n in range(5)])
    result = workplace.run("crawl", "local", *QUICK, "-s", "RETRY_TIMES=0", timeout=60)
    warnings = [line for line in result.stderr.splitlines() if "WARNING" in line]
    assert sum("robots_unreachable" in line for line in warnings) == 5
    assert site.paths() == ["/robots.txt"]


def test_scrapys_switch_for_robots_txt_works(site: NewsSite, workplace: Workplace) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /\n", "text/plain")
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [])])
    workplace.run("crawl", "local", "-s", "ROBOTSTXT_OBEY=0")
    assert site.paths() == ["/feed.xml"]


@pytest.mark.parametrize("status", [500, 429])
def test_a_robots_txt_that_is_not_sent_is_a_prohibition(site: NewsSite, workplace: Workplace, status: int) -> None:
    site.put("/robots.txt", "out of order", "text/plain", status=status)
    link = site.article("/news/1.html", "One")
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [link])])
    result = workplace.run("crawl", "local", "-s", "RETRY_TIMES=0")
    assert site.paths() == ["/robots.txt"]
    assert f"robots.txt: HTTP {status}" in result.stderr
    site.put("/robots.txt", "", "text/plain")
    workplace.run("crawl", "local")
    assert workplace.pages() == {"/news/1.html": "new"}


def test_a_cached_robots_txt_is_used_for_thirty_days_if_the_server_sends_none(
    site: NewsSite, workplace: Workplace
) -> None:
    site.put("/robots.txt", "", "text/plain")
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [])])
    workplace.run("crawl", "local")
    site.put("/robots.txt", "out of order", "text/plain", status=500)
    for days, paths in ((29, ["/robots.txt", "/feed.xml"]), (31, ["/robots.txt"])):
        fetched = datetime.now(UTC) - timedelta(days=days)
        workplace.change("UPDATE hosts SET robots_fetched = ?", f"{fetched:%Y-%m-%dT%H:%M:%SZ}")
        before = len(site.seen)
        workplace.run("crawl", "local", "-s", "RETRY_TIMES=0")
        assert site.paths()[before:] == paths


def test_directives_of_a_page_are_recorded_and_respected_if_the_setting_lists_them(
    site: NewsSite, workplace: Workplace
) -> None:
    links = [
        site.article("/news/1.html", "One", headers={"X-Robots-Tag": "noarchive, noai"}, paragraphs=text_of(1)),
        site.article("/news/2.html", "Two", headers={"TDM-Reservation": "1"}, paragraphs=text_of(2)),
        site.article("/news/3.html", "Three", paragraphs=text_of(3)),
    ]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    workplace.run("crawl", "local", "-s", "NEWS_RESPECT_DIRECTIVES=noai")
    assert workplace.pages() == {"/news/1.html": "directive_noai", "/news/2.html": "new", "/news/3.html": "new"}
    records = workplace.rows("SELECT directives FROM pages ORDER BY id")
    assert [row["directives"] for row in records] == ["noai noarchive", "tdm", None]


def reserving(site: NewsSite, workplace: Workplace) -> None:
    """A site that reserves one of its two folders."""
    site.put("/.well-known/tdmrep.json", '[{"location": "/news/", "tdm-reservation": 1}]', "application/json")
    links = [
        site.article("/news/1.html", "One", paragraphs=text_of(1)),
        site.article("/news/2.html", "Two", paragraphs=text_of(2), headers={"TDM-Reservation": "0"}),
        site.article("/free/3.html", "Three", paragraphs=text_of(3)),
    ]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])


RESPECT_TDM = ("-s", "NEWS_RESPECT_DIRECTIVES=tdm")


def test_what_a_host_reserves_in_its_file_is_respected_if_the_setting_lists_tdm_and_the_file_is_requested_once_a_day(
    site: NewsSite, workplace: Workplace
) -> None:
    reserving(site, workplace)
    workplace.run("crawl", "local", *RESPECT_TDM)
    ends = {"/news/1.html": "directive_tdm", "/news/2.html": "new", "/free/3.html": "new"}
    assert workplace.pages() == ends
    assert site.paths().count("/.well-known/tdmrep.json") == 1
    workplace.run("crawl", "local", *RESPECT_TDM, "-a", "force=1")
    assert workplace.pages()["/news/1.html"] == "directive_tdm"
    assert site.paths().count("/.well-known/tdmrep.json") == 1, "it is kept between runs"
    workplace.change("UPDATE hosts SET tdm_fetched = ?", PAST)
    before = len(site.seen)
    workplace.run("crawl", "local", *RESPECT_TDM)
    assert site.paths()[before:] == ["/feed.xml"], "the file is not requested in a run without pages"


def test_the_file_of_reservations_is_requested_only_if_it_is_respected(site: NewsSite, workplace: Workplace) -> None:
    reserving(site, workplace)
    workplace.run("crawl", "local", "-s", "NEWS_RESPECT_DIRECTIVES=noai")
    assert set(workplace.pages().values()) == {"new"}
    assert "/.well-known/tdmrep.json" not in site.paths()


def test_a_file_of_reservations_that_is_not_sent_is_not_a_permission(site: NewsSite, workplace: Workplace) -> None:
    reserving(site, workplace)
    site.put("/.well-known/tdmrep.json", "out of order", status=503)
    workplace.run("crawl", "local", *RESPECT_TDM, "-s", "RETRY_TIMES=0")
    assert set(workplace.pages().values()) == {"tdm_unknown"}
    assert workplace.rows("SELECT DISTINCT state FROM pages") == [{"state": "pending"}]
    site.put("/.well-known/tdmrep.json", "there is none", status=404)
    workplace.change("UPDATE pages SET next_attempt = ?", PAST)
    workplace.run("crawl", "local", *RESPECT_TDM)
    assert set(workplace.pages().values()) == {"new"}


def test_no_request_is_sent_to_a_private_address_unless_the_profile_allows_it(
    site: NewsSite, workplace: Workplace
) -> None:
    feed = site.feed("/feed.xml", [site.article("/news/1.html", "One")])
    for name, url in (("numbers", site.url), ("letters", site.url.replace("127.0.0.1", "localhost"))):
        text = f'title = "T"\nurl = "{url}"\nfeeds = ["{feed.replace(site.url, url)}"]\n'
        workplace.profile(name, text)
        result = workplace.run("crawl", name, "-s", "RETRY_TIMES=0")
        assert "allow_private = true" in result.stderr
        assert "private_address" in result.stderr
        assert site.seen == []
        workplace.profile(name, text + "allow_private = true\n")
        assert workplace.run("crawl", name, "-s", "RETRY_TIMES=0", "-s", "DOWNLOAD_DELAY=0").returncode == 0
        assert site.paths()[:2] == ["/robots.txt", "/feed.xml"]
        site.seen.clear()


def test_a_url_argument_allows_its_host_and_port_alone(site: NewsSite, workplace: Workplace) -> None:
    with serve() as other:
        secret = other.article("/secret.html", "Secret")
        links = [
            site.article("/news/1.html", "One"),
            site.answer("/news/2.html", lambda handler: handler.redirect(secret)),
            site.answer("/news/3.html", lambda handler: handler.redirect("http://localhost:1/")),
        ]
        site.feed("/feed.xml", [link.replace(site.url, "https://daily.example/") for link in links])
        workplace.profile(
            "daily", 'title = "D"\nurl = "https://daily.example/"\nfeeds = ["https://daily.example/feed.xml"]\n'
        )
        workplace.run("crawl", "daily", "-a", f"url={site.url}", "-s", "DOWNLOAD_DELAY=0")
        assert sorted(workplace.pages().values()) == ["new", "off_site", "off_site"]
        assert other.seen == []
        assert workplace.run("extract", site.answer("/r.html", lambda h: h.redirect(secret))).returncode == 1
        assert other.seen == []


def test_only_ports_of_the_profile_are_allowed() -> None:
    profile = SiteProfile(
        name="p", title="P", url="https://example.org:8443/", feeds=("https://example.org/feed",), hosts=("10.0.0.1",)
    )
    check_address("https://example.org/a", allowed=False, ports=ports_of(profile))
    check_address("https://example.org:443/a", allowed=False, ports=ports_of(profile))
    check_address("https://example.org:8443/a", allowed=False, ports=ports_of(profile))
    for url in ("https://example.org:22/", "http://example.org:443/", "http://10.0.0.1/", "http://[::1]/"):
        with pytest.raises(PrivateAddress):
            check_address(url, allowed=False, ports=ports_of(profile))
        check_address(url, allowed=True)
