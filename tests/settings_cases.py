"""Settings of Scrapy and what each must do in a crawl of a site; `tests/settings_crawls.py` runs them."""

from __future__ import annotations

import gzip
import json
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from tests.newssite import NewsSite
from tests.settings_crawls import Case, Crawled, report, reports

HERE = "tests.settings_components"
_SLOW = 0.4
"""Seconds that a slow article takes."""
ALL_NEW = {f"/{n}.html": "new" for n in range(3)}

# -- sites -----------------------------------------------------------------------------------------------------------


def slow(site: NewsSite) -> None:
    """Four articles, each of which takes a moment."""

    def answer(n: int) -> Callable[[Any], None]:
        def reply(handler: Any) -> None:
            time.sleep(_SLOW)
            handler.reply(report(n))

        return reply

    site.feed("/feed.xml", [site.answer(f"/{n}.html", answer(n)) for n in range(4)])


def nested_sitemaps(site: NewsSite) -> dict[str, Any]:
    """A sitemap in a sitemap in a sitemap."""

    def sitemap(path: str, kind: str, entry: str, location: str) -> str:
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return site.put(path, f'<{kind} xmlns="{space}"><{entry}><loc>{location}</loc></{entry}></{kind}>', "text/xml")

    inner = sitemap("/second.xml", "urlset", "url", reports(site)[0])
    middle = sitemap("/first.xml", "sitemapindex", "sitemap", inner)
    return {"feeds": None, "sitemaps": [sitemap("/index.xml", "sitemapindex", "sitemap", middle)]}


def cookie(site: NewsSite) -> None:
    """The first response sets a cookie."""
    site.put("/robots.txt", "", "text/plain", headers={"Set-Cookie": "town=ellory"})


def with_password(site: NewsSite) -> None:
    """The first article needs a password."""

    def answer(handler: Any) -> None:
        has_password = "Authorization" in handler.headers
        handler.reply(report(0) if has_password else "", status=200 if has_password else 401)

    site.answer("/0.html", answer)


def status(code: int) -> Callable[[NewsSite], None]:
    """The first article has a status."""

    def arrange(site: NewsSite) -> None:
        site.put("/0.html", report(0), status=code)

    return arrange


def refresh(site: NewsSite, tag: str = "{}") -> None:
    """The first article refreshes to another page."""
    site.put("/moved.html", report(0))
    meta = tag.format('<meta http-equiv="refresh" content="1; url=/moved.html">')
    site.put("/0.html", f"<html><head>{meta}</head><body>Moved</body></html>")


def redirect(site: NewsSite) -> None:
    """The first article redirects."""
    site.put("/moved.html", report(0))
    site.answer("/0.html", lambda handler: handler.redirect("/moved.html"))


def robots(site: NewsSite) -> None:
    """robots.txt forbids one article for us, and another one for others."""
    rules = "User-agent: *\nDisallow: /0.html\n\nUser-agent: other\nDisallow: /1.html\n"
    site.put("/robots.txt", rules, "text/plain")


def large(site: NewsSite) -> None:
    """The first article has 20 kB."""
    site.put("/0.html", report(0) + f"<!--{'x' * 20_000}-->")


def cut_off(site: NewsSite) -> None:
    """The first article ends before its Content-Length."""
    site.put("/0.html", report(0), length=100_000)


def compressed(site: NewsSite) -> None:
    """The first article is compressed, whether that was accepted or not."""
    page = gzip.compress(report(0).encode())
    site.put("/0.html", page, headers={"Content-Encoding": "gzip"})


def without_text(site: NewsSite) -> None:
    """The first article is none."""
    site.put("/0.html", "<html><body><h1>In pictures</h1></body></html>")


def shows_address(site: NewsSite) -> None:
    """The title of the first article is the address of whoever requests it."""
    site.answer(
        "/0.html", lambda handler: handler.reply(report(0).replace("Report 0", f"From {handler.client_address[0]}"))
    )


def with_picture(site: NewsSite) -> None:
    """The first article has a picture."""
    picture = site.put("/harbour.jpg", b"a picture", "image/jpeg")
    page = report(0).replace("<meta", f'<meta property="og:image" content="{picture}"><meta', 1)
    site.put("/0.html", page)


# -- checks ----------------------------------------------------------------------------------------------------------


def equal(actual: object, expected: object) -> None:
    """Raises AssertionError that shows both."""
    assert actual == expected, f"{actual!r} is not {expected!r}"


def first_page(outcome: str) -> Callable[[Crawled], object]:
    """The outcome of the first article; the others are new."""
    return lambda crawled: equal(crawled.pages, ALL_NEW | {"/0.html": outcome})


def all_new(crawled: Crawled) -> None:
    """The crawl is as without the setting."""
    equal((crawled.finish_reason, crawled.pages), ("finished", ALL_NEW))


def ends_early(reason: str) -> Callable[[Crawled], object]:
    """The crawl was ended, and what is left is pending."""

    def check(crawled: Crawled) -> None:
        equal(crawled.finish_reason, reason)
        assert "pending" in crawled.pages.values(), crawled.pages

    return check


def at_once(number: int) -> Callable[[Crawled], object]:
    """How many of the four slow articles are requested at the same time, at most."""

    def check(crawled: Crawled) -> None:
        times = sorted(seen.at for seen in crawled.site.seen if seen.path.endswith(".html"))
        most = max(sum(1 for other in times if at <= other < at + 0.95 * _SLOW) for at in times)
        equal(most, number)

    return check


def channel_dropped(crawled: Crawled) -> None:
    """A channel whose request was dropped has failed, and the crawl has ended."""
    assert crawled.logged("the request was dropped before it was sent"), crawled.log
    equal(crawled.stat("discover/channel_problems"), 1)


def check_all(*checks: Callable[[Crawled], object]) -> Callable[[Crawled], object]:
    """All of these."""

    def check(crawled: Crawled) -> None:
        for each in checks:
            each(crawled)

    return check


def header_is(name: str, value: str | None) -> Callable[[Crawled], object]:
    """The first article's request has this header."""
    return lambda crawled: equal(crawled.header(name), value)


def stat_is(key: str, value: object) -> Callable[[Crawled], object]:
    """Scrapy's stats have this value."""
    return lambda crawled: equal(crawled.stat(key), value)


def _count(crawled: Crawled, path: str) -> int:
    return sum(seen.path == path for seen in crawled.site.seen)


def requests_of_first(number: int) -> Callable[[Crawled], object]:
    """How often the first article is requested."""
    return lambda crawled: equal(_count(crawled, "/0.html"), number)


def is_logged(text: str) -> Callable[[Crawled], object]:
    """The log has this."""

    def check(crawled: Crawled) -> None:
        assert crawled.logged(text), "\n".join(crawled.log)

    return check


def slowest_gap(least: float, most: float) -> Callable[[Crawled], object]:
    """Seconds between two requests: the shortest and the longest distance."""

    def check(crawled: Crawled) -> None:
        gaps = crawled.gaps()
        assert min(gaps) >= least, gaps
        assert max(gaps) <= most, gaps

    return check


def picture_is_saved(crawled: Crawled) -> None:
    """The picture is on disk."""
    files = [path.read_bytes() for path in (crawled.folder / "files").rglob("*.jpg")]
    equal(files, [b"a picture"])
    equal(crawled.pages, ALL_NEW)


def feed_file(crawled: Crawled) -> None:
    """The feed export has what FEEDS says."""
    rows = json.loads((crawled.folder / "out.json").read_text("utf-8"))
    equal(sorted(rows, key=str), [{"title": f"Report {n}"} for n in range(3)])


QUICK = {"AUTOTHROTTLE_ENABLED": False}

CASES: dict[str, Case] = {
    "addons": Case(
        tries="ADDONS",
        settings={"ADDONS": {f"{HERE}.Addon": 1}},
        check=check_all(all_new, header_is("User-Agent", "Added/1"), stat_is("tests/items", 3)),
    ),
    "autothrottle_debug": Case(
        tries="AUTOTHROTTLE_DEBUG", settings={"AUTOTHROTTLE_DEBUG": True}, check=is_logged("slot: 127.0.0.1 | conc:")
    ),
    "autothrottle_start_delay": Case(
        tries="AUTOTHROTTLE_ENABLED AUTOTHROTTLE_START_DELAY",
        settings={"AUTOTHROTTLE_ENABLED": True, "AUTOTHROTTLE_START_DELAY": 1, "DOWNLOAD_DELAY_JITTER": 0},
        check=lambda crawled: equal(sum(crawled.gaps()) > 0.8, True),
    ),
    "autothrottle_off": Case(
        tries="AUTOTHROTTLE_ENABLED",
        settings={"AUTOTHROTTLE_START_DELAY": 5, **QUICK},
        check=check_all(all_new, slowest_gap(0, 3)),
    ),
    "autothrottle_max_delay": Case(
        tries="AUTOTHROTTLE_MAX_DELAY",
        settings={"AUTOTHROTTLE_START_DELAY": 0, "AUTOTHROTTLE_MAX_DELAY": 0.05, "AUTOTHROTTLE_DEBUG": True},
        arrange=slow,
        check=is_logged("delay:   50 ms"),
    ),
    "autothrottle_target": Case(
        tries="AUTOTHROTTLE_TARGET_CONCURRENCY",
        settings={"AUTOTHROTTLE_TARGET_CONCURRENCY": 100, "CONCURRENT_REQUESTS_PER_DOMAIN": 4},
        arrange=slow,
        check=at_once(4),
    ),
    "errorcount": Case(
        tries="CLOSESPIDER_ERRORCOUNT",
        settings={"CLOSESPIDER_ERRORCOUNT": 1, "SPIDER_MIDDLEWARES": {f"{HERE}.Raising": 10}},
        check=lambda crawled: equal(crawled.crawler.stats.get_value("finish_reason"), "closespider_errorcount"),
    ),
    "itemcount": Case(
        tries="CLOSESPIDER_ITEMCOUNT",
        settings={"CLOSESPIDER_ITEMCOUNT": 1, "CONCURRENT_REQUESTS": 1, "NEWS_BATCH_SIZE": 1},
        arrange=slow,
        check=lambda crawled: equal(crawled.finish_reason, "closespider_itemcount"),
    ),
    "pagecount": Case(
        tries="CLOSESPIDER_PAGECOUNT",
        settings={"CLOSESPIDER_PAGECOUNT": 2},
        check=ends_early("closespider_pagecount"),
    ),
    "pagecount_no_item": Case(
        tries="CLOSESPIDER_PAGECOUNT_NO_ITEM",
        settings={"CLOSESPIDER_PAGECOUNT_NO_ITEM": 2},
        check=ends_early("closespider_pagecount_no_item"),
    ),
    "ended_early_goes_on": Case(
        tries="CLOSESPIDER_PAGECOUNT",
        settings={"CLOSESPIDER_PAGECOUNT": 3, "CONCURRENT_REQUESTS": 1},
        arguments=({}, {}, {}),
        check=lambda crawled: equal(crawled.pages, ALL_NEW),
    ),
    "timeout_of_the_crawl": Case(
        tries="CLOSESPIDER_TIMEOUT",
        settings={"CLOSESPIDER_TIMEOUT": 1, "DOWNLOAD_DELAY": 1, "NEWS_STOP_SECONDS": 0.1, **QUICK},
        check=lambda crawled: equal(crawled.finish_reason, "closespider_timeout"),
    ),
    "timeout_without_an_item": Case(
        tries="CLOSESPIDER_TIMEOUT_NO_ITEM",
        settings={"CLOSESPIDER_TIMEOUT_NO_ITEM": 1, "DOWNLOAD_DELAY": 1, "NEWS_STOP_SECONDS": 0.1, **QUICK},
        check=lambda crawled: equal(crawled.finish_reason, "closespider_timeout_no_item"),
    ),
    "compression_off": Case(
        tries="COMPRESSION_ENABLED",
        settings={"COMPRESSION_ENABLED": False},
        check=check_all(all_new, header_is("Accept-Encoding", None)),
    ),
    "compressed_all_the_same": Case(
        tries="COMPRESSION_ENABLED", settings={"COMPRESSION_ENABLED": False}, arrange=compressed, check=all_new
    ),
    "items": Case(tries="CONCURRENT_ITEMS", settings={"CONCURRENT_ITEMS": 1}, check=all_new),
    "one_request_at_a_time": Case(
        tries="CONCURRENT_REQUESTS",
        settings={"CONCURRENT_REQUESTS": 1, "CONCURRENT_REQUESTS_PER_DOMAIN": 4, **QUICK},
        arrange=slow,
        check=at_once(1),
    ),
    "one_request_per_host_by_default": Case(
        tries="AUTOTHROTTLE_ENABLED", settings=QUICK, arrange=slow, check=at_once(1)
    ),
    "more_requests_per_host": Case(
        tries="CONCURRENT_REQUESTS_PER_DOMAIN",
        settings={"CONCURRENT_REQUESTS_PER_DOMAIN": 2, **QUICK},
        arrange=slow,
        check=at_once(2),
    ),
    "cookies": Case(tries="COOKIES_ENABLED", settings={}, arrange=cookie, check=header_is("Cookie", "town=ellory")),
    "cookies_off": Case(
        tries="COOKIES_ENABLED",
        settings={"COOKIES_ENABLED": False},
        arrange=cookie,
        check=check_all(all_new, header_is("Cookie", None)),
    ),
    "cookies_debug": Case(
        tries="COOKIES_DEBUG",
        settings={"COOKIES_DEBUG": True},
        arrange=cookie,
        check=check_all(
            is_logged("Sending cookies to: <GET http://127.0.0.1"), is_logged("Received cookies from: <200")
        ),
    ),
    "request_headers": Case(
        tries="DEFAULT_REQUEST_HEADERS",
        settings={"DEFAULT_REQUEST_HEADERS": {"Accept-Language": "ar"}},
        check=check_all(all_new, header_is("Accept-Language", "ar"), header_is("Accept", None)),
    ),
    "level_of_drops": Case(
        tries="DEFAULT_DROPITEM_LOG_LEVEL",
        settings={"DEFAULT_DROPITEM_LOG_LEVEL": "ERROR"},
        arrange=without_text,
        check=check_all(first_page("no_body"), is_logged("ERROR scrapy.core.scraper: dropped http://")),
    ),
    "depth_limit": Case(
        tries="DEPTH_LIMIT", settings={"DEPTH_LIMIT": 1}, arrange=nested_sitemaps, check=channel_dropped
    ),
    "depth_stats": Case(
        tries="DEPTH_STATS_VERBOSE DEPTH_PRIORITY",
        settings={"DEPTH_STATS_VERBOSE": True, "DEPTH_PRIORITY": 1},
        arrange=nested_sitemaps,
        check=check_all(stat_is("request_depth_max", 2), stat_is("request_depth_count/1", 1)),
    ),
    "bind_address": Case(
        tries="DOWNLOAD_BIND_ADDRESS",
        settings={"DOWNLOAD_BIND_ADDRESS": "127.0.0.9"},
        arrange=shows_address,
        check=lambda crawled: equal(_titles(crawled), ["From 127.0.0.9", "Report 1", "Report 2"]),
    ),
    "delay": Case(
        tries="DOWNLOAD_DELAY DOWNLOAD_DELAY_JITTER",
        settings={"DOWNLOAD_DELAY": 0.3, "DOWNLOAD_DELAY_JITTER": 0, **QUICK},
        check=lambda crawled: equal(sum(crawled.gaps()) > 4 * 0.3 * 0.8, True),  # the server is late at times
    ),
    "cut_off": Case(
        tries="DOWNLOAD_FAIL_ON_DATALOSS RETRY_TIMES",
        settings={"DOWNLOAD_FAIL_ON_DATALOSS": True, "RETRY_TIMES": 0},
        arrange=cut_off,
        check=first_page("cut_off"),
    ),
    "cut_off_is_accepted": Case(
        tries="DOWNLOAD_FAIL_ON_DATALOSS",
        settings={"DOWNLOAD_FAIL_ON_DATALOSS": False},
        arrange=cut_off,
        check=all_new,
    ),
    "download_handler": Case(
        tries="DOWNLOAD_HANDLERS",
        settings={"DOWNLOAD_HANDLERS": {"http": f"{HERE}.CountingHandler"}},
        check=check_all(all_new, header_is("X-Handler", "own")),
    ),
    "scheme_off": Case(
        tries="DOWNLOAD_HANDLERS",
        settings={"DOWNLOAD_HANDLERS": {"http": None}},
        check=check_all(
            is_logged("no handler available for that scheme"), lambda crawled: equal(crawled.site.seen, [])
        ),
    ),
    "maxsize": Case(
        tries="DOWNLOAD_MAXSIZE",
        settings={"DOWNLOAD_MAXSIZE": 10_000},
        arrange=large,
        check=first_page("too_large"),
    ),
    "warnsize": Case(
        tries="DOWNLOAD_WARNSIZE",
        settings={"DOWNLOAD_WARNSIZE": 10_000},
        arrange=large,
        check=check_all(all_new, is_logged("larger than download warn size (10000)")),
    ),
    "slots": Case(
        tries="DOWNLOAD_SLOTS",
        settings={"DOWNLOAD_SLOTS": {"127.0.0.1": {"concurrency": 3, "delay": 0}}, "DOWNLOAD_DELAY": 5, **QUICK},
        arrange=slow,
        check=at_once(3),
    ),
    "download_timeout": Case(
        tries="DOWNLOAD_TIMEOUT",
        settings={"DOWNLOAD_TIMEOUT": 0.1, "RETRY_TIMES": 0},
        arrange=slow,
        check=lambda crawled: equal(set(crawled.pages.values()), {"timeout"}),
    ),
    "downloader_middleware": Case(
        tries="DOWNLOADER_MIDDLEWARES",
        settings={"DOWNLOADER_MIDDLEWARES": {f"{HERE}.HeaderMiddleware": 450}},
        check=check_all(all_new, header_is("X-Own", "yes")),
    ),
    "downloader_stats_off": Case(
        tries="DOWNLOADER_STATS",
        settings={"DOWNLOADER_STATS": False},
        check=check_all(all_new, stat_is("downloader/request_count", None)),
    ),
    "duplicate_filter": Case(
        tries="DUPEFILTER_CLASS DUPEFILTER_DEBUG",
        settings={"DUPEFILTER_CLASS": "scrapy.dupefilters.RFPDupeFilter", "DUPEFILTER_DEBUG": True},
        check=all_new,
    ),
    "duplicate_filter_of_a_job": Case(
        tries="DUPEFILTER_CLASS JOBDIR",
        settings=lambda folder, site: {
            "DUPEFILTER_CLASS": "scrapy.dupefilters.RFPDupeFilter",
            "JOBDIR": str(folder / "job"),
        },
        arguments=({}, {}),
        check=channel_dropped,
    ),
    "extension": Case(
        tries="EXTENSIONS",
        settings={"EXTENSIONS": {f"{HERE}.StatExtension": 500}},
        check=check_all(all_new, stat_is("tests/responses", 5)),
    ),
    "feeds": Case(
        tries="FEEDS FEED_EXPORT_FIELDS FEED_EXPORT_ENCODING FEED_EXPORT_INDENT",
        settings=lambda folder, site: {
            "FEEDS": {str(folder / "out.json"): {"format": "json"}},
            "FEED_EXPORT_FIELDS": ["title"],
            "FEED_EXPORT_ENCODING": "utf-8",
            "FEED_EXPORT_INDENT": 2,
        },
        check=check_all(all_new, feed_file),
    ),
    "pictures": Case(
        tries="FILES_STORE ITEM_PIPELINES",
        settings=lambda folder, site: {
            "FILES_STORE": str(folder / "files"),
            "ITEM_PIPELINES": {f"{HERE}.PicturePipeline": 350},
        },
        arrange=with_picture,
        check=picture_is_saved,
    ),
    "http_auth": Case(
        tries="HTTPAUTH_USER HTTPAUTH_PASS HTTPAUTH_DOMAIN",
        settings={"HTTPAUTH_USER": "reader", "HTTPAUTH_PASS": "secret", "HTTPAUTH_DOMAIN": None},
        arrange=with_password,
        check=all_new,
    ),
    "cache": Case(
        tries="HTTPCACHE_ENABLED HTTPCACHE_DIR HTTPCACHE_GZIP HTTPCACHE_EXPIRATION_SECS",
        settings=lambda folder, site: {
            "HTTPCACHE_ENABLED": True,
            "HTTPCACHE_DIR": str(folder / "own_cache"),
            "HTTPCACHE_GZIP": True,
            "HTTPCACHE_EXPIRATION_SECS": 3600,
        },
        arguments=({}, {"force": "1"}),
        check=check_all(lambda crawled: equal(crawled.site.seen, []), stat_is("httpcache/hit", 4)),
    ),
    "cache_by_the_standard": Case(
        tries="HTTPCACHE_POLICY HTTPCACHE_ALWAYS_STORE HTTPCACHE_IGNORE_RESPONSE_CACHE_CONTROLS",
        settings={
            "HTTPCACHE_ENABLED": True,
            "HTTPCACHE_POLICY": "scrapy.extensions.httpcache.RFC2616Policy",
            "HTTPCACHE_ALWAYS_STORE": True,
            "HTTPCACHE_IGNORE_RESPONSE_CACHE_CONTROLS": ["no-store"],
        },
        check=check_all(all_new, stat_is("httpcache/store", 5)),
    ),
    "cache_in_dbm": Case(
        tries="HTTPCACHE_STORAGE HTTPCACHE_DBM_MODULE",
        settings={
            "HTTPCACHE_ENABLED": True,
            "HTTPCACHE_STORAGE": "scrapy.extensions.httpcache.DbmCacheStorage",
            "HTTPCACHE_DBM_MODULE": "dbm.dumb",
        },
        check=check_all(all_new, stat_is("httpcache/store", 5)),
    ),
    "cache_without_http": Case(
        tries="HTTPCACHE_IGNORE_SCHEMES",
        settings={"HTTPCACHE_ENABLED": True, "HTTPCACHE_IGNORE_SCHEMES": ["http"]},
        check=check_all(all_new, stat_is("httpcache/store", None)),
    ),
    "cache_only": Case(
        tries="HTTPCACHE_IGNORE_MISSING",
        settings={"HTTPCACHE_ENABLED": True, "HTTPCACHE_IGNORE_MISSING": True},
        check=check_all(
            lambda crawled: equal(crawled.site.seen, []), lambda crawled: equal(crawled.finish_reason, "unusable")
        ),
    ),
    "cache_without_errors": Case(
        tries="HTTPCACHE_IGNORE_HTTP_CODES",
        settings={"HTTPCACHE_ENABLED": True, "HTTPCACHE_IGNORE_HTTP_CODES": [404]},
        arrange=status(404),
        check=check_all(first_page("http_404"), stat_is("httpcache/store", 3)),  # robots.txt is missing as well
    ),
    "error_codes": Case(
        tries="HTTPERROR_ALLOWED_CODES",
        settings={"HTTPERROR_ALLOWED_CODES": [404]},
        arrange=status(404),
        check=all_new,
    ),
    "all_error_codes": Case(
        tries="HTTPERROR_ALLOW_ALL", settings={"HTTPERROR_ALLOW_ALL": True}, arrange=status(410), check=all_new
    ),
    "pipelines": Case(
        tries="ITEM_PIPELINES",
        settings={"ITEM_PIPELINES": {f"{HERE}.TitlePipeline": 400}},
        check=check_all(all_new, stat_is("tests/items", 3)),
    ),
    "job": Case(
        tries="JOBDIR CLOSESPIDER_ITEMCOUNT SCHEDULER_DISK_QUEUE SCHEDULER_START_DISK_QUEUE",
        settings=lambda folder, site: {
            "JOBDIR": str(folder / "job"),
            "CLOSESPIDER_ITEMCOUNT": 1,
            "CONCURRENT_REQUESTS": 1,
            "NEWS_BATCH_SIZE": 1,
            "SCHEDULER_DISK_QUEUE": "scrapy.squeues.PickleFifoDiskQueue",
            "SCHEDULER_START_DISK_QUEUE": "scrapy.squeues.PickleLifoDiskQueue",
        },
        arrange=slow,
        arguments=({}, {}, {}, {}),
        check=lambda crawled: equal(set(crawled.pages.values()) & {"pending", "failed"}, set()),
    ),
    "logstats": Case(
        tries="LOGSTATS_INTERVAL",
        settings={"LOGSTATS_INTERVAL": 0.05},
        arrange=slow,
        check=is_logged("INFO scrapy.extensions.logstats: Crawled "),
    ),
    "refresh": Case(tries="METAREFRESH_ENABLED", settings={}, arrange=refresh, check=all_new),
    "refresh_off": Case(
        tries="METAREFRESH_ENABLED",
        settings={"METAREFRESH_ENABLED": False},
        arrange=refresh,
        check=first_page("no_body"),
    ),
    "refresh_later": Case(
        tries="METAREFRESH_MAXDELAY", settings={"METAREFRESH_MAXDELAY": 0}, arrange=refresh, check=first_page("no_body")
    ),
    "refresh_in_noscript": Case(
        tries="METAREFRESH_IGNORE_TAGS",
        settings={"METAREFRESH_IGNORE_TAGS": []},
        arrange=lambda site: refresh(site, "<noscript>{}</noscript>"),
        check=all_new,
    ),
    "periodic_log": Case(
        tries="PERIODIC_LOG_STATS PERIODIC_LOG_DELTA PERIODIC_LOG_TIMING_ENABLED",
        settings={
            "EXTENSIONS": {"scrapy.extensions.periodic_log.PeriodicLog": 0},
            "PERIODIC_LOG_STATS": True,
            "PERIODIC_LOG_DELTA": True,
            "PERIODIC_LOG_TIMING_ENABLED": True,
            "LOGSTATS_INTERVAL": 0.05,
        },
        arrange=slow,
        check=check_all(is_logged('"fetch/requested"'), is_logged('"delta"'), is_logged('"time"')),
    ),
    "redirects": Case(
        tries="REDIRECT_PRIORITY_ADJUST",
        settings={"REDIRECT_PRIORITY_ADJUST": 5},
        arrange=redirect,
        check=all_new,
    ),
    "redirects_off": Case(
        tries="REDIRECT_ENABLED",
        settings={"REDIRECT_ENABLED": False},
        arrange=redirect,
        check=first_page("http_302"),
    ),
    "redirects_at_most": Case(
        tries="REDIRECT_MAX_TIMES",
        settings={"REDIRECT_MAX_TIMES": 0},
        arrange=redirect,
        check=first_page("redirect_loop"),
    ),
    "referer": Case(
        tries="REFERER_ENABLED",
        settings={},
        arrange=nested_sitemaps,
        check=lambda crawled: equal(crawled.header("Referer", "/first.xml"), crawled.site.url + "index.xml"),
    ),
    "referer_off": Case(
        tries="REFERER_ENABLED",
        settings={"REFERER_ENABLED": False},
        arrange=nested_sitemaps,
        check=lambda crawled: equal(crawled.header("Referer", "/first.xml"), None),
    ),
    "referrer_policy": Case(
        tries="REFERRER_POLICY REFERRER_POLICIES",
        settings={
            "REFERRER_POLICIES": {"ours": "scrapy.spidermiddlewares.referer.OriginPolicy"},
            "REFERRER_POLICY": "ours",
        },
        arrange=nested_sitemaps,
        check=lambda crawled: equal(crawled.header("Referer", "/first.xml"), crawled.site.url),
    ),
    "fingerprints": Case(
        tries="REQUEST_FINGERPRINTER_CLASS",
        settings={"REQUEST_FINGERPRINTER_CLASS": f"{HERE}.OwnFingerprinter", "HTTPCACHE_ENABLED": True},
        check=lambda crawled: equal((crawled.folder / "cache" / "local").is_dir(), True),
    ),
    "retry": Case(
        tries="RETRY_TIMES RETRY_HTTP_CODES RETRY_PRIORITY_ADJUST",
        settings={"RETRY_TIMES": 4, "RETRY_HTTP_CODES": [418], "RETRY_PRIORITY_ADJUST": -2},
        arrange=status(418),
        check=check_all(first_page("http_418"), requests_of_first(5)),
    ),
    "retry_off": Case(
        tries="RETRY_ENABLED",
        settings={"RETRY_ENABLED": False},
        arrange=status(500),
        check=check_all(first_page("http_500"), requests_of_first(1)),
    ),
    "retry_exceptions": Case(
        tries="RETRY_EXCEPTIONS",
        settings={"RETRY_EXCEPTIONS": []},
        arrange=cut_off,
        check=check_all(first_page("cut_off"), requests_of_first(1)),
    ),
    "retry_log_level": Case(
        tries="RETRY_GIVE_UP_LOG_LEVEL",
        settings={"RETRY_GIVE_UP_LOG_LEVEL": "ERROR"},
        arrange=status(500),
        check=is_logged("ERROR scrapy.downloadermiddlewares.retry: Gave up retrying"),
    ),
    "robots": Case(tries="ROBOTSTXT_OBEY", settings={}, arrange=robots, check=first_page("robots")),
    "robots_off": Case(
        tries="ROBOTSTXT_OBEY",
        settings={"ROBOTSTXT_OBEY": False},
        arrange=robots,
        check=check_all(all_new, lambda crawled: equal(_count(crawled, "/robots.txt"), 0)),
    ),
    "robots_agent": Case(
        tries="ROBOTSTXT_USER_AGENT",
        settings={"ROBOTSTXT_USER_AGENT": "other"},
        arrange=robots,
        check=lambda crawled: equal(crawled.pages, ALL_NEW | {"/1.html": "robots"}),
    ),
    "robots_parser": Case(
        tries="ROBOTSTXT_PARSER",
        settings={"ROBOTSTXT_PARSER": "scrapy.robotstxt.ProtegoRobotParser"},
        arrange=robots,
        check=first_page("robots"),
    ),
    "scheduler": Case(
        tries="SCHEDULER SCHEDULER_DEBUG SCHEDULER_MEMORY_QUEUE SCHEDULER_PRIORITY_QUEUE SCHEDULER_START_MEMORY_QUEUE",
        settings={
            "SCHEDULER": f"{HERE}.OwnScheduler",
            "SCHEDULER_DEBUG": True,
            "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.LifoMemoryQueue",
            "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.ScrapyPriorityQueue",
            "SCHEDULER_START_MEMORY_QUEUE": "scrapy.squeues.LifoMemoryQueue",
        },
        check=check_all(all_new, stat_is("tests/enqueued", 4)),
    ),
    "scraper_slot": Case(
        tries="SCRAPER_SLOT_MAX_ACTIVE_SIZE", settings={"SCRAPER_SLOT_MAX_ACTIVE_SIZE": 1}, check=all_new
    ),
    "page_dropped": Case(
        tries="SPIDER_MIDDLEWARES",
        settings={"SPIDER_MIDDLEWARES": {f"{HERE}.SecondPageDropped": 500}},
        check=lambda crawled: equal(
            (crawled.finish_reason, crawled.pages), ("finished", ALL_NEW | {"/1.html": "pending"})
        ),
    ),
    "channel_dropped": Case(
        tries="SPIDER_MIDDLEWARES",
        settings={"SPIDER_MIDDLEWARES": {f"{HERE}.FeedDropped": 500}},
        check=check_all(channel_dropped, lambda crawled: equal(crawled.finish_reason, "unusable")),
    ),
    "stats": Case(
        tries="STATS_CLASS",
        settings={"STATS_CLASS": f"{HERE}.OwnStats"},
        check=check_all(all_new, lambda crawled: equal(type(crawled.crawler.stats).__name__, "OwnStats")),
    ),
    "stats_dump": Case(tries="STATS_DUMP", settings={"STATS_DUMP": True}, check=is_logged("Dumping Scrapy stats")),
    "url_length": Case(tries="URLLENGTH_LIMIT", settings={"URLLENGTH_LIMIT": 20}, check=channel_dropped),
    "own_user_agent": Case(
        tries="USER_AGENT",
        settings={},
        check=lambda crawled: equal(
            str(crawled.header("User-Agent")).partition("/0")[0], "Mozilla/5.0 (compatible; Rasid"
        ),
    ),
    "user_agent": Case(
        tries="USER_AGENT",
        settings={"USER_AGENT": "Own/1"},
        check=check_all(all_new, header_is("User-Agent", "Own/1")),
    ),
}


def _titles(crawled: Crawled) -> list[str]:
    with sqlite3.connect(crawled.folder / "news.db") as db:
        return sorted(title for (title,) in db.execute("SELECT title FROM articles"))
