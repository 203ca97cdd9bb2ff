"""The table of Scrapy's settings in docs/scrapy_settings.md: what each does to a crawl of a site.

`tests/test_scrapy_settings.py` fails for a setting of Scrapy that is missing here, and for one that is said to be tried
and is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from scrapy.settings import default_settings

from crawler.settings import defaults

_MAX_SHOWN = 60
"""Letters of a value in the table. Longer ones, like lists of components, are named only."""


class Row(NamedTuple):
    """Settings that belong together."""

    names: str
    """Separated by spaces."""

    effect: str
    """What they do here; empty if it is exactly what Scrapy's documentation says."""

    tried: bool | str = True
    """Whether tests/test_scrapy_settings.py crawls with each of them; the name of another test that does."""


GROUPS: dict[str, tuple[Row, ...]] = {
    "Pace and limits": (
        Row(
            "AUTOTHROTTLE_ENABLED AUTOTHROTTLE_START_DELAY AUTOTHROTTLE_MAX_DELAY AUTOTHROTTLE_DEBUG",
            "on: a slow server gets fewer requests",
        ),
        Row("AUTOTHROTTLE_TARGET_CONCURRENCY", "needs a larger `CONCURRENT_REQUESTS_PER_DOMAIN` beside it"),
        Row(
            "CONCURRENT_REQUESTS CONCURRENT_ITEMS SCRAPER_SLOT_MAX_ACTIVE_SIZE",
            "a response yields one article, so few items are enough; pages in extraction count as active",
        ),
        Row(
            "CONCURRENT_REQUESTS_PER_DOMAIN", "one: politeness. Kept without a delay too, which Scrapy 2.19 does not do"
        ),
        Row(
            "DOWNLOAD_DELAY DOWNLOAD_DELAY_JITTER",
            "a second: politeness. A profile's `delay` takes precedence; never below Crawl-delay",
        ),
        Row("RANDOMIZE_DOWNLOAD_DELAY", "deprecated by Scrapy: `DOWNLOAD_DELAY_JITTER`", tried=False),
        Row("DOWNLOAD_SLOTS", "never below Crawl-delay"),
        Row("DOWNLOAD_TIMEOUT", "a page that slow is an error page. It fails with `timeout`, and is tried again later"),
        Row(
            "DOWNLOAD_MAXSIZE DOWNLOAD_WARNSIZE",
            "no page of news is larger; it fails with `too_large`, without a warning in the log",
        ),
        Row("DOWNLOAD_FAIL_ON_DATALOSS", "true: the page fails with `cut_off`; false: what came is extracted"),
        Row("DOWNLOAD_BIND_ADDRESS", ""),
        Row(
            "CLOSESPIDER_ERRORCOUNT CLOSESPIDER_ITEMCOUNT CLOSESPIDER_PAGECOUNT CLOSESPIDER_PAGECOUNT_NO_ITEM "
            "CLOSESPIDER_TIMEOUT CLOSESPIDER_TIMEOUT_NO_ITEM",
            "`runs.finish_reason` has the reason; the pages that are left stay pending, for the next crawl",
        ),
        Row(
            "DEPTH_LIMIT DEPTH_PRIORITY DEPTH_STATS_VERBOSE",
            "articles have depth 0; child sitemaps and further pages count. A document below the limit fails with that "
            "reason",
        ),
        Row(
            "URLLENGTH_LIMIT",
            "a channel above it fails with that reason; an article above 2083 is left out in any case",
        ),
    ),
    "Requests": (
        Row("USER_AGENT", "unset: program, version and `NEWS_CONTACT`, so that a site can write to you"),
        Row(
            "DEFAULT_REQUEST_HEADERS",
            "no Accept-Language: sites choose the language by their address. A profile's `headers` are added",
        ),
        Row("COOKIES_ENABLED COOKIES_DEBUG", "cookies last for one crawl of one site"),
        Row("COMPRESSION_ENABLED", "false: none is asked for; a page that is compressed all the same is read"),
        Row("HTTPAUTH_USER HTTPAUTH_PASS HTTPAUTH_DOMAIN", ""),
        Row("HTTPPROXY_ENABLED", "`proxy` in a profile sets one for its site", tried="tests/test_profile_requests.py"),
        Row("HTTPPROXY_AUTH_ENCODING", "", tried=False),
        Row("REFERER_ENABLED REFERRER_POLICY REFERRER_POLICIES", "requests for articles have no referrer"),
        Row(
            "REDIRECT_ENABLED REDIRECT_MAX_TIMES REDIRECT_PRIORITY_ADJUST",
            "never off the site's hosts; five are enough for an article",
        ),
        Row(
            "METAREFRESH_ENABLED METAREFRESH_MAXDELAY METAREFRESH_IGNORE_TAGS",
            "the same; longer ones are pages that reload themselves",
        ),
        Row(
            "RETRY_ENABLED RETRY_TIMES RETRY_HTTP_CODES RETRY_EXCEPTIONS RETRY_PRIORITY_ADJUST RETRY_GIVE_UP_LOG_LEVEL",
            "inside one crawl. `NEWS_MAX_ATTEMPTS` and `NEWS_RETRY_MINUTES` are those of later crawls. A timeout of a "
            "host that has not answered yet is not retried. The outcome of the page has the failure, so the log need "
            "not",
        ),
        Row("HTTPERROR_ALLOWED_CODES HTTPERROR_ALLOW_ALL", "the text of such a page is stored like any other"),
        Row(
            "ROBOTSTXT_OBEY ROBOTSTXT_USER_AGENT ROBOTSTXT_PARSER",
            "on, for the group `Rasid`; cached for `NEWS_ROBOTS_HOURS`. Ours reads RFC 9309 with its limits",
        ),
        Row(
            "FTP_USER FTP_PASSWORD FTP_PASSIVE_MODE",
            "no `ftp:` URL is requested; feeds may be stored by FTP",
            tried=False,
        ),
    ),
    "Network": (
        Row(
            "TWISTED_DNS_RESOLVER DNS_RESOLVER",
            "ours refuses private addresses; another one gives up that guard",
            tried=False,
        ),
        Row("DNS_TIMEOUT", "no effect, and a crawl says so: names are resolved by the system"),
        Row("DNSCACHE_ENABLED DNSCACHE_SIZE", "", tried=False),
        Row(
            "DOWNLOAD_VERIFY_CERTIFICATES",
            "on: a page must come from its site. Off: what was accepted is in `pages.certificate_problem`",
            tried="tests/test_fetch_certificates.py",
        ),
        Row("DOWNLOAD_TLS_MIN_VERSION DOWNLOAD_TLS_MAX_VERSION DOWNLOADER_CLIENT_TLS_CIPHERS", "", tried=False),
        Row("DOWNLOADER_CLIENT_TLS_METHOD DOWNLOADER_CLIENTCONTEXTFACTORY", "deprecated by Scrapy", tried=False),
        Row(
            "DOWNLOADER_CLIENT_TLS_VERBOSE_LOGGING",
            "Scrapy 2.19 fails with it for every `http:` URL, with an AttributeError",
            tried=False,
        ),
        Row("HTTP2_MAX_FRAME_SIZE HTTPX_HTTP2_ENABLED", "for other download handlers than ours", tried=False),
        Row(
            "TWISTED_REACTOR TWISTED_REACTOR_ENABLED", "another value is refused: a crawl uses asyncio and its reactor"
        ),
        Row("ASYNCIO_EVENT_LOOP REACTOR_THREADPOOL_MAXSIZE FORCE_CRAWLER_PROCESS", ""),
    ),
    "Components": (
        Row("ADDONS EXTENSIONS ITEM_PIPELINES DOWNLOADER_MIDDLEWARES", "added to ours"),
        Row(
            "SPIDER_MIDDLEWARES",
            "may drop a request: a channel then fails with that reason, a page stays pending for the next crawl",
        ),
        Row(
            "DOWNLOAD_HANDLERS",
            "another handler for `http` and `https` gives up delays between processes, Retry-After and the address "
            "guard, unless it is a [subclass of ours](tutorial_scrapy.md#download-handler)",
        ),
        Row(
            "DOWNLOADER_MIDDLEWARES_BASE SPIDER_MIDDLEWARES_BASE EXTENSIONS_BASE ITEM_PIPELINES_BASE "
            "DOWNLOAD_HANDLERS_BASE SPIDER_CONTRACTS_BASE FEED_EXPORTERS_BASE FEED_STORAGES_BASE",
            "Scrapy's and ours, which need each other; not to be set",
            tried=False,
        ),
        Row(
            "DUPEFILTER_CLASS DUPEFILTER_DEBUG",
            "none: the table `pages` knows what was fetched, across runs. Another filter works too",
        ),
        Row("REQUEST_FINGERPRINTER_CLASS STATS_CLASS DOWNLOADER_STATS", ""),
        Row(
            "SCHEDULER SCHEDULER_DEBUG SCHEDULER_MEMORY_QUEUE SCHEDULER_PRIORITY_QUEUE SCHEDULER_DISK_QUEUE "
            "SCHEDULER_START_MEMORY_QUEUE SCHEDULER_START_DISK_QUEUE",
            "first in, first out: the spider yields requests newest first",
        ),
        Row("DOWNLOADER ITEM_PROCESSOR", "subclasses of Scrapy's should work", tried=False),
        Row(
            "FILES_STORE",
            "an article has no field for files: override get_media_requests of the pipeline. Hosts of the site only",
        ),
        Row(
            "IMAGES_STORE FILES_STORE_S3_ACL FILES_STORE_GCS_ACL IMAGES_STORE_S3_ACL IMAGES_STORE_GCS_ACL",
            "as `FILES_STORE`; images need Pillow, the others a cloud",
            tried=False,
        ),
        Row("DEFAULT_ITEM_CLASS CRAWLSPIDER_FOLLOW_LINKS", "for [plain spiders](plain_spiders.md)", tried=False),
    ),
    "Cache, jobs, feeds": (
        Row(
            "HTTPCACHE_ENABLED HTTPCACHE_DIR HTTPCACHE_GZIP HTTPCACHE_STORAGE HTTPCACHE_EXPIRATION_SECS "
            "HTTPCACHE_POLICY HTTPCACHE_ALWAYS_STORE HTTPCACHE_IGNORE_RESPONSE_CACHE_CONTROLS HTTPCACHE_DBM_MODULE "
            "HTTPCACHE_IGNORE_SCHEMES HTTPCACHE_IGNORE_MISSING HTTPCACHE_IGNORE_HTTP_CODES",
            "robots.txt is in the cache as well; see [what it means for channels](neighbours.md#jobdir-and-httpcache)",
        ),
        Row("JOBDIR", "not needed: pages that are left are in the database"),
        Row(
            "FEEDS FEED_EXPORT_FIELDS FEED_EXPORT_ENCODING FEED_EXPORT_INDENT",
            "UTF-8, so that Arabic is readable in JSON",
        ),
        Row(
            "FEED_STORAGES FEED_EXPORT_BATCH_ITEM_COUNT FEED_STORE_EMPTY FEED_URI_PARAMS FEED_EXPORTERS",
            "for articles and for other items",
            tried="tests/test_feed_formats.py",
        ),
        Row("FEED_TEMPDIR", "", tried=False),
        Row("FEED_URI FEED_FORMAT", "deprecated by Scrapy: `FEEDS`", tried=False),
        Row(
            "FEED_STORAGE_FTP_ACTIVE FEED_STORAGE_S3_ACL FEED_STORAGE_GCS_ACL GCS_PROJECT_ID AWS_ACCESS_KEY_ID "
            "AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_ENDPOINT_URL AWS_REGION_NAME AWS_USE_SSL AWS_VERIFY "
            "AWS_MAX_POOL_CONNECTIONS",
            "need a server or a cloud; nothing of ours stands between",
            tried=False,
        ),
    ),
    "Log, stats, process": (
        Row(
            "LOG_ENABLED LOG_LEVEL LOG_FILE LOG_FILE_APPEND LOG_FORMAT LOG_DATEFORMAT LOG_ENCODING LOG_SHORT_NAMES "
            "LOG_VERSIONS",
            "WARNING: the table at the end shows what went well. `-L ERROR` leaves that out too",
        ),
        Row("LOG_STDOUT LOG_COLOR LOG_INSTALL_ROOT_HANDLER", "", tried=False),
        Row("LOG_FORMATTER", "ours writes one line for an article, Scrapy's the whole item", tried=False),
        Row("DEFAULT_DROPITEM_LOG_LEVEL", "unset: INFO for articles, WARNING for other items"),
        Row("LOGSTATS_INTERVAL STATS_DUMP", "off: the progress line and the table at the end have the counts"),
        Row(
            "PERIODIC_LOG_STATS PERIODIC_LOG_DELTA PERIODIC_LOG_TIMING_ENABLED",
            "needs the extension PeriodicLog and a `LOGSTATS_INTERVAL`",
        ),
        Row(
            "MEMDEBUG_ENABLED MEMUSAGE_ENABLED MEMUSAGE_LIMIT_MB MEMUSAGE_WARNING_MB MEMUSAGE_CHECK_INTERVAL_SECONDS",
            "of the process of the crawl, not of the workers that extract",
        ),
        Row(
            "MEMUSAGE_NOTIFY_MAIL STATSMAILER_RCPTS MAIL_FROM MAIL_HOST MAIL_PASS MAIL_PORT MAIL_SSL MAIL_TLS "
            "MAIL_USER",
            "need a mail server; [alerts](unattended.md#alerts) are ours",
            tried=False,
        ),
        Row(
            "TELNETCONSOLE_ENABLED TELNETCONSOLE_HOST TELNETCONSOLE_PORT TELNETCONSOLE_USERNAME TELNETCONSOLE_PASSWORD "
            "REMOTE_CONTROL_ENABLED REMOTE_CONTROL_JOBS_DIR",
            "off: no open port, and nothing that runs code from outside",
        ),
        Row(
            "REMOTE_CONTROL_OUTPUT_MAX_BYTES REMOTE_CONTROL_TIMEOUT_DEFAULT REMOTE_CONTROL_TIMEOUT_MAX "
            "REMOTE_CONTROL_TRACEBACK_MAX_BYTES",
            "",
            tried=False,
        ),
        Row(
            "SPIDER_MODULES",
            'your packages in addition to ours: `["spiders", "my_spiders"]`',
            tried="tests/test_tutorial_scrapy.py",
        ),
        Row(
            "SPIDER_LOADER_CLASS COMMANDS_MODULE",
            "ours make spiders of profiles, and our commands; not to be set",
            tried=False,
        ),
        Row(
            "SPIDER_LOADER_WARN_ONLY",
            "as if true: a module that cannot be imported costs only its own spiders",
            tried=False,
        ),
        Row(
            "NEWSPIDER_MODULE TEMPLATES_DIR EDITOR SPIDER_CONTRACTS",
            "of [commands](scrapy_commands.md)",
            tried=False,
        ),
        Row("BOT_NAME WARN_ON_GENERATOR_RETURN_VALUE", "", tried=False),
    ),
}


def settings_table() -> str:
    """The groups as tables."""
    parts = []
    for title, rows in GROUPS.items():
        lines = [f"## {title}", "", "| setting | default here | effect | tried |", "|---|---|---|---|"]
        lines += [_line(row) for row in rows]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _line(row: Row) -> str:
    names = [name for name in row.names.split() if hasattr(default_settings, name)]
    ours = [_named(name, text) if len(names) > 1 else text for name in names if (text := _ours(name))]
    shown = ", ".join(f"`{name}`" for name in names)
    tried = "yes" if row.tried is True else f"`{row.tried}`" if row.tried else ""
    return f"| {shown} | {', '.join(ours)} | {row.effect or 'as in Scrapy'} | {tried} |"


def _named(name: str, value: str) -> str:
    return f"`{name} = {value[1:]}" if value.startswith("`") else f"`{name}`: {value}"


def _ours(name: str) -> str:
    """Our default, if it is not Scrapy's."""
    scrapys: Any = getattr(default_settings, name)
    value = defaults.get(name, scrapys)
    if value == scrapys or name == "HTTPCACHE_DIR":  # a folder of this machine
        return "in the home" if name == "HTTPCACHE_DIR" else ""
    text = repr(value)
    return f"`{text}`" if len(text) <= _MAX_SHOWN and not isinstance(value, dict) else "ours"


def names() -> Iterator[tuple[str, bool]]:
    """Each setting of the table, and whether tests/test_scrapy_settings.py is said to try it."""
    for rows in GROUPS.values():
        for row in rows:
            for name in row.names.split():
                yield name, row.tried is True
